"""Changes that make a layer's output denser or smaller, as the layer kinds propose them.

A kind knows which of its settings decide the size; what a change comes to is found out by
`engine.advice`, which analyzes the changed network.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.constraints import Padding, Pair
from engine.sliding.windows import Window


class Variant(NamedTuple):
    """A change worth looking at: settings to replace, or another ``kind`` with these settings.

    ``text`` says it where listing the settings would not.
    """

    settings: Mapping[str, Any]
    kind: str | None = None
    text: str = ""


def window_variants(window: Window, *, dilates: bool = True) -> Iterator[Variant]:
    """Yield other strides, paddings, kernels and dilations of a sliding window.

    >>> window = Window((3, 3), (2, 2), (1, 1), "same")
    >>> [variant.settings for variant in window_variants(window)][:3]
    [{'stride': (1, 1)}, {'stride': (4, 4)}, {'padding': 'valid'}]
    """
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    if max(stride) > 1:
        yield Variant({"stride": (1, 1)})
        if max(stride) > 2:
            yield Variant({"stride": _halved(stride)})
    yield Variant({"stride": _doubled(stride)})
    yield from _paddings(window.padding)
    for size in ((1, 1), _less(kernel, 1), _more(kernel, 2)):
        yield Variant({"kernel_size": size})
    if not dilates:
        return
    if max(dilation) > 1:
        yield Variant({"dilation": (1, 1)})
    if max(kernel) > 1:
        yield Variant({"dilation": _more(dilation, 1)})
        if max(stride) > 1:
            # As far between the cells of the window as the window moved: it sees as much.
            apart = (dilation[0] * stride[0], dilation[1] * stride[1])
            yield Variant({"dilation": apart, "stride": (1, 1)})


def scatter_variants(
    kernel: Pair, stride: Pair, padding: Padding, output_padding: Pair | None
) -> Iterator[Variant]:
    """Yield other strides, paddings and kernels of a transposed window."""
    yield Variant({"stride": _doubled(stride)})
    yield Variant({"stride": _more(stride, 1)})
    if max(stride) > 1:
        yield Variant({"stride": (1, 1), "output_padding": None})
    if padding != "valid":
        yield Variant({"padding": "valid"})
    if padding != "same":
        yield Variant({"padding": "same"})
    yield Variant({"kernel_size": _more(kernel, 2)})
    yield Variant({"kernel_size": _less(kernel, 1)})
    if output_padding is None and not isinstance(padding, str) and max(stride) > 1:
        yield Variant({"output_padding": (min(1, stride[0] - 1), min(1, stride[1] - 1))})


def _paddings(padding: Padding) -> Iterator[Variant]:
    if padding != "same":
        yield Variant({"padding": "same"})
    if padding not in ("valid", (0, 0, 0, 0)):
        yield Variant({"padding": "valid"})


def _halved(pair: Pair) -> Pair:
    return max(1, pair[0] // 2), max(1, pair[1] // 2)


def _doubled(pair: Pair) -> Pair:
    return 2 * pair[0], 2 * pair[1]


def _more(pair: Pair, by: int) -> Pair:
    return pair[0] + by, pair[1] + by


def _less(pair: Pair, by: int) -> Pair:
    return max(1, pair[0] - by), max(1, pair[1] - by)
