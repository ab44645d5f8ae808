"""A layer in the words of PyTorch, Keras and ONNX, and what its words mean elsewhere."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.analysis import LayerAnalysis
from engine.dialects import READ_AS, ReReading, read_as, spell
from engine.edits import Edit
from engine.network import INPUT_ID
from engine.spelling import DIALECTS, Spelling
from gui.fields.segments import Segments
from gui.fold_button import FoldButton
from gui.labels import listed, set_role, text_label
from gui.pointed_button import PointedButton
from gui.side.code_view import CodeView

_ORDER = ("torch", "keras", "onnx", "caffe")


class DialectCard(QWidget):
    """The layer's code in one dialect at a time, with what differs there."""

    edit_chosen = Signal(Edit, str)
    """An edit, and its name as a step."""
    edit_pointed = Signal(object)
    """The edit that is looked at, or None."""
    dialect_chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = FoldButton("In other words", "fold-heading")
        self.dialects = Segments("In the words of", {name: READ_AS[name] for name in _ORDER})
        self.code = CodeView("Code of the layer")
        self.status = QLabel()
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip("Copy the code")
        self.notes = text_label(role="muted")
        self.meaning = text_label(role="muted")
        self.read_button = PointedButton()
        self._layer: LayerAnalysis | None = None
        self._edit: Edit | None = None
        self._is_fresh = False
        self._after_frame = QTimer(self, singleShot=True, interval=0)
        self._after_frame.timeout.connect(self._show_words)
        self._lay_out()
        self.fold.toggled.connect(self._on_fold_toggled)
        self.dialects.chosen.connect(self._on_dialect_chosen)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.read_button.clicked.connect(self._on_read_clicked)
        self.read_button.pointed.connect(
            lambda pointed: self.edit_pointed.emit(self._edit if pointed else None)
        )

    def _lay_out(self) -> None:
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.status, 1)
        below.addWidget(self.copy_button)
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for part in (
            self.dialects, self.code, self._below, self.notes, self.meaning, self.read_button,
        ):  # fmt: skip
            inner.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.fold)
        column.addWidget(self._content)

    # What is shown

    @property
    def is_folded(self) -> bool:
        """Whether only the heading is shown."""
        return not self.fold.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Show the heading alone, or the words too."""
        self.fold.setChecked(not folded)

    def show_dialect(self, name: str) -> None:
        """Choose whose words are shown: "torch", "keras", "onnx" or "caffe"."""
        self.dialects.show_value(name)
        self._show_words()

    def show_layer(self, layer: LayerAnalysis, *, anew: bool) -> None:
        """Show a layer's words; nothing where it is switched off or has no size.

        Those of another state of the same layer are shown after the frame in which it changed.
        """
        self._layer, node = layer, layer.node
        self.setVisible(layer.facts is not None and node.id != INPUT_ID and not node.bypassed)
        self._is_fresh, self._edit = False, None
        if anew:
            self._show_words()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_fresh:
            self._after_frame.start()

    def _show_words(self) -> None:
        self._is_fresh, found = True, self._layer
        self._content.setHidden(self.is_folded)
        if found is None or self.isHidden() or self.is_folded:
            return
        layer, shapes = found.node.layer, found.input_shapes
        readings = {name: read_as(layer, name, shapes) for name in READ_AS}
        self.dialects.set_offered("caffe", readings["caffe"].layer != layer)
        dialect = self.dialects.value
        spelling = spell(layer, dialect, shapes) if dialect in DIALECTS else None
        self._show_spelling(spelling)
        self._show_reading(readings[dialect], found, spelling.notes if spelling else ())

    def _show_spelling(self, spelling: Spelling | None) -> None:
        for part in (self.code, self._below, self.notes):
            part.setVisible(False)
        if spelling is None:
            return
        self.code.show_code(spelling.code)
        self.status.setText(spelling.verdict if spelling.exact else f"⚠ {spelling.verdict}")
        set_role(self.status, "muted" if spelling.exact else "warning")
        self.notes.setText(listed(spelling.notes))
        self.code.setVisible(bool(spelling.code))
        self.copy_button.setVisible(bool(spelling.code))
        self._below.show()
        self.notes.setVisible(bool(spelling.notes))

    def _show_reading(self, reading: ReReading, found: LayerAnalysis, said: Sequence[str]) -> None:
        """Say what the words mean in the dialect, and offer to read them so."""
        name, changed = READ_AS[reading.dialect], reading.layer != found.node.layer
        new = [sentence for sentence in reading.consequences if sentence not in said]
        lead = f"{reading.heading}\n"
        self.meaning.setText(lead + listed(new) if changed else "\n".join(new))
        self.meaning.setVisible(bool(self.meaning.text()))
        self._edit = reading.edit(found.node.id) if changed else None
        self.read_button.setText(f"Read as {name}")
        self.read_button.setVisible(changed)

    # What a person does

    def _on_read_clicked(self) -> None:
        if self._edit is not None:
            self.edit_chosen.emit(self._edit, self._edit.text)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())

    def _on_dialect_chosen(self, name: str) -> None:
        self._show_words()
        self.dialect_chosen.emit(name)

    def _on_fold_toggled(self, unfolded: bool) -> None:
        self._show_words()
        self.folded.emit(not unfolded)
