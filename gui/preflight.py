"""Whether a window can be opened here, found out before Qt tries: Qt aborts where it cannot.

On Linux Qt needs system libraries that a server or a container often lacks, and a display. Loading
Qt's plugin names the missing library; connecting to the display finds one that is not there.
"""

import ctypes
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

# Library -> package of Debian and Ubuntu, for what PySide6 does not bring along.
_ANY_PACKAGES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_X11_PACKAGES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_WAYLAND_PACKAGES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
_PACKAGES = {
    "xcb": {**_ANY_PACKAGES, **_X11_PACKAGES},
    "wayland": {**_ANY_PACKAGES, **_WAYLAND_PACKAGES},
}

_MISSING_LIBRARY = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")


def why_no_window(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return why Qt cannot open a window here, as a sentence with the way out, or None."""
    try:
        # All that the window needs; what Qt itself lacks shows here.
        from PySide6 import QtCore, QtWidgets  # noqa: F401
    except ModuleNotFoundError as error:
        return f"{error.name} is not installed; pip install PySide6-Essentials brings it."
    except ImportError as error:
        return _unloadable("Qt", str(error), _ANY_PACKAGES)
    if sys.platform != "linux":
        return None
    plugins = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)
    folders = [
        *environment.get("QT_QPA_PLATFORM_PLUGIN_PATH", "").split(os.pathsep),
        *(
            f"{place}/platforms"
            for place in environment.get("QT_PLUGIN_PATH", "").split(os.pathsep)
        ),
        f"{plugins}/platforms",
    ]
    platforms = _platforms(environment)
    if not platforms:
        return "There is no display: neither WAYLAND_DISPLAY nor DISPLAY is set."
    reasons = [_why_not(platform, folders, environment) for platform in platforms]
    # Qt takes the first platform that works.
    return None if None in reasons else " ".join(reason for reason in reasons if reason)


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Return the platforms that Qt would try; the rules are those of QGuiApplication."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return [name.partition(":")[0] for name in chosen.split(";")]
    wayland = "WAYLAND_DISPLAY" in environment or environment.get("XDG_SESSION_TYPE") == "wayland"
    return ["wayland"] * wayland + ["xcb"] * bool(environment.get("DISPLAY"))


def _why_not(platform: str, folders: list[str], environment: Mapping[str, str]) -> str | None:
    """Return why one of Qt's platforms cannot start, or None."""
    # wayland-egl and others are further names of the one plugin.
    family = "wayland" if platform.startswith("wayland") else platform
    plugins = [file for folder in folders if folder for file in Path(folder).glob("libq*.so")]
    found = [file for file in plugins if re.fullmatch(f"libq{re.escape(family)}(-.*)?", file.stem)]
    if not found:
        names = ", ".join(sorted({file.stem.removeprefix("libq") for file in plugins}))
        return f"Qt has no platform “{platform}” (QT_QPA_PLATFORM) here; it has {names or 'none'}."
    try:
        ctypes.CDLL(str(found[0]))
    except OSError as error:
        return _unloadable(
            f"Qt's platform {platform}", str(error), _PACKAGES.get(family, _ANY_PACKAGES)
        )
    if family == "wayland":
        return _why_no_wayland(environment)
    return _why_no_x11(environment) if family == "xcb" else None


def _unloadable(what: str, reason: str, packages: Mapping[str, str]) -> str:
    """Return which libraries are missing, and how to install them where that is known."""
    named = _MISSING_LIBRARY.search(reason)
    if named is None:
        return f"{what} cannot be loaded: {reason}."
    # The loader names only the first; the rest would come up one by one.
    missing = list(dict.fromkeys([named[1], *filter(_is_missing, packages)]))
    known = [packages[library] for library in missing if library in packages]
    command = f"; on Debian or Ubuntu: sudo apt install {' '.join(known)}" if known else ""
    return f"{what} needs {', '.join(missing)}, which this system lacks{command}."


def _is_missing(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return True
    return False


def _why_no_wayland(environment: Mapping[str, str]) -> str | None:
    name = environment.get("WAYLAND_DISPLAY") or "wayland-0"
    place = os.path.join(environment.get("XDG_RUNTIME_DIR", ""), name)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(place)
    except OSError as error:
        return f"The Wayland display “{place}” cannot be reached ({error.strerror or error})."
    return None


def _why_no_x11(environment: Mapping[str, str]) -> str | None:
    display = environment.get("DISPLAY", "")
    if not display:
        return "There is no display: DISPLAY is not set."
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(display), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"The display “{display}” (DISPLAY) cannot be reached." if failed else None
