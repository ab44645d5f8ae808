"""Only a size, for a person who has no picture: what fits, costs and comes out is known from it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.constraints import IntRange
from engine.pictures.size_policy import MAX_SIDE
from engine.shapes import Shape
from gui.fields.field_text import WholeText
from gui.fields.size_editor import SizeEditor
from gui.fields.value_field import ValueField
from gui.labels import set_role, text_label
from gui.pictures.picture_state import PictureState

SIDE = IntRange(1, MAX_SIDE, (16, 512))
CHANNELS = IntRange(1, 4096, (1, 4))
FIRST = Shape(3, 224, 224)
"""What is offered at first."""


class OnlySizeForm(QWidget):
    """Height, width and channels, and a button that takes them."""

    size_chosen = Signal(Shape)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel("ONLY A SIZE")
        set_role(heading, "heading")
        hint = text_label("Without a picture: sizes and costs, but no maps.", "muted")
        self.side_fields = SizeEditor(SIDE)
        self.channels = ValueField(WholeText(CHANNELS))
        self.channels.setAccessibleName("Channels")
        self.channels.setToolTip("Channels: 3 for color, 1 for gray")
        letter = QLabel("C")
        set_role(letter, "muted")
        letter.setBuddy(self.channels)
        self.take = QPushButton("Use this size")
        self.take.clicked.connect(self._on_take_clicked)
        self._fields = (self.side_fields.height_field, self.side_fields.width_field, self.channels)
        for field in self._fields:
            field.textChanged.connect(self._on_text_changed)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.side_fields, 3)
        row.addWidget(letter)
        row.addWidget(self.channels, 1)
        foot = QHBoxLayout()
        foot.addWidget(hint, 1)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addLayout(row)
        column.addLayout(foot)
        self._show(FIRST)

    def show_state(self, state: PictureState) -> None:
        """Show the size that the project has instead of a picture, or that of its input."""
        if state.input_shape is not None:
            self._show(state.input_shape)

    def _show(self, shape: Shape) -> None:
        self.side_fields.show_size(shape.height, shape.width)
        self.channels.show_value(shape.channels)

    def _on_text_changed(self) -> None:
        # A press of the button would bring the last size back, and take that one.
        self.take.setEnabled(all(field.typed_value() is not None for field in self._fields))

    def _on_take_clicked(self) -> None:
        height, width = self.side_fields.value
        self.size_chosen.emit(Shape(self.channels.value, height, width))
