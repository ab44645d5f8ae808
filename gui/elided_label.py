"""A line of text that ends in an ellipsis where it has no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyleOptionFrame, QWidget


class ElidedLabel(QLabel):
    """Plain text in one line; what is cut off can be read in the tool tip."""

    shorter: tuple[str, ...] = ()
    """What is shown instead where the text has no room; the first of them that has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def shown(self, width: int) -> str:
        """Return what can be read in so much room."""
        metrics = QFontMetricsF(self.font())
        texts = (self.text(), *self.shorter)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
        text = next(fitting, texts[-1])
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.contentsRect()
        shown = self.shown(room.width())
        # Through the style, so that the style sheet's color is that of any label.
        self.style().drawItemText(
            painter, room, self.alignment(), option.palette, self.isEnabled(), shown,
            self.foregroundRole(),
        )  # fmt: skip
