"""Slider, choice and switch for a panel that scrolls: the wheel changes only what has the focus."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QStylePainter,
)

from gui.labels import control_height


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
    """A list of words; where it is narrower than one, it shortens it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(control_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        self._paint_arrow(painter)

    def _paint_arrow(self, painter: QPainter) -> None:
        # The style sheet's frame takes the arrow of the style away.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        pen = QPen(self.palette().color(group, QPalette.ColorRole.Text), 1.4)
        painter.setPen(pen)
        x, y = self.width() - 13.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 3.5, y - 2), QPointF(x, y + 2), QPointF(x + 3.5, y - 2)])

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth() + 12)
        super().showPopup()


class Switch(QCheckBox):
    """A box to tick as a switch, with its state in a word."""

    _WIDTH, _HEIGHT = 30.0, 16.0

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(control_height())
        self.setMinimumWidth(round(self._WIDTH) + 8 + self.fontMetrics().horizontalAdvance("off"))

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, role = self.palette(), QPalette.ColorRole
        on = self.isChecked()
        track = QRectF(1, (self.height() - self._HEIGHT) / 2, self._WIDTH, self._HEIGHT)
        edge = role.Highlight if on or self.hasFocus() else role.PlaceholderText
        painter.setPen(QPen(palette.color(edge), 1))
        painter.setBrush(palette.color(role.Highlight if on else role.Base))
        painter.drawRoundedRect(track, self._HEIGHT / 2, self._HEIGHT / 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-1, -1.5, 1, 1.5), 9.5, 9.5)
        knob = QRectF(0, 0, self._HEIGHT - 6, self._HEIGHT - 6)
        end = track.right() - self._HEIGHT / 2 if on else track.left() + self._HEIGHT / 2
        knob.moveCenter(QPointF(end, track.center().y()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(role.HighlightedText if on else role.WindowText))
        painter.drawEllipse(knob)
        painter.setPen(palette.color(role.WindowText))
        room = QRectF(track.right() + 8, 0, self.width(), self.height())
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, middle, "on" if on else "off")
