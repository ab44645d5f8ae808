"""The panel at the right: the selected layer's size, settings, cost, weights and values."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.analysis import LayerAnalysis, Ranges
from engine.problems import Repair
from gui.problem_card import ProblemCard
from gui.settings_form import SettingsForm
from gui.theme import number_font
from gui.weights_form import WeightsForm
from gui.wording import bytes_text, count_text, field_text

PANEL_WIDTH = 330


class SidePanel(QScrollArea):
    """Everything about one layer besides its maps."""

    setting_edited = Signal(str, object)
    settled = Signal()
    repair_chosen = Signal(Repair)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(PANEL_WIDTH)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("role", "heading")
        self.equation = EquationCard()
        self.problems = ProblemCard()
        self.form = SettingsForm()
        self.weights = WeightsForm()
        self.costs = CostTable()
        content = QWidget(objectName="panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(12)
        for part in (
            self.title, self.problems, self.equation, self.form, self.weights, self.costs,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch()
        self.setWidget(content)
        self.form.edited.connect(self.setting_edited)
        self.form.settled.connect(self.settled)
        self.problems.repair_chosen.connect(self.repair_chosen)

    def show_layer(self, number: int, layer: LayerAnalysis) -> None:
        """Show a layer; ``number`` is its place in the flow."""
        node = layer.node
        label = node.layer.kind.label.upper()
        self.title.setText(label if not number else f"LAYER {number} · {label}")
        self.problems.show_problems(layer)
        self.equation.setVisible(layer.facts is not None)
        if layer.facts is not None:
            self.equation.show_layer(layer)
        self.form.setVisible(bool(node.layer.settings))
        wrong = frozenset(problem.setting for problem in layer.problems if problem.setting)
        self.form.show_layer(node.layer, wrong)
        self.weights.show_layer(layer)
        self.costs.setVisible(layer.facts is not None)
        if layer.facts is not None:
            self.costs.show_layer(layer)


class EquationCard(QFrame):
    """The size equation with the real numbers, and what is never read."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setVerticalSpacing(5)
        heading = QLabel("Output size")
        heading.setProperty("role", "heading")
        self.rule = _label("muted", align=Qt.AlignmentFlag.AlignRight)
        self.symbols = _label("muted", number=True)
        self.height = _label("", number=True)
        self.width = _label("", number=True)
        self.height_result = _label("accent", number=True, align=Qt.AlignmentFlag.AlignRight)
        self.width_result = _label("accent", number=True, align=Qt.AlignmentFlag.AlignRight)
        self.unread = _label("warning")
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self.rule, 0, 1)
        grid.addWidget(self.symbols, 1, 0, 1, 2)
        grid.addWidget(self.height, 2, 0)
        grid.addWidget(self.height_result, 2, 1)
        grid.addWidget(self.width, 3, 0)
        grid.addWidget(self.width_result, 3, 1)
        grid.addWidget(self.unread, 4, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_layer(self, layer: LayerAnalysis) -> None:
        """Show the equation of a layer whose size is known."""
        facts = layer.facts
        assert facts is not None
        equation = facts.equation
        self.rule.setText(equation.rule)
        self.symbols.setText(equation.symbols)
        self.symbols.setVisible(equation.symbols != "in")
        for axis, term, label, result, length in (
            ("H", equation.height, self.height, self.height_result, facts.shape.height),
            ("W", equation.width, self.width, self.width_result, facts.shape.width),
        ):
            left = term.rpartition(" = ")[0]
            label.setText(f"{axis} = {left} =" if left else f"{axis} =")
            result.setText(str(length))
        text = unread_text(layer.unread_rows, layer.unread_columns)
        self.unread.setText(text)
        self.unread.setVisible(bool(text))


class CostTable(QWidget):
    """Parameters, multiply-accumulates, memory and receptive field."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        heading = QLabel("Cost")
        heading.setProperty("role", "heading")
        self._grid.addWidget(heading, 0, 0, 1, 2)
        self.values: dict[str, QLabel] = {}
        for line, (name, tip) in enumerate(_COSTS.items(), start=1):
            label = _label("muted")
            label.setText(name)
            value = _label("", number=True, align=Qt.AlignmentFlag.AlignRight)
            for widget in (label, value):
                widget.setToolTip(tip)
            self._grid.addWidget(label, line, 0)
            self._grid.addWidget(value, line, 1)
            self.values[name] = value

    def show_layer(self, layer: LayerAnalysis) -> None:
        """Show what a layer whose size is known costs."""
        facts = layer.facts
        assert facts is not None
        field = layer.receptive_field
        texts = {
            "Parameters": count_text(facts.parameters) if facts.parameters else "none",
            "Statistics": count_text(facts.statistics),
            "MACs": count_text(facts.macs) if facts.macs else "none",
            "Output, float32": bytes_text(facts.shape.bytes),
            "Receptive field": field_text(layer),
            "Its stride": "undefined"
            if field is None or field.stride is None
            else f"{field.stride[0]} × {field.stride[1]}",
            "Padding applied": _sides_text(facts.padding),
        }
        for name, text in texts.items():
            self.values[name].setText(text)
        visible = {"Statistics": facts.statistics > 0, "Padding applied": any(facts.padding)}
        for name, shown in visible.items():
            self.values[name].setVisible(shown)
            item = self._grid.itemAtPosition(list(_COSTS).index(name) + 1, 0)
            if item is not None and item.widget() is not None:
                item.widget().setVisible(shown)
        if field is not None and field.reason:
            self.values["Its stride"].setToolTip(field.reason)


_COSTS = {
    "Parameters": "Numbers that are learned: the weights and biases of the layer.",
    "Statistics": "Numbers that are kept but not learned, as running means and variances.",
    "MACs": "Multiply-accumulates: how many products of a value and a weight are added up for "
    "one picture. A bias is not counted. One MAC is often counted as two FLOPs.",
    "Output, float32": "The memory that the layer's maps take, at 4 bytes a value.",
    "Receptive field": "The part of the picture that one value of this layer depends on, "
    "padding included, height × width.",
    "Its stride": "How far the receptive field moves on the picture from one value to the next.",
    "Padding applied": "Pixels added at the top, left, bottom and right.",
}


def unread_text(rows: Ranges, columns: Ranges) -> str:
    """Return which rows and columns of the input no window reads, as a sentence.

    >>> unread_text(((111, 112),), ((111, 112),))
    'Row 111 and column 111 of the input are never read.'
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


def _sides_text(sides: tuple[int, int, int, int]) -> str:
    return str(sides[0]) if len(set(sides)) == 1 else ", ".join(map(str, sides))


def _label(
    role: str, *, number: bool = False, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> QLabel:
    label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=not number)
    if role:
        label.setProperty("role", role)
    if number:
        label.setFont(number_font(9.5, bold=role == "accent"))
    label.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
