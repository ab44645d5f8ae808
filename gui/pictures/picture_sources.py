"""Where a picture comes from: a file, a sample, or data that were dropped or pasted.

A source is a value; only `read` touches a disk or encodes pixels, and it may take long: the
`gui.pictures.picture_loader` calls it on its own thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage

from engine.pictures.images import Picture, open_sample, read_picture, sample_pictures
from engine.problems import PictureError

_ENCODED = {"image/png": ".png", "image/jpeg": ".jpg"}
"""Kinds of data that are a picture's file as it stands, and what such files are called."""

_LONGEST_PATH = 4096


@dataclass(frozen=True)
class FileSource:
    """A picture's file."""

    path: Path

    @property
    def name(self) -> str:
        """What the picture is called."""
        return self.path.name or str(self.path)

    def read(self) -> Picture:
        """Read the file."""
        return read_picture(self.path)


@dataclass(frozen=True)
class SampleSource:
    """A picture that comes with the program."""

    file_name: str

    @property
    def name(self) -> str:
        """The sample's label."""
        labels = {sample.name: sample.label for sample in sample_pictures()}
        return labels.get(self.file_name, self.file_name)

    def read(self) -> Picture:
        """Read the sample."""
        return open_sample(self.file_name)


@dataclass(frozen=True, eq=False)
class EncodedSource:
    """The bytes of a picture's file, handed over by another program."""

    name: str
    data: bytes

    def read(self) -> Picture:
        """Return the bytes as a picture."""
        return Picture(self.name, self.data)


@dataclass(frozen=True, eq=False)
class ImageSource:
    """Pixels from another program; the picture's bytes are a PNG of them."""

    name: str
    image: QImage

    def read(self) -> Picture:
        """Encode the pixels without loss."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # Qt's stubs want the format as bytes, Qt takes it as text.
        if not self.image.save(buffer, "PNG"):  # type: ignore[call-overload]
            raise PictureError(f"“{self.name}” could not be taken over. Save it as a file first.")
        return Picture(self.name, bytes(buffer.data().data()))


PictureSource = FileSource | SampleSource | EncodedSource | ImageSource


def may_hold_picture(data: QMimeData) -> bool:
    """Whether what is dragged can be a picture; asked at every move, so nothing is read."""
    return data.hasUrls() or data.hasImage() or any(map(data.hasFormat, _ENCODED))


def source_in(data: QMimeData, verb: str) -> PictureSource | None:
    """Return the picture in what was dropped or pasted, or None where there is none.

    A file comes before its pixels: it has a name, and every bit of them.

    Args:
        data: what was dropped or pasted.
        verb: "Dropped" or "Pasted", for the name of a picture that has none.

    Raises:
        PictureError: it names a picture that is not on this computer.
    """
    files = local_files(data)
    if files:
        return FileSource(files[0])
    for kind, suffix in _ENCODED.items():
        if data.hasFormat(kind):
            return EncodedSource(f"{verb} picture{suffix}", bytes(data.data(kind).data()))
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return ImageSource(f"{verb} picture.png", image)
    if data.hasUrls():
        raise PictureError(
            f"“{data.urls()[0].toDisplayString():.80}” is not on this computer. "
            "Save the picture and open its file."
        )
    path = _path_in(data.text())
    return None if path is None else FileSource(path)


def local_files(data: QMimeData) -> Sequence[Path]:
    """Return the files of this computer that are dropped or pasted."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _path_in(text: str) -> Path | None:
    """Return the file that a text names by its whole path, as file managers and terminals do."""
    text = text.strip().strip("\"'")
    if not text or len(text) > _LONGEST_PATH or "\n" in text:
        return None
    url = QUrl(text)
    path = Path(url.toLocalFile() if url.isLocalFile() else text)
    return path if path.is_absolute() else None
