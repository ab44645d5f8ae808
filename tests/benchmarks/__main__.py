"""The benchmark's command: ``python -m tests.benchmarks [work ...] [--quick] [--json FILE]``."""

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.benchmarks import engine_alone
from tests.benchmarks.engine_alone import ALONE
from tests.benchmarks.networks import WORKS
from tests.benchmarks.system import busy_seconds, busy_seconds_of, openblas_kernels

TUNED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "17179869184"}
"""glibc keeps freed memory instead of giving it back and clearing fresh pages again."""

QUIET = 0.15
"""The share of one processor that other programs may use while a round counts."""

REST = 0.05
"""Seconds between two turns. After a run ONNX Runtime's threads look for work for 35 ms, which take
a processor from whoever is next: ResNet-18 took 20 ms of ours and not 16."""

PATIENCE = 60.0
"""After so many seconds all rounds of a work count."""

FIRST_RUNS = 5
"""Each in a process of its own, where nothing was computed before."""

OPPONENTS = {
    "torch-first": "PyTorch, channels first",
    "torch-last": "PyTorch, channels last",
    "torch-first-tuned": "PyTorch, channels first, allocator tuned",
    "torch-last-tuned": "PyTorch, channels last, allocator tuned",
    "onnx": "ONNX Runtime, all maps as outputs",
}


class Competitor:
    """A process that computes a work when asked, and the times that it took."""

    def __init__(self, work: str, who: str, stack: ExitStack) -> None:
        environment = {**os.environ, **(TUNED if who.endswith("-tuned") else {})}
        self.who = who
        self.rounds: list[list[float]] = []
        self._process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.competitor", work, who],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
            )
        )  # fmt: skip
        assert self._process.stdin is not None
        # At the end: without orders the process ends by itself.
        stack.callback(self._process.stdin.close)
        self.facts = self._answer()

    def turn(self) -> list[float]:
        """Return the seconds of a few runs."""
        time.sleep(REST)
        # The first run of a turn finds caches and threads as the others left them.
        self.run(0)
        return self.run(0.03)

    def run(self, seconds: float) -> list[float]:
        """Compute for about so long."""
        times: list[float] = self._ask(f"run {seconds}")
        return times

    def busy_seconds(self) -> float:
        """Return for how long the process has computed."""
        return busy_seconds_of(self._process.pid)

    def memory(self) -> dict[str, int]:
        """Return the most bytes that the process held, those of prepared kernels and of scratch."""
        found: dict[str, int] = self._ask("memory")
        return found

    def _ask(self, order: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.who} ended with {self._process.wait()}")
        return json.loads(line)


def opponents() -> list[str]:
    """Return those that are installed."""
    return [who for who in OPPONENTS if importlib.util.find_spec(_package(who)) is not None]


def _package(who: str) -> str:
    return "torch" if who.startswith("torch") else "onnxruntime"


def measure(work: str, against: Sequence[str], rounds: int, first_runs: int) -> dict[str, Any]:
    """Return the milliseconds of every competitor, asked in turn, and what else is known."""
    first = [_first_run(work) for _ in range(first_runs)]
    with ExitStack() as stack:
        competitors = [Competitor(work, who, stack) for who in ("engine", *against)]
        for competitor in competitors:
            competitor.run(0.2)
        disturbed = _count_quiet_rounds(competitors, rounds)
        facts, memory = competitors[0].facts, competitors[0].memory()
        return {
            "work": work,
            "milliseconds": {each.who: _summary(each.rounds) for each in competitors},
            "first run": median(first) * 1e3,
            "map bytes": facts["map bytes"],
            "prepared bytes": memory["prepared"],
            "scratch bytes": memory["scratch"],
            "memory beyond start": memory["largest"] - facts["before"],
            "disturbed rounds": disturbed,
            "differences": {each.who: each.facts["difference"] for each in competitors[1:]},
        }


def _first_run(work: str) -> float:
    """Return the seconds that the engine takes for what it was never asked before."""
    with ExitStack() as stack:
        seconds: float = Competitor(work, "engine", stack).facts["first run"]
    return seconds


def _count_quiet_rounds(competitors: Sequence[Competitor], rounds: int) -> int:
    """Ask all in turn, so many times, and return how many of these others disturbed.

    Rounds in which other programs used much of a processor do not count, while patience lasts.
    """
    disturbed, started = 0, time.perf_counter()
    while min(len(each.rounds) for each in competitors) < rounds:
        before = busy_seconds() - sum(each.busy_seconds() for each in competitors)
        begin = time.perf_counter()
        times = [each.turn() for each in competitors]
        elapsed = time.perf_counter() - begin
        others = busy_seconds() - sum(each.busy_seconds() for each in competitors) - before
        patient = time.perf_counter() - started < PATIENCE
        if others > QUIET * elapsed and patient:
            disturbed += 1
            continue
        for competitor, found in zip(competitors, times, strict=True):
            competitor.rounds.append(found)
    return disturbed


def _summary(rounds: Iterable[list[float]]) -> dict[str, float]:
    times = list(chain.from_iterable(rounds))
    low, _, high = quantiles(times, n=4)
    return {"median": median(times) * 1e3, "low": low * 1e3, "high": high * 1e3, "runs": len(times)}


def report(found: dict[str, Any]) -> str:
    """Return the lines of a table."""
    times = found["milliseconds"]
    ours = times["engine"]["median"]
    lines = [
        "",
        WORKS[found["work"]][0],
        f"{'':44}{'median':>10}{'quartiles':>20}{'ratio':>8}",
    ]
    for who, one in times.items():
        ratio = ours / one["median"]
        quartiles = f"{one['low']:.3f} to {one['high']:.3f}"
        name = OPPONENTS.get(who, "this engine")
        lines.append(f"{name:44}{one['median']:8.3f} ms{quartiles:>20}{ratio:8.2f}")
    mib = 1 << 20
    beyond = found["memory beyond start"] - found["prepared bytes"]
    lines.append(
        f"first run {found['first run']:.1f} ms, {found['first run'] / ours:.1f} times as long; "
        f"maps {found['map bytes'] / mib:.1f} MiB; "
        f"memory beyond start, weights and prepared kernels {beyond / mib:.1f} MiB, "
        f"{beyond / found['map bytes']:.2f} times the maps; prepared kernels "
        f"{found['prepared bytes'] / mib:.1f} MiB; scratch {found['scratch bytes'] / mib:.1f} MiB; "
        f"{found['disturbed rounds']} disturbed rounds left out"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure what was asked for."""
    names = [*WORKS, *ALONE]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="work", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="few rounds, to try it out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    given = parser.parse_args()
    unknown = [name for name in given.works if name not in names]
    if unknown:
        parser.error(f"there is no work {unknown[0]!r}; there are {', '.join(names)}")
    against = opponents()
    results = []
    print(f"OpenBLAS's kernels: {openblas_kernels()}", flush=True)
    for name in given.works or names:
        if name in ALONE:
            title, rows = ALONE[name][0], ALONE[name][1](given.quick)
            results.append({"work": name, "rows": rows})
            print(engine_alone.report(title, rows), flush=True)
            continue
        rounds, first_runs = (3, 1) if given.quick else (15, FIRST_RUNS)
        results.append(measure(name, against, rounds, first_runs))
        print(report(results[-1]), flush=True)
    if given.json:
        machine = {
            "processor": platform.processor(),
            "cores": os.cpu_count(),
            "OpenBLAS's kernels": openblas_kernels(),
        }
        given.json.write_text(json.dumps({"machine": machine, "results": results}, indent=1))


if __name__ == "__main__":
    main()
