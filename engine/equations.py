"""A size equation in symbols and with the real numbers of each axis, as text.

The numbers come from the callers, which take them from `engine.shapes`; nothing is computed here
that could disagree with the size itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SizeEquation:
    """Why an output has its size.

    ``rule`` names the rule in words ("valid, floor"); ``symbols`` is the formula; ``height`` and
    ``width`` are the formula with numbers, ending in "= result"; ``channels`` says where the
    number of channels comes from. ``words`` is the rule as a sentence, where its name is not one.
    ``crops`` says that padding is cut off the output instead of put around the input.
    """

    rule: str
    symbols: str
    height: str
    width: str
    channels: str
    notes: tuple[str, ...] = ()
    words: str = ""
    crops: bool = False


def kept_size(height: int, width: int, channels: str = "as the input") -> SizeEquation:
    """Return the equation of a layer that works on each value by itself."""
    return SizeEquation("keeps the size", "in", f"{height}", f"{width}", channels)


def floor_term(length: int, padding: int, span: int, stride: int, result: int) -> str:
    """Return the equation of one axis of a window that rounds down.

    >>> floor_term(112, 0, span=3, stride=2, result=55)
    '⌊(112 + 0 − 3) / 2⌋ + 1 = 55'
    """
    return f"⌊({length} + {padding} − {span}) / {stride}⌋ + 1 = {result}"


def ceil_term(length: int, padding: int, span: int, stride: int, result: int) -> str:
    """Return the equation of one axis of a window that rounds up."""
    dropped = -(-(length + padding - span) // stride) + 1 - result
    tail = " − 1 (a window would start in the padding)" if dropped else ""
    return f"⌈({length} + {padding} − {span}) / {stride}⌉ + 1{tail} = {result}"


def same_term(length: int, stride: int, result: int) -> str:
    """Return the equation of one axis with padding "same".

    >>> same_term(28, 2, 14)
    '⌈28 / 2⌉ = 14'
    """
    return f"⌈{length} / {stride}⌉ = {result}"
