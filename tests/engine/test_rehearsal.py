"""What a kernel's first use puts off is prepared while nobody waits, and nothing else happens."""

import numpy as np
import pytest

from engine.analysis import analyze
from engine.evaluation import Evaluation
from engine.network import INPUT_ID, stack
from engine.problems import CancelledError
from engine.registry import make_layer
from engine.shapes import Shape
from tests.engine.evaluating import pixels

PICTURE = Shape(3, 16, 16)
HEAVY = {"out_channels": 256, "padding": "same"}
"""Of kernels that are turned or transformed for small maps, at their second use."""


def chain(*kinds, settings):
    made = ((f"n{place}", make_layer(kind, settings)) for place, kind in enumerate(kinds))
    return stack(made, make_layer(INPUT_ID))


NETWORK = chain("conv2d", "conv2d", "conv2d", settings=HEAVY)
DILATED = chain("conv2d", "conv2d", settings={**HEAVY, "dilation": 2})
TURNED = chain("conv2d", "conv2d", settings={"out_channels": 256, "stride": 2})


def run(evaluation, network, picture):
    analysis = analyze(network, PICTURE)
    return [layer.maps for layer in evaluation.run(network, analysis, picture, "picture")]


@pytest.mark.parametrize("network", [NETWORK, DILATED, TURNED])
def test_after_it_nothing_is_left_to_prepare(network):
    evaluation, picture = Evaluation(), pixels(PICTURE)
    run(evaluation, network, picture)
    first = evaluation.workspace.prepared_bytes()
    evaluation.rehearse()
    rehearsed = evaluation.workspace.prepared_bytes()
    assert rehearsed > first
    evaluation.cache.clear()
    run(evaluation, network, picture)
    assert evaluation.workspace.prepared_bytes() == rehearsed


def test_what_was_seen_stays_as_it_was():
    evaluation, picture = Evaluation(), pixels(PICTURE)
    found = run(evaluation, NETWORK, picture)
    before = [maps.copy() for maps in found]
    evaluation.rehearse()
    again = run(evaluation, NETWORK, picture)
    assert all(one is other for one, other in zip(found[1:], again[1:], strict=True))
    assert all(np.array_equal(*both) for both in zip(before, found, strict=True))


def forwards(monkeypatch, network):
    """The list of layers that are computed from now on."""
    kind, calls = type(network.nodes[1].layer), []
    forward = kind.forward
    monkeypatch.setattr(
        kind, "forward", lambda layer, *rest: (calls.append(layer), forward(layer, *rest))
    )
    return calls


def test_only_what_was_put_off_is_computed_again(monkeypatch):
    evaluation, picture = Evaluation(), pixels(PICTURE)
    run(evaluation, NETWORK, picture)
    computed = forwards(monkeypatch, NETWORK)
    evaluation.rehearse()
    assert computed == [node.layer for node in NETWORK.nodes[2:]], "3 → 256 put nothing off"
    evaluation.rehearse()
    assert len(computed) == 2


def test_a_network_that_is_gone_is_not_rehearsed(monkeypatch):
    evaluation, picture = Evaluation(), pixels(PICTURE)
    run(evaluation, NETWORK, picture)
    run(evaluation, chain("relu", settings={}), picture)
    computed = forwards(monkeypatch, NETWORK)
    evaluation.rehearse()
    assert not computed


def test_without_the_maps_that_were_read_nothing_is_computed(monkeypatch):
    evaluation, picture = Evaluation(budget=0), pixels(PICTURE)
    run(evaluation, NETWORK, picture)
    computed = forwards(monkeypatch, NETWORK)
    evaluation.rehearse()
    assert not computed


def test_one_that_is_given_up_leaves_the_rest_to_the_next(monkeypatch):
    evaluation, picture = Evaluation(), pixels(PICTURE)
    run(evaluation, NETWORK, picture)
    computed = forwards(monkeypatch, NETWORK)
    with pytest.raises(CancelledError):
        evaluation.rehearse(lambda: bool(computed))
    evaluation.rehearse()
    assert len(computed) == 3, "the one under way is begun again"


def test_before_anything_was_computed_there_is_nothing_to_do():
    Evaluation().rehearse()
