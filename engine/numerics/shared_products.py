"""Products of matrices on the threads of OpenCV, which look out for work while a network runs.

A layer of `cv2.dnn` multiplies with the kernels of ONNX Runtime, which OpenCV 5 carries. Of two
threads each is as fast as OpenBLAS's one; to wake one of ours takes 0.1 ms in which OpenCV's are
done with half of a small product: 96 × 576 by 576 × 196 takes 0.12 ms and not 0.22. The last digits
hang on how many threads there are.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.opencv_layers import OpenCvLayer
from engine.numerics.parallel import parts
from engine.numerics.products import CALL_PRODUCTS, product
from engine.numerics.steps import Convolution
from engine.numerics.strips import Strip, number_per_row, over_strips
from engine.workspace import Workspace

Array = NDArray[np.float32]

FEWEST_PRODUCTS = 1 << 20
"""Fewer take numpy 10 µs, and not twice as long as two threads; where nothing else is for OpenCV's
to do, they sleep, and waking them takes more."""

FEWEST_FILTERS = 13
"""OpenCV has another way for fewer, which is slower than ours."""

MOST_BYTES = 5 << 20
"""Of what is written, and written again for a bias: the layer writes zeros before all else, so that
larger outputs, which do not stay in the cache, are better made block by block."""

FEW_VALUES = 1 << 14
"""A bias is added to so few at once, as numpy does it by default."""


def is_for_all_threads(work: Convolution) -> bool:
    """Return whether a convolution is worth a product of matrices that all threads share."""
    filters, values = work.filters, work.out.size
    is_small = work.products < FEWEST_PRODUCTS or filters < FEWEST_FILTERS
    is_large = 4 * values * (1 + (work.bias is not None)) > MOST_BYTES
    return work.steps.groups == 1 and not is_small and not is_large and work.out.flags.c_contiguous


def shared_product(
    kernel: Array, columns: Array, out: Array, workspace: Workspace, *, is_turned: bool = False
) -> None:
    """Write kernel (filters, depth) × columns (depth, positions) into contiguous memory.

    Turned columns are (positions, depth). It is for the thread that computes layers, not for its
    helpers, which would wait for it.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    if len(kernel) < FEWEST_FILTERS:
        workspace.checkpoint()
        product(kernel, columns.T if is_turned else columns, out)
        return
    layer = workspace.prepared(
        ("product", is_turned), None, lambda: OpenCvLayer("Gemm", transB=is_turned)
    )
    for some in parts(len(kernel), -(-kernel.size * out.shape[1] // CALL_PRODUCTS)):
        workspace.checkpoint()
        layer.run(out[some], kernel[some], columns)


def shared_products(kernels: Array, columns: Array, out: Array, workspace: Workspace) -> None:
    """Write kernels (n, filters, depth) × turned columns (n, positions, depth), each by its own.

    All are contiguous.
    """
    layer = workspace.prepared(("products",), None, lambda: OpenCvLayer("MatMul", transB=True))
    for some in parts(len(out), -(-kernels.size * out.shape[2] // CALL_PRODUCTS)):
        workspace.checkpoint()
        layer.run(out[some], kernels[some], columns[some])


def add_bias(bias: Array | None, out: Array, workspace: Workspace) -> None:
    """Add a number to each row of an output (filters, positions), if there are any."""
    if bias is None:
        return
    if out.size <= FEW_VALUES:
        np.add(out, bias[:, None], out=out)
        return

    def add(strip: Strip, mine: Workspace) -> None:
        np.add(out[strip], bias[strip[0], None], out=out[strip])

    with number_per_row(out.shape[1]):
        over_strips(add, workspace, *out.shape)
