"""What a layer costs: parameters, multiply-accumulates, memory, and what its values see."""

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.analysis import LayerAnalysis, LayerFacts
from engine.dense_cost import dense_cost
from gui.labels import number_label, on_one_baseline, result_label, text_label
from gui.wording import bytes_text, count_text, field_text


@dataclass(frozen=True)
class CostRow:
    """One line: what it is, how it comes about, how much, and a tip; ``note`` stands below."""

    name: str
    how: str
    amount: str
    tip: str
    note: str = ""


def cost_rows(layer: LayerAnalysis) -> tuple[CostRow, ...]:
    """Return the lines for a layer whose size is known."""
    facts = layer.facts
    if facts is None:
        return ()
    rows = [
        CostRow(
            "Parameters",
            _arrays(facts, learned=True),
            count_text(facts.parameters) if facts.parameters else "none",
            "Numbers that are learned: the weights and biases of the layer.",
        )
    ]
    if facts.statistics:
        rows.append(
            CostRow(
                "Statistics",
                _arrays(facts, learned=False),
                count_text(facts.statistics),
                "Numbers that are kept but not learned, as running means and variances.",
            )
        )
    rows += [
        CostRow(
            "MACs",
            _products(facts),
            count_text(facts.macs) if facts.macs else "none",
            "Multiply-accumulates: how many products of a value and a weight are added up for one "
            "picture. A bias is not counted. One MAC is often counted as two FLOPs.",
        ),
        CostRow(
            "Output, float32",
            "",
            bytes_text(facts.shape.bytes),
            "The memory that the layer's maps take, at 4 bytes a value.",
        ),
        _field_row(layer),
    ]
    if any(facts.padding):
        top, left, bottom, right = facts.padding
        rows.append(
            CostRow(
                "Padding applied",
                "",
                str(top) if top == left == bottom == right else f"{top}, {left}, {bottom}, {right}",
                "Pixels at the top, left, bottom and right.",
            )
        )
    dense = dense_cost(layer)
    if dense is not None:
        for name, count in (("Weights", dense.weights), ("MACs", dense.macs)):
            rows.append(CostRow(f"{name} as a dense layer", "", count_text(count), dense.sentence))
    return tuple(rows)


def _field_row(layer: LayerAnalysis) -> CostRow:
    field = layer.receptive_field
    tip = (
        "The part of the picture that one value depends on, padding included, height × width; and "
        "how far that part moves on the picture from one value to the next."
    )
    if field is None or field.stride is None:
        note = field.reason if field is not None else ""
        return CostRow("Receptive field", "", field_text(layer), tip, note)
    down, right = field.stride
    stride = f"{down}" if down == right else f"{down}×{right}"
    return CostRow("Receptive field · stride", "", f"{field_text(layer)} · {stride}", tip)


def _arrays(facts: LayerFacts, *, learned: bool) -> str:
    """Return the shapes of the layer's arrays as a sum."""
    shapes = [spec.shape for spec in facts.weight_specs if spec.learned is learned]
    return " + ".join(" × ".join(f"{length:,}" for length in shape) for shape in shapes)


def _products(facts: LayerFacts) -> str:
    """Return the output's values times the products of each, where all have as many."""
    if not facts.macs or facts.macs % facts.shape.values:
        return ""
    return f"{facts.shape} × {facts.macs // facts.shape.values:,}"


class CostTable(QWidget):
    """The costs of one layer, a line each; how they come about stands beside or below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        heading = QLabel("Cost")
        heading.setProperty("role", "heading")
        self._grid.addWidget(heading, 0, 0, 1, 3)
        self._lines: list[_Line] = []

    def show_layer(self, layer: LayerAnalysis) -> None:
        """Show what a layer costs; nothing where its size is not known."""
        rows = cost_rows(layer)
        self.setVisible(bool(rows))
        while len(self._lines) < len(rows):
            self._lines.append(_Line(self._grid, 1 + 2 * len(self._lines)))
        for place, line in enumerate(self._lines):
            line.show_row(rows[place] if place < len(rows) else None)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Let all sums and products stand below what they make where one would be wrapped."""
        widths = [line.widths for line in self._lines]
        needed = sum(max(column, default=0) for column in zip(*widths, strict=True))
        is_narrow = needed + 2 * self._grid.horizontalSpacing() > self.width()
        for line in self._lines:
            line.arrange(below=is_narrow)


class _Line:
    """The labels of one line, and the note under it."""

    def __init__(self, grid: QGridLayout, line: int) -> None:
        self._grid, self._line = grid, line
        self._name = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._name.setProperty("role", "muted")
        self._how = number_label(role="muted", size=8.5)
        self._amount = result_label()
        self._note = text_label(role="muted")
        # At home in the table before they are shown; `arrange` gives them their places.
        grid.addWidget(self._name, line, 0, _TOP)
        grid.addWidget(self._how, line, 1, _TOP)
        grid.addWidget(self._amount, line, 2, _TOP)
        grid.addWidget(self._note, line + 1, 0, 1, 3)

    @property
    def widths(self) -> tuple[int, int, int]:
        """What name, sum and amount need; a name without a sum has the room of both."""
        how = self._how.text()
        needed = self._how.fontMetrics().horizontalAdvance(how) + 1
        name = self._name.sizeHint().width() if how else 0
        return name, needed, self._amount.sizeHint().width()

    def arrange(self, *, below: bool) -> None:
        """Put how an amount comes about beside it, or below."""
        has_how = bool(self._how.text())
        # A name with nothing beside it may be as long as both columns.
        span = 1 if has_how and not below else 2
        self._grid.addWidget(self._name, self._line, 0, 1, span, _TOP)
        if not has_how:
            on_one_baseline(self._name, self._amount)
        elif below:
            self._grid.addWidget(self._how, self._line + 1, 0, 1, 3)
            self._how.setContentsMargins(0, 0, 0, 3)  # nearer to its own amount than to the next
            on_one_baseline(self._name, self._amount)
        else:
            self._grid.addWidget(self._how, self._line, 1, _TOP)
            on_one_baseline(self._name, self._how, self._amount)

    def show_row(self, row: CostRow | None) -> None:
        """Show a line of the table, or nothing."""
        parts = (self._name, self._how, self._amount, self._note)
        texts = ("", "", "", "") if row is None else (row.name, row.how, row.amount, row.note)
        for label, text in zip(parts, texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
            # As rich text it is wrapped; a plain tip is one line, wider than a small window.
            label.setToolTip("" if row is None or not row.tip else f"<p>{escape(row.tip)}</p>")
            # Otherwise that, with its marks, is what a screen reader says.
            label.setAccessibleDescription("" if row is None else row.tip)
        self._amount.setAccessibleName("" if row is None else f"{row.name}: {row.amount}")


_TOP = Qt.AlignmentFlag.AlignTop
