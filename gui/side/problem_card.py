"""Why a layer has no maps, and what would mend it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from engine.analysis import LayerAnalysis
from engine.naming import Naming
from engine.problems import Problem, Repair
from gui.chip import Chip
from gui.flow.flow_layout import FlowLayout
from gui.labels import set_role, text_label


class ProblemCard(QFrame):
    """The problem in a sentence, and each repair as a button; hidden where there is none."""

    repair_chosen = Signal(Repair)
    repair_pointed = Signal(object)
    """The repair that is looked at, or None."""
    layer_wanted = Signal(str)
    """The layer whose problem this one waits for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = text_label()
        self.chip_room = QWidget()
        self._flow = FlowLayout(self.chip_room)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(8)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.chip_room)
        self._shown: tuple[tuple[Problem, ...], str, tuple[str, ...]] | None = None
        self.hide()

    @property
    def chips(self) -> list[Chip]:
        """The buttons on show, in order."""
        return [chip for chip in self.chip_room.findChildren(Chip) if not chip.isHidden()]

    def show_problems(self, layer: LayerAnalysis, name: Naming) -> None:
        """Show the problems of a layer, or for which other layer it waits; both by these names."""
        repairs = [repair for problem in layer.problems for repair in problem.repairs]
        words = tuple(repair.words(name) for repair in repairs)
        waits_for = name(layer.waiting_for) if layer.waiting_for else ""
        shown = layer.problems, waits_for, words
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if layer.problems:
            set_role(self, "problem-card")
            set_role(self.sentence, "problem")
            self.sentence.setText("\n".join(problem.message for problem in layer.problems))
            for repair, text in zip(repairs, words, strict=True):
                self._add_repair(repair, text)
        elif layer.waiting_for is not None:
            set_role(self, "card")
            set_role(self.sentence, "muted")
            self.sentence.setText(f"Waits for {waits_for}, which has a problem.")
            self._add_way(layer.waiting_for, waits_for)
        self.chip_room.setVisible(self._flow.count() > 0)
        self.setVisible(bool(layer.problems) or layer.waiting_for is not None)

    def _clear(self) -> None:
        for chip in self.chips:
            chip.hide()
            self._flow.removeWidget(chip)
            chip.deleteLater()

    def _add_repair(self, repair: Repair, text: str) -> None:
        chip = Chip(text)
        chip.setAccessibleDescription("Repairs the problem")
        chip.clicked.connect(lambda: self.repair_chosen.emit(repair))
        chip.pointed.connect(lambda on: self.repair_pointed.emit(repair if on else None))
        self._add_chip(chip)

    def _add_way(self, node_id: str, title: str) -> None:
        chip = Chip(f"Go to {title}")
        chip.clicked.connect(lambda: self.layer_wanted.emit(node_id))
        self._add_chip(chip)

    def _add_chip(self, chip: Chip) -> None:
        shown = self.chips
        self._flow.addWidget(chip)
        # The tab key comes to it where it stands, and not as the newest of all.
        QWidget.setTabOrder(shown[-1] if shown else self, chip)
        # Where its neighbors are on show already, Qt would show it only later.
        chip.show()
