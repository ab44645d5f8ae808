"""Whether a window can be opened is found out before Qt tries, and said in a sentence."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import gui
import main
from gui import preflight
from gui.preflight import why_no_window

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lacks parts of Qt")

ROOT = Path(preflight.__file__).parent.parent
WITHOUT = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")


def refusal(found):
    reason = why_no_window(found)
    assert reason is not None
    return reason


def environment(**changes):
    return {**{k: v for k, v in os.environ.items() if k not in WITHOUT}, **changes}


@pytest.mark.parametrize(
    "platform", ["offscreen", "minimal", "offscreen:size=1x1", "xcb;offscreen"]
)
def test_platforms_without_a_display(platform):
    assert why_no_window({"QT_QPA_PLATFORM": platform}) is None


def test_no_display_at_all():
    assert why_no_window({}) == "There is no display: neither WAYLAND_DISPLAY nor DISPLAY is set."


def test_x11_display_that_is_not_there():
    assert why_no_window({"DISPLAY": ":4711"}) == (
        "The display “:4711” (DISPLAY) cannot be reached."
    )
    assert "DISPLAY is not set" in refusal({"QT_QPA_PLATFORM": "xcb"})


@pytest.fixture
def all_libraries(monkeypatch):
    """A system on which every library can be loaded."""
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())


def test_wayland_display_that_is_not_there(all_libraries, tmp_path):
    reason = refusal({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert reason.startswith(f"The Wayland display “{tmp_path}/wayland-7” cannot be reached")


def test_wayland_display_that_answers(all_libraries, tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        found = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert why_no_window(found) is None
        # Qt takes whichever works.
        assert why_no_window({**found, "QT_QPA_PLATFORM": "foo;wayland"}) is None


def test_unknown_platform_lists_what_there_is():
    reason = refusal({"QT_QPA_PLATFORM": "foo"})
    assert "“foo”" in reason
    assert "xcb" in reason


def test_missing_libraries_are_all_named_with_the_command(monkeypatch):
    missing = ("libxcb-cursor.so.0", "libxcb-icccm.so.4")

    def load(name):
        if name in missing or name.endswith("libqxcb.so"):
            raise OSError(
                "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
            )
        return object()

    monkeypatch.setattr("ctypes.CDLL", load)
    assert why_no_window({"DISPLAY": ":0"}) == (
        "Qt's platform xcb needs libxcb-cursor.so.0, libxcb-icccm.so.4, which this system lacks; "
        "on Debian or Ubuntu: sudo apt install libxcb-cursor0 libxcb-icccm4."
    )


def test_library_of_no_known_package_is_named_without_a_command(monkeypatch):
    def load(name):
        if name.endswith("libqxcb.so"):
            raise OSError("libnew.so.9: cannot open shared object file: No such file or directory")
        return object()

    monkeypatch.setattr("ctypes.CDLL", load)
    assert why_no_window({"DISPLAY": ":0"}) == (
        "Qt's platform xcb needs libnew.so.9, which this system lacks."
    )


def test_qt_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "PySide6", None)
    assert "PySide6-Essentials" in refusal({})


def test_qt_that_lacks_a_library_itself(monkeypatch):
    class Broken(ModuleType):
        def __getattr__(self, name):
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file")

    monkeypatch.setitem(sys.modules, "PySide6", Broken("PySide6"))
    reason = refusal({"QT_QPA_PLATFORM": "offscreen"})
    assert reason.startswith("Qt needs libEGL.so.1")
    assert "sudo apt install libegl1" in reason


def test_every_system_library_of_the_plugins_has_a_package():
    """What PySide6 comes to need in a later version shows here."""
    import PySide6

    known = set(preflight._PACKAGES["xcb"]) | set(preflight._PACKAGES["wayland"])
    needs_nothing = re.compile(
        r"lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|z|zstd|gthread-2\.0|icu\w*|Qt6\w*)\.so\.\d+"
    )
    qt = Path(PySide6.__file__).parent / "Qt"
    for file in (
        *(qt / "lib" / f"libQt6{n}.so.6" for n in ("Core", "DBus", "Gui", "Widgets", "XcbQpa")),
        qt / "lib" / "libQt6WaylandClient.so.6",
        qt / "plugins" / "platforms" / "libqxcb.so",
    ):
        names = re.findall(rb"\0(lib[\w.+-]+\.so\.\d+)(?=\0)", file.read_bytes())
        for name in {name.decode() for name in names}:
            assert name in known or needs_nothing.fullmatch(name), f"{file.name} needs {name}"


@pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4711"}])
def test_the_program_says_so_and_does_not_abort(display):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "main.py")],
        env=environment(**display),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "display" in done.stderr
    assert "convolens render" in done.stderr


def test_the_window_gets_the_path(monkeypatch, tmp_path):
    opened = []

    class Application:
        @staticmethod
        def run(path):
            opened.append(path)
            return 3

    monkeypatch.setattr(gui, "application", Application, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    picture = tmp_path / "größer.png"
    picture.write_bytes(b"")
    assert main.run([]) == 3
    assert main.run([str(picture)]) == 3
    assert opened == [None, str(picture)]
