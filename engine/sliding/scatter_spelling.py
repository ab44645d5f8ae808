"""A transposed window's stride, padding and output padding in the words of other dialects.

Keras crops by its rules "valid" and "same", PyTorch the same number at both sides, ONNX any; what
they leave too much is cropped by a layer behind.
"""

from dataclasses import dataclass, replace
from typing import Any

from engine.sides import Sides
from engine.sliding.scattering import Scatter
from engine.spelling import (
    Code,
    Reread,
    Spelling,
    call,
    cannot,
    keras_sequence,
    literal,
    torch_sequence,
    unsaid,
    usual,
)

_NO_EXTRA = "Output padding {} is more than its stride {} allows there."
_BOTH_SIDES = "{} takes one number for both sides of an axis as padding."
_NO_EXTRA_IN_CAFFE = "Caffe has no output padding."
_ADDS_NONE = "ONNX adds no output padding by itself, and crops what is given with the rest."


@dataclass(frozen=True)
class ScatterWords:
    """The words for a transposed window, what crops behind it, and why it cannot be said."""

    arguments: dict[str, Any]
    behind: tuple[str, ...] = ()
    refusal: str = ""
    notes: tuple[str, ...] = ()
    is_keras: bool = False

    def spelled(self, code: str, *notes: str) -> Spelling:
        """Return a call that holds these words as a spelling, with what crops behind it."""
        if self.refusal:
            return cannot(self.refusal)
        sequence = keras_sequence if self.is_keras else torch_sequence
        return Spelling(sequence(code, *self.behind), (*self.notes, *notes))


def keras_scatter(scatter: Scatter) -> ScatterWords:
    """Return Keras' words; explicit padding crops what "valid" leaves."""
    words = {
        "strides": usual(scatter.stride, (1, 1)),
        "padding": usual("valid", "valid"),
        "dilation_rate": usual(scatter.dilation, (1, 1)),
    }
    if max(scatter.stride) > 1 and max(scatter.dilation) > 1:
        return ScatterWords(words, refusal="Keras refuses a stride together with a dilation.")
    extra = scatter.output_padding
    if isinstance(scatter.padding, str):
        words |= {"padding": usual(scatter.padding, "valid"), "output_padding": usual(extra, None)}
        return ScatterWords(words, is_keras=True)
    extra = extra or (0, 0)
    if any(more >= stride for more, stride in zip(extra, scatter.stride, strict=True)):
        return ScatterWords(
            words, refusal=_NO_EXTRA.format(literal(extra), literal(scatter.stride))
        )
    words |= {"output_padding": extra}
    top, left, bottom, right = scatter.padding
    if not any(scatter.padding):
        return ScatterWords(words, is_keras=True)
    # With output padding given, Keras' "valid" keeps the spans as they are.
    crop = call("layers.Cropping2D", Code(f"(({top}, {bottom}), ({left}, {right}))"))
    return ScatterWords(words, (crop,), is_keras=True)


def torch_scatter(scatter: Scatter) -> ScatterWords:
    """Return PyTorch's words: so much padding at both sides as one of them needs."""
    top, left, bottom, right = scatter.cropping
    rows = _torch_axis(top, bottom, max(scatter.stride[0], scatter.dilation[0]))
    columns = _torch_axis(left, right, max(scatter.stride[1], scatter.dilation[1]))
    words = {
        "stride": usual(scatter.stride, (1, 1)),
        "padding": usual((rows.padding, columns.padding), (0, 0)),
        "output_padding": usual((rows.extra, columns.extra), (0, 0)),
        "dilation": usual(scatter.dilation, (1, 1)),
    }
    cropped = (columns.before, columns.after, rows.before, rows.after)
    notes = _words_of_pytorch(scatter)
    if not any(cropped):
        return ScatterWords(words, notes=notes)
    sides = tuple(-side for side in cropped)
    return ScatterWords(words, (call("nn.ZeroPad2d", Code(f"{sides}")),), notes=notes)


def reread_scatter(scatter: Scatter, dialect: str) -> Reread:
    """Return what the padding's words mean in a dialect: what people write there instead."""
    padding = scatter.padding
    if isinstance(padding, str):
        return _reread_rule(scatter, padding, dialect)
    if dialect == "keras":
        reason = "Keras has no other padding than “valid” and “same”."
        return Reread({"padding": "same" if any(padding) else "valid"}, (reason,))
    top, left, bottom, right = padding
    if dialect in ("torch", "caffe") and (top, left) != (bottom, right):
        return unsaid(_BOTH_SIDES.format("PyTorch" if dialect == "torch" else "Caffe"))
    if dialect == "caffe" and any(scatter.output_padding or ()):
        return unsaid(_NO_EXTRA_IN_CAFFE)
    return Reread()


def _reread_rule(scatter: Scatter, rule: str, dialect: str) -> Reread:
    """Return what "valid" or "same" means in a dialect; the rules here are Keras'."""
    if dialect == "torch":
        rows, columns = ((span - 1) // 2 for span in scatter.spans)
        meant = (rows, columns) if rule == "same" else (0, 0)
        return Reread({"padding": meant}, _words_of_pytorch(scatter))
    if dialect == "caffe":
        return unsaid(f"Caffe has no padding “{rule}”: numbers take its place.")
    if dialect == "onnx":
        numbers = _onnx_padding(scatter, rule)
        if replace(scatter, padding=numbers).cropping != scatter.cropping:
            return Reread({"padding": numbers}, (_ADDS_NONE,))
    return Reread()


def _onnx_padding(scatter: Scatter, rule: str) -> Sides:
    """Return the padding that ONNX makes of a rule.

    "Same" crops what is longer than stride · in, an odd pixel at the end, and adds nothing.
    """
    if rule == "valid":
        return Sides()
    extra = scatter.output_padding or (0, 0)
    rows, columns = (
        max(0, span + more - stride)
        for span, more, stride in zip(scatter.spans, extra, scatter.stride, strict=True)
    )
    return Sides(rows // 2, columns // 2, rows - rows // 2, columns - columns // 2)


def onnx_scatter(scatter: Scatter) -> ScatterWords:
    """Return ONNX's words, which reach as far as any but for output padding beyond a stride."""
    top, left, bottom, right = scatter.cropping
    extra = max(-bottom, 0), max(-right, 0)
    if any(more >= stride for more, stride in zip(extra, scatter.stride, strict=True)):
        refusal = _NO_EXTRA.format(literal(extra), literal(scatter.stride))
        return ScatterWords({}, refusal=refusal)
    words = {
        "strides": usual(list(scatter.stride), [1, 1]),
        "pads": usual([top, left, max(bottom, 0), max(right, 0)], [0, 0, 0, 0]),
        "output_padding": usual(list(extra), [0, 0]),
        "dilations": usual(list(scatter.dilation), [1, 1]),
    }
    return ScatterWords(words)


@dataclass(frozen=True)
class _TorchAxis:
    """Padding at both ends, output padding, and what is cropped behind them."""

    padding: int
    extra: int
    before: int
    after: int


def _torch_axis(before: int, after: int, limit: int) -> _TorchAxis:
    """Return PyTorch's words for cropping ``before`` and ``after``, which may be negative."""
    if 0 <= before - after < limit:
        return _TorchAxis(before, before - after, 0, 0)
    padding = max(0, min(before, after))
    return _TorchAxis(padding, max(0, -after), before - padding, max(0, after - padding))


def _words_of_pytorch(scatter: Scatter) -> tuple[str, ...]:
    """Return what a rule's name hides: PyTorch has numbers only."""
    if not isinstance(scatter.padding, str):
        return ()
    return (f"PyTorch has no padding “{scatter.padding}” here: numbers take its place.",)
