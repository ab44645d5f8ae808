"""Convolution with large kernels by the Fourier transform, tile by tile (overlap-save).

A product of spectra is a convolution around the tile's edges; what lies a whole window away from
them is kept. OpenCV packs the spectrum of real values into as many real numbers. One kernel of
31 × 31 on 512² takes 1.8 ms of one processor, 4.6 by `planes`, where OpenCV transforms in double
precision and the kernel again each time.

Every value of a tile touches every other: a value that is not finite would spread, and such maps
are left to another way.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.parallel import in_parallel
from engine.numerics.steps import Convolution, Steps
from engine.opencv import cv2
from engine.shapes import window_span
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]

TILE_OUTPUTS = 256
"""Places per axis of a tile at most, so that spectra stay in the cache."""

TILE_SPANS = 4
"""But of a large kernel so many times its span, or most of the tile is its edge."""


class Tiling(NamedTuple):
    """How the places of a window along one axis are divided: ``tiles`` of ``outputs``."""

    tiles: int
    outputs: int
    covered: int
    """Values that the windows of a tile cover."""
    size: int
    """At least as many, of a number that the transform is fast for."""


def tilings(outputs: Pair, kernel: Pair, steps: Steps) -> tuple[Tiling, Tiling]:
    """Return the tiles of both axes; windows are taken at every place, whatever the stride."""
    axes = zip(outputs, kernel, *steps[:2], strict=True)
    down, across = (_tiling((n - 1) * s + 1, window_span(k, d)) for n, k, s, d in axes)
    return down, across


def by_fourier(work: Convolution, workspace: Workspace) -> bool:
    """Multiply spectra of tiles and of kernels, and keep the places that the stride keeps.

    Returns False, with nothing written, where a value of the maps is not finite.
    """
    workspace.checkpoint()
    if not math.isfinite(np.vdot(work.maps, work.maps)):
        return False
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    down, across = tilings((height, width), (kernel_h, kernel_w), work.steps)
    size = down.size, across.size
    kernels = workspace.prepared(
        ("fourier", size, work.steps.dilation),
        work.kernel,
        lambda: _kernel_spectra(work, size, workspace),
    )

    def convolve(corner: Pair, mine: Workspace) -> None:
        maps = mine.scratch("map spectra", len(work.maps), *size)
        for plane, spectrum in zip(work.maps, maps, strict=True):
            mine.checkpoint()
            _cut(plane, work.sides, corner, (down.covered, across.covered), spectrum)
            cv2.dft(spectrum, spectrum)
        total, product = mine.scratch("spectra", 2, *size)
        for place in range(filters):
            first = place // work.filters * channels
            for channel in range(channels):
                mine.checkpoint()
                target = product if channel else total
                cv2.mulSpectrums(
                    maps[first + channel], kernels[place, channel], 0, target, conjB=True
                )
                if channel:
                    cv2.add(total, product, total)
            cv2.dft(total, total, _BACK)
            bias = 0 if work.bias is None else work.bias[place]
            _keep(
                total,
                corner,
                (down.outputs, across.outputs),
                work.steps.stride,
                work.out[place],
                bias,
            )

    corners = [
        (row * down.outputs, column * across.outputs)
        for row in range(down.tiles)
        for column in range(across.tiles)
    ]
    in_parallel(corners, convolve, workspace)
    return True


# Without nonzeroRows, with which OpenCV takes a transform that is four times slower.
_BACK = cv2.DFT_INVERSE | cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE


def _tiling(places: int, span: int) -> Tiling:
    """Return equal tiles; two at least, for two threads, where windows are not most of them."""
    least = 2 if places > 2 * span else 1
    count = max(least, -(-places // max(TILE_OUTPUTS, TILE_SPANS * span)))
    outputs = -(-places // count)
    covered = outputs + span - 1
    return Tiling(-(-places // outputs), outputs, covered, cv2.getOptimalDFTSize(covered))


def _kernel_spectra(work: Convolution, size: Pair, workspace: Workspace) -> Array:
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    dilation_h, dilation_w = work.steps.dilation
    rows = slice(0, window_span(kernel_h, dilation_h), dilation_h)
    columns = slice(0, window_span(kernel_w, dilation_w), dilation_w)
    spectra = np.zeros((filters, channels, *size), dtype=np.float32)
    for place in np.ndindex(filters, channels):
        workspace.checkpoint()
        spectra[place][rows, columns] = work.kernel[place]
        cv2.dft(spectra[place], spectra[place])
    return spectra


def _cut(plane: Array, sides: Sides, corner: Pair, covered: Pair, tile: Array) -> None:
    """Copy the values that a tile's windows cover, with zeros where there are none."""
    meetings = []
    for length, before, start, count in zip(plane.shape, sides, corner, covered, strict=False):
        first = min(max(0, start - before), length)
        stop = max(first, min(start - before + count, length))
        at = first - (start - before)
        meetings.append((slice(first, stop), slice(at, at + stop - first)))
    (rows, lines), (columns, places) = meetings
    tile[...] = 0
    tile[lines, places] = plane[rows, columns]


def _keep(tile: Array, corner: Pair, outputs: Pair, stride: Pair, out: Array, bias: float) -> None:
    """Write the places of a tile that the stride keeps, and that are there."""
    kept, places = [], []
    for start, count, step, length in zip(corner, outputs, stride, out.shape, strict=True):
        first, stop = -(-start // step), min(length, -(-(start + count) // step))
        kept.append(slice(first * step - start, count, step))
        places.append(slice(first, max(first, stop)))
    (lines, cells), (rows, columns) = kept, places
    target = out[rows, columns]
    values = tile[lines, cells]
    np.add(values[: target.shape[0], : target.shape[1]], bias, out=target)
