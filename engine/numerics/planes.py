"""Convolution plane by plane: OpenCV filters one map with one kernel at a time.

Nothing is gathered. From 130 cells on it takes a Fourier transform, slower than `fourier`. A value
that is not finite would then spread over its plane, and below that the products with zeros of the
kernel are left out, which should be NaN: such maps are left to another way.
"""

import math

import numpy as np

from engine.numerics.padding import padded
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.steps import Convolution
from engine.opencv import cv2
from engine.shapes import window_span
from engine.workspace import Workspace

CALL_PIXELS = 1 << 18
"""One call filters at most about so many pixels: a few ms until the next checkpoint."""

SHARED_PIXELS = 1 << 14
"""Below these many, 10 µs, threads would wait for the interpreter's lock more than they filter."""


def by_planes(work: Convolution, workspace: Workspace) -> bool:
    """Filter strips of each plane at every place, keep what the stride keeps, and add it up.

    Returns False, with nothing written, where a value of the maps is not finite.
    """
    workspace.checkpoint()
    if not math.isfinite(np.vdot(work.maps, work.maps)):
        return False
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    (stride_h, stride_w), (dilation_h, dilation_w), groups = work.steps
    span_h, span_w = window_span(kernel_h, dilation_h), window_span(kernel_w, dilation_w)
    kernel, maps = work.kernel, padded(work.maps, work.sides, workspace)
    if (dilation_h, dilation_w) != (1, 1):
        gaps = np.zeros((filters, channels, span_h, span_w), dtype=np.float32)
        gaps[:, :, ::dilation_h, ::dilation_w] = kernel
        kernel = gaps

    def convolve(block: tuple[slice, int], mine: Workspace) -> None:
        rows, place = block
        target = work.out[place, rows]
        start = rows.start * stride_h
        stop = start + (len(target) - 1) * stride_h + span_h
        filtered = mine.scratch("filtered", stop - start, maps.shape[2])
        kept = filtered[: stop - start - span_h + 1 : stride_h, ::stride_w][:, :width]
        for channel in range(channels):
            mine.checkpoint()
            cv2.filter2D(
                maps[place // (filters // groups) * channels + channel, start:stop],
                cv2.CV_32F,
                kernel[place, channel],
                filtered,
                anchor=(0, 0),
                delta=float(work.bias[place]) if work.bias is not None and not channel else 0.0,
                borderType=cv2.BORDER_CONSTANT,  # what lies beyond the edge is not kept
            )
            if channel == 0:
                np.copyto(target, kept)
            else:
                np.add(target, kept, out=target)

    rows = min(height, max(1, CALL_PIXELS // (maps.shape[2] * stride_h)))
    strips = parts(height, -(-height // rows))
    blocks = [(strip, place) for strip in strips for place in range(filters)]
    if maps.shape[2] * rows * stride_h > SHARED_PIXELS:
        in_parallel(blocks, convolve, workspace)
    else:
        for block in blocks:
            convolve(block, workspace)
    return True
