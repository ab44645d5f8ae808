"""For screen readers: the rows of the flow, each layer with its dimensions, cost and problem.

Qt tells screen readers nothing about the items of a scene; here the flow's view presents every row
as a list item of its own, whether its item exists or not. What paints itself says here what it is.
"""

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from gui.flow.network_view import NetworkView
from gui.layer_palette import KindEntry

# The stubs of PySide6 do not say that these methods may return None; Qt expects it of them.


class AccessibleFlow(QAccessibleWidget):
    """The flow as a list of layers."""

    def __init__(self, view: NetworkView) -> None:
        super().__init__(view, QAccessible.Role.List, "Network and feature maps")
        self._view = view
        self._children: dict[str, AccessibleRow] = {}

    def childCount(self) -> int:
        return len(self._view.rows)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        rows = self._view.rows
        if not 0 <= index < len(rows):
            return None
        node_id = rows[index].node_id
        if node_id not in self._children:
            self._children[node_id] = AccessibleRow(self, self._view, node_id)
        return self._children[node_id]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if not isinstance(child, AccessibleRow):
            return -1
        return next(
            (i for i, row in enumerate(self._view.rows) if row.node_id == child.node_id), -1
        )


class AccessibleRow(QAccessibleInterface):
    """One layer, as a list item whose name says its size, its cost and its problem."""

    def __init__(self, flow: AccessibleFlow, view: NetworkView, node_id: str) -> None:
        super().__init__()
        self._flow = flow
        self._view = view
        self.node_id = node_id

    def isValid(self) -> bool:
        return self._view.row_of(self.node_id) is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface:
        return self._flow

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def window(self) -> QWindow | None:  # type: ignore[override]
        return self._view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = True
        state.selected = self._view.is_selected(self.node_id)
        state.focusable = True
        state.focused = state.selected and self._view.hasFocus()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self._view.description(self.node_id)
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        return

    def rect(self) -> QRect:
        return self._view.screen_rect(self.node_id)

    def foregroundColor(self) -> QColor:
        return self._view.palette().text().color()

    def backgroundColor(self) -> QColor:
        return self._view.palette().base().color()


def install() -> None:
    """Let Qt describe the window to screen readers in this way."""
    QAccessible.installFactory(_factory)


def _factory(class_name: str, obj: QObject | None) -> QAccessibleInterface | None:
    if isinstance(obj, NetworkView):
        return AccessibleFlow(obj)
    if isinstance(obj, KindEntry):
        return QAccessibleWidget(obj, QAccessible.Role.Button, obj.label)
    return None
