"""What is known of a network as text for people, and as CSV for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from engine.analysis import Analysis, LayerAnalysis, LayerFacts
from engine.formats.analysis_json import layer_record
from engine.formats.json_text import Record
from engine.wording import bytes_text, counted

UNKNOWN = "unknown"

_HEADER = (
    "Layer", "Kind", "H × W × C", "Parameters", "MACs", "Memory", "Receptive field",
    "Why this size",
)  # fmt: skip
_NUMBERS = {"Parameters", "MACs", "Memory"}
"""Columns whose text ends at the right."""

CSV_COLUMNS = (
    "id", "kind", "inputs", "height", "width", "channels", "parameters", "statistics", "macs",
    "bytes", "receptive_field_height", "receptive_field_width", "receptive_field_stride_vertical",
    "receptive_field_stride_horizontal", "receptive_field_padding_top",
    "receptive_field_padding_left", "padding_top", "padding_left", "padding_bottom",
    "padding_right", "equation_height", "equation_width", "problems",
)  # fmt: skip
"""Members of `engine.formats.analysis_json.layer_record`; what is not known is empty."""


def analysis_table(analysis: Analysis) -> str:
    """Return one line per layer, then the sums, what no window reads, and the problems."""
    rows = [_row(layer) for layer in analysis.layers.values()]
    return "\n\n".join([_aligned(_HEADER, rows), *_below(analysis)]) + "\n"


def analysis_markdown(analysis: Analysis) -> str:
    """Return `analysis_table` as Markdown: a table, then paragraphs."""
    rows = [_row(layer) for layer in analysis.layers.values()]
    marks = ["---:" if name in _NUMBERS else "---" for name in _HEADER]
    lines = [_piped(_HEADER), _piped(marks), *map(_piped, rows)]
    return "\n\n".join(["\n".join(lines), *_below(analysis)]) + "\n"


def summary_text(record: Record, analysis: Analysis) -> str:
    """Return ``summary.txt``: the input in words, then the table.

    Args:
        record: `engine.formats.analysis_json.analysis_record` of the same analysis.
        analysis: of the network.
    """
    given = record["input"]
    used = f"{given['used']['height']} × {given['used']['width']} × {given['used']['channels']}"
    lines = [f"Convolens: {given['file']}"]
    if given["original"]:
        original = f"{given['original']['height']} × {given['original']['width']}"
        policy = given["policy"]
        target = "" if policy["mode"] == "as_is" else f" {policy['height']} × {policy['width']}"
        lines.append(
            f"{original} pixels (height × width), used as {used} ({policy['mode']}{target})"
        )
    lines += given["warnings"]
    return "\n".join(lines) + "\n\n" + analysis_table(analysis)


def totals_line(analysis: Analysis) -> str:
    """Return the sums over the layers as one line."""
    totals = analysis.totals
    statistics = f" (and {totals.statistics:,} statistics)" if totals.statistics else ""
    memory = UNKNOWN if totals.bytes is None else bytes_text(totals.bytes)
    return (
        f"{counted(totals.layers, 'layer')}; parameters: {_number(totals.parameters)}{statistics}; "
        f"MACs: {_number(totals.macs)}; memory of all maps: {memory}"
    )


def analysis_csv(analysis: Analysis) -> str:
    """Return a line per layer under `CSV_COLUMNS`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_row(layer) for layer in analysis.layers.values())
    return text.getvalue()


def _row(layer: LayerAnalysis) -> tuple[str, ...]:
    node, facts = layer.node, layer.facts
    label = node.layer.kind.label + (" (switched off)" if node.bypassed else "")
    if facts is None:
        waiting = f"waits for {layer.waiting_for}" if layer.waiting_for else "see the problem below"
        return node.id, label, *[UNKNOWN] * 5, waiting
    return (
        node.id,
        label,
        str(facts.shape),
        _number(facts.parameters),
        _number(facts.macs),
        bytes_text(facts.shape.bytes),
        field_text(layer),
        why_this_size(facts),
    )


def why_this_size(facts: LayerFacts) -> str:
    """Return a layer's size equation with its numbers on one line."""
    equation = facts.equation
    sizes = equation.height
    if equation.width != equation.height:
        sizes = f"height {equation.height}, width {equation.width}"
    # A layer that keeps the size has nothing to calculate.
    return f"{equation.rule}: {sizes}" if "=" in sizes else equation.rule


def field_text(layer: LayerAnalysis) -> str:
    """Return a receptive field with its stride, and its padding if there is some."""
    field = layer.receptive_field
    if field is None:
        return UNKNOWN
    words = [f"{field.height} × {field.width}"]
    if field.stride is not None:
        words.append(f"stride {_pair(field.stride)}")
        if field.padding is not None and any(field.padding):
            words.append(f"padding {_pair(field.padding)}")
    elif field.padding is None:  # it varies, and this is the largest
        words[0] = f"≤ {words[0]}"
    return ", ".join(words)


def _pair(pair: tuple[int, int]) -> str:
    return " × ".join(map(str, dict.fromkeys(pair)))


def _below(analysis: Analysis) -> list[str]:
    """Return the paragraphs below the table: sums, what no window reads, problems."""
    return [totals_line(analysis), *_unread(analysis), *_problems(analysis)]


def _piped(cells: Sequence[str]) -> str:
    r"""Return a line of a Markdown table; signs that mean something there are escaped.

    >>> print(_piped(["conv_1", "3 * 3 | 5"]))
    | conv\_1 | 3 \* 3 \| 5 |
    """
    escaped = (re.sub(r"([\\|*_`<\[\]])", r"\\\1", cell) for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _unread(analysis: Analysis) -> list[str]:
    """Return a paragraph on the input that no window reads, if there is any."""
    lines = []
    for node_id, layer in analysis.layers.items():
        words = [
            f"{counted(sum(stop - start for start, stop in ranges), name)} ({_listed(ranges)})"
            for name, ranges in (("row", layer.unread_rows), ("column", layer.unread_columns))
            if ranges
        ]
        if words:
            lines.append(f"  {node_id}: {' and '.join(words)} of its input")
    return ["\n".join(["Read by no window, counted from 0:", *lines])] if lines else []


def _listed(ranges: Sequence[tuple[int, int]], most: int = 3) -> str:
    """Return half-open ranges as people write them, the first few of many.

    >>> _listed([(26, 27)]), _listed([(0, 2), (5, 6)])
    ('26', '0–1, 5')
    """
    words = [f"{a}" if b == a + 1 else f"{a}–{b - 1}" for a, b in ranges[:most]]
    return ", ".join(words) + (", …" if len(ranges) > most else "")


def _problems(analysis: Analysis) -> list[str]:
    """Return a paragraph per problem with its repairs."""
    paragraphs = []
    for node_id, problem in analysis.problems:
        repairs = "; ".join(repair.text for repair in problem.repairs)
        help_text = f"\n  What helps: {repairs}." if repairs else ""
        paragraphs.append(f"Problem in {node_id}: {problem.message}{help_text}")
    return paragraphs


def _csv_row(layer: LayerAnalysis) -> list[object]:
    record = layer_record(layer)
    field, equation = record["receptive_field"], record["equation"]
    return [
        record["id"],
        record["kind"],
        " ".join(record["inputs"]),
        *(record[name] for name in CSV_COLUMNS[3:10]),
        field["height"],
        field["width"],
        *(field["stride"] or (None, None)),
        *(field["padding"] or (None, None)),
        *record["padding"].values(),
        equation["height"],
        equation["width"],
        " ".join(problem["message"] for problem in record["problems"]),
    ]


def _aligned(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns are as wide as they need to be."""
    lines = [header, *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(header, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"
