"""A person's picture: its original bytes as a value, where it comes from, and the samples.

``Picture`` holds bytes and decodes nothing; ``decode`` turns it into pixels. From there
``pixels.apply_policy`` brings them to the network's size and ``pixels.to_maps`` to its input.
"""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from engine.pictures.image_decoding import DecodedPicture, decode_bytes
from engine.pictures.image_headers import PictureHeader, read_header
from engine.pictures.image_refusals import check_file_size
from engine.pictures.size_policy import SizePolicy, useful_reduction
from engine.problems import PictureError
from engine.wording import shown_name

SAMPLES_FOLDER = Path(__file__).parents[2] / "resources" / "samples"


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture's file; equal content is an equal value, whatever its name.

    ``name`` is for people and can always be shown; ``path`` is where it was read from, if it was.
    ``digest`` is the SHA-256 of the bytes, in hexadecimal.

    >>> Picture("a.png", b"same") == Picture("b.png", b"same")
    True
    """

    name: str = field(compare=False)
    data: bytes = field(compare=False, repr=False)
    path: Path | None = field(default=None, compare=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", shown_name(self.name))
        object.__setattr__(self, "digest", hashlib.sha256(self.data).hexdigest())

    @property
    def is_sample(self) -> bool:
        """Whether it came with the program."""
        return self.path is not None and self.path.parent == SAMPLES_FOLDER


class Sample(NamedTuple):
    """A picture that comes with the program; ``name`` is its file's, ``label`` is for people."""

    name: str
    label: str


_SAMPLES = (
    Sample("scene.png", "Glossy spheres"),
    Sample("landscape.jpg", "Mountain lake"),
    Sample("shapes.png", "Colored shapes"),
    Sample("edges.png", "Edges at every angle"),
    Sample("texture.png", "Textures"),
    Sample("gradients.png", "Gradients"),
    Sample("text.png", "Printed text"),
    Sample("digit.png", "Handwritten digit"),
)


def read_picture(path: str | os.PathLike[str]) -> Picture:
    """Read a picture's file without decoding it.

    Raises:
        PictureError: There is no such file, or it is not a regular one, is empty or too large, or
            cannot be opened; the text says which.
    """
    place = Path(path)
    name = shown_name(place.name or str(place))
    try:
        status = place.stat()
        # Opening a named pipe would wait for ever, so the kind is looked at first.
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(f"“{name}” is {_kind_of_file(status.st_mode)}. Choose a file.")
        check_file_size(name, status.st_size)
        data = place.read_bytes()
    except FileNotFoundError as error:
        folder = "" if place.parent == Path() else f" in {shown_name(str(place.parent))}"
        raise PictureError(f"“{name}” was not found{folder}.") from error
    except PermissionError as error:
        raise PictureError(
            f"“{name}” cannot be opened: its permissions do not let you read it."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(f"“{name}” cannot be opened: {reason}.") from error
    return Picture(name, data, place)


def decode(picture: Picture, policy: SizePolicy | None = None) -> DecodedPicture:
    """Return the pixels of a picture, and warnings on what was changed to get them.

    With a policy, a JPEG much larger than the policy needs may come at a reduced scale; pass the
    result's ``original_size`` to ``apply_policy``. The same arguments always give the same pixels.

    Raises:
        PictureError: It cannot be decoded; the text says why and what would help.
    """
    reduction = 1 if policy is None else reduction_for(header_of(picture), policy)
    return decode_bytes(picture.name, picture.data, reduction)


def header_of(picture: Picture) -> PictureHeader:
    """Return the size that a picture declares, without decoding it.

    Raises:
        PictureError: It is no picture, or its header is damaged.
    """
    return read_header(picture.name, picture.data)


def reduction_for(header: PictureHeader, policy: SizePolicy) -> int:
    """Return 1, or 2, 4 or 8 where a policy needs only that part of a picture's scale."""
    if not header.reducible:
        return 1
    return useful_reduction(policy, header.shape.height, header.shape.width)


def sample_pictures() -> tuple[Sample, ...]:
    """Return the pictures that come with the program, the best first.

    >>> sample_pictures()[0].label
    'Glossy spheres'
    """
    return _SAMPLES


def open_sample(name: str) -> Picture:
    """Return a sample by its name; its label becomes no part of it.

    Raises:
        PictureError: There is no sample of that name.
    """
    names = [sample.name for sample in _SAMPLES]
    if name not in names:
        raise PictureError(
            f"There is no sample “{shown_name(name)}”; there are {', '.join(names)}."
        )
    return read_picture(SAMPLES_FOLDER / name)


def _kind_of_file(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return f"{kinds.get(stat.S_IFMT(mode), 'something special')}, not a regular file"
