"""Why a picture is refused: the memory budget, and files that are something else.

Every sentence names the file, what was received and, where there is one, the way out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from engine.pictures.picture_formats import FORMATS
from engine.problems import ConvolensError, PictureError
from engine.wording import NETWORK_FILES

PICTURE_BUDGET = 600_000_000
"""The most bytes that one picture may take, as a file and decoded.

It is 200 megapixels of 8-bit color, 100 of 16-bit color, 50 of floating point.
"""


def check_budget(name: str, height: int, width: int, channels: int, bytes_each: int) -> None:
    """Refuse a picture by the size that its header declares, before anything is decoded.

    >>> check_budget("bomb.png", 30000, 30000, channels=3, bytes_each=1)
    Traceback (most recent call last):
        ...
    engine.problems.PictureError: “bomb.png” is 30,000 × 30,000 pixels (height × width) and would \
take 2,700 MB; a picture may take 600 MB. Reduce it in an image editor first.
    """
    needed = height * width * channels * bytes_each
    if needed > PICTURE_BUDGET:
        raise PictureError(
            f"“{name}” is {height:,} × {width:,} pixels (height × width) and would take "
            f"{_megabytes(needed)}; a picture may take {_megabytes(PICTURE_BUDGET)}. "
            "Reduce it in an image editor first."
        )
    if needed <= 0:
        raise PictureError(f"“{name}” has no pixels: it is {height} × {width} (height × width).")


def check_file_size(name: str, size: int) -> None:
    """Refuse an empty file, and one beyond the budget."""
    if size == 0:
        raise PictureError(f"“{name}” is empty: it has 0 bytes.")
    if size > PICTURE_BUDGET:
        raise PictureError(
            f"“{name}” is a file of {_megabytes(size)}; a picture may take "
            f"{_megabytes(PICTURE_BUDGET)}. Reduce it in an image editor first."
        )


def _megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB"


@contextmanager
def decoder_errors_as_sentences(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises into one sentence about the file.

    Decoders raise nearly every kind of exception for damaged files: OSError, SyntaxError,
    struct.error, KeyError, cv2.error and more.
    """
    try:
        yield
    except ConvolensError:
        raise
    except MemoryError as error:
        raise PictureError(
            f"“{name}” needs more memory than is free. Close other programs or reduce the picture."
        ) from error
    except Exception as error:
        reason = " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__
        raise PictureError(
            f"“{name}” cannot be decoded: {reason}. It is damaged or of a rare kind; opening it "
            "in an image editor and saving it as PNG may help."
        ) from error


_AGAIN = "Copy or save it again."

# Offset, signature, what it is, the way out.
_OTHER_KINDS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\xff\xd8\xff", "a damaged JPEG picture", _AGAIN),
    (0, b"\x89PNG", "a damaged PNG picture", _AGAIN),
    (0, b"GIF8", "a damaged GIF picture", _AGAIN),
    (8, b"WEBP", "a damaged WebP picture", _AGAIN),
    (4, b"ftypavi", "a damaged AVIF picture", _AGAIN),
    (4, b"ftyphei", "a HEIC picture", "Export it as JPEG."),
    (4, b"ftyphev", "a HEIC picture", "Export it as JPEG."),
    (4, b"ftypmif1", "a HEIF picture", "Export it as JPEG."),
    (4, b"ftypmsf1", "a HEIF picture", "Export it as JPEG."),
    (4, b"ftypcrx ", "a camera's raw picture", "Export it as JPEG or 16-bit TIFF."),
    (4, b"ftyp", "a video", "Save one frame as PNG."),
    (0, b"\x1aE\xdf\xa3", "a video", "Save one frame as PNG."),
    *(
        (0, signature, "a TIFF of a rare kind", "Save it as 8- or 16-bit RGB.")
        for signature in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
    ),
    (0, b"%PDF", "a PDF document", "Export a page as PNG."),
    (0, b"%!PS", "a PostScript document", "Export it as PNG."),
    (0, b"8BPS", "a Photoshop document", "Export it as PNG."),
    (0, b"gimp xcf", "a GIMP document", "Export it as PNG."),
    (0, b"v/1\x01", "an OpenEXR picture", "Save it as Radiance HDR or as TIFF."),
    (0, b"\xff\x0a", "a JPEG XL picture", "Save it as PNG."),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture", "Save it as PNG."),
    (0, b"\x89HDF", "an HDF5 file", "Save one array with numpy.save as .npy."),
    (0, b"MATLAB 5.0", "a MATLAB file", "Save one array with numpy.save as .npy."),
    (0, b"PK\x03\x04", "an archive (zip or .npz)", "Take one picture or array out of it."),
    *(
        (0, bytes([0x80, protocol]), "a Python pickle, which could run code", "Use numpy.save.")
        for protocol in range(2, 6)
    ),
)

_HOLD_NETWORKS = (
    "an HDF5 file", "an archive (zip or .npz)", "a Python pickle, which could run code",
)  # fmt: skip
"""Kinds that other programs save networks as."""

_KNOWN = "Pictures are JPEG, PNG, TIFF, WebP, AVIF, JPEG 2000, BMP, PPM, HDR, GIF or .npy."


def not_a_picture(name: str, data: bytes) -> PictureError:
    """Return the error for bytes that no decoder recognizes, saying what they are instead.

    >>> print(not_a_picture("paper.png", b"%PDF-1.7"))
    “paper.png” is a PDF document; that cannot be read as a picture. Export a page as PNG.
    """
    networks = "" if PurePath(name).suffix.lower() in FORMATS else f" {NETWORK_FILES}"
    for offset, signature, kind, way_out in _OTHER_KINDS:
        if data.startswith(signature, offset):
            return _refusal(name, kind, way_out + networks if kind in _HOLD_NETWORKS else way_out)
    start = data[:1024]
    if b"<svg" in start:
        kind, way_out = "an SVG drawing", "Export it as PNG."
    elif b"<html" in start.lower() or b"<!doctype html" in start.lower():
        kind, way_out = "a web page", "Save the picture itself from the browser."
    elif _is_text(start):
        kind, way_out = "text", _KNOWN + networks
    else:
        kind = f"of an unknown kind (it begins with {start[:8].hex(' ')})"
        way_out = _KNOWN + networks
    return _refusal(name, kind, way_out)


def _refusal(name: str, kind: str, way_out: str) -> PictureError:
    return PictureError(f"“{name}” is {kind}; that cannot be read as a picture. {way_out}")


def _is_text(start: bytes) -> bool:
    """Whether the beginning of a file reads as UTF-8 text; a character may be cut at the end."""
    text = start.decode("utf-8", errors="replace")[:-1]
    return bool(text) and all(c.isprintable() or c.isspace() for c in text) and "�" not in text
