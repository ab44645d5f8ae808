"""The libraries that the program runs on, and their versions."""

from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("PySide6-Essentials", "numpy", "opencv-python", "pyqtgraph", "Pillow")


def library_versions() -> dict[str, str | None]:
    """Return each library's version, or None where its record is not installed."""
    return {library: _version(library) for library in LIBRARIES}


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
