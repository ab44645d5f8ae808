"""Sizes of maps, and the only formulas for them in the program.

Lengths are in pixels of one axis. A shape is (channels, height, width), as the arrays are; people
read it as height × width × channels.
"""

from typing import NamedTuple


class Shape(NamedTuple):
    """The size of all maps of a layer; a vector of n is n channels of 1 × 1.

    >>> Shape(32, 26, 26)
    Shape(channels=32, height=26, width=26)
    >>> print(Shape(32, 26, 26))
    26 × 26 × 32
    """

    channels: int
    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.height} × {self.width} × {self.channels}"

    @property
    def values(self) -> int:
        """How many numbers the maps hold."""
        return self.channels * self.height * self.width

    @property
    def bytes(self) -> int:
        """The memory that the maps take as float32."""
        return 4 * self.values

    @property
    def is_vector(self) -> bool:
        """Whether each channel is a single value."""
        return self.height == 1 and self.width == 1


def window_span(kernel: int, dilation: int) -> int:
    """Return the length from a window's first to its last cell, gaps of dilation included.

    >>> window_span(3, dilation=2)
    5
    """
    return dilation * (kernel - 1) + 1


def output_length(
    length: int, span: int, stride: int, before: int, after: int, *, ceil: bool = False
) -> int:
    """Return how many positions a sliding window has; 0 when it does not fit.

    ``⌊(length + before + after − span) / stride⌋ + 1``. With ``ceil`` the division rounds up, and
    a last window that would start in the padding after the input is dropped, as PyTorch does. A
    window that is longer than all of it, by less than the stride, then has one position.

    >>> output_length(28, span=3, stride=2, before=0, after=0)
    13
    >>> output_length(4, span=2, stride=3, before=1, after=1, ceil=True)
    2
    >>> output_length(2, span=3, stride=2, before=0, after=0, ceil=True)
    1
    """
    room = length + before + after - span
    steps = -(-room // stride) if ceil else room // stride
    if ceil and steps * stride >= length + before:
        steps -= 1
    return max(0, steps + 1)


def same_length(length: int, stride: int) -> int:
    """Return the output length of padding "same": ``⌈length / stride⌉``.

    >>> same_length(5, stride=2)
    3
    """
    return -(-length // stride)


def same_padding(length: int, span: int, stride: int, *, lower: bool = False) -> tuple[int, int]:
    """Return the padding before and after that "same" applies.

    An odd pixel goes to the end, as in Keras, PyTorch and ONNX's SAME_UPPER; with ``lower`` to the
    beginning, as in ONNX's SAME_LOWER.

    >>> same_padding(224, span=7, stride=2)
    (2, 3)
    >>> same_padding(224, span=7, stride=2, lower=True)
    (3, 2)
    """
    total = max((same_length(length, stride) - 1) * stride + span - length, 0)
    half = total // 2
    return (total - half, half) if lower else (half, total - half)


def transposed_length(length: int, span: int, stride: int, before: int, after: int) -> int:
    """Return the output length of a transposed window; zero or less when all of it is cropped.

    The spans that the inputs scatter into cover ``stride·(length − 1) + span``; ``before`` and
    ``after`` pixels of that are cropped, or added where they are negative.

    >>> transposed_length(14, span=2, stride=2, before=0, after=0)
    28
    >>> transposed_length(14, span=3, stride=2, before=1, after=1)
    27
    """
    return stride * (length - 1) + span - before - after


def transposed_cropping(
    span: int, stride: int, rule: str, output_padding: int | None = None
) -> tuple[int, int]:
    """Return the pixels that Keras' "valid" or "same" crops before and after.

    An odd pixel goes to the end; negative means that the output continues beyond the last span.
    The output is ``stride·(length − 1) + max(span, stride)`` with "valid" and ``stride·length``
    with "same"; with ``output_padding``, ``stride·(length − 1) + span + output_padding`` with
    "valid" and ``stride·(length − 1) + span mod 2 + output_padding`` with "same".

    >>> transposed_cropping(3, stride=2, rule="same")
    (0, 1)
    >>> transposed_cropping(2, stride=3, rule="valid")
    (0, -1)
    >>> transposed_cropping(5, stride=2, rule="same", output_padding=1)
    (1, 2)
    """
    if rule == "valid":
        return 0, span - max(span, stride) if output_padding is None else -output_padding
    kept = stride if output_padding is None else span % 2 + output_padding
    before = max(0, (span - kept) // 2)
    return before, span - kept - before
