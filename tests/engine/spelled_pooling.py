"""The code of a pooling layer, carried out slowly: PyTorch's modules and ONNX' operators.

Written from their definitions. Rounding up, both drop a window that would start behind the map and
the padding before it. ONNX Runtime refuses padding as long as a kernel, and its "SAME" a negative
total of padding, or it moves the windows by it.
"""

import math
from types import SimpleNamespace

import numpy as np


class RefusedError(Exception):
    """The framework raises, or does something that nobody means."""


def in_torch(code, maps):
    """The maps that PyTorch's code makes."""
    nn = SimpleNamespace(
        Sequential=lambda *modules: lambda x: modules[1](modules[0](x)),
        ZeroPad2d=lambda sides: lambda x: padded(x, torch_sides(sides), 0.0),
        ConstantPad2d=lambda sides, value: lambda x: padded(x, torch_sides(sides), value),
        MaxPool2d=lambda kernel, **words: lambda x: torch_pool(x, kernel, largest, **words),
        AvgPool2d=lambda kernel, **words: lambda x: torch_average(x, kernel, **words),
    )
    return eval(code, {"nn": nn})(maps)


def in_onnx(code, maps):
    """The maps that ONNX' operators make."""
    known = {"x": maps, "Pad": onnx_pad, "MaxPool": onnx_maximum, "AveragePool": onnx_average}
    return eval(code, known)


def torch_sides(sides):
    left, right, top, bottom = sides
    return top, left, bottom, right


def padded(maps, sides, value):
    top, left, bottom, right = sides
    return np.pad(maps, ((0, 0), (top, bottom), (left, right)), constant_values=value)


def torch_average(maps, kernel, count_include_pad=True, **words):
    return torch_pool(maps, kernel, mean_of_all if count_include_pad else mean_of_inside, **words)


def torch_pool(maps, kernel, join, stride=None, padding=0, dilation=1, ceil_mode=False):
    kernel, padding = pair(kernel), pair(padding)
    if any(2 * pad > length for pad, length in zip(padding, kernel, strict=True)):
        raise RefusedError
    return pooled(
        maps, kernel, pair(stride or kernel), padding * 2, pair(dilation), ceil_mode, join
    )


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def onnx_pad(maps, pads, constant_value):
    return padded(maps, [pads[axis] for axis in (2, 3, 6, 7)], constant_value)


def onnx_average(maps, count_include_pad=0, **words):
    return onnx_pool(maps, mean_of_all if count_include_pad else mean_of_inside, **words)


def onnx_maximum(maps, **words):
    return onnx_pool(maps, largest, **words)


def onnx_pool(
    maps, join, kernel_shape, strides=(1, 1), dilations=(1, 1), pads=(0, 0, 0, 0), auto_pad="",
    ceil_mode=0,
):  # fmt: skip
    if auto_pad:
        pads, ceil_mode = same_pads(maps.shape[1:], kernel_shape, strides, auto_pad), 0
    if any(pad >= length for pad, length in zip(pads, kernel_shape * 2, strict=True)):
        raise RefusedError
    return pooled(maps, kernel_shape, strides, pads, dilations, ceil_mode, join)


def same_pads(lengths, kernel, strides, rule):
    befores, afters = [], []
    for length, k, s in zip(lengths, kernel, strides, strict=True):
        total = (math.ceil(length / s) - 1) * s + k - length
        if total < 0:
            raise RefusedError
        more, less = math.ceil(total / 2), math.floor(total / 2)
        befores.append(more if rule == "SAME_LOWER" else less)
        afters.append(less if rule == "SAME_LOWER" else more)
    return befores + afters


def pooled(maps, kernel, stride, pads, dilation, ceil, join):
    """``join(cells, counted)`` of every window, as `windows` yields them."""
    rows, columns = (
        list(
            windows(
                maps.shape[1 + a], kernel[a], stride[a], pads[a], pads[2 + a], dilation[a], ceil
            )
        )
        for a in (0, 1)
    )
    out = np.empty((len(maps), len(rows), len(columns)))
    for row, (lines, tall) in enumerate(rows):
        for column, (cells, wide) in enumerate(columns):
            inside = maps[:, lines][:, :, cells].reshape(len(maps), -1)
            out[:, row, column] = join(inside, tall * wide)
    return out


def windows(length, kernel, stride, before, after, dilation, ceil):
    """Of every window the cells inside the map, and how many are in map or padding."""
    steps = (length + before + after - dilation * (kernel - 1) - 1) / stride
    count = (math.ceil(steps) if ceil else math.floor(steps)) + 1
    if ceil and (count - 1) * stride >= length + before:
        count -= 1
    for number in range(count):
        first = number * stride - before
        cells = range(first, first + dilation * kernel, dilation)
        counted = sum(-before <= cell < length + after for cell in cells)
        yield [cell for cell in cells if 0 <= cell < length], counted


def largest(cells, counted):
    return cells.max(axis=1, initial=-np.inf)


def mean_of_all(cells, counted):
    return cells.sum(axis=1) / counted


def mean_of_inside(cells, counted):
    return cells.sum(axis=1) / cells.shape[1]


def in_caffe(layer, maps):
    """The maps that Caffe makes of a layer's own words (src/caffe/layers/pooling_layer.cpp)."""
    padding = (0, 0, 0, 0) if layer.padding == "valid" else layer.padding
    kernel, stride = layer.kernel_size, layer.stride or layer.kernel_size
    if isinstance(padding, str) or padding[:2] != padding[2:] or layer.dilation != (1, 1):
        raise RefusedError
    lines = []
    for length, k, s, pad in zip(maps.shape[1:], kernel, stride, padding[:2], strict=True):
        if pad >= k:
            raise RefusedError
        count = math.ceil((length + 2 * pad - k) / s) + 1
        if any(padding) and (count - 1) * s >= length + pad:
            count -= 1
        starts = [number * s - pad for number in range(count)]
        if starts[-1] >= length:
            raise RefusedError  # it would read nothing
        lines.append([(start, min(start + k, length + pad)) for start in starts])
    out = np.empty((len(maps), len(lines[0]), len(lines[1])))
    for row, (top, bottom) in enumerate(lines[0]):
        for column, (left, right) in enumerate(lines[1]):
            cells = maps[:, max(top, 0) : bottom, max(left, 0) : right].reshape(len(maps), -1)
            area = (bottom - top) * (right - left)
            is_max = layer.kind.id == "max_pool2d"
            out[:, row, column] = cells.max(axis=1) if is_max else cells.sum(axis=1) / area
    return out
