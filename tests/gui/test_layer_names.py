"""The window calls layers what their rows call them, and never by their ids."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData

from engine.network import Network, new_node
from engine.problems import NetworkError
from engine.registry import make_layer
from gui.flow.drop_guide import LAYER_MIME
from gui.problems.problem_list import ProblemList
from tests.gui.flow_harness import project
from tests.gui.window_harness import press

KINDS = {
    "stem": ("conv2d", {"padding": "same", "out_channels": 4}, "input"),
    "half": ("max_pool2d", {}, "stem"),
    "relu_a": ("relu", {}, "half"),
    "join": ("add", {}, "stem", "relu_a"),
    "alone": ("add", {}, "relu_a"),
}


@pytest.fixture
def branched(window, computed):
    """The window on a network of branches that do not fit, whose ids no row shows."""
    whole = project()
    nodes = [
        new_node(node_id, make_layer(kind_id, settings), inputs)
        for node_id, (kind_id, settings, *inputs) in KINDS.items()
    ]
    network = Network((whole.network.nodes[0], *nodes))
    window.document.edit("Branch", replace(whole, network=network))
    computed()
    return window


def assert_by_rows(texts):
    assert texts
    assert not [text for text in texts if any(name in text for name in (*KINDS, "input", "“"))]


@pytest.mark.parametrize(
    ("node_id", "named"), [("join", "after 1 Convolution"), ("alone", "read 2 Max pooling")]
)
def test_repairs_name_rows(branched, node_id, named):
    branched.document.select(node_id)
    in_panel = [chip.text() for chip in branched.side.problems.chips]
    assert_by_rows(in_panel)
    row = branched.flow.item_of(node_id)
    assert list(row.state.repairs) == in_panel
    branched.flow.setFocus()
    press("Shift+F8")
    entries = branched.findChild(ProblemList).entries
    listed = [chip.text() for chip in entries[["join", "alone"].index(node_id)].chips]
    assert listed == in_panel
    text = next(text for text in in_panel if named in text)
    branched.editing.repair(node_id, in_panel.index(text))
    assert branched.document.undo_stack.undoText() == f"Repair: {text}"


def test_advice_names_rows(branched, qtbot):
    branched.document.select("relu_a")
    shown = branched.side.advice
    branched.side.ensureWidgetVisible(shown.goals)
    qtbot.waitUntil(lambda: any(not row.isHidden() for row in shown.rows))
    texts = [row.edit.text() for row in shown.rows if not row.isHidden()]
    assert "remove 2 Max pooling before it" in texts
    assert_by_rows(texts)


def test_what_is_refused_names_rows(branched):
    said = []
    branched.editing.refused.connect(said.append)
    branched.editing.connect_layers("join", "stem")
    branched.editing.move("join", "input")
    data = QMimeData()
    data.setData(LAYER_MIME, b"join")
    said.append(branched.editing.preview(data, "input").text)
    assert said[0].startswith("4 Add already depends on 1 Convolution;")
    assert said[1:] == ["4 Add also reads 3 ReLU, so it cannot be moved before that."] * 2


def test_commands_and_files_keep_ids(branched):
    network = branched.document.project.network
    with pytest.raises(NetworkError, match="“join” also reads “relu_a”, so it cannot"):
        network.move_after("join", "input")
    repairs = branched.document.analysis["join"].problems[0].repairs
    assert any("“stem”" in repair.text for repair in repairs)
