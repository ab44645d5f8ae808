"""The size equation with the real numbers, what is never read, and why in sentences."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QWidget

from engine.analysis import LayerAnalysis
from engine.size_explanation import explain_size
from gui.fold_button import FoldButton
from gui.fonts import number_font
from gui.labels import listed, number_label, on_one_baseline, result_label, set_role, text_label

_LINE = 3
"""So many columns are as wide as the card."""


class EquationCard(QFrame):
    """Why the maps have their height, width and number."""

    folded = Signal(bool)
    """The sentences were hidden, or shown."""

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
        self.unread = text_label(role="warning")
        """To be placed where nothing that is edited lies below it: it comes and goes with edits."""
        self.fold = FoldButton("Why this size")
        self.sentences = text_label(role="muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self.rule, 0, 1, 1, 2)
        grid.addWidget(self.symbols, 1, 0, 1, _LINE)
        for line, (term, result) in enumerate(zip(self.terms, self.results, strict=True), start=2):
            grid.addWidget(term, line, 0, 1, 2)
            grid.addWidget(result, line, 2)
        for line, part in enumerate((self.fold, self.sentences), start=5):
            grid.addWidget(part, line, 0, 1, _LINE)
        self.fold.toggled.connect(self._on_toggled)
        self.set_folded(True)

    @property
    def is_folded(self) -> bool:
        """Whether the sentences are hidden."""
        return not self.fold.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Hide the sentences, or show them."""
        self.fold.setChecked(not folded)
        self._show_sentences()

    def show_layer(self, layer: LayerAnalysis) -> None:
        """Show the equation of a layer; nothing where its size is not known."""
        facts, why = layer.facts, explain_size(layer)
        self.setVisible(facts is not None)
        self.unread.setVisible(why is not None and bool(why.unread))
        if facts is None or why is None:
            return
        equation, shape = facts.equation, facts.shape
        self.rule.setText(equation.rule)
        self.symbols.setText(equation.symbols)
        # A formula of one word is no formula.
        self.symbols.setVisible(" " in equation.symbols)
        inputs = layer.input_shapes
        kept = "as the input" if inputs and inputs[0][1:] == shape[1:] else ""
        if not inputs:
            kept = equation.channels
        for label, axis, term in zip(
            self.terms, "HW", (equation.height, equation.width), strict=False
        ):
            label.setText(left_side(axis, term, kept))
            is_computed = label.text().endswith(("=", "→"))
            set_role(label, "" if is_computed else "muted")
            label.setFont(number_font(9) if is_computed else QApplication.font(label))
        for label, result in zip(self.terms, self.results, strict=True):
            on_one_baseline(label, result)
        self.terms[2].setText(f"C: {equation.channels}")
        for result, number in zip(
            self.results, (shape.height, shape.width, shape.channels), strict=True
        ):
            result.setText(str(number))
        self.unread.setText(why.unread)
        self.sentences.setText(listed(why.sentences))
        # The rule's name is there already: alone it needs no second telling.
        self.fold.setVisible(len(why.sentences) > 1 or bool(equation.words))
        self._show_sentences()

    def _show_sentences(self) -> None:
        self.sentences.setVisible(self.fold.isChecked() and not self.fold.isHidden())

    def _on_toggled(self, unfolded: bool) -> None:
        self._show_sentences()
        self.folded.emit(not unfolded)


def left_side(axis: str, term: str, origin: str = "") -> str:
    r"""Return an axis' equation up to its result, which is written by itself.

    Where nothing is computed, it says where the result comes from.

    >>> left_side("H", "⌈28 / 2⌉ = 14"), left_side("W", "112 → 1")
    ('H = ⌈28 /\xa02⌉\xa0=', 'W: 112 →')
    >>> left_side("H", "112", "as the input"), left_side("H", "1")
    ('H: as the input', 'H')
    """
    computed, sign, _ = term.rpartition(" = ")
    if sign:
        # The end stays together where the line is broken.
        return "\u00a0".join(f"{axis} = {computed} =".rsplit(" ", 2))
    before, sign, _ = term.rpartition(" → ")
    if sign:
        return f"{axis}: {before} →"
    return f"{axis}: {origin}" if origin else axis
