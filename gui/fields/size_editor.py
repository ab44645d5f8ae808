"""Height and width, kept equal by a link or each for itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from engine.constraints import IntRange
from gui.fields.field_text import WholeText
from gui.fields.value_field import ValueField


class SizeEditor(QWidget):
    """Two fields and the link between them."""

    edited = Signal(int, int)
    """Height and width."""
    settled = Signal()

    def __init__(self, side: IntRange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.height_field = ValueField(WholeText(side))
        self.width_field = ValueField(WholeText(side))
        self.link = QToolButton()
        self.link.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for field, name in ((self.height_field, "Height"), (self.width_field, "Width")):
            label = QLabel(name[0])
            label.setProperty("role", "muted")
            label.setBuddy(field)
            field.setAccessibleName(f"{name} in pixels")
            field.setToolTip(f"{name} in pixels")
            field.settled.connect(self.settled)
            row.addWidget(label)
            row.addWidget(field, 1)
            if field is self.height_field:
                row.addWidget(self.link)
        self.setFocusProxy(self.height_field)
        self.height_field.edited.connect(self._on_height_edited)
        self.width_field.edited.connect(self._on_width_edited)
        self.link.toggled.connect(self._show_link)
        self.link.clicked.connect(self._on_link_clicked)
        self.link.setChecked(True)

    @property
    def value(self) -> tuple[int, int]:
        """Height and width as they are shown."""
        return self.height_field.value, self.width_field.value

    def show_size(self, height: int, width: int) -> None:
        """Show a size; one that is not square loosens the link."""
        self.height_field.show_value(height)
        self.width_field.show_value(width)
        if height != width:
            self.link.setChecked(False)

    def _on_height_edited(self, height: int) -> None:
        self._edit(height, height if self.link.isChecked() else self.width_field.value)

    def _on_width_edited(self, width: int) -> None:
        self._edit(width if self.link.isChecked() else self.height_field.value, width)

    def _on_link_clicked(self, linked: bool) -> None:
        height, width = self.value
        if linked and height != width:
            self._edit(height, height)
            self.settled.emit()

    def _edit(self, height: int, width: int) -> None:
        self.height_field.show_value(height, anew=True)
        self.width_field.show_value(width, anew=True)
        self.edited.emit(height, width)

    def _show_link(self, linked: bool) -> None:
        self.link.setText("=" if linked else "×")
        text = "Height and width are kept equal" if linked else "Height and width are apart"
        self.link.setToolTip(text)
        self.link.setAccessibleName(text)
