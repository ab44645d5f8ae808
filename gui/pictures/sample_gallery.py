"""The pictures that come with the program, as a gallery to choose from."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.pictures.images import sample_pictures
from gui.flow.row_painting import write_line
from gui.fonts import text_font
from gui.labels import set_role
from gui.pictures.crop_canvas import CropCanvas
from gui.pictures.picture_levels import PictureLevels
from gui.theme import Theme, color

THUMBNAIL = 152
"""Width and height in which a sample is drawn, at the usual size of text."""
COLUMNS = 4

_LEVELS = Qt.ItemDataRole.UserRole
_NAME = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class SampleGallery(QWidget):
    """Shows the samples, and says which one was chosen."""

    sample_chosen = Signal(str)
    """The file name of a sample."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel("SAMPLES")
        set_role(heading, "heading")
        self._model = _Samples(self)
        self._painter = _SamplePainter(theme, self)
        self.view = _View()
        self.view.setAccessibleName("Samples")
        set_role(self.view, "plain")
        self.view.setModel(self._model)
        self.view.setItemDelegate(self._painter)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setSpacing(0)
        self.view.setCurrentIndex(self._model.index(0))
        item = self._painter.item_size
        rows = -(-self._model.rowCount() // COLUMNS)
        self.view.setMinimumSize(COLUMNS * item.width() + 10, rows * item.height() + 4)
        self.view.clicked.connect(self._on_chosen)
        self.view.entered_by_key.connect(self._on_chosen)
        self.setFocusProxy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(self.view)

    def show_sample(self, name: str, levels: PictureLevels) -> None:
        """Show the picture of a sample."""
        self._model.show_sample(name, levels)

    def _on_chosen(self, index: QModelIndex) -> None:
        self.sample_chosen.emit(index.data(_NAME))


class _View(QListView):
    """A list in which Enter chooses, and nothing but a click does besides."""

    entered_by_key = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.entered_by_key.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Samples(QAbstractListModel):
    """The samples and, as they are drawn, their pictures."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._samples = sample_pictures()
        self._levels: dict[str, PictureLevels] = {}

    def show_sample(self, name: str, levels: PictureLevels) -> None:
        """Take the picture of a sample."""
        for line, sample in enumerate(self._samples):
            if sample.name == name:
                self._levels[name] = levels
                self.dataChanged.emit(self.index(line), self.index(line))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._samples)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sample = self._samples[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return sample.label
        if role == _NAME:
            return sample.name
        return self._levels.get(sample.name) if role == _LEVELS else None


class _SamplePainter(QStyledItemDelegate):
    """Paints a sample's picture with its label beneath."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = text_font(9.5)

    @property
    def item_size(self) -> QSize:
        """The size of every sample."""
        line = QFontMetricsF(self._font).height()
        side = THUMBNAIL * line / 15
        return QSize(round(side) + 18, round(side * 0.72 + line) + 22)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return self.item_size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = self._theme
        # The stubs of PySide6 do not know the option's fields.
        state: QStyle.StateFlag = option.state
        cell = QRectF(option.rect).adjusted(3, 3, -3, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_current = bool(state & QStyle.StateFlag.State_HasFocus)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver)
        if is_current or is_under_mouse:
            painter.setPen(QPen(color(theme.accent), 2) if is_current else Qt.PenStyle.NoPen)
            painter.setBrush(color(theme.block_hover if is_under_mouse else theme.block))
            painter.drawRoundedRect(cell, 6, 6)
        line = QFontMetricsF(self._font).height()
        room = cell.adjusted(6, 6, -6, -line - 8)
        levels = index.data(_LEVELS)
        if isinstance(levels, PictureLevels):
            height, width = levels.size
            levels.paint(painter, CropCanvas(room, (height, width)).picture)
        label = QRectF(cell.left() + 4, room.bottom() + 4, cell.width() - 8, line)
        write_line(
            painter, label, index.data(), self._font, color(theme.text),
            Qt.AlignmentFlag.AlignHCenter,
        )  # fmt: skip
        painter.restore()
