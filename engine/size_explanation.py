"""Why a layer's maps have their size, in sentences: what the size equation leaves unsaid.

The numbers are those of the analysis: the equation, the padding as applied, and what no window
reads. Rows and columns are counted from 0.
"""

from dataclasses import dataclass

from engine.analysis import Analysis, LayerAnalysis, LayerFacts, Ranges
from engine.reading import AxisReading, WindowAxis
from engine.size_changes import change_text
from engine.wording import counted


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
    """Why a layer's maps have their size; ``rule`` is a sentence, ``symbols`` the formula."""

    rule: str
    symbols: str
    height: AxisExplanation
    width: AxisExplanation
    channels: str
    notes: tuple[str, ...]
    changes: tuple[SizeChange, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is said in words, for a card, a screen reader or a printed line."""
        axes = (self.height, self.width)
        said = [self.rule, *self.notes, *(axis.padding for axis in axes)]
        said += [axis.remainder for axis in axes]
        # The remainder often says already which are not read.
        said += [axis.unread for axis in axes if axis.unread[1:] not in axis.remainder]
        return tuple(sentence for sentence in said if sentence)


def explain_size(analysis: Analysis, node_id: str) -> SizeExplanation | None:
    """Return why a layer's maps have their size; None where the size is not known."""
    layer = analysis[node_id]
    facts = layer.facts
    if facts is None:
        return None
    equation = facts.equation
    top, left, bottom, right = facts.padding
    rows, columns = (facts.readings[0].rows, facts.readings[0].columns) if facts.readings else (None, None)
    is_same = equation.rule.startswith("same")
    return SizeExplanation(
        rule=equation.words or f"{equation.rule[:1].upper()}{equation.rule[1:]}.",
        symbols=equation.symbols,
        height=AxisExplanation(
            equation.height,
            _padding(facts, "row", top, bottom, ("above", "below")),
            _remainder(rows, "row", top, bottom, layer.unread_rows, is_same),
            _unread("row", layer.unread_rows),
        ),
        width=AxisExplanation(
            equation.width,
            _padding(facts, "column", left, right, ("on the left", "on the right")),
            _remainder(columns, "column", left, right, layer.unread_columns, is_same),
            _unread("column", layer.unread_columns),
        ),
        channels=equation.channels,
        notes=equation.notes,
        changes=_changes(layer, facts),
    )


def _changes(layer: LayerAnalysis, facts: LayerFacts) -> tuple[SizeChange, ...]:
    """Return what each edge does to the size."""
    edges = zip(layer.node.inputs, layer.input_shapes, strict=False)  # switched off: only one
    return tuple(SizeChange(source, *change_text(shape, facts.shape)) for source, shape in edges)


def _padding(facts: LayerFacts, noun: str, before: int, after: int, sides: tuple[str, str]) -> str:
    """Return in words how much is added at both ends, or cropped."""
    if not before and not after:
        return ""
    if before == after:
        ends = f"{counted(before, noun)} {sides[0]} and {sides[1]}"
    else:
        counts = zip((before, after), sides, strict=True)
        ends = ", ".join(f"{counted(count, noun)} {side}" for count, side in counts if count)
    if facts.equation.crops:
        return f"Cropped from what the kernels cover: {ends}."
    return f"Padding: {ends}."


def _remainder(
    axis: AxisReading, noun: str, before: int, after: int, unread: Ranges, is_same: bool
) -> str:
    """Return what is left of the padded length after the last window, in words."""
    if not isinstance(axis, WindowAxis) or axis.stride < 2 or axis.before != before:
        return ""
    length, span, stride = axis.input_length, axis.affine.span, axis.stride
    windows = axis.output_length
    if is_same:
        needed = (windows - 1) * stride + span
        more = f"{max(needed - length, 0)} more than there are"
        return f"{windows} windows need ({windows} − 1) · {stride} + {span} = {needed} {noun}s, {more}."
    room = length + before + after - span
    quotient, rest = divmod(room, stride)
    division = f"({length} + {before + after} − {span}) = {room}, {room} / {stride} = {quotient}"
    beyond = (windows - 1) * stride - room
    if beyond > 0:
        reach = f"the last window reaches {counted(beyond, noun)} beyond the end"
        return f"{division} remainder {rest}, rounded up: {reach}."
    if not rest:
        return f"{division} without remainder: the last window ends where the {noun}s do."
    # What no window covers: the input's last cells, then the padding's.
    first = (windows - 1) * stride - before + span
    if first >= length:
        cells = f"the last {counted(rest, noun)}" if rest > 1 else f"the last {noun}"
        return f"{division} remainder {rest}: {cells} of the padding {_are(rest)} in no window."
    # Padding that mirrors or repeats the map may read them all the same.
    unread_end = any(start <= first and stop == length for start, stop in unread)
    fate = "never read" if unread_end else "in no window, and read only through the padding"
    cells = f"{_which(noun, first, length)} {_are(length - first)}"
    return f"{division} remainder {rest}: {cells} {fate}."


def _unread(noun: str, ranges: Ranges, most: int = 3) -> str:
    """Return which rows or columns no window reads.

    >>> _unread("row", ((111, 112),)), _unread("column", ((2, 4), (7, 8)))
    ('Row 111 is never read.', 'Columns 2 to 3 and column 7 are never read.')
    """
    if not ranges:
        return ""
    count = sum(stop - start for start, stop in ranges)
    named = [_which(noun, *cells) for cells in ranges[:most]]
    if len(ranges) > most:
        named.append(f"others, {count} in all,")
    words = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"{words[:1].upper()}{words[1:]} {_are(count)} never read."


def _which(noun: str, start: int, stop: int) -> str:
    """Return a half-open range in words.

    >>> _which("row", 111, 112), _which("row", 109, 112)
    ('row 111', 'rows 109 to 111')
    """
    return f"{noun} {start}" if stop == start + 1 else f"{noun}s {start} to {stop - 1}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
