"""Settings and input shapes for which a layer's spelling is recorded, drawn as for the slow twins.

Of many drawn cases a few are kept for each form of the code: other words, other layers around it.
Behind them come cases that drawing seldom finds.
"""

import importlib
import itertools
import re

from hypothesis import HealthCheck, Phase, given, settings

from engine.dialects import spell
from engine.problems import LayerError
from engine.registry import all_kinds, make_layer
from engine.shapes import Shape
from engine.spelling import DIALECTS

DRAWN = 600
KEPT = 24
KEPT_OF_A_FORM = 3


RARE = {
    "max_pool2d": [
        # Padding that is cells of a map: no rule drops a window that would start in them.
        ({"kernel_size": 3, "stride": (4, 2), "padding": (0, 2), "ceil_mode": True}, (4, 10, 4)),
        ({"kernel_size": 4, "padding": (0, 1, 1, 1), "ceil_mode": True}, (1, 9, 7)),
        # "Same" where windows leave cells out.
        ({"kernel_size": 2, "stride": 4, "padding": "same"}, (1, 12, 12)),
    ],
    "average_pool2d": [
        (
            {
                "kernel_size": (2, 4),
                "padding": (0, 1, 1, 1),
                "ceil_mode": True,
                "count_include_pad": True,
            },
            (3, 4, 3),
        ),
        ({"kernel_size": 2, "stride": 4, "padding": "same"}, (1, 12, 12)),
        ({"kernel_size": 1, "stride": 3, "padding": "same_lower"}, (1, 7, 8)),
        # Padding as long as the window, which no window reaches.
        ({"kernel_size": (2, 3), "stride": 3, "padding": (1, 0, 2, 2)}, (1, 4, 5)),
    ],
    "conv2d": [
        ({"kernel_size": (2, 1), "stride": (3, 4), "padding": "same"}, (2, 9, 4)),
        ({"kernel_size": (1, 3), "stride": (4, 2), "padding": "same_lower"}, (2, 8, 3)),
    ],
    "conv_transpose2d": [
        (
            {
                "kernel_size": 3,
                "stride": (3, 1),
                "dilation": 3,
                "padding": 0,
                "output_padding": (1, 1),
            },
            (2, 3, 4),
        ),
    ],
    "upsample2d": [
        # Lengths that stay or double, by a factor that is neither 1 nor 2.
        ({"mode": "bilinear", "scale_factor": (1.0, 1.3)}, (1, 1, 3)),
        ({"mode": "bilinear", "scale_factor": (2.0, 1.3)}, (1, 4, 3)),
        ({"scale_factor": (1.2, 2.1), "coordinates": "asymmetric", "rounding": "floor"}, (1, 4, 5)),
        (
            {"scale_factor": (1.05, 4.0), "coordinates": "asymmetric", "rounding": "floor"},
            (1, 4, 40),
        ),
        # Positions that are not what they are in single precision.
        ({"size": (7, 6), "rounding": "floor"}, (1, 5, 10)),
        (
            {"size": (4, 60), "coordinates": "asymmetric", "rounding": "round_prefer_floor"},
            (1, 4, 29),
        ),
        ({"size": (4, 56), "coordinates": "asymmetric"}, (1, 4, 49)),
        # Products that are not whole in floating point.
        ({"scale_factor": (0.7, 0.5), "mode": "bilinear"}, (1, 90, 4)),
        ({"scale_factor": (0.53, 0.5), "mode": "bilinear"}, (1, 100, 4)),
    ],
}
"""By kind; each was spelled wrongly once."""


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
    drawn = [case for turn in turns for case in turn if case is not None][:KEPT]
    rare = [(make_layer(kind, words), (Shape(*shape),)) for words, shape in RARE.get(kind, ())]
    return drawn + rare


def form(layer, shapes):
    """What is left of the code in all dialects without its numbers."""
    spellings = [spell(layer, dialect, shapes) for dialect in DIALECTS]
    code = " | ".join(f"{s.code} {s.exact}" for s in spellings)
    return re.sub(r"-?\d+(\.\d+)?(e-\d+)?", "", code)
