"""A flow with its document and evaluator, without the panels around it."""

import contextlib

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from engine.network import stack
from engine.pictures.images import open_sample
from engine.pictures.size_policy import SizePolicy
from engine.project import Project
from engine.registry import make_layer
from gui.document import Document
from gui.editing import Editing
from gui.evaluator import Evaluator
from gui.flow.flow_state import FlowState
from gui.flow.network_view import NetworkView
from gui.flow.row_layout import FlowOptions
from gui.theme import DARK

LAYERS = (
    ("conv", make_layer("conv2d", {"padding": "same"})),
    ("relu", make_layer("relu")),
    ("pool", make_layer("max_pool2d")),
    ("many", make_layer("conv2d", {"out_channels": 64, "stride": 2})),
)


def project(*layers, size=(56, 48)):
    return Project(
        stack(layers or LAYERS, make_layer("input")),
        open_sample("scene.png"),
        SizePolicy("crop", *size),
    )


class Flow:
    """What the main window does for the flow, and no more."""

    def __init__(self, shown):
        self.document = Document(shown)
        self.editing = Editing(self.document)
        self.evaluator = Evaluator(1 << 28)
        self.options = FlowOptions()
        self.view = NetworkView(self.editing.preview)
        self.refusals = []
        self.editing.refused.connect(self.refusals.append)
        self.document.project_changed.connect(self.show)
        self.document.selection_changed.connect(self.show)
        self.evaluator.layer_ready.connect(self.view.show_result)
        self.view.sheets_wanted.connect(self.request)
        self.view.layer_pressed.connect(self.document.select)
        self.view.kind_dropped.connect(self.editing.insert_kind)
        self.view.kind_dropped_on_edge.connect(self.editing.insert_kind_on_edge)
        self.view.layer_dropped.connect(self.editing.move)
        self.view.connection_drawn.connect(self.editing.connect_layers)
        self.view.connection_removed.connect(self.editing.disconnect_input)
        self.view.resize(1300, 700)
        self.show()
        self.view.show()

    def show(self):
        state = FlowState(self.document.analysis, self.options, DARK, self.document.selected, "HWC")
        self.view.show_flow(state)

    def request(self):
        self.evaluator.request(self.document.project, self.view.wanted_sheets())

    def ids(self):
        return [node.id for node in self.document.project.network]

    def kinds(self):
        return [node.layer.kind.id for node in self.document.project.network]

    def gap_behind(self, node_id):
        """The point of the viewport in the middle of the gap behind a row."""
        card = self.view.row_of(node_id).card
        return self.view.mapFromScene(QPointF(card.left + 60, card.bottom + 10))

    def drag(self, mime, payload, point):
        """Drag over the viewport to a point, as Qt delivers it."""
        data = QMimeData()
        data.setData(mime, payload.encode())
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        action, target = Qt.DropAction.CopyAction, self.view.viewport()
        start = QPoint(5, 5)
        QApplication.sendEvent(target, QDragEnterEvent(start, action, data, buttons, keys))
        QApplication.sendEvent(target, QDragMoveEvent(point, action, data, buttons, keys))
        return data

    def drop(self, mime, payload, point):
        """Drag to a point and let go."""
        data = self.drag(mime, payload, point)
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(point), Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(self.view.viewport(), event)


@contextlib.contextmanager
def opened(qtbot, shown=None):
    """Show a flow, its maps computed; close it in the end."""
    flow = Flow(shown or project())
    qtbot.addWidget(flow.view)
    try:
        with qtbot.waitSignal(flow.evaluator.finished):
            flow.request()
        yield flow
    finally:
        flow.evaluator.stop()
