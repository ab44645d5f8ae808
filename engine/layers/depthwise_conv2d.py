"""Depthwise convolution."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import weighted_sum, window_patches
from engine.families.sliding_convolution import SlidingConvolution
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.convolution import convolve
from engine.shapes import Shape
from engine.sliding.kernel_settings import (
    bias_setting,
    dilation_setting,
    kernel_size_setting,
    multiplier_setting,
    padding_mode_setting,
    stride_setting,
    window_padding_setting,
)
from engine.sliding.window_spelling import spelled_windows
from engine.spelling import Code, Spelling, call, usual
from engine.wording import counted
from engine.workspace import Workspace


@layer_kind("depthwise_conv2d", label="Depthwise convolution", category="Convolution", place=2)
class DepthwiseConv2d(SlidingConvolution):
    """Filter each channel by itself, with kernels of its own; channels are never summed.

    With several maps per channel, the maps of a channel follow each other: map c·m + k is made of
    channel c with its kernel k, as in Keras and in PyTorch with as many groups as channels.
    """

    depth_multiplier: int = multiplier_setting()
    kernel_size: Pair = kernel_size_setting()
    stride: Pair = stride_setting()
    padding: Padding = window_padding_setting()
    padding_mode: str = padding_mode_setting()
    dilation: Pair = dilation_setting()
    bias: bool = bias_setting()

    def filters(self, channels: int) -> int:
        """Return the maps of all channels."""
        return channels * self.depth_multiplier

    def filters_reason(self, channels: int) -> str:
        """Return the product of channels and maps per channel."""
        many = self.depth_multiplier
        return f"{counted(channels, 'channel')} × {many} per channel = {channels * many}"

    def settings_for_filters(self, channels: int, wanted: int) -> Mapping[str, Any]:
        """Return the maps per channel; those of all channels need not be as many as wanted."""
        return {"depth_multiplier": max(1, wanted // channels)}

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield what any convolution can change, where each channel becomes as many maps."""
        if target.channels % single(shapes).channels == 0:
            yield from super().settings_for(shapes, target)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernel (channels × maps per channel, 1, kh, kw) and the bias."""
        count = self.filters(single(shapes).channels)
        fans = self.area, self.depth_multiplier * self.area
        kernel = WeightSpec("kernel", (count, 1, *self.kernel_size), None, *fans)
        bias = WeightSpec("bias", (count,), start=0.0)
        return (kernel, bias) if self.bias else (kernel,)

    def macs(self, shapes: Shapes) -> int:
        """Return output values × cells of a kernel."""
        return self.output_shape(shapes).values * self.area

    def one_map(self, number: int, shapes: Shapes) -> tuple[Layer, slice]:
        """Return a depthwise convolution of one channel with one kernel."""
        channel = number // self.depth_multiplier
        return self.replace(depth_multiplier=1), slice(channel, channel + 1)

    def summary(self) -> str:
        """Return kernel, maps per channel, stride and padding."""
        many = self.depth_multiplier
        return self.window.summary(*([f"{many} maps per channel"] if many > 1 else []))

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return Keras' own layer, or a convolution with as many groups as channels."""
        shape, bias = single(shapes), usual(self.bias, True)
        count = self.filters(shape.channels)
        arrays = [Code("kernel"), Code("bias")][: 2 if self.bias else 1]
        return spelled_windows(
            self.window,
            shape,
            keras=lambda words: call(
                "layers.DepthwiseConv2D", self.kernel_size, **words,
                depth_multiplier=usual(self.depth_multiplier, 1), use_bias=bias,
            ),
            torch=lambda words: call(
                "nn.Conv2d", shape.channels, count, self.kernel_size, **words,
                groups=shape.channels, bias=bias,
            ),
            onnx=lambda source, words: call(
                "Conv", source, *arrays, **words, group=shape.channels
            ),
            kernel_order="Keras stores kernels as height × width × channels × maps per channel.",
            dilated_strides=True,
        )  # fmt: skip

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Cross-correlate each channel with its kernels."""
        (maps,) = inputs
        convolve(
            maps,
            weights["kernel"],
            weights.get("bias"),
            out,
            workspace,
            stride=self.stride,
            dilation=self.dilation,
            groups=maps.shape[0],
            sides=self.window.sides(Shape(*maps.shape)),
            padding_mode=self.padding_mode,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the products of one window of one channel, and the bias."""
        (maps,) = inputs
        patches = window_patches(
            maps,
            self.window.reading(Shape(*maps.shape)),
            position,
            (position.channel // self.depth_multiplier,),
            weights["kernel"][position.channel].astype(float),
        )
        bias = float(weights["bias"][position.channel]) if self.bias else None
        return weighted_sum(patches, bias)
