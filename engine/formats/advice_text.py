"""Advice in words: what an edit makes of a layer's size, and at what price."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.advice import Advice, Goal
from engine.analysis import LayerAnalysis, Totals
from engine.naming import Naming, by_id
from engine.receptive_field import ReceptiveField
from engine.shapes import Shape
from engine.size_changes import change_text
from engine.wording import bytes_text, counted

MOST_NAMED = 3
"""So many layers that would get a problem are named."""


@dataclass(frozen=True)
class AdviceWords:
    """A piece of advice as it is read: the edit, the new size, its price, and what it breaks.

    ``sign`` is that of `engine.size_changes`: whether the output grows, shrinks or keeps its size.
    """

    edit: str
    size: str
    sign: str
    price: str
    warning: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        return (
            f"{self.edit}: {self.size}, {self.price}{f'. {self.warning}' if self.warning else ''}"
        )


def advice_words(advice: Advice, layer: LayerAnalysis, name: Naming = by_id) -> AdviceWords:
    """Return a piece of advice in words.

    Args:
        advice: what could be done.
        layer: the one that it is about, as it is now.
        name: what other layers are called.
    """
    facts = layer.facts
    assert facts is not None, "advice is given on what has a size"
    gone = advice.measured != layer.node.id
    price = [
        "no layer" if gone else macs_words(facts.macs, advice.macs),
        bytes_text(advice.bytes),
        f"sees {_field(advice.receptive_field)}",
    ]
    return AdviceWords(
        edit=advice.edit.words(name),
        size=_size(facts.shape, advice.shape),
        sign=change_text(facts.shape, advice.shape)[1],
        price=" · ".join(price),
        warning=_broken([name(node_id) for node_id in advice.broken]),
    )


def macs_words(before: int, after: int) -> str:
    """Return what multiply-accumulates become: a factor where there were some.

    >>> macs_words(100, 400), macs_words(1000, 456), macs_words(0, 0), macs_words(3, 10_000)
    ('MACs × 4', 'MACs × 0.456', 'no MACs', 'MACs × 3,333')
    >>> macs_words(10, 9_998)
    'MACs × 1,000'
    """
    if not before:
        return f"{after:,} MACs" if after else "no MACs"
    factor = after / before
    return f"MACs × {factor:.3g}" if factor < 999.5 else f"MACs × {factor:,.0f}"


def totals_words(before: Totals, after: Totals) -> str:
    """Return what the whole network would cost, beside what it costs."""
    known = (before.macs, before.bytes, after.macs, after.bytes)
    if None in known:
        lost = after.problems - before.problems
        return f"Whole network: {counted(lost, 'more problem')}." if lost > 0 else ""
    macs, memory, macs_then, memory_then = (count or 0 for count in known)
    return (
        f"Whole network: {macs_words(macs, macs_then)}, maps {bytes_text(memory)} → "
        f"{bytes_text(memory_then)}."
    )


def nothing_words(goal: Goal) -> str:
    """Return a sentence for a goal to which no edit leads."""
    if isinstance(goal, tuple):
        return f"No setting of this layer gives exactly {goal[0]} × {goal[1]}."
    if goal == "same":
        return "No other setting of this layer gives the size of its input."
    return f"Nothing that was tried, here or before it, makes the output {goal}."


def _size(now: Shape, then: Shape) -> str:
    """Return height and width, and the channels where they change."""
    if now.channels == then.channels:
        return f"{then.height} × {then.width}"
    return str(then)


def _field(field: ReceptiveField) -> str:
    at_most = "≤ " if field.stride is None and field.padding is None else ""
    return f"{at_most}{field.height}×{field.width}"


def _broken(names: Sequence[str]) -> str:
    """Return which layers would get a problem.

    >>> _broken(["6 Add"]), _broken(["“a”", "“b”", "“c”", "“d”"])
    ('6 Add would not fit.', '“a”, “b”, “c” and 1 more would not fit.')
    """
    if not names:
        return ""
    words = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        words.append(f"{len(names) - MOST_NAMED} more")
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"{listed} would not fit."
