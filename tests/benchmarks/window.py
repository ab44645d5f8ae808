"""How fast the window answers: ``python -m tests.benchmarks.window [--json FILE]``.

Measured offscreen, so that painting is done by the processor: from the start of the process to the
first painted maps, from a setting's edit to painted sizes and to painted maps, the time of a frame
while scrolling and zooming, the longest the event loop was held up, and the memory. Milliseconds,
medians and 95th percentiles. A start is that of an installed program, whose modules are compiled;
an edit ends when the event loop has painted what it changed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QEvent, QEventLoop, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

import engine.opencv  # noqa: F401
from engine.pictures.images import open_sample
from engine.saving.examples import example_names, open_example
from gui.application import make_application
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import apply_theme

EDITS = 40
FRAMES = 60
STARTS = 5
BUDGET = 1 << 30


class Watch:
    """The longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        self.longest = max(self.longest, self._clock.nsecsElapsed() / 1e6)
        self._clock.restart()


def opened(app, project):
    """A window with its maps computed; its preferences are its own."""
    folder = tempfile.mkdtemp()
    settings = QSettings(str(Path(folder) / "benchmark.ini"), QSettings.Format.IniFormat)
    preferences = Preferences(settings, app)
    apply_theme(app, preferences.theme, preferences.text_scale)
    window = MainWindow(project, preferences, BUDGET)
    Computed(window)
    window.show()
    computed(window)
    return window


class Computed(QObject):
    """Knows which request was computed last; connected from the start, so that none is missed."""

    def __init__(self, window) -> None:
        super().__init__(window)
        self.done = 0
        window.evaluator.finished.connect(self._on_finished)

    def _on_finished(self, report) -> None:
        self.done = report.generation


def computed(window) -> None:
    """Wait until the newest request is computed and its results are painted."""
    watch = window.findChild(Computed)
    while watch.done != window.evaluator.newest:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()


class Painted(QObject):
    """Counts how often the rows were painted."""

    def __init__(self, window) -> None:
        super().__init__(window)
        self.count = 0
        window.flow.viewport().installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def painted(watch: Painted) -> None:
    """Wait until the rows were painted once more."""
    before = watch.count
    while watch.count == before:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def edit_times(window, node_id: str, values) -> tuple[list[float], list[float]]:
    """Times from an edit to painted sizes, and to painted maps."""
    sizes, maps, watch = [], [], Painted(window)
    for value in values:
        start = time.perf_counter()
        window.editing.change_settings(node_id, value)
        painted(watch)
        sizes.append((time.perf_counter() - start) * 1e3)
        computed(window)
        maps.append((time.perf_counter() - start) * 1e3)
    return sizes, maps


def frame_times(window) -> tuple[list[float], list[float]]:
    """Times of a frame while scrolling, and while the maps grow and shrink."""
    bar = window.flow.verticalScrollBar()
    panned, zoomed = [], []
    for frame in range(FRAMES):
        start = time.perf_counter()
        bar.setValue((frame * 37) % max(bar.maximum(), 1))
        window.flow.viewport().repaint()
        panned.append((time.perf_counter() - start) * 1e3)
    bar.setValue(0)
    for frame in range(FRAMES):
        start = time.perf_counter()
        window.viewing.set_map_height(90 + frame % 30)
        window.flow.viewport().repaint()
        zoomed.append((time.perf_counter() - start) * 1e3)
    return panned, zoomed


def start_times() -> list[float]:
    """Times in which a process opens the window and has painted the first maps."""
    times = []
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp()}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(STARTS + 1):
        start = time.perf_counter()
        command = [sys.executable, "main.py", "--window-check"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            times.append((time.perf_counter() - start) * 1e3)
    return times[1:]  # the first one compiles the modules, and reads everything from the disk


def measured(app, name: str, node_id: str | None = None) -> dict[str, list[float]]:
    """Everything that is measured with one network open."""
    project = open_example(name)
    if project.picture is None:
        project = replace(project, picture=open_sample("scene.png"))
    window = opened(app, project)
    convolutions = [n for n in project.network if n.layer.kind.id == "conv2d"]
    node = project.network.node(node_id) if node_id else convolutions[len(convolutions) // 2]
    watch = Watch()
    values = [{"dilation": 1 + turn % 2, "padding": "same"} for turn in range(EDITS)]
    if name != example_names()[0]:
        values = values[:6]
    sizes, maps = edit_times(window, node.id, values[1:])
    panned, zoomed = frame_times(window)
    computed_gap = watch.longest
    window.document.undo_stack.setClean()
    window.close()
    return {
        "edit to sizes painted": sizes,
        "edit to maps painted": maps,
        "frame while scrolling": panned,
        "frame while zooming": zoomed,
        "longest hold of the event loop": [computed_gap],
    }


def line(name: str, times: list[float]) -> str:
    """One row of the table."""
    high = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{name:<34}{median(times):>10.1f}{high:>10.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write all times to this file")
    arguments = parser.parse_args()
    results = {"the program": {"process start to first maps": start_times()}}
    app = make_application(sys.argv[:1])
    for name in (example_names()[0], "vgg-16"):
        results[name] = measured(app, name)
    for network, rows in results.items():
        print(f"\n{network:<34}{'median ms':>10}{'95 % ms':>10}")
        for name, times in rows.items():
            print(line(name, times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of the process with both networks: {peak:.0f} MiB")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
