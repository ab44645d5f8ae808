"""Transposed convolution."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.explanation import cells_patch, signed, weighted_sum
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.transposed import convolve_transposed
from engine.reading import Reading
from engine.settings import padding_setting, pair_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.density import Variant, scatter_variants
from engine.sliding.fitting import scatter_settings
from engine.sliding.grouping import check_groups, grouped_channels
from engine.sliding.kernel_settings import (
    bias_setting,
    dilation_setting,
    filters_setting,
    groups_setting,
    kernel_size_setting,
)
from engine.sliding.scatter_spelling import (
    keras_scatter,
    onnx_scatter,
    reread_scatter,
    torch_scatter,
)
from engine.sliding.scattering import TRANSPOSED_RULES, Scatter
from engine.sliding.zero_insertion import overlaps_around, zero_inserted
from engine.spelling import Code, Reread, Spelling, call, cannot, usual
from engine.wording import counted
from engine.workspace import Workspace

_KERNEL_ORDER = "Keras stores kernels as height × width × out × in."


@layer_kind("conv_transpose2d", label="Transposed convolution", category="Convolution", place=4)
class ConvTranspose2d(Layer):
    """Let each value add a whole kernel, times itself, to the output; a stride spreads them apart.

    The output is larger than the input: values are put a stride apart and the kernels fill the
    gaps. Where kernels overlap they are summed, where a kernel is smaller than the stride only the
    bias is left. A kernel that the stride does not divide overlaps unevenly, which shows as a
    checkerboard. It restores the size of what was reduced, and not the content.

    "Valid" and "same" are Keras' rules: an odd pixel is cropped at the end, and by default the
    output is stride · in with "same", and at least that with "valid". Keras' JAX and PyTorch
    backends agree on all of it (3.15; its PyTorch backend used to crop equally at both sides, one
    pixel more at the beginning than here where span − stride is odd). Keras refuses a stride
    together with a dilation; here they combine. Explicit padding is PyTorch's and ONNX's: so many
    pixels are cropped at each side, and output padding gives some back at the bottom and the right.
    """

    in_caffe = True

    out_channels: int = filters_setting()
    kernel_size: Pair = kernel_size_setting()
    stride: Pair = pair_setting(
        default=(2, 2), minimum=1, maximum=4096, comfortable=(1, 4), label="Stride",
        help="How far apart two neighboring values are put in the output, down and to the right.",
    )  # fmt: skip
    padding: Padding = padding_setting(
        default="same", rules=TRANSPOSED_RULES, label="Padding",
        help="How much of the output is cropped: nothing with valid; with same, so much that it is "
        "stride times as large as the input.",
    )  # fmt: skip
    output_padding: Pair | None = pair_setting(
        default=None, minimum=0, maximum=4095, comfortable=(0, 3), label="Output padding",
        optional="automatic",
        help="Pixels added to the output at the bottom and at the right; automatic adds what the "
        "rule's size needs, and none to explicit padding.",
    )  # fmt: skip
    dilation: Pair = dilation_setting()
    groups: int = groups_setting()
    bias: bool = bias_setting()

    @property
    def scatter(self) -> Scatter:
        """The transposed window that the settings describe."""
        return Scatter(
            self.kernel_size, self.stride, self.dilation, self.padding, self.output_padding
        )

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return filters × what is left of the scattered kernels."""
        shape = single(shapes)
        check_groups(shape.channels, self.out_channels, self.groups)
        return Shape(self.out_channels, *self.scatter.output_size(shape))

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the transposed window's equation; each filter makes one map."""
        filters = counted(self.out_channels, "filter")
        return self.scatter.equation(single(shapes), f"{filters}, one map each")

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the pixels cropped from the output, which the frameworks call its padding."""
        top, left, bottom, right = self.scatter.cropping
        return Sides(top, left, max(bottom, 0), max(right, 0))

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return which inputs scatter into which outputs."""
        return (self.scatter.reading(single(shapes)),)

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield kernels, strides, paddings and output paddings that may make that size."""
        for settings in scatter_settings(self.scatter, single(shapes), target[1:]):
            yield {**settings, "out_channels": target.channels}

    def variants(self) -> Iterator[Variant]:
        """Yield other strides, paddings and kernels."""
        yield from scatter_variants(
            self.kernel_size, self.stride, self.padding, self.output_padding
        )

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return filters and size of a kernel (in, out / groups, kh, kw)."""
        kernel = arrays.get("kernel", ())
        if len(kernel) != 4:
            return {}
        filters = kernel[1] * self.groups
        return {"out_channels": filters, "kernel_size": kernel[2:], "bias": "bias" in arrays}

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernel (in, out / groups, kh, kw) and the bias."""
        channels, filters = single(shapes).channels, self.out_channels // self.groups
        area = self.kernel_size[0] * self.kernel_size[1]
        overlapping = max(1, area // (self.stride[0] * self.stride[1]))
        kernel = WeightSpec(
            "kernel",
            (channels, filters, *self.kernel_size),
            fan_in=channels // self.groups * overlapping,
            fan_out=filters * area,
            filter_axis=1,
            groups=self.groups,
        )
        bias = WeightSpec("bias", (self.out_channels,), start=0.0)
        return (kernel, bias) if self.bias else (kernel,)

    def macs(self, shapes: Shapes) -> int:
        """Return input values × the products that each scatters, the cropped ones included."""
        area = self.kernel_size[0] * self.kernel_size[1]
        return single(shapes).values * self.out_channels // self.groups * area

    def summary(self) -> str:
        """Return kernel, filters, stride, dilation and padding."""
        return self.scatter.summary(counted(self.out_channels, "filter"))

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return a transposed convolution, and what crops where the words do not reach."""
        channels, bias = single(shapes).channels, usual(self.bias, True)
        arrays = [Code("kernel"), Code("bias")][: 2 if self.bias else 1]
        groups = usual(self.groups, 1)
        keras, torch = keras_scatter(self.scatter), torch_scatter(self.scatter)
        onnx = onnx_scatter(self.scatter)
        layer = call(
            "layers.Conv2DTranspose", self.out_channels, self.kernel_size, **keras.arguments,
            use_bias=bias,
        )  # fmt: skip
        module = call(
            "nn.ConvTranspose2d", channels, self.out_channels, self.kernel_size,
            **torch.arguments, groups=groups, bias=bias,
        )  # fmt: skip
        operator = call("ConvTranspose", Code("x"), *arrays, **onnx.arguments, group=groups)
        in_keras = keras.spelled(layer, _KERNEL_ORDER)
        if self.groups > 1:
            in_keras = cannot("Keras' transposed convolution has no groups.")
        return {"keras": in_keras, "torch": torch.spelled(module), "onnx": onnx.spelled(operator)}

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what the padding means in a dialect: a rule's name, or numbers."""
        return reread_scatter(self.scatter, dialect)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Scatter each value through its kernels."""
        top, left, _, _ = self.scatter.cropping
        convolve_transposed(
            inputs[0],
            weights["kernel"],
            weights.get("bias"),
            out,
            workspace,
            stride=self.stride,
            dilation=self.dilation,
            crop=(top, left),
            groups=self.groups,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the inputs that reach this value, each beside the kernel cell that brings it."""
        (maps,) = inputs
        row_of, column_of = self.scatter.sources(Shape(*maps.shape), position.row, position.column)
        # The last cell of the kernel brings the first input.
        kernel_rows = np.flatnonzero(row_of >= 0)[::-1]
        kernel_columns = np.flatnonzero(column_of >= 0)[::-1]
        overlapping = kernel_rows.size * kernel_columns.size
        filters = self.out_channels // self.groups
        kernel = weights["kernel"][:, position.channel % filters].astype(float)
        channels = self._channels(position, maps)
        patches = tuple(
            cells_patch(
                maps,
                channel,
                row_of[kernel_rows],
                column_of[kernel_columns],
                kernel[channel][np.ix_(kernel_rows, kernel_columns)],
            )
            for channel in (channels if overlapping else ())
        )
        bias = float(weights["bias"][position.channel]) if self.bias else None
        arithmetic = weighted_sum(patches, bias)
        cells = f"of the kernel's {counted(kernel[0].size, 'cell')}"
        if overlapping > 1:
            sentence = (
                f"{overlapping} {cells} overlap here, each brought by another input position: "
                f"{arithmetic.sentence}"
            )
        elif overlapping == 1:
            sentence = f"1 {cells} reaches this place: {arithmetic.sentence}"
        else:
            left_over = "0" if bias is None else f"the bias {signed(bias)}"
            sentence = f"None {cells} reaches this place: {left_over} is left."
        overlaps = overlaps_around(self.scatter, Shape(*maps.shape), position)
        return replace(arithmetic, sentence=sentence, overlaps=overlaps)

    def explain_equivalent(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the ordinary window on the input with zeros between its values."""
        (maps,) = inputs
        filters = self.out_channels // self.groups
        kernel = weights["kernel"][:, position.channel % filters].astype(float)
        bias = float(weights["bias"][position.channel]) if self.bias else None
        channels = self._channels(position, maps)
        return zero_inserted(maps, self.scatter, position, channels, kernel, bias)

    def _channels(self, position: Position, maps: Maps) -> range:
        """Return the input channels of the group that a value belongs to."""
        return grouped_channels(position.channel, maps.shape[0], self.out_channels, self.groups)
