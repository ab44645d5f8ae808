"""The lines of the comparison's table: what stands in each cell, and where both sides differ."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.comparison import ComparedRow, Numbers, changed_settings
from gui.wording import UNKNOWN, bytes_text, count_text, size_text


class Line(NamedTuple):
    """One line; ``differing`` are the places of the cells where both sides differ.

    The sign stands for equal, different, only at the left, only at the right. ``node_id`` is
    empty where the line is no layer's.
    """

    sign: str
    name: str
    cells: tuple[str, ...]
    differing: frozenset[int]
    tip: str
    node_id: str


class Column(NamedTuple):
    """A number of both sides: its name, which field of `Numbers` it is, and how it is written."""

    name: str
    field: str
    text: Callable[[Numbers, str], str]


def _size(numbers: Numbers, order: str) -> str:
    return size_text(numbers.shape, order) if numbers.kind else ""


def _field(numbers: Numbers, order: str) -> str:
    field = numbers.receptive_field
    if field is None:
        return UNKNOWN if numbers.kind else ""
    return f"{field.height}×{field.width}"


COLUMNS = (
    Column("Size", "shape", _size),
    Column("Parameters", "parameters", lambda numbers, _: count_text(numbers.parameters)),
    Column("MACs", "macs", lambda numbers, _: count_text(numbers.macs)),
    Column("Output", "bytes", lambda numbers, _: bytes_text(numbers.bytes)),
    Column("Sees", "receptive_field", _field),
)


def network_headers(names: tuple[str, str]) -> tuple[str, ...]:
    """Return a header per number and side."""
    return tuple(f"{column.name}\n{name}" for column in COLUMNS for name in names)


def network_line(name: str, row: ComparedRow, names: tuple[str, str], order: str) -> Line:
    """Return a layer's line, in which the numbers of both sides stand beside each other."""
    cells = tuple(_cell(column, side, order) for column in COLUMNS for side in (row.one, row.other))
    fields = row.differing
    differing = frozenset(
        2 * place + side
        for place, column in enumerate(COLUMNS)
        for side in (0, 1)
        if column.field in fields
    )
    return Line(sign(row), name, cells, differing, difference_text(row, names), row.node_id)


LAYER_HEADERS = ("Settings", *(column.name for column in COLUMNS))


def layer_lines(row: ComparedRow, names: tuple[str, str], order: str) -> Sequence[Line]:
    """Return two layers as a line each, and below them where they are equal and where not."""
    tip = difference_text(row, names)
    fields = ("layer", *(column.field for column in COLUMNS))
    differing = frozenset(place for place, field in enumerate(fields) if field in row.differing)
    lines = []
    sides = zip(names, (row.one, row.other), _settings(row), strict=True)
    for name, numbers, settings in sides:
        cells = settings, *(_cell(column, numbers, order) for column in COLUMNS)
        lines.append(Line("", name, cells, differing, tip, ""))
    signs = tuple("≠" if place in differing else "=" for place in range(len(fields)))
    mark, words = ("≠", "Where they differ") if differing else ("=", "Equal in all of these")
    return (*lines, Line(mark, words, signs, differing, tip, ""))


def _settings(row: ComparedRow) -> tuple[str, str]:
    """Return the settings of both sides; where these look alike, those that are not."""
    one, other = row.one, row.other
    first, second = (numbers.settings if numbers is not None else "–" for numbers in (one, other))
    if first == second and one and other and one.layer and other.layer:
        differing = changed_settings(one.layer, other.layer)
        if any(differing):
            return differing
    return first, second


def sign(row: ComparedRow) -> str:
    """Return the sign of a row: equal, different, only at the left, only at the right."""
    if row.other is None:
        return "−"
    if row.one is None:
        return "+"
    return "=" if row.is_equal else "≠"


_WORDS = {
    "layer": "settings", "shape": "size", "parameters": "parameters", "macs": "MACs",
    "bytes": "memory", "receptive_field": "receptive field", "problems": "problems",
    "weights": "weights",
}  # fmt: skip


def difference_text(row: ComparedRow, names: tuple[str, str]) -> str:
    """Return in words how both sides differ."""
    one, other = row.one, row.other
    if one is None or other is None:
        return f"Only in: {names[1] if one is None else names[0]}"
    if row.is_equal:
        return "Equal"
    differing = row.differing
    what = ", ".join(word for field, word in _WORDS.items() if field in differing)
    lines = [f"Different: {what or 'switched off'}"]
    if one.layer is not None and other.layer is not None and {"layer", "settings"} & differing:
        changed = changed_settings(one.layer, other.layer)
        described = changed if any(changed) else (one.settings, other.settings)
        lines += [
            f"{name}: {' · '.join(filter(None, (numbers.kind, words)))}"
            for name, numbers, words in zip(names, (one, other), described, strict=True)
        ]
    return "\n".join(lines)


def _cell(column: Column, numbers: Numbers | None, order: str) -> str:
    return "–" if numbers is None else column.text(numbers, order)
