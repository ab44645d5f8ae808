"""Record the kinds of convolution from PyTorch, Keras and ONNX Runtime.

Run as ``python -m tests.vectors.record_convolution`` with the frameworks installed.
"""

import numpy as np
from torch.nn import functional

from tests.vectors.frameworks import built, by_keras, by_onnx, by_torch, keras, tensors
from tests.vectors.recording import sixteenths, write_vectors


def drawn(seed, shape, **weight_shapes):
    """An input and named weights."""
    rng = np.random.default_rng(seed)
    x = sixteenths(rng, *shape)
    return x, {name: sixteenths(rng, *shape) for name, shape in weight_shapes.items()}


def torch_padded(v, settings):
    """The input with the explicit padding of the settings around it."""
    top, left, bottom, right = settings.get("padding", (0, 0, 0, 0))
    mode = settings.get("padding_mode", "zeros")
    return functional.pad(v, (left, right, top, bottom), "constant" if mode == "zeros" else mode)


def torch_steps(settings):
    return {name: settings.get(name, (1, 1)) for name in ("stride", "dilation")}


def by_torch_conv2d(seed, shape, settings):
    groups, filters = settings.get("groups", 1), settings["out_channels"]
    kernel_shape = (filters, shape[0] // groups, *settings["kernel_size"])
    bias = {"bias": (filters,)} if settings.get("bias", True) else {}
    x, weights = drawn(seed, shape, kernel=kernel_shape, **bias)

    def convolved(v):
        v = torch_padded(v, settings)
        return functional.conv2d(
            v, *tensors(weights.values()), **torch_steps(settings), groups=groups
        )

    return by_torch("conv2d of pad", convolved, settings, x, weights)


def by_keras_conv2d(seed, shape, settings):
    groups, filters = settings.get("groups", 1), settings["out_channels"]
    kernel_shape = (filters, shape[0] // groups, *settings["kernel_size"])
    x, weights = drawn(seed, shape, kernel=kernel_shape, bias=(filters,))
    words = keras_words(settings) | {"filters": filters, "groups": groups}
    layer = built(
        keras.layers.Conv2D(**words), x, [weights["kernel"].transpose(2, 3, 1, 0), weights["bias"]]
    )
    return by_keras(f"Conv2D({in_words(words)})", layer, settings, x, weights)


def keras_words(settings):
    """Settings in the words that Keras' convolutions share."""
    words = {"kernel_size": "kernel_size", "stride": "strides", "padding": "padding"}
    words |= {"dilation": "dilation_rate"}
    return {word: settings[name] for name, word in words.items() if name in settings}


def in_words(words):
    return ", ".join(f"{name}={value!r}" for name, value in words.items())


def conv2d_vectors():
    torch_cases = [
        ((3, 9, 11), {"out_channels": 4, "kernel_size": (3, 5)}),
        ((2, 8, 11), {"stride": (2, 3), "padding": (1, 2, 1, 2), "kernel_size": (3, 4)}),
        ((2, 9, 7), {"padding": (2, 0, 1, 3), "kernel_size": (2, 3), "bias": False}),
        ((3, 7, 8), {"padding": (2, 1, 1, 3), "padding_mode": "reflect"}),
        ((3, 6, 8), {"padding": (2, 1, 4, 3), "padding_mode": "replicate", "stride": (2, 1)}),
        ((3, 5, 8), {"padding": (5, 1, 2, 3), "padding_mode": "circular", "dilation": (2, 1)}),
        ((6, 8, 9), {"out_channels": 9, "groups": 3, "kernel_size": (2, 3)}),
        ((4, 10, 13), {"dilation": (2, 3), "padding": (2, 3, 2, 3), "stride": (1, 2), "groups": 2}),
        ((5, 7, 6), {"kernel_size": (1, 1), "stride": (2, 3), "out_channels": 3}),
    ]
    keras_cases = [
        ((3, 9, 11), {"padding": "valid", "kernel_size": (3, 4), "stride": (2, 3)}),
        ((3, 8, 11), {"padding": "same", "kernel_size": (3, 4), "stride": (2, 3)}),
        ((2, 7, 10), {"padding": "same", "kernel_size": (4, 2)}),
        ((2, 9, 8), {"padding": "same", "kernel_size": (3, 2), "dilation": (2, 3)}),
        ((4, 7, 6), {"padding": "same", "groups": 2, "out_channels": 6}),
    ]
    vectors = []
    usual = {"out_channels": 4, "kernel_size": (3, 3)}
    for seed, (shape, settings) in enumerate(torch_cases):
        vectors.append(by_torch_conv2d(seed, shape, usual | settings))
    for seed, (shape, settings) in enumerate(keras_cases, 100):
        vectors.append(by_keras_conv2d(seed, shape, usual | settings))
    settings = usual | {"padding": "same_lower", "kernel_size": (4, 3), "stride": (1, 2)}
    x, weights = drawn(200, (3, 7, 8), kernel=(4, 3, 4, 3), bias=(4,))
    attributes = {"auto_pad": "SAME_LOWER", "strides": settings["stride"]}
    vectors.append(by_onnx("Conv", attributes, settings, x, weights))
    return vectors


def by_torch_depthwise(seed, shape, settings):
    count = shape[0] * settings.get("depth_multiplier", 1)
    x, weights = drawn(seed, shape, kernel=(count, 1, *settings["kernel_size"]), bias=(count,))

    def convolved(v):
        v, arrays = torch_padded(v, settings), tensors(weights.values())
        return functional.conv2d(v, *arrays, **torch_steps(settings), groups=shape[0])

    return by_torch(f"conv2d of pad, groups={shape[0]}", convolved, settings, x, weights)


def keras_depthwise_kernel(kernel, channels):
    """(C·m, 1, kh, kw) as (kh, kw, C, m)."""
    return kernel.reshape(channels, -1, *kernel.shape[2:]).transpose(2, 3, 0, 1)


def by_keras_depthwise(seed, shape, settings):
    many = settings.get("depth_multiplier", 1)
    count = shape[0] * many
    biased = settings.get("bias", True)
    bias = {"bias": (count,)} if biased else {}
    x, weights = drawn(seed, shape, kernel=(count, 1, *settings["kernel_size"]), **bias)
    words = keras_words(settings) | {"depth_multiplier": many, "use_bias": biased}
    kernel = keras_depthwise_kernel(weights["kernel"], shape[0])
    arrays = [kernel, *([weights["bias"]] if biased else [])]
    layer = built(keras.layers.DepthwiseConv2D(**words), x, arrays)
    return by_keras(f"DepthwiseConv2D({in_words(words)})", layer, settings, x, weights)


def depthwise_vectors():
    torch_cases = [
        ((3, 8, 9), {"depth_multiplier": 2, "padding": (1, 0, 2, 3), "stride": (2, 1)}),
        ((2, 7, 10), {"dilation": (2, 3), "padding": (2, 3, 2, 3), "padding_mode": "reflect"}),
        ((4, 6, 5), {"kernel_size": (2, 3), "padding": (3, 1, 0, 2), "padding_mode": "circular"}),
        ((3, 6, 8), {"kernel_size": (5, 4), "padding": (2, 4, 1, 2), "padding_mode": "replicate"}),
    ]
    keras_cases = [
        ((4, 9, 7), {"padding": "valid", "depth_multiplier": 3, "kernel_size": (3, 2)}),
        ((3, 8, 11), {"padding": "same", "depth_multiplier": 2, "stride": (2, 2)}),
        ((2, 9, 8), {"padding": "same", "dilation": (2, 2), "kernel_size": (3, 2)}),
        ((5, 7, 6), {"padding": "same", "kernel_size": (4, 5), "bias": False}),
    ]
    usual = {"kernel_size": (3, 3)}
    return [
        *(by_torch_depthwise(seed, s, usual | more) for seed, (s, more) in enumerate(torch_cases)),
        *(by_keras_depthwise(seed, s, usual | more) for seed, (s, more) in enumerate(keras_cases)),
    ]


def separable_vectors():
    cases = [
        ((3, 9, 7), {"padding": "valid", "depth_multiplier": 2}),
        ((4, 8, 11), {"padding": "same", "stride": (2, 2), "kernel_size": (3, 4)}),
        ((2, 9, 8), {"padding": "same", "dilation": (2, 2), "kernel_size": (3, 2)}),
        ((3, 6, 7), {"padding": "same", "kernel_size": (2, 5), "bias": False, "out_channels": 2}),
    ]
    vectors = []
    for seed, (shape, more) in enumerate(cases):
        settings = {"out_channels": 5, "kernel_size": (3, 3), **more}
        filters, biased = settings["out_channels"], settings.get("bias", True)
        between = shape[0] * settings.get("depth_multiplier", 1)
        shapes = {
            "depthwise_kernel": (between, 1, *settings["kernel_size"]),
            "pointwise_kernel": (filters, between, 1, 1),
        }
        x, weights = drawn(seed, shape, **shapes, **({"bias": (filters,)} if biased else {}))
        words = keras_words(settings) | {
            "filters": filters,
            "depth_multiplier": settings.get("depth_multiplier", 1),
            "use_bias": biased,
        }
        arrays = [
            keras_depthwise_kernel(weights["depthwise_kernel"], shape[0]),
            weights["pointwise_kernel"].transpose(2, 3, 1, 0),
            *([weights["bias"]] if biased else []),
        ]
        layer = built(keras.layers.SeparableConv2D(**words), x, arrays)
        call = f"SeparableConv2D({in_words(words)})"
        vectors.append(by_keras(call, layer, settings, x, weights))
    settings = {"out_channels": 4, "kernel_size": (2, 3), "padding": (1, 2, 0, 1), "stride": (1, 2)}
    shape, shapes = (3, 7, 8), {"depthwise_kernel": (3, 1, 2, 3), "pointwise_kernel": (4, 3, 1, 1)}
    x, weights = drawn(100, shape, **shapes, bias=(4,))
    depthwise, pointwise, bias = tensors(weights.values())

    def convolved(v):
        v = functional.conv2d(torch_padded(v, settings), depthwise, stride=(1, 2), groups=3)
        return functional.conv2d(v, pointwise, bias)

    return [*vectors, by_torch("conv2d of conv2d, groups=3", convolved, settings, x, weights)]


def by_torch_transposed(seed, shape, settings):
    groups, filters = settings.get("groups", 1), settings["out_channels"]
    kernel_shape = (shape[0], filters // groups, *settings["kernel_size"])
    x, weights = drawn(seed, shape, kernel=kernel_shape, bias=(filters,))
    words = {
        "stride": settings["stride"],
        "padding": settings["padding"][:2],
        "output_padding": settings.get("output_padding", (0, 0)),
        "groups": groups,
        "dilation": settings.get("dilation", (1, 1)),
    }
    return by_torch(
        f"conv_transpose2d({in_words(words)})",
        lambda v: functional.conv_transpose2d(v, *tensors(weights.values()), **words),
        settings,
        x,
        weights,
    )


def by_keras_transposed(seed, shape, settings):
    filters, biased = settings["out_channels"], settings.get("bias", True)
    bias = {"bias": (filters,)} if biased else {}
    x, weights = drawn(seed, shape, kernel=(shape[0], filters, *settings["kernel_size"]), **bias)
    words = keras_words(settings) | {
        "filters": filters,
        "output_padding": settings.get("output_padding"),
        "use_bias": biased,
    }
    arrays = [weights["kernel"].transpose(2, 3, 1, 0), *([weights["bias"]] if biased else [])]
    layer = built(keras.layers.Conv2DTranspose(**words), x, arrays)
    return by_keras(f"Conv2DTranspose({in_words(words)})", layer, settings, x, weights)


def transposed_vectors():
    torch_cases = [
        ((3, 4, 5), {"kernel_size": (3, 4), "stride": (2, 3), "padding": (0, 0, 0, 0)}),
        ((2, 5, 4), {"padding": (1, 2, 1, 2), "output_padding": (1, 2), "stride": (2, 3)}),
        ((4, 3, 5), {"groups": 2, "out_channels": 6, "stride": (1, 2), "padding": (1, 0, 1, 0)}),
        ((2, 3, 4), {"dilation": (3, 2), "output_padding": (2, 1), "padding": (4, 1, 4, 1)}),
        ((2, 3, 4), {"kernel_size": (1, 2), "stride": (3, 4), "padding": (0, 0, 0, 0)}),
    ]
    # The kernel shorter than, as long as, one longer, two longer than the stride; odd and even.
    keras_sizes = [((1, 2), (2, 4)), ((2, 3), (2, 3)), ((3, 4), (2, 3)), ((4, 5), (2, 3))]
    keras_cases = [
        ((2, 4, 3), {"kernel_size": kernel, "stride": stride, "padding": padding, **more})
        for kernel, stride in keras_sizes
        for padding in ("valid", "same")
        for more in ({}, {"output_padding": (1, stride[1] - 1), "bias": False})
    ]
    keras_cases += [
        (
            (2, 4, 5),
            {"kernel_size": (3, 2), "dilation": (2, 3), "stride": (1, 1), "padding": p, **m},
        )
        for p in ("valid", "same")
        for m in ({}, {"output_padding": (0, 0)})
    ]
    usual = {"out_channels": 3, "kernel_size": (3, 3), "stride": (2, 2)}
    vectors = [
        *(by_torch_transposed(n, s, usual | more) for n, (s, more) in enumerate(torch_cases)),
        *(by_keras_transposed(n, s, usual | more) for n, (s, more) in enumerate(keras_cases)),
    ]
    # Sides that differ exist only in ONNX.
    settings = usual | {"padding": (1, 0, 0, 2), "output_padding": (1, 0), "kernel_size": (4, 3)}
    x, weights = drawn(200, (2, 3, 4), kernel=(2, 3, 4, 3), bias=(3,))
    attributes = {"pads": settings["padding"], "strides": (2, 2), "output_padding": (1, 0)}
    return [*vectors, by_onnx("ConvTranspose", attributes, settings, x, weights)]


if __name__ == "__main__":
    write_vectors("conv2d", conv2d_vectors())
    write_vectors("depthwise_conv2d", depthwise_vectors())
    write_vectors("separable_conv2d", separable_vectors())
    write_vectors("conv_transpose2d", transposed_vectors())
