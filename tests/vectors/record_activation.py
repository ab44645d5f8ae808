"""Record the activation layers from PyTorch, Keras and ONNX Runtime.

Run as ``python -m tests.vectors.record_activation`` with the frameworks installed.
"""

import numpy as np
from torch.nn import functional

from tests.vectors.frameworks import built, by_keras, by_onnx, by_torch, keras, torch
from tests.vectors.recording import sixteenths, write_vectors


def inputs(seed, shape=(3, 5, 7), factor=4):
    """Values from −2 · factor to 2 · factor."""
    return sixteenths(np.random.default_rng(seed), *shape) * np.float32(factor)


def simple(kind, torch_function, keras_layer):
    """A kind without settings: PyTorch and Keras, on maps and on a vector."""
    name = torch_function.__name__
    write_vectors(
        kind,
        [
            by_torch(name, torch_function, {}, inputs(1)),
            by_torch(name, torch_function, {}, inputs(2, (11, 1, 1))),
            by_torch(f"{name}, small values", torch_function, {}, inputs(3, factor=1 / 64)),
            by_keras(keras_layer.__class__.__name__, keras_layer, {}, inputs(4)),
            by_keras(keras_layer.__class__.__name__, keras_layer, {}, inputs(5, (2, 4, 3))),
        ],
    )


def activation(name):
    return keras.layers.Activation(name)


def record_leaky_relu():
    slopes = (0.01, 0.25, 0.0)
    write_vectors(
        "leaky_relu",
        [
            by_torch(
                f"leaky_relu({slope})",
                lambda x, slope=slope: functional.leaky_relu(x, slope),
                {"negative_slope": slope},
                inputs(number),
            )
            for number, slope in enumerate(slopes)
        ]
        + [
            by_keras("LeakyReLU()", keras.layers.LeakyReLU(), {"negative_slope": 0.3}, inputs(4)),
        ],
    )


def record_prelu():
    vectors = []
    for seed, shared in ((1, False), (2, True)):
        x = inputs(seed)
        slope = sixteenths(np.random.default_rng(seed + 10), 1 if shared else x.shape[0])
        vectors.append(
            by_torch(
                f"prelu, {len(slope)} slopes",
                lambda v, slope=slope: functional.prelu(v, torch.from_numpy(slope)),
                {"shared": shared},
                x,
                {"slope": slope},
            )
        )
        layer = keras.layers.PReLU(shared_axes=[1, 2, 3] if shared else [1, 2])
        built(layer, x, [slope.reshape(1, 1, -1)])
        call = f"PReLU(shared_axes={layer.shared_axes})"
        vectors.append(by_keras(call, layer, {"shared": shared}, x, {"slope": slope}))
    write_vectors("prelu", vectors)


def record_elu():
    vectors = [
        by_torch(
            f"elu({alpha})",
            lambda x, alpha=alpha: functional.elu(x, alpha),
            {"alpha": alpha},
            inputs(number, factor=factor),
        )
        for number, (alpha, factor) in enumerate([(1.0, 4), (0.5, 4), (2.0, 1 / 64)])
    ]
    vectors.append(by_keras("ELU(1.5)", keras.layers.ELU(1.5), {"alpha": 1.5}, inputs(4)))
    write_vectors("elu", vectors)


def record_gelu():
    vectors = []
    for number, form in enumerate(("none", "tanh")):
        vectors += [
            by_torch(
                f'gelu(approximate="{form}")',
                lambda x, form=form: functional.gelu(x, approximate=form),
                {"approximate": form},
                inputs(number, factor=factor),
            )
            for factor in (4, 1 / 64)
        ]
        by_tanh = form == "tanh"
        vectors.append(
            by_keras(
                f"gelu(approximate={by_tanh})",
                lambda x, by_tanh=by_tanh: keras.activations.gelu(x, approximate=by_tanh),
                {"approximate": form},
                inputs(number + 10),
            )
        )
    write_vectors("gelu", vectors)


def record_hard_sigmoid():
    write_vectors(
        "hard_sigmoid",
        [
            by_torch("hardsigmoid", functional.hardsigmoid, {}, inputs(1)),
            by_keras("hard_sigmoid", activation("hard_sigmoid"), {}, inputs(2)),
            by_onnx("HardSigmoid", {}, {"alpha": 0.2}, inputs(3)),
            by_onnx(
                "HardSigmoid",
                {"alpha": 0.75, "beta": 0.25},
                {"alpha": 0.75, "beta": 0.25},
                inputs(4, factor=1),
            ),
        ],
    )


def record_softmax():
    vectors = []
    for seed, shape in enumerate([(5, 3, 4), (11, 1, 1)]):
        x = inputs(seed, shape)
        vectors.append(by_torch("softmax(dim=1)", lambda v: v.softmax(1), {}, x))
        vectors.append(by_keras("Softmax(axis=-1)", keras.layers.Softmax(), {}, x))
    vectors.append(
        by_torch("softmax(dim=1), large values", lambda v: v.softmax(1), {}, inputs(9, factor=512))
    )
    vectors.append(by_onnx("Softmax", {"axis": 1}, {}, inputs(10)))
    write_vectors("softmax", vectors)


def record():
    simple("relu", functional.relu, keras.layers.ReLU())
    simple("relu6", functional.relu6, activation("relu6"))
    simple("sigmoid", torch.sigmoid, activation("sigmoid"))
    simple("tanh", torch.tanh, activation("tanh"))
    simple("silu", functional.silu, activation("silu"))
    simple("hard_swish", functional.hardswish, activation("hard_silu"))
    record_leaky_relu()
    record_prelu()
    record_elu()
    record_gelu()
    record_hard_sigmoid()
    record_softmax()


if __name__ == "__main__":
    record()
