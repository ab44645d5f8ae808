"""The price of a size, stated before it is taken."""

from dataclasses import replace

from engine.evaluation import Evaluation
from engine.network import INPUT_ID
from engine.pictures.images import Picture, open_sample
from engine.pictures.size_policy import SizePolicy
from engine.project import analyze_project, input_identity, input_maps
from engine.saving.examples import open_example
from engine.shapes import Shape
from engine.size_outcome import policy_outcome, size_outcome


def test_the_predicted_memory_is_that_of_the_computed_maps():
    project = replace(open_example("start"), picture=open_sample("scene.png"))
    policy = SizePolicy("crop", 50, 70)
    outcome = policy_outcome(project, policy)
    project = replace(project, policy=policy)
    picture = input_maps(project)
    assert outcome is not None
    assert picture is not None
    assert outcome.shape == Shape(*picture.shape)
    assert outcome.shape.bytes == picture.nbytes
    maps = Evaluation().run(
        project.network, analyze_project(project), picture, input_identity(project)
    )
    assert outcome.maps_bytes == sum(layer.maps.nbytes for layer in maps)
    assert outcome.unknown == 0


def test_layers_that_would_not_fit_are_counted():
    network = open_example("lenet-5").network
    outcome = size_outcome(network, Shape(3, 2, 2))
    assert 0 < outcome.unknown < len(network)
    assert outcome.maps_bytes >= outcome.shape.bytes


def test_without_a_readable_picture_there_is_nothing_to_bring_to_size():
    project = open_example("start")
    assert project.network.nodes[0].id == INPUT_ID
    for picture in (None, Shape(3, 8, 8), Picture("notes.txt", b"words only")):
        assert policy_outcome(replace(project, picture=picture), SizePolicy()) is None
