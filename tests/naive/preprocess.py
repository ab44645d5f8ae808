import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import shapes


@st.composite
def cases(draw):
    order, gray = draw(
        st.sampled_from([("rgb", False), ("bgr", False), ("rgb", True), ("bgr", True)])
    )
    colors = st.sampled_from([1, 3]) if gray else st.just(3)
    shape = draw(shapes(colors if gray or order == "bgr" else st.integers(1, 5)))
    count = 1 if gray else shape[0]
    settings = {"channel_order": order, "grayscale": gray}
    settings["scale"] = draw(st.sampled_from([1.0, 2.0, 255.0]))
    for name, low in (("mean", -2), ("deviation", 1)):
        numbers = st.integers(low, 20).map(lambda n: n / 8)
        length = draw(st.sampled_from([1, count]))
        settings[name] = tuple(draw(numbers) for _ in range(length))
    return settings, (shape,)


def naive(layer, inputs, weights):
    planes = [plane.astype(float) for plane in inputs[0]]
    if layer.grayscale:
        if len(planes) == 3:
            red, green, blue = planes
            planes = [0.299 * red + 0.587 * green + 0.114 * blue]
    elif layer.channel_order == "bgr":
        planes = [planes[2], planes[1], planes[0]]
    out = []
    for m, plane in enumerate(planes):
        mean = layer.mean[m] if len(layer.mean) > 1 else layer.mean[0]
        deviation = layer.deviation[m] if len(layer.deviation) > 1 else layer.deviation[0]
        out.append((plane * layer.scale - mean) / deviation)
    return np.array(out)
