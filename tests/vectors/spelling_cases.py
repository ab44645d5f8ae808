"""Settings and input shapes for which a layer's spelling is recorded, drawn as for the slow twins.

Of many drawn cases a few are kept for each form of the code: other words, other layers around it.
"""

import importlib
import itertools
import re

from hypothesis import HealthCheck, Phase, given, settings

from engine.dialects import spell
from engine.problems import LayerError
from engine.registry import all_kinds
from engine.shapes import Shape
from engine.spelling import DIALECTS

DRAWN = 600
KEPT = 24
KEPT_OF_A_FORM = 3


def drawn_cases(kind):
    """Cases that the slow twin of a kind draws, a layer and shapes each; always the same ones."""
    found = {}

    @settings(
        max_examples=DRAWN, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=importlib.import_module(f"tests.naive.{kind}").cases())
    def draw(case):
        layer = all_kinds()[kind].from_settings(case[0])
        shapes = tuple(Shape(*shape) for shape in case[1])
        try:
            layer.output_shape(shapes)
        except LayerError:
            return
        found.setdefault(form(layer, shapes), []).append((layer, shapes))

    draw()
    # The last ones of a form are richer than the first, with which hypothesis begins; and every
    # form comes once before any comes again.
    turns = itertools.zip_longest(*(cases[: -KEPT_OF_A_FORM - 1 : -1] for cases in found.values()))
    return [case for turn in turns for case in turn if case is not None][:KEPT]


def form(layer, shapes):
    """What is left of the code in all dialects without its numbers."""
    spellings = [spell(layer, dialect, shapes) for dialect in DIALECTS]
    code = " | ".join(f"{s.code} {s.exact}" for s in spellings)
    return re.sub(r"-?\d+(\.\d+)?(e-\d+)?", "", code)
