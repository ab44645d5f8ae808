"""Why a layer's maps have their size, in sentences: what the size equation leaves unsaid.

The numbers are those of the analysis: the equation, the padding as applied, and what no window
reads. Rows and columns are counted from 0.
"""

from dataclasses import dataclass, replace

from engine.analysis import LayerAnalysis, LayerFacts, Ranges
from engine.reading import WindowAxis
from engine.size_changes import change_text
from engine.wording import counted

_FEW = 3
"""So many ranges of rows are named one by one."""


@dataclass(frozen=True)
class SizeChange:
    """What happens to the size on the edge from one input: "halves", and the sign for it."""

    source: str
    text: str
    sign: str


@dataclass(frozen=True)
class AxisExplanation:
    """One axis: the equation with its numbers, then sentences, empty where there is nothing to say.

    ``padding`` says how much there is at each side, ``remainder`` what is left after the last
    window, ``unread`` which rows or columns no window reads.
    """

    equation: str
    padding: str
    remainder: str
    unread: str


@dataclass(frozen=True)
class SizeExplanation:
    """Why a layer's maps have their size; ``rule`` is a sentence, ``symbols`` the formula.

    ``both`` says of height and width together what is alike, and nothing where they differ.
    ``unread`` says of both axes what no window reads, empty where all is read.
    """

    rule: str
    symbols: str
    height: AxisExplanation
    width: AxisExplanation
    both: AxisExplanation
    channels: str
    notes: tuple[str, ...]
    changes: tuple[SizeChange, ...]
    unread: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is said in words, for a card, a screen reader or a printed line."""
        axes: tuple[AxisExplanation, ...] = (self.height, self.width)
        paddings = [self.both.padding] if self.both.padding else [axis.padding for axis in axes]
        if self.both.remainder or self.both.unread:
            axes = (self.both,)
        said = [self.rule, *self.notes, *paddings, *(axis.remainder for axis in axes)]
        # The remainder often says already which are not read.
        said += [axis.unread for axis in axes if axis.unread[1:] not in axis.remainder]
        return tuple(sentence for sentence in said if sentence)


def explain_size(layer: LayerAnalysis) -> SizeExplanation | None:
    """Return why a layer's maps have their size; None where the size is not known."""
    facts = layer.facts
    if facts is None:
        return None
    equation = facts.equation
    edges = zip(layer.node.inputs, layer.input_shapes, strict=False)  # switched off: only one
    return SizeExplanation(
        rule=equation.words or _sentence(equation.rule),
        symbols=equation.symbols,
        height=_explained(layer, facts, _ROWS),
        width=_explained(layer, facts, _COLUMNS),
        both=_alike(layer, facts),
        channels=equation.channels,
        notes=tuple(map(_sentence, equation.notes)),
        changes=tuple(
            SizeChange(name, *change_text(shape, facts.shape, layer.reading_of(name)))
            for name, shape in edges
        ),
        unread=unread_sentence(layer.unread_rows, layer.unread_columns),
    )


@dataclass(frozen=True)
class _Axis:
    """What an axis is called, or both that are alike, and where its parts are found."""

    equation: str
    noun: str
    sides: tuple[str, str]
    ends: str
    padding: tuple[str, str]


_ROWS = _Axis("height", "row", ("above", "below"), "above and below", ("top", "bottom"))
_COLUMNS = _Axis(
    "width",
    "column",
    ("on the left", "on the right"),
    "on the left and on the right",
    ("left", "right"),
)
_BOTH = _Axis(
    "height",
    "row and column",
    ("above and on the left", "below and on the right"),
    "on every side",
    ("top", "bottom"),
)


def _alike(layer: LayerAnalysis, facts: LayerFacts) -> AxisExplanation:
    """Return what can be said of height and width in one sentence."""
    said, sides = _explained(layer, facts, _BOTH), facts.padding
    if (sides.top, sides.bottom) != (sides.left, sides.right):
        said = replace(said, padding="", remainder="")
    same_reading = all(reading.rows == reading.columns for reading in facts.readings[:1])
    if not same_reading or layer.unread_rows != layer.unread_columns:
        said = replace(said, equation="", remainder="", unread="")
    return said


def _explained(layer: LayerAnalysis, facts: LayerFacts, axis: _Axis) -> AxisExplanation:
    unread = layer.unread_columns if axis is _COLUMNS else layer.unread_rows
    before, after = (getattr(facts.padding, side) for side in axis.padding)
    remainder = ""
    if facts.readings:
        first = facts.readings[0]
        reading = first.columns if axis is _COLUMNS else first.rows
        if isinstance(reading, WindowAxis) and reading.stride > 1 and reading.before == before:
            same = facts.equation.rule.startswith("same")
            remainder = (
                _needed(reading, axis.noun)
                if same
                else _remainder(reading, axis.noun, after, unread)
            )
    return AxisExplanation(
        equation=getattr(facts.equation, axis.equation),
        padding=_padding(before, after, axis, facts.equation.crops),
        remainder=remainder,
        unread=_unread(axis.noun, unread),
    )


def _padding(before: int, after: int, axis: _Axis, crops: bool) -> str:
    """Return in words how much is added at both ends, or cropped.

    >>> _padding(2, 3, _ROWS, crops=False), _padding(0, 1, _COLUMNS, crops=False)
    ('Padding: 2 rows above, 3 rows below.', 'Padding: 1 column on the right.')
    >>> _padding(3, 3, _BOTH, crops=False)
    'Padding: 3 pixels on every side.'
    """
    if not before and not after:
        return ""
    cell = "pixel" if axis is _BOTH else axis.noun
    if before == after:
        ends = f"{counted(before, cell)} {axis.ends}"
    else:
        counts = zip((before, after), axis.sides, strict=True)
        ends = ", ".join(f"{counted(count, cell)} {side}" for count, side in counts if count)
    return f"{'Cropped from what the kernels cover' if crops else 'Padding'}: {ends}."


def _needed(axis: WindowAxis, noun: str) -> str:
    """Return how long an input the windows of padding "same" need."""
    windows, stride, span = axis.output_length, axis.stride, axis.affine.span
    needed = (windows - 1) * stride + span
    more = needed - axis.input_length
    there = f"{more} more than there are" if more > 0 else f"and there are {axis.input_length}"
    needs = f"({windows} − 1) · {stride} + {span} = {needed} {_many(noun)}"
    return f"{windows} windows need {needs}, {there}."


def _remainder(axis: WindowAxis, noun: str, after: int, unread: Ranges) -> str:
    """Return what is left of the padded length after the last window, in words."""
    length, span, stride = axis.input_length, axis.affine.span, axis.stride
    room = length + axis.before + after - span
    quotient, rest = divmod(room, stride)
    padding = axis.before + after
    division = f"({length} + {padding} − {span}) = {room}, {room} / {stride} = {quotient}"
    last = (axis.output_length - 1) * stride
    if last > room:
        reach = f"the last window reaches {_count(last - room, noun)} beyond the end"
        return f"{division} remainder {rest}, rounded up: {reach}."
    if not rest:
        return f"{division} without remainder: the last window ends where the {_many(noun)} do."
    # What no window covers: the input's last cells, then the padding's.
    first = last - axis.before + span
    if first >= length:
        cells = f"the last {_count(rest, noun)}" if rest > 1 else f"the last {noun}"
        are = _are(rest, noun)
        return f"{division} remainder {rest}: {cells} of the padding {are} in no window."
    # Padding that mirrors or repeats the map may read them all the same.
    is_unread = any(start <= first and stop == length for start, stop in unread)
    fate = "never read" if is_unread else "in no window, and read only through the padding"
    cells = f"{_which(noun, first, length)} {_are(length - first, noun)}"
    return f"{division} remainder {rest}: {cells} {fate}."


def _unread(noun: str, ranges: Ranges) -> str:
    """Return which rows or columns no window reads.

    >>> _unread("row", ((111, 112),)), _unread("column", ((2, 4), (7, 8)))
    ('Row 111 is never read.', 'Columns 2 to 3 and column 7 are never read.')
    """
    if not ranges:
        return ""
    return _sentence(f"{_named(noun, ranges)} {_are(_length(ranges), noun)} never read")


def unread_sentence(rows: Ranges, columns: Ranges, where: str = "of the input") -> str:
    """Return which rows and columns no window reads; empty where all are read.

    >>> unread_sentence(((111, 112),), ((110, 112),))
    'Row 111 and columns 110 to 111 of the input are never read.'
    >>> unread_sentence((), ((5, 6),))
    'Column 5 of the input is never read.'
    >>> unread_sentence(tuple((row, row + 1) for row in range(1, 56, 2)), ())
    '28 rows of the input are never read.'
    """
    axes = {"row": rows, "column": columns}
    # Of both axes together, a list of places would be too much to read.
    named = [
        _named(noun, ranges) if len(ranges) <= _FEW else counted(_length(ranges), noun)
        for noun, ranges in axes.items()
        if ranges
    ]
    if not named:
        return ""
    return _sentence(f"{' and '.join(named)} {where} {_are(_length((*rows, *columns)))} never read")


def _named(noun: str, ranges: Ranges) -> str:
    """Return ranges in words, the first few of many."""
    named = [_which(noun, *cells) for cells in ranges[:_FEW]]
    if len(ranges) > _FEW:
        named.append(f"others, {_length(ranges)} in all,")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _length(ranges: Ranges) -> int:
    return sum(stop - start for start, stop in ranges)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


def _which(noun: str, start: int, stop: int) -> str:
    """Return a half-open range in words.

    >>> _which("row", 111, 112), _which("row", 109, 112)
    ('row 111', 'rows 109 to 111')
    """
    return f"{noun} {start}" if stop == start + 1 else f"{_many(noun)} {start} to {stop - 1}"


def _many(noun: str) -> str:
    """Return a noun, or two, in the plural.

    >>> _many("row"), _many("row and column")
    ('rows', 'rows and columns')
    """
    return " and ".join(f"{word}s" for word in noun.split(" and "))


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else _many(noun)}"


def _are(count: int, noun: str = "") -> str:
    return "is" if count == 1 and noun != _BOTH.noun else "are"
