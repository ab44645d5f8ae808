"""Sizes, positions and amounts of memory, as people write them on a command line."""

import re

from engine.pictures.size_policy import MAX_SIDE
from engine.shapes import Shape

MAX_LENGTH = 32_768
"""The largest height or width of an input that is only analyzed, in pixels."""

MAX_CHANNELS = 65_536
"""The most channels of an input, as many as a layer can have filters."""

_BETWEEN = re.compile(r"\s*[x×X*]\s*")
_MEMORY = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(B|[KMGT]i?B?)?", re.IGNORECASE)


def parse_picture_size(text: str) -> tuple[int, int]:
    """Return (height, width) from ``HxW``.

    Raises:
        ValueError: with a sentence that quotes the text and says what is expected.

    >>> parse_picture_size("224x320")
    (224, 320)
    """
    sides = _numbers(text, 2, "a size of the form HEIGHTxWIDTH, such as 224x224")
    for name, side in zip(("height", "width"), sides, strict=True):
        _check(text, name, side, MAX_SIDE)
    return sides[0], sides[1]


def parse_input_shape(text: str) -> Shape:
    """Return the shape from ``HxWxC``, the order in which people write it.

    Raises:
        ValueError: with a sentence that quotes the text and says what is expected.

    >>> parse_input_shape("28x32x3")
    Shape(channels=3, height=28, width=32)
    """
    sides = _numbers(text, 3, "an input of the form HEIGHTxWIDTHxCHANNELS, such as 28x28x3")
    limits = (("height", MAX_LENGTH), ("width", MAX_LENGTH), ("number of channels", MAX_CHANNELS))
    for (name, most), side in zip(limits, sides, strict=True):
        _check(text, name, side, most)
    height, width, channels = sides
    return Shape(channels, height, width)


def parse_position(text: str) -> tuple[int, int, int]:
    """Return (row, column, channel) from ``ROW,COLUMN,CHANNEL``, counted from 0.

    Raises:
        ValueError: with a sentence that quotes the text and says what is expected.

    >>> parse_position("4,7,2")
    (4, 7, 2)
    """
    parts = text.split(",")
    if len(parts) != 3 or not all(re.fullmatch(r"\s*[0-9]{1,9}\s*", part) for part in parts):
        raise ValueError(
            f"“{text:.40}” is not a position of the form ROW,COLUMN,CHANNEL, counted from 0, such "
            "as 4,7,2"
        )
    row, column, channel = map(int, parts)
    return row, column, channel


def parse_memory(text: str) -> int:
    """Return bytes from an amount such as ``2GiB``, ``512M`` or ``1.5 GB``.

    ``KiB``, ``MiB``, ``GiB``, ``TiB`` and the single letters are powers of 1024; ``KB``, ``MB``,
    ``GB`` and ``TB`` are powers of 1000; a bare number is bytes.

    Raises:
        ValueError: with a sentence that quotes the text and says what is expected.

    >>> parse_memory("512MiB"), parse_memory("1.5 GB")
    (536870912, 1500000000)
    """
    found = _MEMORY.fullmatch(text.strip())
    amount = 0
    if found is not None:
        number, unit = found.groups(default="B")
        step = 1000 if len(unit) == 2 else 1024
        amount = int(float(number) * step ** "BKMGT".index(unit[0].upper()))
    if amount < 1:
        raise ValueError(f"“{text:.40}” is not an amount of memory, such as 512MiB or 2GiB")
    return amount


def _numbers(text: str, count: int, expected: str) -> tuple[int, ...]:
    parts = _BETWEEN.split(text.strip())
    if len(parts) != count or not all(re.fullmatch("[0-9]{1,9}", part) for part in parts):
        raise ValueError(f"“{text:.40}” is not {expected}")
    return tuple(map(int, parts))


def _check(text: str, name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise ValueError(f"“{text:.40}”: the {name} must be from 1 to {most:,}, received {value:,}")
