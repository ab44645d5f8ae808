"""Convolution by the layer of a `cv2.dnn` net: where maps are small, nothing of ours comes near it.

With `planes` each map is a call, and small maps are nothing but calls. With 3 × 3 kernels it knows
Winograd's tiles, F(6 × 6, 3 × 3), and transforms them in registers: up to half of our best is
spared where there are few channels or few positions (64 → 64 at 32²: 0.3 ms).

WORKAROUND opencv-python 5.0: a net dies on a stride of zero and on kernels larger than the input,
reads beyond maps that have too few channels, and converts doubles silently. The callers check all
of it (`check_windows`).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.opencv_layers import OpenCvLayer, all_finite
from engine.numerics.padding import padded
from engine.numerics.steps import UNPADDED, Convolution
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]

FEWEST_TILED_CHANNELS = 8
"""Of fewer, each window is summed by itself, so that kernels made by hand, of small whole numbers,
give whole numbers, and zero where nothing is."""

FEW_VALUES = 1 << 17
"""Fewer outputs than these are looked at as a whole, which takes less time than their edges."""


def by_net(work: Convolution, workspace: Workspace) -> bool:
    """Convolve with a layer that is prepared once per kernel and bias, for maps of any size.

    Returns False where a value that is not finite was or would be spread; the output is then to be
    computed directly.
    """
    workspace.checkpoint()
    filters, channels, *kernel_size = work.kernel.shape
    is_depthwise = channels == 1 and work.steps.groups == filters
    if not is_depthwise and not all_finite(work.maps, workspace):
        return False  # tiles would spread it
    size = work.maps.shape[1:]
    is_padding = _pads_rightly(size, tuple(kernel_size), work.steps.dilation, work.sides)
    own, before = (work.sides, UNPADDED) if is_padding else (UNPADDED, work.sides)
    maps = padded(work.maps, before, workspace)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    _, layer = workspace.prepared(
        ("net", work.steps, own, id(work.bias)),
        work.kernel,
        lambda: (work.bias, _convolution_layer(work, own)),
    )
    direct = work.out.flags.c_contiguous
    out = work.out if direct else workspace.scratch("products", *work.out.shape)
    layer.run(out, maps)
    if not direct:
        np.copyto(work.out, out)
    return not is_depthwise or _has_finite_edges(out, workspace)


def _has_finite_edges(out: Array, workspace: Workspace) -> bool:
    """Return whether the outermost values that depthwise windows make are finite, or all of few.

    WORKAROUND opencv-python 5.0: where windows reach beyond the right edge, the row below is read
    there, and taken by zero; beyond the top and bottom, the outermost row is. That makes NaN of
    infinity. To look at all of large maps would take too long.
    """
    if out.size < FEW_VALUES:
        return all_finite(out, workspace)
    first_and_last = out[:, :: max(1, out.shape[1] - 1)]
    return bool(np.isfinite(out[:, :, -1]).all() and np.isfinite(first_and_last).all())


def _convolution_layer(work: Convolution, sides: Sides) -> OpenCvLayer:
    arrays = (work.kernel,) if work.bias is None else (work.kernel, work.bias)
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    stride, dilation, groups = work.steps
    is_tiled = groups > 1 or channels >= FEWEST_TILED_CHANNELS
    return OpenCvLayer(
        "Convolution", *arrays, num_output=filters, bias_term=len(arrays) > 1, group=groups,
        kernel_h=kernel_h, kernel_w=kernel_w,
        stride_h=stride[0], stride_w=stride[1], dilation_h=dilation[0], dilation_w=dilation[1],
        pad_t=sides.top, pad_l=sides.left, pad_b=sides.bottom, pad_r=sides.right,
        use_winograd=is_tiled,
    )  # fmt: skip


@lru_cache(1024)
def _pads_rightly(size: Pair, kernel: Pair, dilation: Pair, sides: Sides) -> bool:
    """Return whether a net reads nothing beyond the maps when it lays the zeros around itself."""
    halves = [length // 2 for length in kernel] * 2
    holds = all(length >= k for length, k in zip(size, kernel, strict=True))
    narrow = all(side <= half for side, half in zip(sides, halves, strict=True))
    return not any(sides) or (dilation == (1, 1) and holds and narrow)
