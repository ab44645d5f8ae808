"""How numbers and sizes are written for people, everywhere in the window alike."""

from engine import wording
from engine.analysis import LayerAnalysis
from engine.layer import Layer
from engine.shapes import Shape
from engine.size_changes import change_text

__all__ = [
    "UNKNOWN",
    "bytes_text",
    "change_text",
    "count_text",
    "field_text",
    "kind_help",
    "level_text",
    "parameters_text",
    "size_text",
    "span_text",
]

UNKNOWN = "unknown"


def kind_help(kind: type[Layer]) -> str:
    """Return what layers of a kind do, in a sentence."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split())


def size_text(shape: Shape | None, order: str = "HWC") -> str:
    """Return a size as H × W × C, or as C × H × W; dashes where it is not known.

    >>> size_text(Shape(8, 224, 200)), size_text(Shape(8, 224, 200), "CHW")
    ('224 × 200 × 8', '8 × 224 × 200')
    """
    if shape is None:
        return "– × – × –"
    if order == "CHW":
        return f"{shape.channels} × {shape.height} × {shape.width}"
    return str(shape)


def span_text(noun: str, first: int, last: int) -> str:
    """Return which rows or columns are meant, both ends included.

    >>> span_text("row", -1, 1), span_text("column", 4, 4)
    ('rows −1 to 1', 'column 4')
    """
    text = f"{noun} {first}" if first == last else f"{noun}s {first} to {last}"
    return text.replace("-", "−")


def count_text(count: int | None, unit: str = "") -> str:
    """Return a count, short from ten thousand on.

    >>> count_text(876), count_text(13_400_000, "MACs"), count_text(25_088)
    ('876', '13.4 M MACs', '25.1 k')
    >>> count_text(999_999), count_text(13_824 * 10**12)
    ('1 M', '13.8 P')
    """
    if count is None:
        return UNKNOWN
    text = f"{count:,}"
    if count >= 10**4:
        amount, letters = count / 1000, "kMGTPEZY"
        while amount >= 999.5 and len(letters) > 1:
            amount, letters = amount / 1000, letters[1:]
        text = f"{amount:.3g} {letters[0]}"
    return f"{text} {unit}".rstrip()


def bytes_text(count: int | None) -> str:
    """Return an amount of memory in binary units.

    >>> bytes_text(145_200), bytes_text(5_000_000)
    ('142 KiB', '4.77 MiB')
    """
    return UNKNOWN if count is None else wording.bytes_text(count)


def field_text(layer: LayerAnalysis) -> str:
    """Return the receptive field in a few words."""
    field = layer.receptive_field
    if field is None:
        return UNKNOWN
    at_most = "≤ " if field.reason and field.stride is None and field.padding is None else ""
    return f"{at_most}{field.height}×{field.width}"


def parameters_text(layer: LayerAnalysis) -> str:
    """Return parameters and MACs of a layer in a few words."""
    facts = layer.facts
    if facts is None:
        return UNKNOWN
    words = [count_text(facts.parameters, "parameters") if facts.parameters else "no parameters"]
    if facts.macs:
        words.append(count_text(facts.macs, "MACs"))
    return " · ".join(words)


def level_text(value: float) -> str:
    """Return a value as it stands at a color bar: three digits and a true minus sign.

    >>> level_text(-0.12345), level_text(2.0)
    ('−0.123', '2')
    """
    return f"{value:.3g}".replace("-", "−")
