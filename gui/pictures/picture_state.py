"""What the window shows of the project's picture, and the words for it."""

from dataclasses import dataclass
from pathlib import Path

from engine.pictures.crop_frame import keeps_proportions
from engine.pictures.images import Picture
from engine.pictures.picture_formats import FORMATS
from engine.pictures.size_policy import Mode, Rectangle, Size, SizePolicy, place
from engine.problems import PictureError
from engine.project import MissingPicture, Project, declared_input, picture_header
from engine.shapes import Shape
from engine.size_outcome import SizeOutcome
from engine.wording import counted
from gui.pictures.picture_loader import PictureOverview
from gui.wording import bytes_text, size_text

EMPTY = "Open a picture, drop one here, or choose a sample."

_SHORT: dict[Mode, str] = {
    "as_is": "as it is",
    "limit": "limit",
    "letterbox": "fit",
    "crop": "crop",
    "stretch": "stretch",
}


@dataclass(frozen=True, eq=False)
class PictureState:
    """The project, whose picture is shown, and the overview of that, once it is made."""

    project: Project
    overview: PictureOverview | None = None

    @property
    def policy(self) -> SizePolicy:
        """How the picture is brought to size."""
        return self.project.policy

    @property
    def name(self) -> str:
        """What the picture is called; empty without one."""
        picture = self.project.picture
        return picture.name if isinstance(picture, Picture | MissingPicture) else ""

    @property
    def original(self) -> Shape | None:
        """The size of the picture before its policy, where there is one that can be read."""
        picture = self.project.picture
        if not isinstance(picture, Picture):
            return None
        try:
            return picture_header(picture).shape
        except PictureError:
            return None

    @property
    def size(self) -> Size | None:
        """The (height, width) of the original."""
        original = self.original
        return None if original is None else (original.height, original.width)

    @property
    def frame(self) -> Rectangle | None:
        """The part of the picture that is cropped, where the policy is to crop."""
        size = self.size
        if size is None or self.policy.mode != "crop":
            return None
        return place(self.policy, *size).region

    @property
    def problem(self) -> str:
        """Why the picture cannot be read; empty if it can, or if there is none."""
        if not isinstance(self.project.picture, Picture):
            return ""
        if self.overview is not None and self.overview.problem:
            return self.overview.problem
        return declared_input(self.project).missing

    @property
    def warnings(self) -> str:
        """What was changed to read the picture, in sentences."""
        return " ".join(self.overview.warnings) if self.overview is not None else ""

    @property
    def missing(self) -> MissingPicture | None:
        """The picture that went missing while the project was closed, if it did."""
        picture = self.project.picture
        return picture if isinstance(picture, MissingPicture) else None

    @property
    def input_shape(self) -> Shape | None:
        """The size of what the first layer gets, where it is known."""
        return declared_input(self.project).shape


@dataclass(frozen=True)
class Offer:
    """A way to a picture: what it asks for, and its words."""

    id: str
    label: str


ASK = Offer("ask", "Open …")
LOCATE = Offer("locate", "Locate …")
SAMPLES = Offer("samples", "Samples")
SIZE = Offer("size", "Only a size …")


@dataclass(frozen=True)
class Instead:
    """What is said where no picture can be shown, in a role of the style sheet, and offered."""

    text: str
    role: str
    offers: tuple[Offer, ...]


def instead_of_picture(state: PictureState) -> Instead | None:
    """Return what is said instead of a picture, None where there is one that can be read."""
    if state.problem:
        return Instead(state.problem, "problem", (ASK, SAMPLES))
    if state.missing is not None:
        return Instead(state.missing.reason, "problem", (LOCATE, ASK, SAMPLES))
    if isinstance(state.project.picture, Shape):
        return Instead(headline(state), "text", (ASK, SAMPLES))
    if state.project.picture is None:
        return Instead(EMPTY, "text", (ASK, SAMPLES, SIZE))
    return None


def policy_text(state: PictureState) -> str:
    """Return how the picture is brought to size, in very few words."""
    picture, policy = state.project.picture, state.policy
    if isinstance(picture, Shape):
        return f"size {size_text(picture)}"
    if not isinstance(picture, Picture):
        return "none" if picture is None else "missing"
    if policy.mode == "as_is":
        return _SHORT["as_is"]
    if policy.mode == "limit" and policy.height == policy.width:
        return f"limit {policy.height}"
    return f"{_SHORT[policy.mode]} {policy.height} × {policy.width}"


def picture_words(state: PictureState) -> str:
    """Return which picture it is and what its values are, or that there is only a size.

    As "photo.jpg · RGB, 0 to 1".
    """
    original = state.original
    if original is None:
        return state.name or headline(state)
    if _noun(state.name) == "array":
        # What its numbers mean, only its person knows.
        return f"{state.name} · {counted(original.channels, 'channel')}"
    return f"{state.name} · RGB, 0 to 1"


def headline(state: PictureState) -> str:
    """Return what the picture is and what becomes of it: "24 MP photo, cropped to 224 × 224"."""
    if state.size is None:
        return "only a size, no picture" if state.input_shape is not None else ""
    return f"{_extent(state.size)} {_fate(state)}"


def description(state: PictureState) -> str:
    """Return the same of a picture with its size in numbers: "4000 × 6000 × 3 photo, …"."""
    return f"{size_text(state.original)} {_fate(state)}"


def _fate(state: PictureState) -> str:
    """Return what kind of picture it is and what becomes of it: "photo, stretched to 8 × 8"."""
    size, shape = state.size, state.input_shape
    assert size is not None
    if shape is None:
        return _noun(state.name)
    to = f"{shape.height} × {shape.width}"
    match state.policy.mode:
        case "crop":
            target = state.policy.height, state.policy.width
            kept = keeps_proportions(place(state.policy, *size).region, target)
            done = f"cropped to {to}" if kept else f"cropped and stretched to {to}"
        case "letterbox":
            done = f"fit into {to} with black bars"
        case "stretch":
            done = f"stretched to {to}"
        case _:
            done = f"reduced to {to}" if size != (shape.height, shape.width) else "as it is"
    return f"{_noun(state.name)}, {done}"


def memory_text(outcome: SizeOutcome) -> str:
    """Return what the maps of a network take at a size of the input."""
    return f"{'at least ' if outcome.unknown else ''}{bytes_text(outcome.maps_bytes)}"


def memory_warning(outcome: SizeOutcome, budget: int) -> str:
    """Return a sentence on a size whose maps take more memory than is kept for them."""
    return (
        f"At {size_text(outcome.shape)} its own maps take {bytes_text(outcome.shape.bytes)} and "
        f"all maps of the network {memory_text(outcome)}. The window keeps {bytes_text(budget)} "
        "of maps; beyond that it is slow, or memory runs out."
    )


def _extent(size: Size) -> str:
    """Return a size in megapixels, or a small one as height × width.

    >>> _extent((4000, 6000)), _extent((1000, 1500)), _extent((28, 28))
    ('24 MP', '1.5 MP', '28 × 28')
    """
    pixels = size[0] * size[1]
    if pixels < 1_000_000:
        return f"{size[0]} × {size[1]}"
    return f"{pixels / 1e6:.0f} MP" if pixels >= 9_950_000 else f"{pixels / 1e6:.1f} MP"


def _noun(name: str) -> str:
    """Return what a file of that name is called."""
    kind = FORMATS.get(Path(name).suffix.lower(), "")
    return {"JPEG": "photo", "NumPy array": "array"}.get(kind, "picture")
