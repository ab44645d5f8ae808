"""Where the panels stand: beside the flow where there is room, else the side panel over it."""

from PySide6.QtCore import QByteArray, QEasingCurve, QPoint, QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStyle,
    QWidget,
)

PALETTE_FROM = 1280
"""Below this width the palette gives way to the quick menu."""
SIDE_FROM = 1100
"""Below this width the side panel is a drawer. Both are for text of the usual size."""
SLIDE_MS = 160


class PanelSpace(QWidget):
    """Palette, flow and side panel; says when one of them appears or goes."""

    shown_changed = Signal()

    def __init__(self, palette: QWidget, flow: QWidget, side: QWidget) -> None:
        super().__init__()
        self._palette, self._flow, self._side = palette, flow, side
        self._wanted = {"palette": True, "side": True}
        self._presenting = False
        self._drawn = False
        """The drawer is open, or opening."""
        self._said: tuple[bool, ...] = ()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        for panel in (palette, flow, side):
            self._splitter.addWidget(panel)
        self._splitter.setStretchFactor(1, 1)
        palette_width = round(186 * _text_scale())
        side_width = round(340 * _text_scale())
        self._splitter.setSizes([palette_width, 1440 - palette_width - side_width, side_width])
        self._splitter.setHandleWidth(3)
        self._splitter.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
        self._drawer = QFrame(self)
        self._drawer.setObjectName("drawer")
        self._drawer.hide()
        inner = QHBoxLayout(self._drawer)
        inner.setContentsMargins(1, 0, 0, 0)
        self._slide = QPropertyAnimation(self._drawer, b"pos", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._on_slid)
        escape = QShortcut(QKeySequence("Esc"), self._drawer)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._on_escape)

    # What is shown

    @property
    def has_room_for_palette(self) -> bool:
        """Whether the palette can be shown at this width."""
        return self.width() >= _room(PALETTE_FROM)

    @property
    def palette_shown(self) -> bool:
        """Whether the palette is to be seen."""
        return self.has_room_for_palette and self._wanted["palette"] and not self._presenting

    @property
    def side_shown(self) -> bool:
        """Whether the side panel is to be seen, beside the flow or over it."""
        if self._is_narrow:
            return self._drawn
        return self._wanted["side"] and not self._presenting

    @property
    def is_presenting(self) -> bool:
        """Whether all panels are hidden, as for a talk."""
        return self._presenting

    @property
    def wanted(self) -> dict[str, bool]:
        """Whether each panel is wanted where there is room for it."""
        return dict(self._wanted)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < _room(SIDE_FROM)

    def set_wanted(self, panel: str, wanted: bool) -> None:
        """Show or hide "palette" or "side" where there is room for it."""
        self._wanted[panel] = wanted
        self._arrange()

    def toggle_palette(self) -> None:
        """Show the palette, or hide it."""
        self._presenting = False
        self.set_wanted("palette", not self.palette_shown)

    def toggle_side(self) -> None:
        """Show the side panel, or hide it; a narrow space slides it over the flow."""
        if self._is_narrow:
            self._set_drawn(not self._drawn)
        else:
            shown = self.side_shown
            self._presenting = False
            self.set_wanted("side", not shown)

    def toggle_presenting(self) -> None:
        """Hide all panels, or show those that were wanted."""
        self._presenting = not self._presenting
        self._drawn = self._drawn and not self._presenting
        self._arrange()

    # Where the panels are

    def save_state(self) -> QByteArray | None:
        """Return the widths of the panels; None while they do not all stand beside each other."""
        return None if self._is_narrow else self._splitter.saveState()

    def restore_state(self, state: QByteArray) -> None:
        """Give the panels the widths that `save_state` returned."""
        if not state.isEmpty() and not self._is_narrow:
            self._splitter.restoreState(state)
            self._arrange()

    def focus_next(self, step: int) -> None:
        """Move the keyboard to the next panel that is shown, or the one before."""
        panels = [self._flow]
        if self.palette_shown:
            panels.insert(0, self._palette)
        if self.side_shown:
            panels.append(self._side)
        here = self.focusWidget()
        place = next(
            (n for n, panel in enumerate(panels) if here is not None and panel.isAncestorOf(here)),
            -1,
        )
        _focus_first(panels[(place + step) % len(panels)])

    def _arrange(self) -> None:
        narrow = self._is_narrow
        drawer = self._drawer.layout()
        assert drawer is not None
        docked = drawer.indexOf(self._side) < 0
        if narrow and docked:
            drawer.addWidget(self._side)
            self._side.show()
        elif not narrow and not docked:
            self._slide.stop()
            self._drawer.hide()
            self._drawn = False
            self._splitter.addWidget(self._side)
        if narrow:
            self._drawer.setVisible(self._drawn)
            self._place_drawer()
        else:
            self._side.setVisible(self.side_shown)
        self._palette.setVisible(self.palette_shown)
        self._say_shown()

    def _say_shown(self) -> None:
        shown = (self.palette_shown, self.side_shown, self._presenting, self.has_room_for_palette)
        if shown != self._said:
            self._said = shown
            self.shown_changed.emit()

    def _place_drawer(self) -> None:
        """Put the open drawer at the right edge, over the flow."""
        width = min(max(self._side.minimumWidth(), self._side.sizeHint().width()), self.width())
        self._drawer.resize(width + 1, self.height())
        self._drawer.move(self.width() - self._drawer.width(), 0)
        self._drawer.raise_()

    def _set_drawn(self, drawn: bool) -> None:
        self._drawn = drawn
        if drawn:
            self._presenting = False
            self._drawer.show()
            self._place_drawer()
            _focus_first(self._side)
        elif self._drawer.isAncestorOf(self.focusWidget() or self):
            _focus_first(self._flow)
        inside = QPoint(self.width() - self._drawer.width(), 0)
        outside = QPoint(self.width(), 0)
        self._slide.stop()
        self._slide.setStartValue(outside if drawn else self._drawer.pos())
        self._slide.setEndValue(inside if drawn else outside)
        animated = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        self._slide.setDuration(SLIDE_MS if animated else 0)
        self._slide.start()
        self._say_shown()

    def _on_slid(self) -> None:
        if not self._drawn:
            self._drawer.hide()

    def _on_escape(self) -> None:
        self._set_drawn(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._slide.stop()
        self._arrange()


def _text_scale() -> float:
    return QApplication.font().pointSizeF() / 10


def _room(width: int) -> int:
    """Return a width for the chosen size of text: the maps do not grow with it, the panels do."""
    return round(width * (1 + _text_scale()) / 2)


def _focus_first(panel: QWidget) -> None:
    """Give the keyboard to the first part of a panel that takes it."""
    candidates = [panel]
    following = panel.nextInFocusChain()
    while following is not None and following is not panel:
        candidates.append(following)
        following = following.nextInFocusChain()
    for widget in candidates:
        belongs = widget is panel or panel.isAncestorOf(widget)
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        # A scrolled area takes the keyboard too, and shows nothing of it.
        if belongs and takes and widget.isVisible() and not isinstance(widget, QScrollArea):
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return
