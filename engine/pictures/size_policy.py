"""How large a picture enters the network: a value of the project, and integer arithmetic.

Sizes and rectangles are in pixels, height before width. ``place`` decides everything from integers
alone; both the predicted size and the moved pixels follow it, so that they cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from engine.problems import ProjectFileError, SettingError
from engine.wording import quoted

Mode = Literal["as_is", "limit", "letterbox", "crop", "stretch"]
Size = tuple[int, int]
Rectangle = tuple[int, int, int, int]

MODE_LABELS: dict[Mode, str] = {
    "as_is": "As it is",
    "limit": "Limit the longer side",
    "letterbox": "Fit with black bars",
    "crop": "Crop to fill",
    "stretch": "Stretch",
}

MAX_SIDE = 8192
"""The largest height or width that a policy may ask for, in pixels."""

MAX_CROP = 1_000_000_000
"""The largest number in a crop rectangle: beyond any picture that can be read."""


@dataclass(frozen=True)
class SizePolicy:
    """What is done to a picture's size before the first layer.

    - ``as_is``: nothing.
    - ``limit``: reduced to fit within height × width, its proportions kept; never enlarged. With
      height = width = N the longer side has at most N pixels.
    - ``letterbox``: resized to fit within height × width, the rest black; an odd row or column of
      black goes to the end.
    - ``crop``: the largest centered part with the proportions of height × width, resized to them;
      or the rectangle ``crop``, whatever its proportions.
    - ``stretch``: resized to height × width, proportions ignored.

    ``crop`` is (top, left, height, width) in pixels of the original picture; it is moved inside a
    picture that it does not fit, and cut where it is larger. A setting that the mode does not read
    is kept for the day when the mode changes back.

    Raises:
        SettingError: A value is out of range; it names the field.
    """

    mode: Mode = "limit"
    height: int = 256
    width: int = 256
    crop: Rectangle | None = None

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            names = ", ".join(get_args(Mode))
            raise SettingError(
                f"The size policy's mode is one of {names}; received {quoted(self.mode)}.", "mode"
            )
        _check_integer(self.height, "height", "height", 1, MAX_SIDE)
        _check_integer(self.width, "width", "width", 1, MAX_SIDE)
        if self.crop is not None:
            _check_crop(self.crop)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a project file.

        >>> SizePolicy("stretch", 28, 28).to_json()
        {'mode': 'stretch', 'height': 28, 'width': 28, 'crop': None}
        """
        crop = None if self.crop is None else list(self.crop)
        return {"mode": self.mode, "height": self.height, "width": self.width, "crop": crop}

    @classmethod
    def from_json(cls, record: object) -> "SizePolicy":
        """Return the policy that ``to_json`` described; ``crop`` may be missing.

        Raises:
            ProjectFileError: The record has another form.
            SettingError: A value is out of range.
        """
        if not isinstance(record, Mapping):
            raise ProjectFileError(
                f"a size policy is an object with mode, height and width; received {record!r:.80}."
            )
        missing = [name for name in ("mode", "height", "width") if name not in record]
        if missing:
            raise ProjectFileError(f"the size policy lacks {' and '.join(missing)}.")
        unknown = [name for name in record if name not in cls.__dataclass_fields__]
        if unknown:
            raise ProjectFileError(f"a size policy has no {unknown[0]!r:.80}.")
        crop = record.get("crop")
        if isinstance(crop, list):
            crop = tuple(crop)
        return cls(record["mode"], record["height"], record["width"], crop)


class Placement(NamedTuple):
    """Which part of the original is resized to ``content`` and centered in ``output``."""

    region: Rectangle
    content: Size
    output: Size


def place(policy: SizePolicy, height: int, width: int) -> Placement:
    """Return where the pixels of a height × width picture go.

    >>> place(SizePolicy("letterbox", 28, 28), 100, 50)
    Placement(region=(0, 0, 100, 50), content=(28, 14), output=(28, 28))
    """
    whole = (0, 0, height, width)
    target = (policy.height, policy.width)
    match policy.mode:
        case "as_is":
            return Placement(whole, (height, width), (height, width))
        case "limit":
            fits = height <= target[0] and width <= target[1]
            size = (height, width) if fits else _fit(height, width, target)
            return Placement(whole, size, size)
        case "letterbox":
            return Placement(whole, _fit(height, width, target), target)
        case "crop":
            if policy.crop is not None:
                region = _inside(policy.crop, height, width)
            else:
                region = _centered(_fit_aspect(height, width, target), height, width)
            return Placement(region, target, target)
        case "stretch":
            return Placement(whole, target, target)


def output_size(policy: SizePolicy, height: int, width: int) -> Size:
    """Return the (height, width) that a height × width picture has after the policy.

    >>> output_size(SizePolicy("limit", 256, 256), 3000, 4000)
    (192, 256)
    >>> output_size(SizePolicy("limit", 256, 256), 28, 28)
    (28, 28)
    """
    return place(policy, height, width).output


def useful_reduction(policy: SizePolicy, height: int, width: int) -> int:
    """Return 1, 2, 4 or 8: a picture decoded at 1 / that scale still has pixels to spare.

    Four times the needed length is kept: the edges of a crop then move by less than a quarter of
    a pixel of the result.

    >>> useful_reduction(SizePolicy("limit", 256, 256), 4000, 6000)
    4
    """
    region, content, _ = place(policy, height, width)
    spare = min(region[2] // content[0], region[3] // content[1]) // 4
    return max(scale for scale in (1, 2, 4, 8) if scale <= max(spare, 1))


def _fit(height: int, width: int, box: Size) -> Size:
    """Return the largest size within a box with nearly the same proportions."""
    if box[0] * width <= box[1] * height:
        return box[0], _scaled(width, box[0], height)
    return _scaled(height, box[1], width), box[1]


def _fit_aspect(height: int, width: int, aspect: Size) -> Size:
    """Return the largest size within height × width with nearly the proportions of ``aspect``."""
    return _fit(aspect[0], aspect[1], (height, width))


def _scaled(length: int, numerator: int, denominator: int) -> int:
    """Return length × numerator / denominator, halves rounded up, at least 1."""
    return max((2 * length * numerator + denominator) // (2 * denominator), 1)


def _centered(size: Size, height: int, width: int) -> Rectangle:
    return (height - size[0]) // 2, (width - size[1]) // 2, size[0], size[1]


def _inside(crop: Rectangle, height: int, width: int) -> Rectangle:
    """Return the rectangle cut to the picture's size and then moved into it."""
    rows, columns = min(crop[2], height), min(crop[3], width)
    return min(crop[0], height - rows), min(crop[1], width - columns), rows, columns


def _check_integer(value: object, name: str, setting: str, minimum: int, maximum: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise SettingError(
            f"The size policy's {name} is a whole number of pixels; received {quoted(value)}.",
            setting,
        )
    if not minimum <= value <= maximum:
        raise SettingError(
            f"The size policy's {name} is from {minimum} to {maximum:,} pixels; received "
            f"{quoted(value)}.",
            setting,
        )


def _check_crop(crop: object) -> None:
    if not isinstance(crop, tuple) or len(crop) != 4:
        raise SettingError(
            f"The crop rectangle is (top, left, height, width); received {quoted(crop)}.", "crop"
        )
    for value, name, minimum in zip(
        crop, ("top", "left", "height", "width"), (0, 0, 1, 1), strict=True
    ):
        _check_integer(value, f"crop {name}", "crop", minimum, MAX_CROP)
