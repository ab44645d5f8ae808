"""``render``: write every layer's maps as pictures, and what is known of them."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from engine.analysis import Analysis
from engine.commands.memory import rendering_bytes
from engine.commands.output import files_at_once, progress, say
from engine.commands.requests import RenderRequest, RequestError
from engine.evaluation import Evaluation
from engine.formats.analysis_json import analysis_record, drawn_record
from engine.formats.analysis_table import summary_text
from engine.formats.described_figure import described_figure
from engine.formats.figure import layer_figure, write_png
from engine.formats.json_text import json_text
from engine.formats.maps_archive import written_archive
from engine.pictures.images import read_picture
from engine.pictures.size_policy import SizePolicy
from engine.project import Project, analyze_project, input_identity, input_maps, project_input
from engine.saving.project_file import open_network_or_project
from engine.sheets.map_statistics import map_statistics
from engine.wording import bytes_text

_SIZED = ("crop", "letterbox", "stretch")
"""Size policies whose size a person can replace; the others have none."""


def run(request: RenderRequest) -> int:
    """Write the folder; the status is 1 when the network has problems.

    Raises:
        ConvolensError: the picture or the network cannot be read, the maps take too much memory,
            or the folder cannot be written; it is then as it was before.
    """
    project = _shown(request)
    given = project_input(project)
    if given.shape is None:
        raise RequestError(given.missing)
    analysis = analyze_project(project)
    _check_memory(project, analysis, request)
    for warning in given.warnings:
        say(f"{request.image}: {warning}")
    with files_at_once(request.output) as folder:
        _write(project, analysis, folder, request.arrays)
    return 1 if analysis.problems else 0


def policy_for(policy: SizePolicy, size: tuple[int, int] | None) -> SizePolicy:
    """Return the policy for a wanted (height, width).

    Cropping, letterboxing and stretching stay what they are, at the wanted size. The other modes
    have no definite size: then the picture is cropped, which fills the input and distorts nothing.
    """
    if size is None:
        return policy
    mode = policy.mode if policy.mode in _SIZED else "crop"
    return replace(policy, mode=mode, height=size[0], width=size[1])


def _shown(request: RenderRequest) -> Project:
    """Return the project with the picture at the size that was asked for."""
    project = open_network_or_project(request.network)
    policy = policy_for(project.policy, request.input_size)
    return replace(project, picture=read_picture(request.image), policy=policy)


def _check_memory(project: Project, analysis: Analysis, request: RenderRequest) -> None:
    needed, shape = rendering_bytes(project.network, analysis), project_input(project).shape
    if needed > request.memory:
        assert shape is not None, "what takes memory has a size"
        raise RequestError(
            f"With an input of {shape} this takes about {bytes_text(needed)} of memory, and "
            f"{bytes_text(request.memory)} may be used. Use an --input-size below "
            f"{shape.height}x{shape.width}, or allow more with --memory."
        )


def _write(project: Project, analysis: Analysis, folder: Path, arrays: bool) -> None:
    """Write everything into an empty folder, layer after layer as they are computed."""
    picture = input_maps(project)
    assert picture is not None, "a picture with a shape can be decoded"
    drawn = {node_id: drawn_record(None, None) for node_id in analysis.layers}
    digits = len(str(len(analysis.layers) - 1))
    with ExitStack() as stack:
        add = stack.enter_context(written_archive(folder / "maps.npz")) if arrays else None
        advance = stack.enter_context(progress(len(analysis.layers)))
        # Nothing is computed twice, so nothing is kept.
        evaluation = Evaluation(budget=0)
        for result in evaluation.run(project.network, analysis, picture, input_identity(project)):
            number = project.network.index(result.node_id)
            advance(number + 1, result.node_id)
            name = f"{number:0{digits}}-{_file_name(result.node_id)}.png"
            figure = described_figure(analysis[result.node_id], result.maps)
            write_png(folder / name, layer_figure(figure))
            drawn[result.node_id] = drawn_record(name, map_statistics(result.maps))
            if add is not None:
                add(result.node_id, result.maps)
    record = analysis_record(project, analysis)
    for layer in record["layers"]:
        layer.update(drawn[layer["id"]])
    (folder / "summary.json").write_text(json_text(record), encoding="utf-8", newline="\n")
    text = summary_text(record, analysis)
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")


def _file_name(node_id: str) -> str:
    """Return an id with what a file's name cannot hold on some system replaced.

    >>> _file_name("block/relu:1")
    'block_relu_1'
    """
    return node_id.replace("/", "_").replace(":", "_")
