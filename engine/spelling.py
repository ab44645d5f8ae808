"""How a layer is written in other words: code as text, with what is to be said about it.

A layer kind declares its spellings (`engine.layer.Layer.spellings`) with what is here; settings
alone decide the arithmetic. PyTorch's code stands where ``nn`` is ``torch.nn`` and ``F`` is
``torch.nn.functional``, Keras' where ``layers`` is ``keras.layers``. ONNX is written as calls of
its operators (opset 21), attributes by name, weights by their names here. ``x`` is the input, and
``x1``, ``x2`` … where there are several; code without them makes a layer to be called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

DIALECTS: Mapping[str, str] = MappingProxyType(
    {"keras": "Keras", "torch": "PyTorch", "onnx": "ONNX"}
)
"""The dialects that a layer is spelled in, with their names."""


@dataclass(frozen=True)
class Spelling:
    """A layer in the words of one dialect.

    ``code`` is empty where there are no words for it. ``exact`` says that it gives the same size
    and the same values, with the same weights; otherwise the notes say what differs.
    """

    code: str
    notes: tuple[str, ...] = ()
    exact: bool = True

    @property
    def verdict(self) -> str:
        """Whether the code gives the same, in words; the notes go on from there."""
        if not self.code:
            return "No words for it:"
        return "Same size and same values." if self.exact else "Not the same:"


@dataclass(frozen=True)
class Reread:
    """What a layer's words mean in another dialect: settings that change, and true reasons.

    ``settings`` is None where they mean nothing there, or what no settings here could say.
    """

    settings: Mapping[str, Any] | None = field(default_factory=lambda: MappingProxyType({}))
    reasons: tuple[str, ...] = ()

    def also(self, reason: str, **settings: Any) -> "Reread":
        """Return the same with more settings, where any could say what the words mean."""
        if self.settings is None:
            return self
        return Reread({**self.settings, **settings}, (*self.reasons, reason))


class _Omitted:
    """A word that is left out, because it would say what is meant anyway."""


OMITTED = _Omitted()


def usual(value: Any, default: Any) -> Any:
    """Return a word's value, or that it is left out where it is the dialect's default."""
    return OMITTED if value == default else value


def call(name: str, *values: Any, **words: Any) -> str:
    """Return a call as code; words that are `OMITTED` are left out.

    >>> call("layers.Conv2D", 16, (3, 3), strides=(2, 1), padding=usual("valid", "valid"))
    'layers.Conv2D(16, 3, strides=(2, 1))'
    """
    given = [literal(value) for value in values if value is not OMITTED]
    given += [f"{word}={literal(v)}" for word, v in words.items() if v is not OMITTED]
    return f"{name}({', '.join(given)})"


class Code(str):
    """Code that stands as it is among a call's values, and not as a text in quotation marks."""

    __slots__ = ()


def literal(value: Any) -> str:
    """Return a value as code; a pair of equal numbers is one number.

    >>> literal((2, 2)), literal((2, 3)), literal([2, 2]), literal("same"), literal(0.25)
    ('2', '(2, 3)', '[2, 2]', '"same"', '0.25')
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        if len(value) == 2 and value[0] == value[1] and not isinstance(value[0], tuple):
            return literal(value[0])
        return f"({', '.join(map(literal, value))})"
    return repr(value)


def in_lines(code: str, width: int, indent: str = "") -> str:
    """Return code with line breaks within its brackets, where it is longer than a line.

    >>> print(in_lines('nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 8, 3))', 30))
    nn.Sequential(
      nn.ZeroPad2d((0, 1, 0, 1)),
      nn.Conv2d(3, 8, 3)
    )
    >>> print(in_lines('keras.Sequential([layers.ReLU(), layers.Softmax()])', 24))
    keras.Sequential([
      layers.ReLU(),
      layers.Softmax()
    ])
    """
    head, values, end = _call_parts(code)
    while len(values) == 1 and values[0][-1] in ")]":
        # Two brackets that end together are broken as one.
        inner_head, inner, inner_end = _call_parts(values[0])
        if not inner:
            break
        head, values, end = head + inner_head, inner, inner_end + end
    if len(indent) + len(code) <= width or not values:
        return indent + code
    deeper = f"{indent}  "
    together = deeper + ", ".join(values)
    if len(together) > width:
        # The comma that follows needs room too.
        together = ",\n".join(in_lines(value, width - 1, deeper) for value in values)
    return f"{indent}{head}\n{together}\n{indent}{end}"


def _call_parts(code: str) -> tuple[str, list[str], str]:
    """Return what stands before the values of the outermost bracket, these, and its end.

    >>> _call_parts('nn.Pad((0, 1), "a(")')
    ('nn.Pad(', ['(0, 1)', '"a("'], ')')
    """
    values, depth, start, quoted = [], 0, 0, False
    head = ""
    for place, letter in enumerate(code):
        quoted ^= letter == '"'
        if quoted:
            continue
        depth += (letter in "([") - (letter in ")]")
        if letter in "([" and depth == 1:
            if head:  # a second bracket behind the first: no single call
                return code, [], ""
            head, start = code[: place + 1], place + 1
        elif (letter == "," and depth == 1) or (letter in ")]" and depth == 0):
            values.append(code[start:place].strip())
            start = place + 1
    if not head or code[-1] not in ")]" or values == [""]:
        return code, [], ""
    return head, values, code[-1]


def keras_sequence(*codes: str) -> str:
    """Return Keras layers one after the other; a single one needs no container.

    >>> keras_sequence("layers.ReLU()"), keras_sequence("a", "b")
    ('layers.ReLU()', 'keras.Sequential([a, b])')
    """
    return codes[0] if len(codes) == 1 else f"keras.Sequential([{', '.join(codes)}])"


def torch_sequence(*codes: str) -> str:
    """Return PyTorch modules one after the other; a single one needs no container.

    >>> torch_sequence("nn.ReLU()"), torch_sequence("a", "b")
    ('nn.ReLU()', 'nn.Sequential(a, b)')
    """
    return codes[0] if len(codes) == 1 else f"nn.Sequential({', '.join(codes)})"


def cannot(*notes: str) -> Spelling:
    """Return that a dialect has no words for a layer, and why."""
    return Spelling("", notes, exact=False)


def unsaid(reason: str) -> Reread:
    """Return that no settings here say what the words mean in a dialect, and why."""
    return Reread(None, (reason,))


def reread_default(name: str, value: float, defaults: Mapping[str, float], dialect: str) -> Reread:
    """Return a dialect's default for a number that another one's words may have left out.

    A number that is nobody's default was written down, and means the same everywhere.

    >>> reread_default("epsilon", 1e-5, {"keras": 1e-3, "torch": 1e-5}, "keras").settings
    {'epsilon': 0.001}
    """
    theirs = defaults.get(dialect, value)
    if value == theirs or value not in defaults.values():
        return Reread()
    label = name.replace("_", " ")
    return Reread({name: theirs}, (f"Where it is left out, the {label} is {theirs:.4g} there.",))


def with_note(spellings: Mapping[str, Spelling], note: str) -> dict[str, Spelling]:
    """Return spellings that are not exact, for a reason."""
    return {
        dialect: replace(found, notes=(note, *found.notes), exact=False) if found.code else found
        for dialect, found in spellings.items()
    }


def with_notes(spellings: Mapping[str, Spelling], **notes: str) -> dict[str, Spelling]:
    """Return spellings with a note for some dialects."""
    return {
        dialect: replace(found, notes=(*found.notes, notes[dialect])) if dialect in notes else found
        for dialect, found in spellings.items()
    }


def exactly(**codes: str) -> dict[str, Spelling]:
    """Return spellings that need no notes, by dialect."""
    return {dialect: Spelling(code) for dialect, code in codes.items()}
