"""What is known of a network, as plain data for other programs.

`analysis_record` is what ``analyze --format json`` prints and ``summary.json`` holds::

    {
      "input": {
        "file": name or null,               null where only a size was given
        "original": {"height", "width"},    upright, before the size policy; or null
        "used": {"height", "width", "channels"},   what the network gets; members may be null
        "policy": {"mode", "height", "width", "crop"},   what brought it to size; or null
        "warnings": [sentence]              what was changed to read the picture
      },
      "layers": [layer],                    in the order of the network, the input first
      "totals": {
        "layers",                           the input not counted
        "parameters", "statistics", "macs", "bytes",   the input's maps are in the bytes
        "problems",
        "reason"                            why a sum is null, else null
      }
    }

A layer is::

    {
      "id", "kind", "settings": {name: value}, "inputs": [id], "bypassed",
      "height", "width", "channels",        of its maps; a vector of n is 1, 1, n
      "parameters",                         learned numbers
      "statistics",                         numbers kept without being learned (running means)
      "macs",                               multiply-accumulates, bias not counted
      "bytes",                              of its maps as float32
      "receptive_field": {
        "height", "width",                  on the picture; the largest where they vary
        "stride", "padding",                [vertical, horizontal], [top, left]; null if undefined
        "reason"                            why something here is null or varies, else null
      },
      "equation": {"rule", "symbols", "height", "width", "channels", "notes": [sentence]},
      "explanation": [sentence],            the rule in words, padding, what no window reads
      "changes": [{"source", "text"}],      per input, what happens to its size: "halves"
      "padding": {"top", "left", "bottom", "right"},   in pixels, as applied
      "unread": {"rows", "columns"},        lists of [start, stop): input no window reads
      "problems": [{
        "message", "setting",               the setting to change, or null
        "repairs": [{
          "text", "node",
          "settings",                       to replace in the layer, or of the one to insert
          "insert",                         the kind of a layer to put on the input "place", or null
          "place",
          "reset_weights",                  whether its weights are set aside for seeded ones
          "connect": [id],                  layers to read too
          "bypass", "remove"                whether it is switched off, or removed
        }]
      }],
      "computable",                         whether the maps can be computed
      "waiting_for",                        the id of the layer whose problem comes first, or null
      "reason"                              why the size is unknown, else null
    }

``summary.json`` adds to each layer ``"sheet"``, the PNG's name beside it, and ``"values":
{"minimum", "maximum", "mean", "deviation", "zeros", "nans", "infinities"}`` of its maps, ``zeros``
being a share from 0 to 1; all are null where the maps were not computed or hold no finite value.

An object always has all its members; unknown is null with a reason, never 0. Members may be added
in later versions; none changes its meaning. The kinds are told by `engine.formats.kinds_json`.
"""

import math

from engine.analysis import Analysis, LayerAnalysis, LayerFacts, Ranges
from engine.formats.json_text import Record, plain
from engine.pictures.images import Picture
from engine.problems import PictureError, Problem, Repair
from engine.project import Project, decoded_picture, project_input
from engine.receptive_field import ReceptiveField
from engine.shapes import Shape
from engine.sheets.map_statistics import MapStatistics
from engine.size_explanation import explain_size
from engine.wording import counted


def analysis_record(project: Project, analysis: Analysis) -> Record:
    """Return what is known of a project's network as plain data; the form is described above."""
    return {
        "input": _input_record(project),
        "layers": [layer_record(layer) for layer in analysis.layers.values()],
        "totals": _totals_record(analysis),
    }


def layer_record(layer: LayerAnalysis) -> Record:
    """Return what is known of one layer as plain data."""
    node, facts, reason = layer.node, layer.facts, unknown_reason(layer)
    return {
        "id": node.id,
        "kind": node.layer.kind.id,
        "settings": plain(node.layer.settings_dict()),
        "inputs": list(node.inputs),
        "bypassed": node.bypassed,
        **_shape_record(layer.shape),
        "parameters": facts.parameters if facts else None,
        "statistics": facts.statistics if facts else None,
        "macs": facts.macs if facts else None,
        "bytes": facts.shape.bytes if facts else None,
        "receptive_field": _field_record(layer.receptive_field, reason),
        "equation": equation_record(facts),
        **_explanation_record(layer),
        "padding": dict.fromkeys(("top", "left", "bottom", "right"))
        if facts is None
        else facts.padding._asdict(),
        "unread": {
            "rows": _ranges(layer.unread_rows) if facts else None,
            "columns": _ranges(layer.unread_columns) if facts else None,
        },
        "problems": [_problem_record(problem) for problem in layer.problems],
        "computable": layer.computable,
        "waiting_for": layer.waiting_for,
        "reason": reason,
    }


def drawn_record(sheet: str | None, values: MapStatistics | None) -> Record:
    """Return what ``summary.json`` adds to a layer: its picture's name, and how its values are."""
    names = ("minimum", "maximum", "mean", "deviation", "zeros", "nans", "infinities")
    numbers = {name: getattr(values, name, None) for name in names}
    known = {n: None if v is None or math.isnan(v) else v for n, v in numbers.items()}
    return {"sheet": sheet, "values": known}


def unknown_reason(layer: LayerAnalysis) -> str | None:
    """Return why a layer's size is not known, or None where it is."""
    if layer.facts is not None:
        return None
    if layer.waiting_for is not None:
        return f'It waits for "{layer.waiting_for}", whose problem comes first.'
    return " ".join(problem.message for problem in layer.problems)


def _input_record(project: Project) -> Record:
    given, picture = project_input(project), project.picture
    original = policy = None
    if isinstance(picture, Picture):
        policy = plain(project.policy.to_json())
        try:
            height, width = decoded_picture(picture, project.policy).original_size
            original = {"height": height, "width": width}
        except PictureError:
            # The input's own entry among the layers says why.
            pass
    return {
        "file": picture.name if isinstance(picture, Picture) else None,
        "original": original,
        "used": _shape_record(given.shape),
        "policy": policy,
        "warnings": list(given.warnings),
    }


def _totals_record(analysis: Analysis) -> Record:
    totals = analysis.totals
    unknown = sum(layer.facts is None for layer in analysis.layers.values())
    return {
        "layers": totals.layers,
        "parameters": totals.parameters,
        "statistics": totals.statistics,
        "macs": totals.macs,
        "bytes": totals.bytes,
        "problems": totals.problems,
        "reason": f"The size of {counted(unknown, 'layer')} is not known." if unknown else None,
    }


def _shape_record(shape: Shape | None) -> Record:
    return {
        "height": shape.height if shape else None,
        "width": shape.width if shape else None,
        "channels": shape.channels if shape else None,
    }


def _field_record(field: ReceptiveField | None, unknown: str | None) -> Record:
    if field is None:
        return {**dict.fromkeys(("height", "width", "stride", "padding")), "reason": unknown}
    return {
        "height": field.height,
        "width": field.width,
        "stride": plain(field.stride),
        "padding": plain(field.padding),
        "reason": field.reason or None,
    }


def _explanation_record(layer: LayerAnalysis) -> Record:
    size = explain_size(layer)
    changes = size.changes if size else ()
    return {
        "explanation": list(size.sentences) if size else [],
        "changes": [{"source": change.source, "text": change.text} for change in changes],
    }


def equation_record(facts: LayerFacts | None) -> Record:
    """Return a layer's size equation as plain data; the form is described above."""
    if facts is None:
        return {
            **dict.fromkeys(("rule", "symbols", "height", "width", "channels")),
            "notes": [],
        }
    equation = facts.equation
    return {
        "rule": equation.rule,
        "symbols": equation.symbols,
        "height": equation.height,
        "width": equation.width,
        "channels": equation.channels,
        "notes": list(equation.notes),
    }


def _problem_record(problem: Problem) -> Record:
    return {
        "message": problem.message,
        "setting": problem.setting,
        "repairs": [_repair_record(repair) for repair in problem.repairs],
    }


def _repair_record(repair: Repair) -> Record:
    return {
        "text": repair.text,
        "node": repair.node,
        "settings": plain(repair.settings),
        "insert": repair.insert,
        "place": repair.place,
        "reset_weights": repair.reset_weights,
        "connect": list(repair.connect),
        "bypass": repair.bypass,
        "remove": repair.remove,
    }


def _ranges(ranges: Ranges) -> list[list[int]]:
    return [[start, stop] for start, stop in ranges]
