"""What screen readers are told of the window beside the flow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QLabel

from gui import accessibility
from gui.layer_palette import KindEntry
from tests.gui.window_harness import press


def said(widget):
    """Return the role, the name and the description of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    kinds = QAccessible.Text.Name, QAccessible.Text.Description
    return interface.role(), *(interface.text(kind) for kind in kinds)


def test_a_layer_of_the_palette_is_a_button(window):
    accessibility.install()
    role, name, description = said(window.palette_panel.findChild(KindEntry))
    assert role == QAccessible.Role.Button
    assert name == "Preprocess"
    assert description.startswith("Bring pixels")


def test_a_number_is_said_with_what_it_is_of(window, computed):
    window.document.select("conv")
    names = [said(label)[1] for label in window.side.findChildren(QLabel) if label.isVisible()]
    assert f"Parameters: {window.document.analysis['conv'].facts.parameters}" in names
    minimum = window.side.statistics.values["minimum"]
    assert said(minimum)[1] == f"minimum: {minimum.text()}"


def test_nothing_is_said_with_marks(window, computed):
    window.document.select("conv")
    for label in window.findChildren(QLabel):
        if label.isVisible():
            assert "<" not in said(label)[2], label.text()


def test_every_choice_of_the_panel_has_its_label(window, computed):
    window.document.select("conv")
    boxes = [box for box in window.side.findChildren(QComboBox) if box.isVisible()]
    assert boxes
    labeled = [label.buddy() for label in window.side.findChildren(QLabel)]
    assert all(box in labeled for box in boxes)


def test_the_row_that_the_keys_come_to_is_said(window, monkeypatch):
    accessibility.install()
    QAccessible.queryAccessibleInterface(window.flow)
    heard = []

    def hear(event):
        if event.type() == QAccessible.Event.Focus:
            row = event.accessibleInterface()
            heard.append((row.text(QAccessible.Text.Name), row.state().focused))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    window.flow.setFocus()
    press("Home", "Down")
    (first, _), (second, is_focused) = heard[-2:]
    assert first.startswith("Picture")
    assert second.startswith("1  Convolution")
    assert is_focused
    window.palette_panel.filter.setFocus()
    heard.clear()
    window.document.select("pool")
    assert heard == []
    window.flow.setFocus()
    assert heard[0][0].startswith("3  Max pooling")


def test_a_choice_of_the_bar_is_said(window):
    button = window.bar._choices["scale"]
    assert said(button)[1:] == ("Scale", "Readable")


def test_a_weight_is_said_as_it_is_stored(window, computed):
    window.document.select("conv")
    table = window.side.kernel.table
    weight = window.side.kernel.table.model().shown.values[0, 0]
    index = table.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"row 0, column 0: {weight!s}"
