"""What the frozen program brings along, and the terms of it: one folder of license texts.

The texts are those of the wheels and of the Python that are frozen. Qt's wheels carry none: the GNU
licenses are taken out of those of opencv-python and numpy, whose Linux libraries need them too. A
text that is nowhere ends the build, because the program must not be passed on without it.
"""

import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from engine.libraries import LIBRARIES
from engine.version import VERSION

PROJECT = Path(__file__).parent.parent
DISTRIBUTIONS = (*LIBRARIES, "shiboken6", "pyinstaller")

_GNU = {
    "LGPL-3.txt": ("GNU LESSER GENERAL PUBLIC LICENSE", "that version for the\nLibrary."),
    "GPL-3.txt": (
        "GNU GENERAL PUBLIC LICENSE",
        "<https://www.gnu.org/licenses/why-not-lgpl.html>.",
    ),
}
"""How each text begins, before the words "Version 3", and how it ends."""

_QT = """\
    Used under the LGPL: GNU/LGPL-3.txt, which adds to GNU/GPL-3.txt. Qt is copyright of The Qt
    Company and others; what it contains: https://doc.qt.io/qt-6/licenses-used-in-qt.html
    Source: https://download.qt.io/official_releases/ under "qt" and "QtForPython". These are
    shared libraries in the folder PySide6: other builds of the same version may replace them."""
_REMARKS = {
    "PySide6-Essentials": _QT,
    "shiboken6": "    As PySide6-Essentials, in the folder shiboken6.",
    "opencv-python": """\
    On Linux and macOS with FFmpeg and others under the GNU LGPL 2.1, on Linux with Qt 5 under the
    LGPL 3 too; on Windows without FFmpeg. All are named in LICENSE-3RD-PARTY.txt.
    Source: https://github.com/opencv/opencv-python, https://ffmpeg.org and, of Qt 5, as above.""",
    "pyinstaller": "    Its loader starts the program. Its license makes an exception for that.",
}


def write_licenses(folder: Path) -> None:
    """Write all texts, and README.txt about them.

    Raises:
        SystemExit: the text of a license was not found.
    """
    _write(folder / "Convolens" / "LICENSE", (PROJECT / "LICENSE").read_text("utf-8"))
    _write(folder / "Python" / "LICENSE.txt", _python_license().read_text("utf-8"))
    said = [
        f"Convolens {VERSION} is free software under the MIT license. What else is in this copy\n"
        "comes under terms of its own. All texts are in the folders beside this file.",
        f"Python {sys.version.split()[0]}: PSF-2.0\n    Source: https://www.python.org/downloads/",
    ]
    texts = []
    for name in DISTRIBUTIONS:
        found = distribution(name)
        for part, text in _license_files(found):
            _write(folder / name / part, text)
            texts.append(text)
        terms = str(found.metadata["License-Expression"] or found.metadata["License"])
        said.append("\n".join([f"{name} {found.version}: {terms}", *_remark(name)]))
    for name, (title, end) in _GNU.items():
        _write(folder / "GNU" / name, _gnu_license(title, end, texts))
    _write(folder / "README.txt", "\n\n".join(said) + "\n")


def _remark(name: str) -> list[str]:
    return [_REMARKS[name]] if name in _REMARKS else []


def _license_files(found: Distribution) -> Iterator[tuple[Path, str]]:
    """Yield each text in a wheel's record, by its path there."""
    for file in found.files or ():
        record, *folders = file.parts
        if not record.endswith(".dist-info") or not re.search("LICENSE|COPYING", file.name):
            continue
        if folders[0] == "licenses":
            del folders[0]
        yield Path(*folders), Path(str(found.locate_file(file))).read_text("utf-8")


def _python_license() -> Path:
    """Return where Python's license is: beside its modules, or on Windows beside itself."""
    for folder in (sysconfig.get_path("stdlib"), sys.base_prefix):
        file = Path(folder) / "LICENSE.txt"
        if file.is_file():
            return file
    raise SystemExit(f"Python's LICENSE.txt is not in {sys.base_prefix}.")


def _gnu_license(title: str, end: str, texts: list[str]) -> str:
    pattern = rf"^ *{title}\s+Version 3, 29 June 2007.*?{re.escape(end)}\n"
    for text in texts:
        if found := re.search(pattern, text, re.DOTALL | re.MULTILINE):
            return found[0]
    raise SystemExit(f"No library that is frozen carries the text of version 3 of the {title}.")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
