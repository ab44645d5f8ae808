"""Parts that share what room there is, anew whenever that changes."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class SharedRoom(QWidget):
    """A widget that leaves parts out where there is too little room for all."""

    def share_room(self) -> None:
        """Show what has room; called when the room or a part's need of it is another."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.share_room()
        return super().event(event)
