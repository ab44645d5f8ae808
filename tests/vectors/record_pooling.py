"""Record the pooling layers from PyTorch, Keras and ONNX Runtime.

Run as ``python -m tests.vectors.record_pooling`` with the frameworks installed.
"""

from typing import Any

import numpy as np
from torch.nn import functional

from tests.vectors.frameworks import by_keras, by_onnx, by_torch, keras
from tests.vectors.recording import Vector, sixteenths, write_vectors

KERAS_WINDOWS = (
    ("valid", (3, 2), None, (2, 8, 7)),
    ("same", (3, 3), (2, 2), (2, 4, 7)),
    ("same", (2, 4), (1, 3), (3, 5, 8)),
)
"""Padding, window, stride and the maps' shape."""


def maps(seed, *shape):
    return sixteenths(np.random.default_rng(seed), *shape)


def torch_pool(function, settings, x, **arguments):
    """PyTorch's name for its arguments; ``settings`` are this project's."""
    call = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return by_torch(f"{function.__name__}({call})", lambda v: function(v, **arguments), settings, x)


def keras_pool(kind, padding, settings, x):
    stride = settings.get("stride")
    layer = getattr(keras.layers, kind)(settings["kernel_size"], stride, padding)
    call = f"{kind}({settings['kernel_size']}, {stride}, '{padding}')"
    return by_keras(call, layer, {**settings, "padding": padding}, x)


def record_max_pool():
    pool = functional.max_pool2d
    all_settings: list[tuple[dict[str, Any], tuple[int, ...]]] = [
        ({}, (3, 8, 6)),
        ({"kernel_size": (3, 2), "stride": (2, 3)}, (2, 9, 11)),
        ({"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)}, (2, 8, 11)),
        ({"kernel_size": (2, 3), "stride": (1, 2), "dilation": (3, 2)}, (2, 7, 10)),
        (
            {"kernel_size": (3, 3), "stride": (2, 2), "ceil_mode": True},
            (2, 6, 9),
        ),
        # A last window that would start in the padding is dropped: 4 + 2 rows make 2, not 3.
        (
            {"kernel_size": (2, 2), "stride": (3, 3), "padding": (1, 1), "ceil_mode": True},
            (1, 4, 5),
        ),
        (
            {
                "kernel_size": (2, 3),
                "stride": (2, 3),
                "padding": (1, 1),
                "dilation": (2, 1),
                "ceil_mode": True,
            },
            (2, 7, 10),
        ),
    ]
    vectors = []
    for seed, (settings, shape) in enumerate(all_settings):
        arguments = {"kernel_size": (2, 2), **settings}
        vectors.append(torch_pool(pool, settings, maps(seed, *shape), **arguments))
    for seed, (padding, kernel, stride, shape) in enumerate(KERAS_WINDOWS, start=20):
        windows = {"kernel_size": kernel, "stride": stride}
        vectors.append(keras_pool("MaxPooling2D", padding, windows, maps(seed, *shape)))
    vectors.append(
        by_onnx(
            "MaxPool",
            {"kernel_shape": [4, 3], "strides": [3, 2], "auto_pad": "SAME_LOWER"},
            {"kernel_size": (4, 3), "stride": (3, 2), "padding": "same_lower"},
            maps(30, 2, 7, 8),
        )
    )
    vectors.append(
        by_onnx(
            "MaxPool",
            {"kernel_shape": [3, 4], "strides": [2, 1], "pads": [1, 0, 0, 2]},
            {"kernel_size": (3, 4), "stride": (2, 1), "padding": (1, 0, 0, 2)},
            maps(31, 2, 6, 5),
        )
    )
    write_vectors("max_pool2d", vectors)


def record_average_pool():
    all_settings: list[tuple[dict[str, Any], tuple[int, ...]]] = [
        ({"kernel_size": (2, 2)}, (3, 8, 6)),
        ({"kernel_size": (3, 4), "stride": (2, 3), "padding": (1, 2)}, (2, 8, 11)),
        # Cells that only rounding up has added never count, even where padding does.
        (
            {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1), "ceil_mode": True},
            (2, 6, 8),
        ),
        ({"kernel_size": (2, 3), "stride": (3, 2), "ceil_mode": True}, (2, 6, 8)),
    ]
    vectors = []
    for counted in (True, False):
        for seed, (settings, shape) in enumerate(all_settings, start=40):
            given = {**settings, "count_include_pad": counted}
            vectors.append(torch_pool(functional.avg_pool2d, given, maps(seed, *shape), **given))
        vectors.append(
            by_onnx(
                "AveragePool",
                {
                    "kernel_shape": [3, 4],
                    "strides": [2, 1],
                    "pads": [1, 0, 0, 2],
                    "count_include_pad": int(counted),
                },
                {
                    "kernel_size": (3, 4),
                    "stride": (2, 1),
                    "padding": (1, 0, 0, 2),
                    "count_include_pad": counted,
                },
                maps(60, 2, 6, 5),
            )
        )
    vectors.append(
        by_onnx(
            "AveragePool",
            {"kernel_shape": [4, 3], "strides": [3, 2], "auto_pad": "SAME_LOWER"},
            {"kernel_size": (4, 3), "stride": (3, 2), "padding": "same_lower"},
            maps(70, 2, 7, 8),
        )
    )
    for seed, (padding, kernel, stride, shape) in enumerate(KERAS_WINDOWS, start=75):
        windows = {"kernel_size": kernel, "stride": stride}
        vectors.append(keras_pool("AveragePooling2D", padding, windows, maps(seed, *shape)))
    write_vectors("average_pool2d", vectors)


def record_whole_maps():
    shapes = ((3, 5, 7), (5, 1, 1), (2, 8, 3))
    vectors: dict[str, list[Vector]] = {"global_max_pool2d": [], "global_average_pool2d": []}
    for seed, shape in enumerate(shapes):
        x = maps(80 + seed, *shape)
        vectors["global_max_pool2d"].append(
            torch_pool(functional.adaptive_max_pool2d, {}, x, output_size=1)
        )
        vectors["global_average_pool2d"].append(
            torch_pool(functional.adaptive_avg_pool2d, {}, x, output_size=1)
        )
    for word, kind in (("Max", "global_max_pool2d"), ("Average", "global_average_pool2d")):
        name = f"Global{word}Pooling2D"
        layer = getattr(keras.layers, name)(keepdims=True)
        vectors[kind].append(by_keras(f"{name}(keepdims=True)", layer, {}, maps(90, 4, 6, 5)))
        vectors[kind].append(by_onnx(f"Global{word}Pool", {}, {}, maps(91, 2, 3, 9)))
        write_vectors(kind, vectors[kind])


def record_adaptive_average_pool():
    vectors = []
    sizes = (((4, 7), (12, 14)), ((3, 5), (7, 11)), ((1, 1), (5, 6)), ((6, 9), (4, 6)))
    for seed, (size, (height, width)) in enumerate(sizes):
        x = maps(100 + seed, 2, height, width)
        settings = {"output_size": size}
        vectors.append(torch_pool(functional.adaptive_avg_pool2d, settings, x, output_size=size))
    for seed, (size, shape) in enumerate((((3, 5), (2, 7, 11)), ((2, 2), (3, 6, 8)))):
        layer = keras.layers.AdaptiveAveragePooling2D(size)
        call = f"AdaptiveAveragePooling2D({size})"
        x = maps(110 + seed, *shape)
        vectors.append(by_keras(call, layer, {"output_size": size}, x))
    write_vectors("adaptive_average_pool2d", vectors)


if __name__ == "__main__":
    record_max_pool()
    record_average_pool()
    record_whole_maps()
    record_adaptive_average_pool()
