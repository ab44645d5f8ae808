"""What has no opponent: from maps to the screen, how cost grows, and a small memory budget."""

import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

import numpy as np

from engine.analysis import Analysis, LayerFacts, analyze
from engine.evaluation import Evaluation
from engine.network import INPUT_ID
from engine.shapes import Shape
from engine.sheets.map_sheet import make_sheet, sheet_rgb
from engine.sheets.sheet_layout import arrange
from tests.benchmarks.networks import chain, work
from tests.benchmarks.system import forget_largest, largest_memory, memory

MIB = 1 << 20
SIDES = (64, 128, 256, 512, 1024, 2048, 4096)
BUDGET = 32 * MIB

Row = dict[str, Any]


def screen(quick: bool) -> list[Row]:
    """Draw 64 maps of 224²: statistics, levels, the sheet of indices, and its colors."""
    maps = np.random.default_rng(1).standard_normal((64, 224, 224), dtype=np.float32)
    layout = arrange(maps.shape, width=1600)
    sheet = make_sheet(maps, layout)
    return [
        _row("statistics, levels and sheet", lambda: make_sheet(maps, layout), quick),
        _row("the sheet in color", lambda: sheet_rgb(sheet), quick),
    ]


def curve(quick: bool) -> list[Row]:
    """Convolve pictures of growing sides twice, 3 → 8 → 8 maps, from 64² to 4096²."""
    layer = {"out_channels": 8, "kernel_size": 3, "padding": "same"}
    network = chain(layer, layer)

    def row(side: int) -> Row:
        shape = Shape(3, side, side)
        picture = np.random.default_rng(2).uniform(-1, 1, shape).astype(np.float32)
        analysis, evaluation = analyze(network, shape), Evaluation()

        def run() -> None:
            evaluation.cache.clear()
            for _ in evaluation.run(network, analysis, picture, INPUT_ID):
                pass

        row = _row(f"{side}²", run, quick)
        row["ns per pixel"] = row["median"] * 1e6 / side**2
        row["MACs per ns"] = _total(analysis, lambda facts: facts.macs) / (row["median"] * 1e6)
        return row

    return [row(side) for side in (SIDES[:-2] if quick else SIDES)]


def budget(quick: bool) -> list[Row]:
    """Run VGG-16 with room for a quarter of its maps, and ask for the first layer again."""
    given = work("vgg-16")
    evaluation = Evaluation(BUDGET)
    first = given.network.nodes[1].id

    def run(wanted: tuple[str, ...] | None = None) -> None:
        for _ in evaluation.run(
            given.network, given.analysis, given.picture, INPUT_ID, wanted=wanted
        ):
            pass

    for node in given.network.nodes[1:]:
        evaluation.weights(given.analysis[node.id])
    before = memory()
    forget_largest()
    run()
    beyond = largest_memory() - before - evaluation.workspace.prepared_bytes()
    kept = evaluation.cache.bytes

    def ask_again() -> None:
        evaluation.cache.clear()
        run((first,))

    row = _row("the first layer, gone and asked for again", ask_again, quick)
    row["MiB of all maps"] = _total(given.analysis, lambda facts: facts.shape.bytes) / MIB
    row["MiB kept"] = kept / MIB
    row["MiB beyond start, weights and prepared kernels"] = beyond / MIB
    return [row]


ALONE: dict[str, tuple[str, Callable[[bool], list[Row]]]] = {
    "screen": ("64 maps of 224² to the screen", screen),
    "curve": ("two convolutions 3×3, 3 → 8 → 8 maps, of growing pictures", curve),
    "budget": ("VGG-16 with 32 MiB for maps", budget),
}


def report(title: str, rows: list[Row]) -> str:
    """Return the lines of a table."""
    lines = ["", title, f"{'':44}{'median':>10}{'quartiles':>20}"]
    for row in rows:
        quartiles = f"{row['low']:.3f} to {row['high']:.3f}"
        rest = [f"{value:.1f} {name}" for name, value in row.items() if name not in _TIMES]
        lines.append(
            f"{row['what']:44}{row['median']:8.3f} ms{quartiles:>20}   {', '.join(rest)}".rstrip()
        )
    return "\n".join(lines)


_TIMES = ("what", "median", "low", "high", "runs")


def _total(analysis: Analysis, number: Callable[[LayerFacts], int]) -> int:
    layers = analysis.layers.values()
    return sum(number(layer.facts) for layer in layers if layer.facts is not None)


def _row(what: str, run: Callable[[], object], quick: bool) -> Row:
    run()
    times: list[float] = []
    while len(times) < 3 or (sum(times) < (0.1 if quick else 1.0) and len(times) < 200):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1e3)
    low, _, high = quantiles(times, n=4)
    return {"what": what, "median": median(times), "low": low, "high": high, "runs": len(times)}
