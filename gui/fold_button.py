"""A heading that hides what stands under it, or shows it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gui.labels import set_role


class FoldButton(QPushButton):
    """A line with a triangle; checked means that what stands under it is shown."""

    def __init__(self, text: str, role: str = "fold", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        set_role(self, role)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(True)

    def _on_toggled(self, shown: bool) -> None:
        self.setText(f"{'▾' if shown else '▸'}  {self._text}")
        self.setAccessibleDescription("shown" if shown else "hidden")
