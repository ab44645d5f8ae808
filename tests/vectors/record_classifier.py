"""Record the classifier and merge layers and the preprocessing from PyTorch and Keras.

Run as ``python -m tests.vectors.record_classifier`` with the frameworks installed.
"""

from typing import Any

import numpy as np
from torch import nn
from torch.nn import functional

from tests.vectors.frameworks import (
    KERAS,
    TORCH,
    built,
    by_keras,
    by_torch,
    keras,
    tensors,
    torch,
)
from tests.vectors.record_activation import inputs
from tests.vectors.record_normalization import drawn
from tests.vectors.recording import Vector, write_vectors

SHAPES = ((3, 4, 5), (2, 5, 3), (6, 1, 1), (1, 3, 4))


def record_flatten():
    vectors = []
    for seed, shape in enumerate(SHAPES):
        x = inputs(seed, shape)
        out = nn.Flatten()(torch.from_numpy(x)[None])[0].numpy().reshape(-1, 1, 1)
        vectors.append(Vector(TORCH, "Flatten()", {"order": "channels_first"}, (x,), out))
        out = np.asarray(keras.layers.Flatten()(x.transpose(1, 2, 0)[None]))[0].reshape(-1, 1, 1)
        vectors.append(
            Vector(KERAS, "Flatten() of H × W × C", {"order": "channels_last"}, (x,), out)
        )
    write_vectors("flatten", vectors)


def record_dense():
    vectors = []
    for seed, (features, units, bias) in enumerate([(12, 5, True), (7, 9, False), (3, 1, True)]):
        x, kernel, added = drawn(seed, (features, 1, 1), (units, features), (units,))
        settings = {"out_features": units, "bias": bias}
        weights = {"kernel": kernel, "bias": added} if bias else {"kernel": kernel}
        vectors.append(
            by_torch(
                f"linear, {features} to {units}",
                lambda v, w=weights: functional.linear(v.flatten(1), *tensors(w.values()))[
                    :, :, None, None
                ],
                settings,
                x,
                weights,
            )
        )
        layer = keras.layers.Dense(units, use_bias=bias)
        built(layer, x, [kernel.T, added] if bias else [kernel.T])
        vectors.append(by_keras(f"Dense({units})", layer, settings, x, weights))
    write_vectors("dense", vectors)


def record_dropout():
    write_vectors(
        "dropout",
        [
            by_torch(
                f"dropout({rate}, training=False)",
                lambda v, rate=rate: functional.dropout(v, rate, training=False),
                {"rate": rate},
                inputs(seed),
            )
            for seed, rate in enumerate([0.5, 0.0, 1.0])
        ]
        + [by_keras("Dropout(0.25), not training", keras.layers.Dropout(0.25), {"rate": 0.25},
                    inputs(4))],
    )  # fmt: skip


def several(framework, call, function, arrays):
    return Vector(framework, call, {}, tuple(arrays), np.asarray(function(arrays)))


def keras_merged(layer, arrays):
    """A merge layer applied to arrays of H × W × C."""
    turned = [array.transpose(1, 2, 0)[None] for array in arrays]
    return np.asarray(layer(turned)[0]).transpose(2, 0, 1)


def record_elementwise(kind, torch_function, layer):
    """Equal shapes, gates of one value per channel, per position, per row, and three inputs."""
    shape = (3, 4, 5)
    sizes = [
        (shape, shape),
        (shape, (3, 1, 1)),
        ((1, 4, 5), shape),
        (shape, (3, 4, 1)),
        ((6, 1, 1), (6, 1, 1)),
        (shape, shape, (1, 1, 5)),
        ((3, 4, 1), (3, 1, 5)),
    ]
    vectors = []
    for seed, (first, *others) in enumerate(sizes):
        arrays = drawn(seed, first, *others)

        def reduced(given):
            result, *rest = tensors(given)
            for tensor in rest:
                result = torch_function(result, tensor)
            return result.numpy()

        vectors.append(several(TORCH, torch_function.__name__, reduced, arrays))
        name = type(layer).__name__
        vectors.append(several(KERAS, f"{name}()", lambda a: keras_merged(layer, a), arrays))
    write_vectors(kind, vectors)


def record_concatenate():
    layer = keras.layers.Concatenate(axis=-1)
    vectors = []
    for seed, counts in enumerate([(3, 2), (1, 4, 2), (2, 2, 1, 3)]):
        arrays = drawn(seed, *((count, 4, 5) for count in counts))
        vectors.append(several(TORCH, "cat(dim=0)", lambda a: torch.cat(tensors(a)), arrays))
        vectors.append(
            several(KERAS, "Concatenate(axis=-1)", lambda a: keras_merged(layer, a), arrays)
        )
    write_vectors("concatenate", vectors)


def record_preprocess():
    """The three ways of Keras' applications, from pixels of 0 to 1."""
    ways: dict[str, dict[str, Any]] = {
        "caffe": {
            "channel_order": "bgr",
            "scale": 255,
            "mean": [103.939, 116.779, 123.68],
        },
        "torch": {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]},
        "tf": {"scale": 2, "mean": [1]},
    }
    vectors = []
    for seed, (mode, settings) in enumerate(ways.items()):
        pixels = np.random.default_rng(seed).integers(0, 256, (4, 5, 3)).astype(np.float32)
        out = keras.applications.imagenet_utils.preprocess_input(pixels.copy()[None], mode=mode)[0]
        x = (pixels / np.float32(255)).transpose(2, 0, 1)
        call = f'imagenet_utils.preprocess_input(mode="{mode}") of 255 · x'
        vectors.append(Vector(KERAS, call, settings, (x,), np.asarray(out).transpose(2, 0, 1)))
    write_vectors("preprocess", vectors)


def record():
    record_flatten()
    record_dense()
    record_dropout()
    record_elementwise("add", torch.add, keras.layers.Add())
    record_elementwise("multiply", torch.mul, keras.layers.Multiply())
    record_concatenate()
    record_preprocess()


if __name__ == "__main__":
    record()
