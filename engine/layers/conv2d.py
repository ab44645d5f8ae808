"""Convolution."""

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.explanation import weighted_sum, window_patches
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.convolution import convolve
from engine.numerics.padding import padded
from engine.problems import LayerError
from engine.reading import Reading
from engine.settings import (
    choice_setting,
    flag_setting,
    int_setting,
    padding_setting,
    pair_setting,
)
from engine.shapes import Shape
from engine.sides import Sides
from engine.windows import SAME_RULES, Window
from engine.workspace import Workspace


@layer_kind("conv2d", label="Convolution", category="Convolution", place=1)
class Conv2d(Layer):
    """Slide each filter over the maps; a window's products and their sum give one value.

    Networks compute cross-correlation: the kernel is not flipped. A switch flips it, to show what
    mathematics calls convolution.
    """

    out_channels: int = int_setting(
        default=8, minimum=1, maximum=65536, comfortable=(1, 64), label="Filters",
        help="How many filters, and so how many feature maps come out.",
    )  # fmt: skip
    kernel_size: Pair = pair_setting(
        default=(3, 3), minimum=1, maximum=4096, comfortable=(1, 11), label="Kernel size",
        help="Height and width of the window.",
    )  # fmt: skip
    stride: Pair = pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 4), label="Stride",
        help="How far the window moves between two values, down and to the right.",
    )  # fmt: skip
    padding: Padding = padding_setting(
        default="valid", rules=SAME_RULES, label="Padding",
        help="Valid drops the windows that do not fit; same pads so that stride 1 keeps the size.",
    )  # fmt: skip
    padding_mode: str = choice_setting(
        default="zeros",
        choices=(
            ("zeros", "Zeros"),
            ("reflect", "Reflect"),
            ("replicate", "Replicate the edge"),
            ("circular", "Circular"),
        ),
        label="Padding with",
        help="What stands in the padding.",
    )
    dilation: Pair = pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 6), label="Dilation",
        help="Distance between neighboring cells of the window; above 1 it has gaps.",
    )  # fmt: skip
    groups: int = int_setting(
        default=1, minimum=1, maximum=65536, comfortable=(1, 16), label="Groups",
        help="The channels are split into so many groups; a filter reads only its own group.",
    )  # fmt: skip
    bias: bool = flag_setting(
        default=True, label="Bias", help="Add one learned number to every value of a filter."
    )
    flip_kernel: bool = flag_setting(
        default=False, label="Flip kernel",
        help="Turn the kernel by 180°: true convolution instead of cross-correlation.",
    )  # fmt: skip

    @property
    def window(self) -> Window:
        """The sliding window that the settings describe."""
        return Window(
            self.kernel_size, self.stride, self.dilation, self.padding, mode=self.padding_mode
        )

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return filters × the positions of the window."""
        shape = single(shapes)
        for name, count in (("channels", shape.channels), ("filters", self.out_channels)):
            if count % self.groups:
                raise LayerError(
                    f"{count} {name} cannot be split into {self.groups} equal groups.",
                    "groups",
                    tuple({"groups": g} for g in _divisors(shape.channels, self.out_channels)),
                )
        return Shape(self.out_channels, *self.window.output_size(shape))

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the window's equation; each filter makes one map."""
        return self.window.equation(single(shapes), f"{self.out_channels} filters, one map each")

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the window's padding."""
        return self.window.sides(single(shapes))

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the window's reading."""
        return (self.window.reading(single(shapes)),)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernel (out, in / groups, kh, kw) and the bias."""
        channels = single(shapes).channels // self.groups
        area = self.kernel_size[0] * self.kernel_size[1]
        fans = channels * area, self.out_channels // self.groups * area
        kernel = WeightSpec("kernel", (self.out_channels, channels, *self.kernel_size), None, *fans)
        bias = WeightSpec("bias", (self.out_channels,), start=0.0)
        return (kernel, bias) if self.bias else (kernel,)

    def macs(self, shapes: Shapes) -> int:
        """Return output values × products per value."""
        products = (
            single(shapes).channels // self.groups * self.kernel_size[0] * self.kernel_size[1]
        )
        return self.output_shape(shapes).values * products

    def summary(self) -> str:
        """Return kernel, filters, stride and padding."""
        return self.window.summary(f"{self.out_channels} filters")

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Cross-correlate, or convolve with ``flip_kernel``."""
        (maps,) = inputs
        kernel = weights["kernel"]
        if self.flip_kernel:
            kernel = kernel[:, :, ::-1, ::-1].copy()
        convolve(
            padded(maps, self.window.sides(Shape(*maps.shape)), workspace, self.padding_mode),
            kernel,
            weights.get("bias"),
            out,
            workspace,
            stride=self.stride,
            dilation=self.dilation,
            groups=self.groups,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the products of one window, channel by channel, and the bias."""
        (maps,) = inputs
        kernel = weights["kernel"][position.channel].astype(float)
        if self.flip_kernel:
            kernel = kernel[:, ::-1, ::-1]
        per_group = maps.shape[0] // self.groups
        first = position.channel // (self.out_channels // self.groups) * per_group
        patches = window_patches(
            maps,
            self.window.reading(Shape(*maps.shape)),
            position,
            range(first, first + per_group),
            kernel,
        )
        bias = float(weights["bias"][position.channel]) if self.bias else None
        return weighted_sum(patches, bias)


def _divisors(*counts: int) -> tuple[int, ...]:
    """Return what divides all counts, the largest first."""
    return tuple(g for g in range(min(counts), 0, -1) if not any(count % g for count in counts))
