"""Slider and choice for a panel that scrolls: the wheel changes only what has the focus."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSlider, QStyle, QStyleOptionSlider


class ValueSlider(QSlider):
    """A horizontal slider whose handle jumps to where it is pressed; ``settled`` ends a drag."""

    settled = Signal()

    def __init__(self, places: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._grip = 0.0
        self.setRange(0, places)
        self.setPageStep(max(places // 10, 1))
        self.setMinimumWidth(48)
        # The field beside it is the keyboard's way to the same value.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.sliderReleased.connect(self.settled)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        handle = self._handle()
        on_handle = handle.contains(event.position().toPoint())
        # A drag keeps the point by which the handle was taken.
        self._grip = event.position().x() - handle.left() if on_handle else handle.width() / 2
        self.setSliderDown(True)
        self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat():
            self.settled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)
        self.settled.emit()

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )

    def _drag_to(self, x: float) -> None:
        span = max(self.width() - self._handle().width(), 1)
        place = QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x - self._grip), span
        )
        self.setValue(place)


class ChoiceBox(QComboBox):
    """A list of words that may be narrower than its longest."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth() + 12)
        super().showPopup()
