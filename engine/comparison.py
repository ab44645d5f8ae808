"""Two networks, or two layers of one, side by side: sizes, costs, and how far their maps differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, LayerAnalysis
from engine.arithmetic import Position
from engine.layer import Layer
from engine.receptive_field import ReceptiveField
from engine.repairs import changes, spelled
from engine.shapes import Shape
from engine.weighting.weights import Weights

Maps = NDArray[np.float32]

_AT_ONCE = 1 << 18
"""How many values are subtracted at once, between two questions whether to go on."""


@dataclass(frozen=True)
class Numbers:
    """Size and cost of a layer, or of a whole network; None where they are not known.

    ``settings`` are the important ones in a few words. A whole network has no layer, settings,
    shape, receptive field or weights of its own.
    """

    layer: Layer | None
    settings: str
    shape: Shape | None
    parameters: int | None
    macs: int | None
    bytes: int | None
    receptive_field: ReceptiveField | None
    problems: tuple[str, ...] = ()
    weights: Weights | None = None

    @property
    def kind(self) -> str:
        """The label of the layer's kind; empty for a whole network."""
        return "" if self.layer is None else self.layer.kind.label


@dataclass(frozen=True)
class ComparedRow:
    """A layer in both networks; None on the side where it is missing."""

    node_id: str
    one: Numbers | None
    other: Numbers | None

    @property
    def is_equal(self) -> bool:
        """Whether both sides say the same."""
        return self.one == self.other

    @property
    def differing(self) -> frozenset[str]:
        """The names of the `Numbers` that differ; all of them where one side is missing."""
        names = (field.name for field in fields(Numbers))
        return frozenset(
            name
            for name in names
            if self.one is None
            or self.other is None
            or getattr(self.one, name) != getattr(self.other, name)
        )


@dataclass(frozen=True)
class Apart:
    """How far the values of two maps, or of all maps of two layers, are apart.

    ``largest`` and ``mean`` are magnitudes, over the differences that are finite, and
    ``position`` is that of the largest; NaN and None where no difference is. ``equal`` is the
    share of all values that are exactly equal, 0 to 1; ``undefined`` counts the values whose
    difference is not finite.
    """

    largest: float
    mean: float
    position: Position | None
    equal: float
    undefined: int


@dataclass(frozen=True, eq=False)
class Difference:
    """The second layer's maps less the first's, NaN where that is not finite; read-only.

    ``whole`` takes all maps together, ``each`` has one entry per map.
    """

    maps: Maps
    whole: Apart
    each: tuple[Apart, ...]


def compare(one: Analysis, other: Analysis) -> tuple[ComparedRow, ...]:
    """Return every layer of two networks, matched by id, in the order of the second.

    A layer that is missing in the second stands where it was in the first.
    """
    return tuple(
        ComparedRow(name, _numbers(one.layers.get(name)), _numbers(other.layers.get(name)))
        for name in _merged(list(one.layers), list(other.layers))
    )


def changed_settings(one: Layer, other: Layer) -> tuple[str, str]:
    """Return the settings in which two layers of one kind differ, as each of them has them.

    Of two kinds no settings are compared.

    >>> from engine.registry import make_layer
    >>> conv, flipped = make_layer("conv2d"), make_layer("conv2d", {"flip_kernel": True})
    >>> changed_settings(conv, flipped)
    ('flip kernel off', 'flip kernel on')
    """
    if one.kind.id != other.kind.id:
        return "", ""
    names = changes(one, other.settings_dict())
    first, second = (
        ", ".join(spelled(layer, name, getattr(layer, name)) for name in names)
        for layer in (one, other)
    )
    return first, second


def compare_totals(one: Analysis, other: Analysis) -> ComparedRow:
    """Return the sums of two networks side by side; the row's id is empty."""
    return ComparedRow("", _totals(one), _totals(other))


def compare_layers(analysis: Analysis, one: str, other: str) -> ComparedRow:
    """Return two layers of one network side by side; the row has the id of the first."""
    return ComparedRow(one, _numbers(analysis[one]), _numbers(analysis[other]))


def why_no_difference(one: Shape, other: Shape) -> str:
    """Return why maps of two sizes cannot be subtracted; empty where they can.

    >>> why_no_difference(Shape(8, 26, 26), Shape(8, 28, 28))
    'The sizes differ: 26 × 26 × 8 and 28 × 28 × 8.'
    """
    return "" if one == other else f"The sizes differ: {one} and {other}."


def difference(one: Maps, other: Maps, checkpoint: Callable[[], None] = lambda: None) -> Difference:
    """Return how far the maps of two layers of one size are apart, and where most.

    Args:
        one: (C, H, W).
        other: the same size.
        checkpoint: called again and again; raises when the difference is not wanted any more.

    >>> found = difference(np.zeros((1, 2, 2), np.float32), np.float32([[[0, 1], [0, -3]]]))
    >>> found.whole.largest, found.whole.mean, found.whole.position, found.whole.equal
    (3.0, 1.0, Position(channel=0, row=1, column=1), 0.5)
    """
    assert one.shape == other.shape
    count, height, width = one.shape
    maps = np.empty(one.shape, np.float32)
    each: list[Apart] = []
    for start in range(0, count, max(1, _AT_ONCE // (height * width))):
        checkpoint()
        some = slice(start, start + max(1, _AT_ONCE // (height * width)))
        with np.errstate(invalid="ignore", over="ignore"):
            # Equal infinities are no difference.
            maps[some] = np.where(one[some] == other[some], np.float32(0), other[some] - one[some])
        maps[some][~np.isfinite(maps[some])] = np.nan
        each.extend(_apart(maps[some], start))
    maps.flags.writeable = False
    return Difference(maps, _together(each, height * width), tuple(each))


def _apart(maps: Maps, first: int) -> Iterator[Apart]:
    """Yield what is said of each of some maps of a difference, the first of them by number."""
    count, _, width = maps.shape
    values = maps.reshape(count, -1)
    sizes = np.abs(values, dtype=np.float64)
    undefined = np.isnan(sizes)
    sizes[undefined] = -1.0
    places = sizes.argmax(axis=1)
    largest = sizes[np.arange(count), places]
    sizes[undefined] = 0.0
    equal = np.count_nonzero(values == 0, axis=1) / values.shape[1]
    lacking = np.count_nonzero(undefined, axis=1)
    defined = values.shape[1] - lacking
    sums = sizes.sum(axis=1)
    for place in range(count):
        if not defined[place]:
            yield Apart(np.nan, np.nan, None, 0.0, int(lacking[place]))
            continue
        row, column = divmod(int(places[place]), width)
        yield Apart(
            float(largest[place]),
            float(sums[place] / defined[place]),
            Position(first + place, row, column),
            float(equal[place]),
            int(lacking[place]),
        )


def _together(each: list[Apart], values: int) -> Apart:
    """Return what is said of all maps of so many values each."""
    undefined = sum(apart.undefined for apart in each)
    known = [apart for apart in each if apart.position is not None]
    if not known:
        return Apart(np.nan, np.nan, None, 0.0, undefined)
    most = max(known, key=lambda apart: apart.largest)
    total = sum(apart.mean * (values - apart.undefined) for apart in known)
    return Apart(
        most.largest,
        total / (values * len(each) - undefined),
        most.position,
        sum(apart.equal for apart in each) / len(each),
        undefined,
    )


def _numbers(layer: LayerAnalysis | None) -> Numbers | None:
    if layer is None:
        return None
    facts = layer.facts
    return Numbers(
        layer=layer.node.layer,
        settings="switched off" if layer.node.bypassed else layer.node.layer.summary(),
        shape=layer.shape,
        parameters=facts.parameters if facts else None,
        macs=facts.macs if facts else None,
        bytes=facts.shape.bytes if facts else None,
        receptive_field=layer.receptive_field,
        problems=tuple(problem.message for problem in layer.problems),
        weights=layer.node.weights if facts and facts.weight_specs else None,
    )


def _totals(analysis: Analysis) -> Numbers:
    totals = analysis.totals
    messages = tuple(problem.message for _, problem in analysis.problems)
    return Numbers(None, "", None, totals.parameters, totals.macs, totals.bytes, None, messages)


def _merged(one: list[str], other: list[str]) -> Iterator[str]:
    """Yield all ids in the order of the second list, those of the first alone at their place.

    >>> list(_merged(["a", "x", "b", "y"], ["b", "a", "z"]))
    ['b', 'y', 'a', 'x', 'z']
    """
    behind: dict[str, list[str]] = {}
    last = ""
    for name in one:
        if name in other:
            last = name
        else:
            behind.setdefault(last, []).append(name)
    yield from behind.get("", [])
    for name in other:
        yield name
        yield from behind.get(name, [])
