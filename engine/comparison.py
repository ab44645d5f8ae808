"""Two networks, or two layers of one, side by side: sizes, costs, and how far their maps differ."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, LayerAnalysis
from engine.arithmetic import Position
from engine.receptive_field import ReceptiveField
from engine.shapes import Shape

Maps = NDArray[np.float32]


@dataclass(frozen=True)
class Numbers:
    """Size and cost of a layer, or of a whole network; None where they are not known.

    A whole network has no shape and no receptive field.
    """

    kind: str
    shape: Shape | None
    parameters: int | None
    macs: int | None
    bytes: int | None
    receptive_field: ReceptiveField | None
    problems: tuple[str, ...] = ()


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


@dataclass(frozen=True, eq=False)
class Difference:
    """How far two arrays of maps are apart: the second less the first.

    ``maps`` is None where they cannot be compared, and ``reason`` says why. ``largest`` and
    ``mean`` are magnitudes, over the values that are finite on both sides; ``undefined`` counts
    the others, which are NaN in ``maps``.
    """

    maps: Maps | None
    largest: float = 0.0
    mean: float = 0.0
    position: Position | None = None
    undefined: int = 0
    reason: str = ""


def compare(one: Analysis, other: Analysis) -> tuple[ComparedRow, ...]:
    """Return every layer of two networks, matched by id, in the order of the second.

    A layer that is missing in the second stands where it was in the first.
    """
    return tuple(
        ComparedRow(name, _numbers(one.layers.get(name)), _numbers(other.layers.get(name)))
        for name in _merged(list(one.layers), list(other.layers))
    )


def compare_totals(one: Analysis, other: Analysis) -> ComparedRow:
    """Return the sums of two networks side by side; the row's id is empty."""
    return ComparedRow("", _totals(one), _totals(other))


def compare_layers(analysis: Analysis, one: str, other: str) -> ComparedRow:
    """Return two layers of one network side by side; the row has the id of the first."""
    return ComparedRow(one, _numbers(analysis[one]), _numbers(analysis[other]))


def difference(one: Maps, other: Maps) -> Difference:
    """Return how far the maps of two layers are apart, and where most.

    >>> found = difference(np.zeros((1, 2, 2), np.float32), np.float32([[[0, 1], [0, -3]]]))
    >>> found.largest, found.mean, found.position
    (3.0, 1.0, Position(channel=0, row=1, column=1))
    """
    if one.shape != other.shape:
        first, second = Shape(*one.shape), Shape(*other.shape)
        return Difference(None, reason=f"The sizes differ: {first} and {second}.")
    with np.errstate(invalid="ignore", over="ignore"):
        # Equal infinities are no difference.
        maps = np.where(one == other, np.float32(0), other - one)
    finite = np.isfinite(one) & np.isfinite(other) | (one == other)
    maps[~finite] = np.nan
    undefined = int(maps.size - finite.sum())
    maps.flags.writeable = False
    if undefined == maps.size:
        return Difference(maps, undefined=undefined, reason="No value is finite in both.")
    sizes = np.abs(maps, dtype=np.float64)
    place = np.unravel_index(int(np.nanargmax(sizes)), sizes.shape)
    return Difference(
        maps,
        float(sizes[place]),
        float(np.nanmean(sizes)),
        Position(*(int(index) for index in place)),
        undefined,
    )


def _numbers(layer: LayerAnalysis | None) -> Numbers | None:
    if layer is None:
        return None
    facts = layer.facts
    return Numbers(
        kind=layer.node.layer.kind.label,
        shape=layer.shape,
        parameters=facts.parameters if facts else None,
        macs=facts.macs if facts else None,
        bytes=facts.shape.bytes if facts else None,
        receptive_field=layer.receptive_field,
        problems=tuple(problem.message for problem in layer.problems),
    )


def _totals(analysis: Analysis) -> Numbers:
    totals = analysis.totals
    messages = tuple(problem.message for _, problem in analysis.problems)
    return Numbers("", None, totals.parameters, totals.macs, totals.bytes, None, messages)


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
