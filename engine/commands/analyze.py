"""``analyze``: print what whole numbers tell of a network; no pixel is computed."""

from dataclasses import replace

from engine.analysis import Analysis
from engine.commands.output import print_data, print_text
from engine.commands.requests import AnalyzeRequest, RequestError
from engine.formats.analysis_json import analysis_record
from engine.formats.analysis_table import analysis_csv, analysis_table
from engine.formats.json_text import json_text
from engine.formats.layer_report import layer_report
from engine.formats.layer_report_json import report_record
from engine.formats.layer_report_text import report_text
from engine.network import Network
from engine.project import Project, analyze_project, project_input
from engine.saving.project_file import open_network_or_project
from engine.shapes import Shape

_DEFINITE = ("crop", "letterbox", "stretch")
"""Size policies that give every picture the same size."""


def run(request: AnalyzeRequest) -> int:
    """Print the analysis; the status is 1 when the network has problems.

    Raises:
        ConvolensError: the network cannot be read, or its input's size is not known.
    """
    project = _with_input(open_network_or_project(request.network), request)
    analysis = analyze_project(project)
    if request.layer is not None:
        return _print_layer(project.network, analysis, request.layer, request)
    if request.output_size is not None:
        raise RequestError("--output-size is of one layer; name it, as in --layer conv2d_1.")
    if request.format == "json":
        print_data(json_text(analysis_record(project, analysis)))
    elif request.format == "csv":
        print_data(analysis_csv(analysis))
    else:
        print_text(analysis_table(analysis))
    return 1 if analysis.problems else 0


def _print_layer(
    network: Network, analysis: Analysis, node_id: str, request: AnalyzeRequest
) -> int:
    """Print all that is known of one layer; the status is 1 when it has no size or a problem."""
    if request.format == "csv":
        raise RequestError("One layer is printed as table or json, not as csv.")
    report = layer_report(network, analysis, network.node(node_id).id, request.output_size)
    if request.format == "json":
        print_data(json_text(report_record(report)))
    else:
        print_text(report_text(report))
    return 0 if report.layer.computable else 1


def _with_input(project: Project, request: AnalyzeRequest) -> Project:
    """Return the project with an input whose size is known."""
    if request.input_shape is not None:
        return replace(project, picture=request.input_shape)
    if project.picture is not None:
        missing = project_input(project).missing
        if missing:
            raise RequestError(f"{missing} Or give only a size, as in --input 28x28x3.")
        return project
    policy = project.policy
    if policy.mode in _DEFINITE:
        return replace(project, picture=Shape(3, policy.height, policy.width))
    raise RequestError(
        f"The network “{request.network}” does not fix the size of its input; give one, as in "
        "--input 28x28x3."
    )
