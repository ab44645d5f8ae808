"""One layer as text for people: what the side panel of the window says of it."""

from collections.abc import Iterator

from engine.advice import Goal
from engine.formats.advice_text import advice_words, nothing_words
from engine.formats.analysis_table import field_text
from engine.formats.arithmetic_text import size_lines
from engine.formats.layer_report import LayerReport
from engine.spelling import DIALECTS, in_lines
from engine.wording import bytes_text

_WIDTH = 96


def report_text(report: LayerReport) -> str:
    """Return the size and why, the cost, advice for every goal, and the layer's code."""
    layer = report.layer
    kind, summary = layer.node.layer.kind.label, layer.node.layer.summary()
    off = " (switched off)" if layer.node.bypassed else ""
    given = ", ".join(map(str, layer.input_shapes)) or "the picture"
    lines = [
        f"{layer.node.id}: {kind}{off}{f', {summary}' if summary else ''}",
        f"{given} → {layer.shape or 'unknown'}",
    ]
    paragraphs = ["\n".join(lines), *_problems(report)]
    if report.size is not None:
        paragraphs += [size_lines(report.size), "\n".join(_costs(report))]
    for goal in report.advice:
        paragraphs.append("\n".join(_advice(report, goal)))
    for dialect in report.spellings:
        paragraphs.append("\n".join(_words(report, dialect)))
    caffe = report.readings.get("caffe")
    if caffe is not None and caffe.layer != layer.node.layer:
        paragraphs.append("\n".join(["Caffe", *_meaning(report, "caffe")]))
    return "\n\n".join(paragraphs) + "\n"


def _problems(report: LayerReport) -> Iterator[str]:
    layer = report.layer
    for problem in layer.problems:
        yield "\n".join([problem.message, *(f"  {repair.text}" for repair in problem.repairs)])
    if layer.waiting_for is not None:
        yield f"It waits for “{layer.waiting_for}”, whose problem comes first."


def _costs(report: LayerReport) -> Iterator[str]:
    facts = report.layer.facts
    assert facts is not None, "what has a size has facts"
    yield f"parameters  {facts.parameters:,}"
    if facts.statistics:
        yield f"statistics  {facts.statistics:,}"
    yield f"MACs        {facts.macs:,}"
    yield f"memory      {bytes_text(facts.shape.bytes)}"
    yield f"sees        {field_text(report.layer)}"
    if report.dense is not None:
        yield report.dense.sentence


def _advice(report: LayerReport, goal: Goal) -> Iterator[str]:
    """Yield a heading and a line for every piece of advice."""
    words = f"exactly {goal[0]} × {goal[1]}" if isinstance(goal, tuple) else goal
    yield "Keep the size of the input" if goal == "same" else f"Make the output {words}"
    for found in report.advice[goal]:
        yield f"  {advice_words(found, report.layer).line}"
    if not report.advice[goal]:
        yield f"  {nothing_words(goal)}"


def _words(report: LayerReport, dialect: str) -> Iterator[str]:
    """Yield a dialect's name, the code in it, and what is to be said about that."""
    spelling = report.spellings[dialect]
    yield DIALECTS[dialect]
    yield from in_lines(spelling.code, _WIDTH, "    ").splitlines() if spelling.code else ()
    yield f"  {spelling.verdict}"
    yield from (f"  {note}" for note in spelling.notes)
    yield from _meaning(report, dialect, spelling.notes)


def _meaning(report: LayerReport, dialect: str, said: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what the layer's words mean in a dialect, without what was said already."""
    reading = report.readings[dialect]
    if reading.layer != report.layer.node.layer:
        yield f"  {reading.heading}"
    yield from (f"  {sentence}" for sentence in reading.consequences if sentence not in said)
