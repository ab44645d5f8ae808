"""What the start of the window imports, and in which order: in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = """
import sys
from main import run
status = run(["--window-check"])
print(*sys.modules, sep="\\n")
sys.exit(status)
"""


@pytest.fixture(scope="module")
def imported() -> list[str]:
    """The modules that are imported until the first maps are painted, in this order."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[1:]


def test_the_engine_is_imported_before_qt(imported: list[str]) -> None:
    before = imported[: imported.index("PySide6.QtCore")]
    assert {"numpy", "cv2", "engine.evaluation", "engine.layers.conv2d"} <= {*before}


@pytest.mark.parametrize(
    "module",
    [
        "gui.maps.map_view",
        "gui.compare.compare_view",
        "gui.size_path.size_path_view",
        "gui.about_dialog",
        "gui.glossary_dialog",
        "gui.shortcut_sheet",
        "engine.formats.figure",
    ],
)
def test_what_is_opened_later_is_not_imported(module: str, imported: list[str]) -> None:
    assert module not in imported


def test_of_pyqtgraph_only_the_image_is_imported(imported: list[str]) -> None:
    assert "pyqtgraph.graphicsItems.ImageItem" in imported
    assert "pyqtgraph.graphicsItems.PlotItem" not in imported


FOREIGN = """
import sys
import PySide6.QtWidgets
sys.modules["pyqtgraph.debug"] = None  # as if it could not be imported by itself
from gui.image_item import ImageItem
print(ImageItem.__module__, sys.modules["pyqtgraph"].getConfigOption("imageAxisOrder"))
"""


def test_a_pyqtgraph_that_asks_for_more_is_imported_whole() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FOREIGN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["pyqtgraph.graphicsItems.ImageItem", "row-major"]
