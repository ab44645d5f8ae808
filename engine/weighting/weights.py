"""A layer's weights: a source and edits by hand, whether they fit, and the arrays they make.

A layer says which arrays it needs (`engine.layer.WeightSpec`); a `Weights` value says how they
come about, for any shapes; `make_weights` computes them.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.layer import WeightSpec
from engine.problems import WeightsError
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.seeded_draws import draw_uniform
from engine.weighting.stored_array import StoredArray, budget_refusal, shape_in_words
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded, Source, is_whole

Floats: TypeAlias = NDArray[np.float32]

DRAWN_FILTERS = 64
"""Filters that are remembered: who drags a number asks for one at each step, and drawing it takes
0.15 ms where nothing of it is in the cache."""


@dataclass(frozen=True)
class WeightEdit:
    """One weight set by hand; ``value`` is rounded to float32, as the arrays are.

    Raises:
        WeightsError: for an index that is not of whole numbers from 0, or a value that is not
            finite in float32.
    """

    tensor: str
    index: tuple[int, ...]
    value: float

    def __post_init__(self) -> None:
        index = tuple(self.index)
        if not all(map(is_whole, index)):
            raise WeightsError(
                f"A weight's place is whole numbers from 0; received {list(index)!r:.80}."
            )
        try:
            with np.errstate(over="ignore"):
                # Adding 0 makes −0 the same value as 0.
                value = float(np.float32(self.value)) + 0.0
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise WeightsError(f"A weight must be a finite number; received {self.value!r:.40}.")
        object.__setattr__(self, "index", tuple(map(int, index)))
        object.__setattr__(self, "value", value)


@dataclass(frozen=True)
class Weights:
    """A source, and what was changed by hand on top of it.

    A later edit of the same weight replaces the earlier. Edits are kept in the order of their
    places: the order in which different weights were edited makes no difference. Edits of an array
    that the layer does not need are kept and ignored.

    >>> weights = Weights(Seeded(4)).edited("kernel", (0, 0, 1, 1), 2.0)
    >>> weights.edited("kernel", (0, 0, 1, 1), 3.0).edits
    (WeightEdit(tensor='kernel', index=(0, 0, 1, 1), value=3.0),)
    """

    source: Source = field(default_factory=Seeded)
    edits: tuple[WeightEdit, ...] = ()

    def __post_init__(self) -> None:
        latest = {(edit.tensor, edit.index): edit for edit in self.edits}
        object.__setattr__(self, "edits", tuple(latest[place] for place in sorted(latest)))

    def edited(self, tensor: str, index: tuple[int, ...], value: float) -> "Weights":
        """Return these weights with one set by hand."""
        return self.with_edits((WeightEdit(tensor, index, value),))

    def with_edits(self, edits: Iterable[WeightEdit]) -> "Weights":
        """Return these weights with several set by hand, as when a kernel is pasted."""
        return replace(self, edits=(*self.edits, *edits))

    def with_source(self, source: Source) -> "Weights":
        """Return the same edits on another source."""
        return replace(self, source=source)

    def without_edits(self) -> "Weights":
        """Return the source alone."""
        return replace(self, edits=())


def takes_named_kernels(spec: WeightSpec) -> bool:
    """Whether `NamedKernels` apply to an array: it starts random and has more than one pixel."""
    return spec.start is None and len(spec.shape) == 4 and spec.shape[2:] != (1, 1)


def weights_mismatch(weights: Weights, specs: Sequence[WeightSpec]) -> str | None:
    """Return why weights do not fit what a layer needs, or None when they do.

    Only imported and edited weights can fail to fit. No array is computed.

    >>> kernel = WeightSpec("kernel", (2, 3, 3, 3))
    >>> imported = Imported((("kernel", StoredArray(np.zeros((2, 1, 3, 3)))),), "edges.npz")
    >>> weights_mismatch(Weights(imported), [kernel])
    'Weights are 2×1×3×3, 2×3×3×3 needed.'
    """
    sentences = []
    if isinstance(weights.source, Imported):
        sentences = _import_mismatches(dict(weights.source.tensors), specs)
    return " ".join([*sentences, *_edit_mismatches(weights.edits, specs)]) or None


def make_weights(
    weights: Weights, specs: Sequence[WeightSpec], checkpoint: Callable[[], None] = lambda: None
) -> dict[str, Floats]:
    """Compute the arrays that a layer needs, read-only.

    Args:
        weights: where they come from.
        specs: what the layer needs.
        checkpoint: called every few milliseconds; it may raise to give up.

    Raises:
        WeightsError: when the weights do not fit, or take more memory than is allowed.
    """
    refusal = budget_refusal(sum(spec.size for spec in specs))
    if refusal:
        raise WeightsError(f"The weights of this layer {refusal}. Give it fewer filters or units.")
    mismatch = weights_mismatch(weights, specs)
    if mismatch:
        raise WeightsError(mismatch)
    made = {}
    for spec in specs:
        array = _from_source(weights.source, spec, checkpoint)
        edits = [edit for edit in weights.edits if edit.tensor == spec.name]
        if edits:
            array = array.copy()
            places = tuple(np.array([edit.index for edit in edits], dtype=np.intp).T)
            array[places] = [edit.value for edit in edits]
        array.flags.writeable = False
        made[spec.name] = array
    return made


def filters_first_shape(spec: WeightSpec) -> tuple[int, ...]:
    """Return (filters, channels that each reads, …), whatever the array's own order is."""
    if spec.filter_axis == 0:
        return spec.shape
    inputs, outputs, *rest = spec.shape
    return (outputs * spec.groups, inputs // spec.groups, *rest)


def weight_place(spec: WeightSpec, number: int, channel: int = 0) -> tuple[int, int]:
    """Return the first two indices, in the array's own order, of a filter's channel.

    >>> weight_place(WeightSpec("kernel", (6, 2, 3, 3), filter_axis=1, groups=2), 3, channel=1)
    (4, 1)
    """
    if spec.filter_axis == 0:
        return number, channel
    group, place = divmod(number, spec.shape[1])
    return group * (spec.shape[0] // spec.groups) + channel, place


def filter_weights(weights: Weights, spec: WeightSpec, number: int) -> Floats:
    """Compute the weights of one filter alone, (channels, …), read-only.

    They are those that `make_weights` gives it, and cost only their own size. The weights must
    fit (`weights_mismatch`).
    """
    values = _filter_from_source(weights.source, spec, number).copy()
    first, place = weight_place(spec, number)
    for edit in weights.edits:
        if edit.tensor != spec.name:
            continue
        if spec.filter_axis == 0:
            if edit.index[0] == number:
                values[edit.index[1:]] = edit.value
        elif edit.index[1] == place and 0 <= edit.index[0] - first < len(values):
            values[(edit.index[0] - first, *edit.index[2:])] = edit.value
    values.flags.writeable = False
    return values


def _import_mismatches(
    tensors: Mapping[str, StoredArray], specs: Sequence[WeightSpec]
) -> list[str]:
    sentences = []
    drawn = [spec.name for spec in specs if spec.start is None]
    for spec in specs:
        needed = f"{shape_in_words(spec.shape)} needed"
        received = tensors.get(spec.name)
        if received is None:
            if spec.start is None:
                sentences.append(f"Weights “{spec.name}” are missing, {needed}.")
        elif received.shape != spec.shape:
            # A layer's only kernel is what people call its weights.
            name = "" if drawn == [spec.name] else f" “{spec.name}”"
            sentences.append(f"Weights{name} are {shape_in_words(received.shape)}, {needed}.")
    return sentences


def _edit_mismatches(edits: Sequence[WeightEdit], specs: Sequence[WeightSpec]) -> list[str]:
    shapes = {spec.name: spec.shape for spec in specs}
    outside = [edit for edit in edits if not _is_inside(edit.index, shapes.get(edit.tensor))]
    if not outside:
        return []
    first = outside[0]
    others = f" (and {len(outside) - 1:,} more)" if len(outside) > 1 else ""
    return [
        f"The edit of “{first.tensor}” at {list(first.index)}{others} lies outside its "
        f"{shape_in_words(shapes[first.tensor])}."
    ]


def _is_inside(index: tuple[int, ...], shape: tuple[int, ...] | None) -> bool:
    """Whether an edit's place exists, or its array is not needed."""
    return shape is None or (len(index) == len(shape) and all(map(operator.lt, index, shape)))


def _from_source(source: Source, spec: WeightSpec, checkpoint: Callable[[], None]) -> Floats:
    if isinstance(source, Imported):
        received = dict(source.tensors).get(spec.name)
        if received is not None:
            return received.array
    if spec.start is not None:
        return np.full(spec.shape, spec.start, dtype=np.float32)
    if isinstance(source, NamedKernels) and takes_named_kernels(spec):
        return _named(source.names, spec)
    return _drawn(source if isinstance(source, Seeded) else Seeded(), spec, checkpoint)


def _filter_from_source(source: Source, spec: WeightSpec, number: int) -> Floats:
    shape = filters_first_shape(spec)[1:]
    if isinstance(source, Imported):
        received = dict(source.tensors).get(spec.name)
        if received is not None:
            first, place = weight_place(spec, number)
            if spec.filter_axis == 0:
                return np.asarray(received.array[number])
            return received.array[first : first + shape[0], place]
    if spec.start is not None:
        return np.full(shape, spec.start, dtype=np.float32)
    if isinstance(source, NamedKernels) and takes_named_kernels(spec):
        kernel = KERNELS[source.names[number % len(source.names)]].make(*shape[1:]) / shape[0]
        return np.broadcast_to(kernel.astype(np.float32), shape)
    return _drawn_filter(source if isinstance(source, Seeded) else Seeded(), spec, number)


@lru_cache(DRAWN_FILTERS)
def _drawn_filter(source: Seeded, spec: WeightSpec, number: int) -> Floats:
    drawn = _draw(source, spec, 1, lambda: None, number)
    drawn.flags.writeable = False
    return drawn.reshape(filters_first_shape(spec)[1:])


def _drawn(source: Seeded, spec: WeightSpec, checkpoint: Callable[[], None]) -> Floats:
    shape = filters_first_shape(spec)
    return _arranged(_draw(source, spec, shape[0], checkpoint).reshape(shape), spec)


def _draw(
    source: Seeded,
    spec: WeightSpec,
    filters: int,
    checkpoint: Callable[[], None],
    first_filter: int = 0,
) -> Floats:
    """Return so many filters in rows, scaled for the array."""
    fans = spec.fan_in if source.scheme == "he" else spec.fan_in + spec.fan_out
    count = math.prod(filters_first_shape(spec)[1:])
    bound = math.sqrt(6 / fans)
    return draw_uniform(source.seed, spec.name, filters, count, bound, checkpoint, first_filter)


def _named(names: Sequence[str], spec: WeightSpec) -> Floats:
    filters, channels, height, width = filters_first_shape(spec)
    kernels = np.empty((filters, channels, height, width), np.float32)
    for place, name in enumerate(names[:filters]):
        kernels[place :: len(names)] = KERNELS[name].make(height, width) / channels
    return _arranged(kernels, spec)


def _arranged(filters_first: Floats, spec: WeightSpec) -> Floats:
    """Bring (filters, channels, …) into the array's own order."""
    if spec.filter_axis == 0:
        return filters_first
    filters, channels, *rest = filters_first.shape
    grouped = filters_first.reshape(spec.groups, filters // spec.groups, channels, *rest)
    return np.ascontiguousarray(grouped.swapaxes(1, 2)).reshape(spec.shape)
