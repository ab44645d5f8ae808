"""Settings and input shapes for which a layer's spelling is recorded: those of the slow twins."""

import importlib

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

DRAWN = 60
"""So many are drawn; the first few of distinct settings are kept."""

KEPT = 10


def drawn_cases(kind):
    """The first distinct cases that the slow twin of a kind draws, always the same."""
    found = {}

    @settings(
        max_examples=DRAWN, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=importlib.import_module(f"tests.naive.{kind}").cases() | st.nothing())
    def draw(case):
        found.setdefault(repr(case[0]), case)

    draw()
    # Hypothesis begins with the simplest; the later ones are the richer.
    return list(found.values())[::-1][:KEPT]
