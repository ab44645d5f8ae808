"""Convolution."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import weighted_sum, window_patches
from engine.families.sliding_convolution import SlidingConvolution
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.convolution import convolve
from engine.settings import flag_setting
from engine.shapes import Shape
from engine.sliding.density import Variant
from engine.sliding.grouping import check_groups, grouped_channels
from engine.sliding.kernel_settings import (
    bias_setting,
    dilation_setting,
    filters_setting,
    groups_setting,
    kernel_size_setting,
    padding_mode_setting,
    stride_setting,
    window_padding_setting,
)
from engine.sliding.window_spelling import spelled_windows
from engine.spelling import Code, Reread, Spelling, call, unsaid, usual, with_note
from engine.wording import counted
from engine.workspace import Workspace

_FLIPPED = "The kernel is not flipped there; turned by 180° beforehand it gives the same values."


@layer_kind("conv2d", label="Convolution", category="Convolution", place=1)
class Conv2d(SlidingConvolution):
    """Slide each filter over the maps; a window's products and their sum give one value.

    Networks compute cross-correlation: the kernel is not flipped. A switch flips it, to show what
    mathematics calls convolution.
    """

    in_caffe = True

    out_channels: int = filters_setting()
    kernel_size: Pair = kernel_size_setting()
    stride: Pair = stride_setting()
    padding: Padding = window_padding_setting()
    padding_mode: str = padding_mode_setting()
    dilation: Pair = dilation_setting()
    groups: int = groups_setting()
    bias: bool = bias_setting()
    flip_kernel: bool = flag_setting(
        default=False, label="Flip kernel",
        help="Turn the kernel by 180°: true convolution instead of cross-correlation.",
    )  # fmt: skip

    def filters(self, channels: int) -> int:
        """Return the filters; refuse groups that are not equal."""
        check_groups(channels, self.out_channels, self.groups)
        return self.out_channels

    def filters_reason(self, channels: int) -> str:
        """Return that each filter makes one map."""
        return f"{counted(self.out_channels, 'filter')}, one map each"

    def variants(self) -> Iterator[Variant]:
        """Yield other windows, and the transposed convolution that enlarges."""
        yield from super().variants()
        stride = self.stride if max(self.stride) > 1 else (2, 2)
        shared = ("out_channels", "kernel_size", "dilation", "groups", "bias")
        settings = {name: getattr(self, name) for name in shared} | {"stride": stride}
        text = f"transposed, stride {' × '.join(map(str, dict.fromkeys(stride)))}"
        yield Variant(settings, "conv_transpose2d", text)

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return filters, kernel size and groups of a kernel (out, in / groups, kh, kw)."""
        settings = super().settings_of_weights(arrays, shapes)
        if not settings:
            return {}
        return {**settings, "groups": max(1, single(shapes).channels // arrays["kernel"][1])}

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernel (out, in / groups, kh, kw) and the bias."""
        channels = single(shapes).channels // self.groups
        fans = channels * self.area, self.out_channels // self.groups * self.area
        kernel = WeightSpec("kernel", (self.out_channels, channels, *self.kernel_size), None, *fans)
        bias = WeightSpec("bias", (self.out_channels,), start=0.0)
        return (kernel, bias) if self.bias else (kernel,)

    def macs(self, shapes: Shapes) -> int:
        """Return output values × products per value."""
        products = single(shapes).channels // self.groups * self.area
        return self.output_shape(shapes).values * products

    def one_map(self, number: int, shapes: Shapes) -> tuple[Layer, slice]:
        """Return a convolution with one filter on its group of channels."""
        channels = single(shapes).channels // self.groups
        first = number // (self.out_channels // self.groups) * channels
        return self.replace(out_channels=1, groups=1), slice(first, first + channels)

    def summary(self) -> str:
        """Return kernel, filters, stride and padding."""
        return self.window.summary(counted(self.out_channels, "filter"))

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return a convolution; no framework flips its kernel."""
        shape, filters, bias = single(shapes), self.out_channels, usual(self.bias, True)
        arrays = [Code("kernel"), Code("bias")][: 2 if self.bias else 1]
        found = spelled_windows(
            self.window,
            shape,
            keras=lambda words: call(
                "layers.Conv2D", filters, self.kernel_size, **words,
                groups=usual(self.groups, 1), use_bias=bias,
            ),
            torch=lambda words: call(
                "nn.Conv2d", shape.channels, filters, self.kernel_size, **words,
                groups=usual(self.groups, 1), bias=bias,
            ),
            onnx=lambda source, words: call(
                "Conv", source, *arrays, **words, group=usual(self.groups, 1)
            ),
            kernel_order="Keras stores kernels as height × width × in × out.",
        )  # fmt: skip
        return with_note(found, _FLIPPED) if self.flip_kernel and self.area > 1 else found

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what the padding means in a dialect."""
        if dialect == "caffe" and self.flip_kernel and self.area > 1:
            return unsaid(_FLIPPED)
        return super().reread(dialect, shapes)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Cross-correlate, or convolve with ``flip_kernel``."""
        (maps,) = inputs
        kernel = weights["kernel"]
        if self.flip_kernel:
            kernel = workspace.prepared(
                ("flipped",), kernel, lambda: weights["kernel"][:, :, ::-1, ::-1].copy()
            )
        convolve(
            maps,
            kernel,
            weights.get("bias"),
            out,
            workspace,
            stride=self.stride,
            dilation=self.dilation,
            groups=self.groups,
            sides=self.window.sides(Shape(*maps.shape)),
            padding_mode=self.padding_mode,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the products of one window, channel by channel, and the bias."""
        (maps,) = inputs
        kernel = weights["kernel"][position.channel].astype(float)
        if self.flip_kernel:
            kernel = kernel[:, ::-1, ::-1]
        patches = window_patches(
            maps,
            self.window.reading(Shape(*maps.shape)),
            position,
            grouped_channels(position.channel, maps.shape[0], self.out_channels, self.groups),
            kernel,
        )
        bias = float(weights["bias"][position.channel]) if self.bias else None
        return weighted_sum(patches, bias)
