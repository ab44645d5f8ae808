"""``explain``: print the arithmetic of one value of a network on a picture."""

from dataclasses import replace

from engine.analysis import Analysis
from engine.arithmetic import Position
from engine.commands.memory import rendering_bytes
from engine.commands.output import print_data, print_text, say
from engine.commands.render import policy_for
from engine.commands.requests import DEFAULT_MEMORY, ExplainRequest, RequestError
from engine.evaluation import Evaluation, Maps
from engine.formats.arithmetic_json import arithmetic_record
from engine.formats.arithmetic_text import arithmetic_text
from engine.formats.json_text import json_text
from engine.network import Network
from engine.pictures.images import read_picture
from engine.pinned_value import PinnedValue, pinned_value
from engine.project import Project, analyze_project, input_identity, input_maps, project_input
from engine.saving.project_file import open_network_or_project
from engine.shown_digits import finest_step
from engine.size_explanation import explain_size
from engine.wording import bytes_text


def run(request: ExplainRequest) -> int:
    """Print the value; the status is always 0.

    Only the layers that the value depends on are computed.

    Raises:
        ConvolensError: the network or the picture cannot be read, the layer is not there or cannot
            be computed, or it has no such value.
    """
    project = open_network_or_project(request.network)
    policy = policy_for(project.policy, request.input_size)
    project = replace(project, picture=read_picture(request.image), policy=policy)
    given = project_input(project)
    if given.shape is None:
        raise RequestError(given.missing)
    project = project.with_network(_needed_layers(project.network, request.layer))
    analysis = analyze_project(project)
    row, column, channel = request.position
    position = Position(channel, row, column)
    _check_value(analysis, request.layer, position)
    _check_memory(project, analysis)
    for warning in given.warnings:
        say(f"{request.image}: {warning}")
    pinned, maps = _computed(project, analysis, request.layer, position)
    finest, layer = finest_step(maps), analysis[request.layer]
    if request.format == "json":
        map_value = float(maps[position])
        print_data(json_text(arithmetic_record(analysis, pinned, map_value, finest)))
    else:
        size = explain_size(layer)
        assert size is not None, "what was computed has a size"
        print_text(arithmetic_text(layer, size, pinned, finest))
    return 0


def _needed_layers(network: Network, node_id: str) -> Network:
    """Return the layers that one depends on, and itself."""
    needed = {network.node(node_id).id, network.nodes[0].id}
    for node in reversed(network.nodes):
        if node.id in needed:
            needed.update(node.inputs)
    return Network(tuple(node for node in network if node.id in needed))


def _check_value(analysis: Analysis, node_id: str, position: Position) -> None:
    layer = analysis[node_id]
    for name in (node_id, layer.waiting_for):
        for problem in analysis[name].problems if name else ():
            raise RequestError(f"“{name}” cannot be computed: {problem.message}")
    shape = layer.shape
    assert shape is not None, "what has no problem and waits for none has a size"
    if any(place >= size for place, size in zip(position, shape, strict=True)):
        raise RequestError(
            f"“{node_id}” has {shape.height} rows, {shape.width} columns and {shape.channels} "
            f"channels, counted from 0; received row {position.row}, column {position.column}, "
            f"channel {position.channel}."
        )


def _check_memory(project: Project, analysis: Analysis) -> None:
    needed = rendering_bytes(project.network, analysis)
    if needed > DEFAULT_MEMORY:
        raise RequestError(
            f"With an input of {project_input(project).shape} this takes about "
            f"{bytes_text(needed)} of memory, and {bytes_text(DEFAULT_MEMORY)} may be used. Use a "
            f"smaller --input-size, such as 224x224."
        )


def _computed(
    project: Project, analysis: Analysis, node_id: str, position: Position
) -> tuple[PinnedValue, Maps]:
    """Return the value taken apart, and the maps that it is one of."""
    picture = input_maps(project)
    assert picture is not None, "a picture with a shape can be decoded"
    wanted = {node_id, *analysis[node_id].node.inputs}
    run_ = Evaluation(budget=0).run(
        project.network, analysis, picture, input_identity(project), wanted=wanted
    )
    maps = {layer.node_id: layer.maps for layer in run_}
    pinned = pinned_value(analysis, maps, node_id, position)
    assert pinned is not None, "the maps of the layer and of its inputs were computed"
    return pinned, maps[node_id]
