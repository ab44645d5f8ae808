"""Edits of layers that are not there any more: refused in a sentence, and nothing is raised."""

import pytest

from engine.problems import Repair
from engine.weighting.weights import Weights
from gui.document import Document
from gui.editing import Editing
from tests.gui.flow_harness import project

GONE = Repair("Remove {}", "gone", remove=True, named=("gone",))


@pytest.fixture
def editing(qapp):
    return Editing(Document(project()))


@pytest.mark.parametrize(
    "edit",
    [
        lambda editing: editing.insert_kind("relu", "gone"),
        lambda editing: editing.insert_kind_on_edge("relu", "gone", "pool"),
        lambda editing: editing.insert_kind_on_edge("relu", "pool", "gone"),
        lambda editing: editing.move("gone", "pool"),
        lambda editing: editing.move("pool", "gone"),
        lambda editing: editing.move_up("gone"),
        lambda editing: editing.move_down("gone"),
        lambda editing: editing.remove("gone"),
        lambda editing: editing.duplicate("gone"),
        lambda editing: editing.toggle_bypass("gone"),
        lambda editing: editing.copy("gone"),
        lambda editing: editing.connect_layers("gone", "pool"),
        lambda editing: editing.connect_layers("pool", "gone"),
        lambda editing: editing.disconnect_input("gone", 0),
        lambda editing: editing.change_settings("gone", {}),
        lambda editing: editing.change_weights("gone", Weights()),
        lambda editing: editing.apply_repair(GONE),
    ],
)
def test_an_edit_of_a_layer_that_is_gone_is_refused_in_a_sentence(editing, edit):
    refusals: list[str] = []
    editing.refused.connect(refusals.append)
    edit(editing)
    (refusal,) = refusals
    assert '"gone"' in refusal
    assert editing._document.undo_stack.count() == 0


def test_pasting_behind_a_layer_that_is_gone_is_refused_in_a_sentence(editing):
    refusals: list[str] = []
    editing.refused.connect(refusals.append)
    editing.copy("relu")
    editing.paste("gone")
    assert len(refusals) == 1
