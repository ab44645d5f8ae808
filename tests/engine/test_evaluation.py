"""Maps are computed once, are never overwritten, and the work on them can be given up."""

import gc
import weakref
from itertools import count
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import blocks
from engine.analysis import analyze
from engine.blocks import BlockPool
from engine.evaluation import Evaluation
from engine.network import INPUT_ID, Network, Node, new_node, stack
from engine.problems import CancelledError
from engine.registry import make_layer
from engine.saving.examples import open_example
from engine.shapes import Shape
from tests.engine.evaluating import pixels
from tests.engine.random_networks import OTHERS, REGULAR, networks

PICTURE = Shape(3, 20, 22)
CONV = {"out_channels": 4, "padding": "same"}


def chain(*layers):
    """A network of layers, given as (kind, settings), each reading the one before."""
    made = ((f"n{i}", make_layer(kind, given)) for i, (kind, given) in enumerate(layers))
    return stack(made, make_layer(INPUT_ID))


def fork():
    """Two branches of a convolution, and their sum."""
    nodes = (
        Node(INPUT_ID, make_layer(INPUT_ID)),
        new_node("first", make_layer("conv2d", CONV), (INPUT_ID,)),
        new_node("left", make_layer("conv2d", CONV), ("first",)),
        new_node("right", make_layer("relu"), ("first",)),
        new_node("sum", make_layer("add"), ("left", "right")),
        new_node("last", make_layer("max_pool2d"), ("sum",)),
    )
    return Network(nodes)


def run(evaluation, network, picture, name="picture", **options):
    analysis = analyze(network, Shape(*picture.shape))
    return {
        result.node_id: result
        for result in evaluation.run(network, analysis, picture, name, **options)
    }


def computed(results):
    return {node_id for node_id, result in results.items() if not result.cached}


def fresh(network, picture):
    return run(Evaluation(budget=0), network, picture)


def assert_same_maps(found, expected):
    assert found.keys() == expected.keys()
    for node_id, result in found.items():
        wanted = expected[node_id].maps
        scale = float(abs(wanted).max(initial=0))
        np.testing.assert_allclose(result.maps, wanted, rtol=0, atol=1e-4 * scale + 1e-7)


def test_nothing_is_computed_twice():
    evaluation, network, picture = Evaluation(), fork(), pixels(PICTURE)
    assert computed(run(evaluation, network, picture)) == {node.id for node in network} - {INPUT_ID}
    assert computed(run(evaluation, network, picture)) == set()


@pytest.mark.parametrize("budget", [0, 1 << 28])
def test_the_same_network_is_computed_for_other_pictures_sizes_and_layers(budget):
    evaluation, network = Evaluation(budget), fork()
    analysis, smaller = analyze(network, PICTURE), Shape(3, 12, 9)
    smaller_analysis = analyze(network, smaller)
    for seed, shape, which, wanted in (
        (1, PICTURE, analysis, None),
        (2, PICTURE, analysis, None),
        (2, smaller, smaller_analysis, None),
        (2, PICTURE, analysis, {"right"}),
        (2, PICTURE, analysis, {"left", "sum"}),
        (1, PICTURE, analysis, None),
    ):
        picture, name = pixels(shape, seed), f"{seed} of {shape}"
        found = {
            result.node_id: result
            for result in evaluation.run(network, which, picture, name, wanted=wanted)
        }
        expected = fresh(network, picture)
        assert_same_maps(found, {i: expected[i] for i in wanted or expected})


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("first", {"first", "left", "right", "sum", "last"}),
        ("left", {"left", "sum", "last"}),
        ("last", {"last"}),
    ],
)
def test_an_edit_recomputes_only_what_depends_on_it(edited, expected):
    evaluation, network, picture = Evaluation(), fork(), pixels(PICTURE)
    run(evaluation, network, picture)
    layer = network.node(edited).layer
    changed = network.with_layer(edited, layer.replace(dilation=2))
    assert computed(run(evaluation, changed, picture)) == expected
    assert computed(run(evaluation, network, picture)) == set(), "what is undone is still there"


def test_edited_weights_recompute_only_what_depends_on_them():
    evaluation, network, picture = Evaluation(), fork(), pixels(PICTURE)
    run(evaluation, network, picture)
    changed = network.with_weights(
        "left", network.node("left").weights.edited("kernel", (1, 2, 0, 1), 3.0)
    )
    results = run(evaluation, changed, picture)
    assert computed(results) == {"left", "sum", "last"}
    assert_same_maps(results, fresh(changed, picture))


def test_another_picture_recomputes_everything():
    evaluation, network = Evaluation(), fork()
    run(evaluation, network, pixels(PICTURE, 1), "one")
    results = run(evaluation, network, pixels(PICTURE, 2), "two")
    assert computed(results) == {node.id for node in network} - {INPUT_ID}
    assert_same_maps(results, fresh(network, pixels(PICTURE, 2)))


def test_a_layer_that_is_switched_off_hands_on_the_very_maps():
    network = chain(("relu", {}), ("conv2d", CONV), ("max_pool2d", {})).bypass("n1")
    results = run(Evaluation(), network, pixels(PICTURE))
    assert results["n1"].maps is results["n0"].maps
    assert results["n2"].maps.shape == (3, 10, 11)


def test_only_what_is_wanted_and_what_it_needs_is_computed():
    evaluation, network, picture = Evaluation(), fork(), pixels(PICTURE)
    assert list(run(evaluation, network, picture, wanted={"left"})) == ["left"]
    assert computed(run(evaluation, network, picture)) == {"right", "sum", "last"}


def test_layers_behind_a_problem_are_left_out():
    network = chain(("relu", {}), ("conv2d", {"kernel_size": 99}), ("relu", {}))
    assert list(run(Evaluation(), network, pixels(PICTURE))) == [INPUT_ID, "n0"]


def test_what_is_no_number_passes_without_a_warning():
    network = chain(("conv2d", {"kernel_size": 1}), ("softmax", {}), ("batch_norm2d", {}))
    picture = np.full(PICTURE, np.inf, np.float32)
    assert np.isnan(run(Evaluation(), network, picture)["n2"].maps).any()


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_cached_equals_what_is_fresh(data):
    """After any row of edits, in a cache of any size."""
    evaluation = Evaluation(budget=data.draw(st.sampled_from([0, 2_000, 20_000, 1 << 30])))
    picture = pixels(Shape(2, 11, 9))
    network = data.draw(networks(Shape(2, 11, 9), REGULAR | OTHERS))
    shown = []
    for _ in range(data.draw(st.integers(1, 4))):
        node = data.draw(st.sampled_from(network.nodes[1:] or network.nodes))
        edit = data.draw(st.sampled_from(["bypass", "seed", "weight", "remove", "insert"]))
        if node.id != INPUT_ID:
            network = edited(network, node, edit)
        results = run(evaluation, network, picture)
        shown += [(result.maps, result.maps.copy()) for result in results.values()]
        assert_same_maps(results, fresh(network, picture))
    for maps, as_published in shown:
        np.testing.assert_array_equal(maps, as_published)


def edited(network, node, edit):
    if edit == "bypass":
        return network.bypass(node.id, not node.bypassed)
    if edit == "remove":
        return network.remove(node.id)
    if edit == "insert":
        return network.insert_after(node.id, make_layer("conv2d", CONV))
    if edit == "weight":
        return network.with_weights(node.id, node.weights.edited("kernel", (0, 0, 0, 0), 2.0))
    return network.replace_node(new_node(node.id, node.layer, node.inputs))


def test_maps_cannot_be_written():
    for result in run(Evaluation(), fork(), pixels(PICTURE)).values():
        with pytest.raises(ValueError, match="read-only"):
            result.maps[0] = 1


def test_the_picture_is_not_changed():
    picture = pixels(PICTURE)
    before = picture.copy()
    run(Evaluation(), open_example("lenet-5").network.remove("gray"), picture[:1].repeat(3, axis=0))
    run(Evaluation(), fork(), picture)
    np.testing.assert_array_equal(picture, before)


# Memory


def test_the_cache_holds_no_more_than_its_budget():
    budget = 3 * 4 * 4 * 20 * 22
    evaluation = Evaluation(budget)
    for seed in range(4):
        run(evaluation, fork(), pixels(PICTURE, seed), f"{seed}")
        assert evaluation.cache.bytes <= budget


def test_without_a_budget_nothing_is_kept():
    evaluation = Evaluation(budget=0)
    run(evaluation, fork(), pixels(PICTURE))
    assert (evaluation.cache.bytes, evaluation.pool.free_bytes) == (0, 0)
    assert computed(run(evaluation, fork(), pixels(PICTURE))) == {node.id for node in fork()} - {
        INPUT_ID
    }


def test_the_memory_of_maps_that_nobody_holds_is_used_again():
    evaluation = Evaluation()
    held = run(evaluation, chain(("relu", {})), pixels(PICTURE, 1), "one")["n0"].maps
    part = held[1:, 3:5]
    evaluation.cache.clear()
    del held
    gc.collect()
    assert evaluation.pool.free_bytes == 0, "a part of the maps is still held"
    before = part.copy()
    run(evaluation, chain(("relu", {})), pixels(PICTURE, 2), "two")
    np.testing.assert_array_equal(part, before)
    del part
    gc.collect()
    assert evaluation.pool.free_bytes > 0


def test_memory_is_found_for_several_small_maps_at_once_from_the_first_that_is_computed():
    evaluation = Evaluation()
    network = chain(
        *[("relu", {})] * 4, ("upsample2d", {"scale_factor": 40}), ("relu", {}), ("relu", {})
    )
    picture = pixels(PICTURE)
    with patch.object(evaluation.pool, "take", wraps=evaluation.pool.take) as take:
        run(evaluation, network, picture, wanted={"n1"})
        run(evaluation, network, picture)
    counts = [len(call.args[0]) for call in take.call_args_list]
    # Two small ones; the two behind them, which are in the cache; three large ones, each alone.
    assert counts == [2, 2, 1, 1, 1]


def test_memory_is_found_anew_when_what_was_found_is_used_up():
    evaluation = Evaluation()
    picture = pixels(Shape(1, 512, 512))  # 1 MiB
    with patch.object(evaluation.pool, "take", wraps=evaluation.pool.take) as take:
        run(evaluation, chain(*[("relu", {})] * 9), picture)
    assert [len(call.args[0]) for call in take.call_args_list] == [4, 4, 1]


def test_unused_memory_keeps_to_its_limit_after_smaller_maps_were_in_it():
    limit = 1 << 21
    pool = BlockPool(limit)
    larger, smaller = Shape(1, 500, 500), Shape(1, 450, 500)
    pool.take([larger])
    for _ in range(20):
        pool.take([smaller])
    held = pool.take([larger] * 5)
    del held
    gc.collect()
    assert 0 < pool.free_bytes <= limit


def test_unused_memory_goes_where_new_memory_would_pass_the_limit():
    pool = BlockPool(6 << 20)
    for side in (1024, 512):
        pool.take([Shape(1, side, side)])
    gc.collect()
    assert pool.free_bytes == 5 << 20
    held = pool.take([Shape(1, 512, 1024)])
    assert pool.free_bytes == 1 << 20, "what came first went"
    pool.take([Shape(1, 2048, 1024)])
    assert (held[0].nbytes, pool.free_bytes) == (2 << 20, 0), "and no more than there is"


def test_memory_that_is_a_little_larger_is_used_again():
    pool = BlockPool(1 << 24)
    address = pool.take([Shape(1, 500, 500)])[0].ctypes.data
    gc.collect()
    much_smaller, smaller = pool.take([Shape(1, 300, 500), Shape(2, 230, 500)])
    assert (smaller.shape, smaller.ctypes.data) == ((2, 230, 500), address)
    assert much_smaller.ctypes.data != address


def test_small_memory_is_cut_from_the_smallest_rest_that_holds_it():
    pool, mebibytes = BlockPool(1 << 26), [4, 4, 4, 2, 3, 3, 5]
    with patch.object(blocks, "aligned", wraps=blocks.aligned) as allocate:
        held = pool.take(Shape(n, 512, 512) for n in mebibytes)
    # Of the rests of 2 and 6 MiB the fourth leaves the larger, which holds the next two.
    assert [call.args[0] >> 20 for call in allocate.call_args_list] == [10, 10, 5]
    begun = held[0], held[2]
    assert [maps.ctypes.data % (2 << 20) for maps in begun] == [0, 0], "no large page begins"
    for number, maps in enumerate(held):
        maps.fill(number)
    assert all((maps == number).all() for number, maps in enumerate(held)), "two share memory"


def test_a_slab_of_memory_goes_with_its_last_block():
    pool = BlockPool(0)
    one, other = pool.take([Shape(1, 512, 512)] * 2)
    slab = weakref.ref(one.base.base.obj)
    assert other.base.base.obj is slab()
    del one
    gc.collect()
    assert slab() is not None
    del other
    gc.collect()
    assert slab() is None, "what was not cut holds it"


# Giving up


def test_work_is_given_up_at_every_checkpoint_and_leaves_nothing_wrong():
    network, picture = open_example("lenet-5").network, pixels(Shape(3, 32, 32))
    expected = fresh(network, picture)
    for last in count():
        evaluation = Evaluation()
        questions = count(1)
        try:
            run(evaluation, network, picture, cancelled=lambda n=last, q=questions: next(q) > n)
        except CancelledError:
            again = run(evaluation, network, picture)
            for node_id, result in again.items():
                np.testing.assert_array_equal(result.maps, expected[node_id].maps)
        else:
            break
    assert last > len(network)


def test_finished_layers_stay_when_the_work_is_given_up():
    evaluation, network, picture = Evaluation(), fork(), pixels(PICTURE)
    finished: list[str] = []
    run_on = evaluation.run(
        network,
        analyze(network, PICTURE),
        picture,
        "picture",
        cancelled=lambda: "left" in finished,
    )
    with pytest.raises(CancelledError):
        finished.extend(result.node_id for result in run_on)
    assert computed(run(evaluation, network, picture)) == {"right", "sum", "last"}
