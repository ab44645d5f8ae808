"""Record the normalization layers from PyTorch, Keras and ONNX Runtime.

Run as ``python -m tests.vectors.record_normalization`` with the frameworks installed.
"""

import numpy as np
from torch.nn import functional

from tests.vectors.frameworks import built, by_keras, by_onnx, by_torch, keras, tensors
from tests.vectors.recording import sixteenths, write_vectors


def drawn(seed, shape, *weight_shapes):
    """An input and arrays of weights."""
    rng = np.random.default_rng(seed)
    return [sixteenths(rng, *shape) for shape in (shape, *weight_shapes)]


def record_batch_norm():
    vectors = []
    for seed, (shape, epsilon, affine) in enumerate(
        [((3, 5, 7), 1e-5, True), ((4, 2, 3), 1e-3, False), ((6, 1, 1), 0.5, True)]
    ):
        c = shape[0]
        x, scale, shift, mean, variance = drawn(seed, shape, (c,), (c,), (c,), (c,))
        variance = abs(variance)
        weights = {"mean": mean, "variance": variance}
        if affine:
            weights |= {"scale": scale, "shift": shift}
        settings = {"epsilon": epsilon, "affine": affine}
        learned = tensors([scale, shift]) if affine else (None, None)
        vectors.append(
            by_torch(
                f"batch_norm(eps={epsilon})",
                lambda v, s=(mean, variance), w=learned, e=epsilon: functional.batch_norm(
                    v, *tensors(s), *w, training=False, eps=e
                ),
                settings,
                x,
                weights,
            )
        )
        layer = keras.layers.BatchNormalization(epsilon=epsilon, center=affine, scale=affine)
        arrays = [scale, shift, mean, variance] if affine else [mean, variance]
        built(layer, x, arrays)
        call = f"BatchNormalization(epsilon={epsilon}), not training"
        vectors.append(by_keras(call, layer, settings, x, weights))
    write_vectors("batch_norm2d", vectors)


def record_layer_norm():
    vectors = []
    for seed, (shape, epsilon, affine) in enumerate(
        [((3, 5, 7), 1e-5, True), ((4, 2, 3), 1e-3, False), ((6, 1, 1), 0.5, True)]
    ):
        c = shape[0]
        x, scale, shift, scales, shifts = drawn(seed, shape, (c,), (c,), shape, shape)
        settings = {"axes": "channels", "epsilon": epsilon, "affine": affine}
        weights = {"scale": scale, "shift": shift} if affine else {}
        layer = keras.layers.LayerNormalization(
            axis=-1, epsilon=epsilon, center=affine, scale=affine
        )
        built(layer, x, list(weights.values()))
        call = f"LayerNormalization(axis=-1, epsilon={epsilon})"
        vectors.append(by_keras(call, layer, settings, x, weights))
        learned = tensors(weights.values()) if affine else (None, None)
        vectors.append(
            by_torch(
                f"layer_norm of N × H × W × C over C, eps={epsilon}",
                lambda v, n=c, w=learned, e=epsilon: functional.layer_norm(
                    v.permute(0, 2, 3, 1), (n,), *w, e
                ).permute(0, 3, 1, 2),
                settings,
                x,
                weights,
            )
        )
        weights = {"scale": scales, "shift": shifts} if affine else {}
        learned = tensors(weights.values()) if affine else (None, None)
        vectors.append(
            by_torch(
                f"layer_norm(normalized_shape=[C, H, W], eps={epsilon})",
                lambda v, n=shape, w=learned, e=epsilon: functional.layer_norm(v, n, *w, e),
                {**settings, "axes": "all"},
                x,
                weights,
            )
        )
    write_vectors("layer_norm", vectors)


def record_group_norm():
    vectors = []
    for seed, (shape, groups, epsilon, affine) in enumerate(
        [
            ((6, 5, 7), 3, 1e-5, True),
            ((6, 2, 3), 2, 1e-3, True),
            ((4, 3, 2), 1, 0.5, False),
            ((4, 3, 5), 4, 1e-5, True),
        ]
    ):
        x, scale, shift = drawn(seed, shape, shape[:1], shape[:1])
        settings = {"groups": groups, "epsilon": epsilon, "affine": affine}
        weights = {"scale": scale, "shift": shift} if affine else {}
        learned = tensors(weights.values()) if affine else (None, None)
        vectors.append(
            by_torch(
                f"group_norm({groups}, eps={epsilon})",
                lambda v, g=groups, w=learned, e=epsilon: functional.group_norm(v, g, *w, e),
                settings,
                x,
                weights,
            )
        )
        layer = keras.layers.GroupNormalization(
            groups=groups, epsilon=epsilon, center=affine, scale=affine
        )
        built(layer, x, list(weights.values()))
        call = f"GroupNormalization({groups}, epsilon={epsilon})"
        vectors.append(by_keras(call, layer, settings, x, weights))
    write_vectors("group_norm", vectors)


def record_instance_norm():
    vectors = []
    for seed, (shape, epsilon, affine) in enumerate(
        [((3, 5, 7), 1e-5, False), ((4, 2, 3), 1e-3, True), ((2, 6, 5), 0.5, True)]
    ):
        x, scale, shift = drawn(seed, shape, shape[:1], shape[:1])
        settings = {"epsilon": epsilon, "affine": affine}
        weights = {"scale": scale, "shift": shift} if affine else {}
        learned = tensors(weights.values()) if affine else (None, None)
        vectors.append(
            by_torch(
                f"instance_norm(eps={epsilon})",
                lambda v, w=learned, e=epsilon: functional.instance_norm(v, None, None, *w, eps=e),
                settings,
                x,
                weights,
            )
        )
        layer = keras.layers.GroupNormalization(
            groups=-1, epsilon=epsilon, center=affine, scale=affine
        )
        built(layer, x, list(weights.values()))
        call = f"GroupNormalization(-1, epsilon={epsilon})"
        vectors.append(by_keras(call, layer, settings, x, weights))
    write_vectors("instance_norm2d", vectors)


def record_local_response_norm():
    vectors = []
    for seed, (channels, size, alpha, beta, k) in enumerate(
        [(7, 5, 1e-4, 0.75, 1.0), (6, 3, 0.5, 0.75, 2.0), (5, 4, 2.0, 0.5, 0.5), (3, 9, 1.0, 1, 1)]
    ):
        (x,) = drawn(seed, (channels, 3, 4))
        settings = {"size": size, "alpha": alpha, "beta": beta, "k": k}
        vectors.append(
            by_torch(
                f"local_response_norm({size}, {alpha}, {beta}, {k})",
                lambda v, s=(size, alpha, beta, k): functional.local_response_norm(v, *s),
                settings,
                x,
            )
        )
        if size % 2:  # the window of an even size lies one channel later in ONNX
            attributes = {"size": size, "alpha": alpha, "beta": float(beta), "bias": float(k)}
            vectors.append(by_onnx("LRN", attributes, settings, x))
    write_vectors("local_response_norm", vectors)


def record():
    record_batch_norm()
    record_layer_norm()
    record_group_norm()
    record_instance_norm()
    record_local_response_norm()


if __name__ == "__main__":
    record()
