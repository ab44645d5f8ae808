"""One layer of a network with its weights, behind a widget of the side panel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.analysis import analyze
from engine.network import stack
from engine.registry import all_kinds, make_layer
from engine.shapes import Shape
from engine.weighting.weights import make_weights

# The engine's threads start with the kinds: from then on they are nobody's leak.
all_kinds()

PICTURE = Shape(3, 20, 24)


def analyzed(kind_id, shape=PICTURE, weights=None, **settings):
    """Return the analysis of one layer on a picture of that shape."""
    network = stack([("layer", make_layer(kind_id, settings))], make_layer("input"))
    if weights is not None:
        network = network.with_weights("layer", weights)
    return analyze(network, shape)["layer"]


class WeightsHolder:
    """A widget that edits weights, with the layer that they belong to."""

    def __init__(self, qtbot, widget, kind_id, shape=PICTURE, weights=None, **settings):
        self.widget = widget
        self._make = lambda given: analyzed(kind_id, shape, given, **settings)
        self.layer = self._make(weights)
        self.edits, self.settled = [], 0
        qtbot.addWidget(widget)
        widget.weights_changed.connect(self._on_weights_changed)
        widget.settled.connect(self._on_settled)
        widget.show_layer(self.layer, anew=True)
        widget.resize(302, 500)
        if not widget.isHidden():
            with qtbot.waitActive(widget):
                widget.show()
                widget.activateWindow()

    def _on_weights_changed(self, weights, text, merge):
        assert text
        self.edits.append((text, merge))
        self.layer = self._make(weights)
        self.widget.show_layer(self.layer)

    def _on_settled(self):
        self.settled += 1

    @property
    def weights(self):
        return self.layer.node.weights

    @property
    def arrays(self):
        """The arrays that the layer is computed with."""
        return make_weights(self.weights, self.layer.facts.weight_specs)


def focus(widget):
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is widget


def key_of(standard):
    """Return the key and the modifiers of a standard shortcut, such as copying."""
    # The stubs of PySide6 lack the operator.
    combination = QKeySequence(standard)[0]  # type: ignore[index]
    return combination.key(), combination.keyboardModifiers()


def press(*keys):
    """Press keys, or type text, where the focus is."""
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        if isinstance(key, str):
            QTest.keyClicks(focused, key)
        else:
            QTest.keyClick(focused, key)
    # A table takes what was typed into a cell over after the key.
    QApplication.processEvents()
