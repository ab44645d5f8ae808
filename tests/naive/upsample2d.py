import math
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import one_input

FACTORS = {
    0.4: Fraction(2, 5),
    0.5: Fraction(1, 2),
    1 / 3: Fraction(1, 3),
    1.0: Fraction(1),
    1.5: Fraction(3, 2),
    2.0: Fraction(2),
    2.6: Fraction(13, 5),
    3.0: Fraction(3),
    4.0: Fraction(4),
}


def cases():
    factor, length = st.sampled_from(sorted(FACTORS)), st.integers(1, 11)
    return one_input(
        {
            "scale_factor": st.tuples(factor, factor),
            "size": st.one_of(st.none(), st.tuples(length, length)),
            "mode": st.sampled_from(["nearest", "bilinear", "bicubic"]),
            "coordinates": st.sampled_from(["half_pixel", "align_corners", "asymmetric"]),
            "rounding": st.sampled_from(
                ["floor", "round_prefer_floor", "round_prefer_ceil", "ceil"]
            ),
            "cubic_coefficient": st.sampled_from([-0.75, -0.5]),
            "exclude_outside": st.booleans(),
        }
    )


def places(layer, axis, length):
    """Where each output cell lies on the input's axis."""
    if layer.size:
        count = layer.size[axis]
        factor = Fraction(count, length)
    else:
        factor = FACTORS[layer.scale_factor[axis]]
        count = math.floor(length * factor)
    for o in range(count):
        if layer.coordinates == "half_pixel":
            yield (o + Fraction(1, 2)) / factor - Fraction(1, 2)
        elif layer.coordinates == "asymmetric":
            yield o / factor
        else:
            yield Fraction(o * (length - 1), count - 1) if count > 1 else Fraction(0)


def nearest(place, rounding):
    if rounding == "floor":
        return math.floor(place)
    if rounding == "ceil":
        return math.ceil(place)
    if rounding == "round_prefer_floor":
        return math.ceil(place - Fraction(1, 2))
    return math.floor(place + Fraction(1, 2))


def share(distance, layer):
    """The weight of a neighbor at some distance."""
    if layer.mode == "bilinear":
        return max(0.0, 1 - distance)
    a = layer.cubic_coefficient
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a
    return 0.0


def neighbors(place, length, layer):
    """Cells and weights along one axis."""
    last = length - 1
    if layer.mode == "nearest":
        return [(min(max(nearest(place, layer.rounding), 0), last), 1.0)]
    around = range(math.floor(place) - 2, math.floor(place) + 4)
    found = [(p, share(abs(float(place - p)), layer)) for p in around]
    if layer.exclude_outside:
        found = [(p, w) for p, w in found if 0 <= p <= last]
        total = sum(w for _, w in found)
        return [(p, w / total) for p, w in found]
    return [(min(max(p, 0), last), w) for p, w in found]


def naive(layer, inputs, weights):
    (maps,) = inputs
    rows = [neighbors(p, maps.shape[1], layer) for p in places(layer, 0, maps.shape[1])]
    columns = [neighbors(p, maps.shape[2], layer) for p in places(layer, 1, maps.shape[2])]
    out = np.zeros((len(maps), len(rows), len(columns)))
    for m, r, c in np.ndindex(out.shape):
        out[m, r, c] = sum(
            float(maps[m, i, j]) * down * right for i, down in rows[r] for j, right in columns[c]
        )
    return out
