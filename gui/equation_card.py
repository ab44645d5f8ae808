"""The size equation with the real numbers, and what is never read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from engine.analysis import LayerAnalysis, Ranges
from gui.labels import number_label, result_label, text_label


class EquationCard(QFrame):
    """Why the maps have their height, width and number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        heading = QLabel("Output size")
        heading.setProperty("role", "heading")
        self.rule = text_label(role="muted")
        self.rule.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.symbols = number_label(role="muted", size=8.5)
        self.terms = [number_label(size=9), number_label(size=9), text_label(role="muted")]
        self.results = [result_label("accent") for _ in self.terms]
        self.notes = text_label(role="muted")
        self.unread = text_label(role="warning")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self.rule, 0, 1, 1, 2)
        grid.addWidget(self.symbols, 1, 0, 1, 3)
        for line, (term, result) in enumerate(zip(self.terms, self.results, strict=True), start=2):
            grid.addWidget(term, line, 0, 1, 2)
            grid.addWidget(result, line, 2)
        grid.addWidget(self.notes, 5, 0, 1, 3)
        grid.addWidget(self.unread, 6, 0, 1, 3)

    def show_layer(self, layer: LayerAnalysis) -> None:
        """Show the equation of a layer; nothing where its size is not known."""
        facts = layer.facts
        self.setVisible(facts is not None)
        if facts is None:
            return
        equation, shape = facts.equation, facts.shape
        self.rule.setText(equation.rule)
        self.symbols.setText(equation.symbols)
        # A formula of one word is no formula.
        self.symbols.setVisible(" " in equation.symbols)
        self.terms[0].setText(left_side("H", equation.height))
        self.terms[1].setText(left_side("W", equation.width))
        self.terms[2].setText(f"C: {equation.channels}")
        for result, number in zip(
            self.results, (shape.height, shape.width, shape.channels), strict=True
        ):
            result.setText(str(number))
        self.notes.setText("\n".join(equation.notes))
        self.notes.setVisible(bool(equation.notes))
        text = unread_text(layer.unread_rows, layer.unread_columns)
        self.unread.setText(text)
        self.unread.setVisible(bool(text))


def left_side(axis: str, term: str) -> str:
    r"""Return an axis' equation up to its result, which is written by itself.

    >>> left_side("H", "⌈28 / 2⌉ = 14"), left_side("W", "112 → 1"), left_side("H", "112")
    ('H = ⌈28 /\xa02⌉\xa0=', 'W: 112 →', 'H =')
    """
    computed, sign, _ = term.rpartition(" = ")
    if sign:
        # The end stays together where the line is broken.
        return "\u00a0".join(f"{axis} = {computed} =".rsplit(" ", 2))
    before, sign, _ = term.rpartition(" → ")
    return f"{axis}: {before} →" if sign else f"{axis} ="


def unread_text(rows: Ranges, columns: Ranges) -> str:
    """Return which rows and columns of the input no window reads, as a sentence.

    >>> unread_text(((111, 112),), ((110, 112),))
    'Row 111 and columns 110 to 111 of the input are never read.'
    >>> unread_text((), ((5, 6),))
    'Column 5 of the input is never read.'
    """
    parts = [_ranges_text("row", rows), _ranges_text("column", columns)]
    text = " and ".join(part for part in parts if part)
    if not text:
        return ""
    total = sum(stop - start for start, stop in (*rows, *columns))
    return f"{text[:1].upper()}{text[1:]} of the input {'is' if total == 1 else 'are'} never read."


def _ranges_text(name: str, ranges: Ranges) -> str:
    if not ranges:
        return ""
    if len(ranges) > 3:
        return f"{sum(stop - start for start, stop in ranges)} {name}s"
    spans = [
        f"{start}" if stop - start == 1 else f"{start} to {stop - 1}" for start, stop in ranges
    ]
    plural = "s" if len(ranges) > 1 or ranges[0][1] - ranges[0][0] > 1 else ""
    return f"{name}{plural} {', '.join(spans)}"
