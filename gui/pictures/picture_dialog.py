"""The dialog in which a person chooses a picture's file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from engine.pictures.picture_formats import FORMATS


def open_picture_dialog(
    window: QWidget, title: str, folder: Path | None, chosen: Callable[[Path], None]
) -> None:
    """Open a dialog that calls ``chosen``; unlike exec, this leaves the window alive behind it."""
    dialog = QFileDialog(window, title, "" if folder is None else str(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(name_filters())
    # Two dozen endings, each in two cases, would say less than the name of the kind.
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def name_filters() -> tuple[str, ...]:
    """Return the filters of the dialog: all pictures, each kind of them, and all files."""
    kinds: dict[str, list[str]] = {}
    for suffix, label in FORMATS.items():
        # Cameras write .JPG, and some systems' dialogs tell the cases apart.
        kinds.setdefault(label, []).extend((f"*{suffix}", f"*{suffix.upper()}"))
    every = " ".join(pattern for patterns in kinds.values() for pattern in patterns)
    each = (f"{label} ({' '.join(patterns)})" for label, patterns in kinds.items())
    return (f"Pictures ({every})", *each, "All files (*)")
