"""Separable convolution."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import weighted_sum, window_patches
from engine.families.sliding_convolution import SlidingConvolution
from engine.layer import Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.padding import padded
from engine.numerics.separable import convolve_separably
from engine.shapes import Shape
from engine.sliding.kernel_settings import (
    bias_setting,
    dilation_setting,
    filters_setting,
    kernel_size_setting,
    multiplier_setting,
    stride_setting,
    window_padding_setting,
)
from engine.sliding.window_spelling import spelled_windows
from engine.spelling import Code, Spelling, call, torch_sequence, usual
from engine.wording import counted
from engine.workspace import Workspace


@layer_kind("separable_conv2d", label="Separable convolution", category="Convolution", place=3)
class SeparableConv2d(SlidingConvolution):
    """Filter each channel by itself, then mix the maps at each position by a 1 × 1 convolution.

    This makes maps of the same size as a convolution with far fewer products: a window's shape is
    learned once per channel and not once per channel and filter. Nothing comes between the two
    steps, neither a bias nor an activation, as in Keras' SeparableConv2D.
    """

    out_channels: int = filters_setting()
    depth_multiplier: int = multiplier_setting()
    kernel_size: Pair = kernel_size_setting()
    stride: Pair = stride_setting()
    padding: Padding = window_padding_setting()
    dilation: Pair = dilation_setting()
    bias: bool = bias_setting()

    def filters(self, channels: int) -> int:
        """Return the filters of the 1 × 1 convolution."""
        return self.out_channels

    def filters_reason(self, channels: int) -> str:
        """Return what is mixed into how many maps."""
        between = channels * self.depth_multiplier
        filters = counted(self.out_channels, "filter")
        return f"{filters}, each mixing {counted(between, 'depthwise map')} into one"

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return what both kernels, (C·m, 1, kh, kw) and (out, C·m, 1, 1), belong to."""
        depthwise, pointwise = (arrays.get(f"{n}_kernel", ()) for n in ("depthwise", "pointwise"))
        if len(depthwise) != 4 or len(pointwise) != 4:
            return {}
        return {
            "out_channels": pointwise[0],
            "depth_multiplier": max(1, depthwise[0] // single(shapes).channels),
            "kernel_size": depthwise[2:],
            "bias": "bias" in arrays,
        }

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernels (C·m, 1, kh, kw) and (out, C·m, 1, 1), and the bias."""
        between = single(shapes).channels * self.depth_multiplier
        fans = self.area, self.depth_multiplier * self.area
        depthwise = WeightSpec("depthwise_kernel", (between, 1, *self.kernel_size), None, *fans)
        pointwise = WeightSpec(
            "pointwise_kernel",
            (self.out_channels, between, 1, 1),
            fan_in=between,
            fan_out=self.out_channels,
        )
        bias = WeightSpec("bias", (self.out_channels,), start=0.0)
        return (depthwise, pointwise, bias) if self.bias else (depthwise, pointwise)

    def macs(self, shapes: Shapes) -> int:
        """Return positions × (depthwise products + pointwise products)."""
        between = single(shapes).channels * self.depth_multiplier
        _, height, width = self.output_shape(shapes)
        return height * width * between * (self.area + self.out_channels)

    def summary(self) -> str:
        """Return kernel, filters, maps per channel, stride and padding."""
        many = self.depth_multiplier
        also = [f"{many} maps per channel"] if many > 1 else []
        return self.window.summary(counted(self.out_channels, "filter"), *also)

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return Keras' own layer, or two convolutions."""
        shape, bias = single(shapes), usual(self.bias, True)
        channels, between = shape.channels, shape.channels * self.depth_multiplier
        arrays = [Code("pointwise_kernel"), Code("bias")][: 2 if self.bias else 1]
        return spelled_windows(
            self.window,
            shape,
            keras=lambda words: call(
                "layers.SeparableConv2D", self.out_channels, self.kernel_size, **words,
                depth_multiplier=usual(self.depth_multiplier, 1), use_bias=bias,
            ),
            torch=lambda words: torch_sequence(
                call(
                    "nn.Conv2d", channels, between, self.kernel_size, **words,
                    groups=channels, bias=False,
                ),
                call("nn.Conv2d", between, self.out_channels, 1, bias=bias),
            ),
            onnx=lambda source, words: call(
                "Conv",
                Code(call("Conv", source, Code("depthwise_kernel"), **words, group=channels)),
                *arrays,
            ),
            kernel_order="Keras stores the kernels as height × width × channels × maps per "
            "channel, and as 1 × 1 × in × out.",
            dilated_strides=True,
        )  # fmt: skip

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Cross-correlate each channel with its kernels, and mix the results."""
        (maps,) = inputs
        convolve_separably(
            padded(maps, self.window.sides(Shape(*maps.shape)), workspace),
            weights["depthwise_kernel"],
            weights["pointwise_kernel"],
            weights.get("bias"),
            out,
            workspace,
            stride=self.stride,
            dilation=self.dilation,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the products of one window, one patch per depthwise map, and the bias.

        A patch's weights are the depthwise kernel times the pointwise weight, so that its products
        are what the map adds to the value.
        """
        (maps,) = inputs
        mixing = weights["pointwise_kernel"][position.channel].astype(float)
        patches = window_patches(
            maps,
            self.window.reading(Shape(*maps.shape)),
            position,
            np.repeat(np.arange(maps.shape[0]), self.depth_multiplier).tolist(),
            weights["depthwise_kernel"][:, 0] * mixing,
        )
        bias = float(weights["bias"][position.channel]) if self.bias else None
        arithmetic = weighted_sum(patches, bias)
        between = counted(len(patches), "depthwise value")
        return replace(
            arithmetic,
            sentence=f"Each of {between} is mixed in by its pointwise weight, which is multiplied "
            f"into its kernel here: {arithmetic.sentence}",
        )
