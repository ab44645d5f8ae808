"""What the code may not do, checked; and each check seen to catch what it is for."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.registry import all_kinds

ROOT = Path(__file__).parent.parent
PROGRAM = ("main.py", "engine", "gui")
OURS = (*PROGRAM, "resources", "tests", "packaging", "pyproject.toml", ".ci", ".github")
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")


def run(folder, *command):
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=120
    )


# Imports, by the contracts in pyproject.toml


def broken_contracts(folder, *options):
    """Return whether lint-imports refuses the packages in a folder, and what it prints."""
    start = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = run(folder, "-c", start, "--no-cache", "--no-logo", *options)
    return done.returncode != 0, done.stdout + done.stderr


def copy_of_the_program(folder):
    for name in ("engine", "gui"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_keep_the_contracts():
    broken, report = broken_contracts(ROOT)
    assert not broken, report


VIOLATIONS = [
    ("engine-without-qt", "engine/reading.py", "from PySide6.QtCore import QObject"),
    ("engine-without-qt", "engine/reading.py", "import shiboken6"),
    ("engine-without-qt", "engine/sheets/map_sheet.py", "import pyqtgraph"),
    ("engine-without-qt", "engine/api.py", "import gui.document"),
    ("gui-without-arithmetic", "gui/evaluator.py", "from engine.layers.relu import Relu"),
    ("gui-without-arithmetic", "gui/evaluator.py", "import engine.numerics.padding"),
    ("gui-without-arithmetic", "gui/evaluator.py", "import cv2"),
    ("gui-without-arithmetic", "gui/evaluator.py", "from engine.opencv import cv2"),
    ("independent-kinds", "engine/layers/relu.py", "from engine.layers.tanh import Tanh"),
    ("no-cycles", "engine/shapes.py", "import engine.analysis"),
    ("no-cycles", "gui/theme.py", "import gui.main_window"),
    ("layers-of-the-engine", "engine/shapes.py", "import engine.sheets.map_sheet"),
    ("layers-of-the-engine", "engine/numerics/strips.py", "import engine.registry"),
    ("layers-of-the-engine", "engine/without_a_place.py", "import engine.shapes"),
]


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_planted_violation_is_caught(contract, module, line, tmp_path):
    folder = copy_of_the_program(tmp_path)
    with (folder / module).open("a") as file:
        file.write(f"\n{line}\n")
    broken, report = broken_contracts(folder, "--contract", contract)
    assert broken, report
    assert "1 broken" in report, report


def test_every_contract_has_a_planted_violation():
    declared = re.findall(r'contracts\]\]\nid = "(.+)"', (ROOT / "pyproject.toml").read_text())
    assert set(declared) == {contract for contract, *_ in VIOLATIONS}


# Calls that only one module may make, by ruff


@pytest.mark.parametrize(
    "line",
    [
        "import cv2",
        "from cv2 import resize",
        "from engine.opencv import cv2; cv2.imshow",
        "from engine.opencv import cv2; cv2.waitKey",
        "from engine.opencv import cv2; cv2.imread",
        "import pickle",
    ],
)
def test_ruff_refuses(line, tmp_path):
    (tmp_path / "planted.py").write_text(line + "\n")
    settings = str(ROOT / "pyproject.toml")
    done = run(tmp_path, "-m", "ruff", "check", "--config", settings, "--select", "TID", ".")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "TID251" in done.stdout


# Files


def files(folder, places):
    """Return the files at some places that people wrote, with their path inside the folder."""
    found = [folder / place for place in places]
    found += [file for place in found if place.is_dir() for file in place.rglob("*")]
    return {
        file.relative_to(folder).as_posix(): file
        for file in found
        if file.is_file() and "__pycache__" not in file.parts
    }


def texts(folder, places):
    read = {name: file.read_bytes() for name, file in files(folder, places).items()}
    return {name: data.decode() for name, data in read.items() if b"\0" not in data[:4096]}


NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def nameless_files(folder):
    """What has no better name has no home yet."""
    return [name for name in files(folder, OURS) if Path(name).stem in NAMELESS]


LONG_FILES = {
    "engine/api.py": "the public functions with their examples, read as one page",
    "engine/constraints.py": "every constraint, each with the same five methods",
    "gui/side/kernel_editor.py": "one form: filter, channel, cells, presets, bias",
    "gui/main_window.py": "every panel is placed and connected here, and nowhere else",
    "gui/pictures/picture_opening.py": "every way in which a picture comes, and what went wrong",
    "gui/flow/rows_view.py": "all that comes down to the rows, and all that they say",
    "engine/network.py": "each edit of the graph beside the others, which share its checks",
}
"""Files of the program between 300 and 320 lines, with the reason."""


def long_files(folder, allowed):
    lengths = {name: text.count("\n") for name, text in texts(folder, PROGRAM).items()}
    return [
        f"{name}: {length} lines"
        for name, length in lengths.items()
        if length > (320 if name in allowed else 300)
    ]


def needless_permissions(folder, allowed):
    lengths = {name: text.count("\n") for name, text in texts(folder, PROGRAM).items()}
    return [name for name in allowed if lengths.get(name, 0) <= 300]


# In two halves, so that this file is not found.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def unfinished(folder):
    return [
        f"{name}: {match[0]}"
        for name, text in texts(folder, (*OURS, *DOCUMENTS)).items()
        for match in UNFINISHED.finditer(text)
    ]


A_PERSONS_FOLDER = re.compile(r"(?<![\w.<>/])/(home|Users|root)/\w|\b[A-Z]:[\\/]+Users\b")


def paths_of_a_machine(folder):
    """The folders of whoever works on this, and where this checkout happens to be."""
    here = {str(ROOT), str(Path.home()), sys.prefix} - {"/", "/usr", "/usr/local"}
    return [
        name
        for name, text in texts(folder, (*OURS, *DOCUMENTS)).items()
        if A_PERSONS_FOLDER.search(text)
        or any(re.search(rf"(?<![\w.]){re.escape(place)}\b", text) for place in here)
    ]


def test_every_file_is_named_for_what_it_holds(tmp_path):
    assert nameless_files(ROOT) == []
    plant(tmp_path, "gui/utils.py", "")
    assert nameless_files(tmp_path) == ["gui/utils.py"]


def test_no_file_of_the_program_is_long(tmp_path):
    assert long_files(ROOT, LONG_FILES) == []
    assert needless_permissions(ROOT, LONG_FILES) == []
    plant(tmp_path, "engine/long.py", "\n" * 301)
    plant(tmp_path, "engine/allowed.py", "\n" * 320)
    assert long_files(tmp_path, {"engine/allowed.py"}) == ["engine/long.py: 301 lines"]
    both = {"engine/long.py: 301 lines", "engine/allowed.py: 320 lines"}
    assert set(long_files(tmp_path, {})) == both
    assert needless_permissions(tmp_path, {"engine/gone.py": ""}) == ["engine/gone.py"]


def test_nothing_is_left_for_later(tmp_path):
    assert unfinished(ROOT) == []
    plant(tmp_path, "README.md", "TO" + "DO: more")
    plant(tmp_path, "gui/theme.py", "# FIX" + "ME")
    assert len(unfinished(tmp_path)) == 2


@pytest.mark.parametrize(
    "parts", [("home", "ada"), ("Users", "ada"), ("root", "x"), ROOT.parts[1:]]
)
def test_no_path_of_a_machine_is_written_down(parts, tmp_path):
    assert paths_of_a_machine(ROOT) == []
    plant(tmp_path, "README.md", f"cd {'/'.join(('', *parts))}")
    assert paths_of_a_machine(tmp_path) == ["README.md"]


def plant(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


# Kinds of layers

WITHOUT_ARITHMETIC = {"input"}
"""The picture itself: nothing is computed that another framework or a slow loop could confirm."""


def lacking(kind_id):
    """Return the files that a kind should have beside its own, and has not."""
    beside = [f"resources/icons/{kind_id}.svg"]
    if kind_id not in WITHOUT_ARITHMETIC:
        beside += [f"tests/vectors/{kind_id}.npz", f"tests/naive/{kind_id}.py"]
    return [name for name in beside if not (ROOT / name).is_file()]


@pytest.mark.parametrize("kind_id", list(all_kinds()))
def test_every_kind_has_an_icon_vectors_and_a_slow_twin(kind_id):
    assert lacking(kind_id) == []


def test_a_kind_without_them_is_noticed():
    assert len(lacking("planted")) == 3


# Qt itself


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None lives forever there")
def test_void_calls_of_qt_keep_the_references_to_none():
    """PySide6 6.12.0 loses one at each call on Python 3.10 and 3.11, and crashes in the end."""
    from PySide6.QtCore import QObject

    item = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        item.setObjectName("")
    assert abs(sys.getrefcount(None) - before) < 100
