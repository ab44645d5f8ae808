"""An installed copy has every module and every resource, and finds them."""

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from engine.commands.self_check import RESOURCES, shipped_resources

ROOT = RESOURCES.parent
PACKAGED = ("main.py", "engine", "gui", "resources", "pyproject.toml", "README.md", "LICENSE")


def run(folder, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind, source, target):
    """Build as pip does, with the tools that are here; return the file's path."""
    target.mkdir()
    start = f"import setuptools.build_meta as tools; tools.build_{kind}({str(target)!r})"
    run(source, "-c", start)
    return next(target.iterdir())


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what the wheel of the source distribution of this tree holds."""
    folder = tmp_path_factory.mktemp("packaging")
    source = folder / "source"
    source.mkdir()
    leftovers = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=leftovers)
        else:
            shutil.copy(ROOT / name, source)
    with tarfile.open(build("sdist", source, folder / "sdist")) as archive:
        # Python 3.11.3 and before know no filter; from 3.12 on, one is wanted.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder / "unpacked", **safely)
    (unpacked,) = (folder / "unpacked").iterdir()
    with zipfile.ZipFile(build("wheel", unpacked, folder / "wheel")) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_a_wheel_has_every_module_and_resource_and_nothing_else(installed):
    modules = [ROOT / "main.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    marker = ROOT / "engine" / "py.typed"
    expected = {file.relative_to(ROOT) for file in (*modules, marker, *shipped_resources())}
    found = {file.relative_to(installed) for file in installed.rglob("*") if file.is_file()}
    metadata = {file for file in found if file.parts[0].endswith(".dist-info")}
    assert found - metadata == expected
    assert any(file.name == "LICENSE" for file in metadata)


def test_an_installed_copy_consists_of_what_the_source_does(installed):
    # Two folders that Python searches first: that of the program, and none.
    from_source = run(ROOT, str(ROOT / "main.py"), "--self-check")
    assert run(Path("/"), str(installed / "main.py"), "--self-check") == from_source


def test_an_opencv_without_the_newer_engine_is_not_taken():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (opencv,) = [Requirement(line) for line in declared if line.startswith("opencv")]
    assert "5.0.0.93" in opencv.specifier
    assert "4.14.0.94" not in opencv.specifier


def test_the_script_is_declared(installed):
    (entry_points,) = installed.glob("*.dist-info/entry_points.txt")
    assert "convolens = main:run" in entry_points.read_text()
