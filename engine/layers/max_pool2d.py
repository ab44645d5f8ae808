"""Max pooling."""

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.explanation import maximum_of, window_patches
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.padding import padded
from engine.numerics.pooling import max_pool
from engine.reading import Reading
from engine.settings import flag_setting, padding_setting, pair_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.windows import SAME_RULES, Window
from engine.workspace import Workspace


@layer_kind("max_pool2d", label="Max pooling", category="Pooling", place=1)
class MaxPool2d(Layer):
    """Keep the largest value of each window, channel by channel.

    Padding stands for −∞: it is never the largest.
    """

    kernel_size: Pair = pair_setting(
        default=(2, 2), minimum=1, maximum=4096, comfortable=(1, 8), label="Window",
        help="Height and width of the window.",
    )  # fmt: skip
    stride: Pair | None = pair_setting(
        default=None, minimum=1, maximum=4096, comfortable=(1, 4), label="Stride",
        optional="as the window", help="How far the window moves; by default its own size.",
    )  # fmt: skip
    padding: Padding = padding_setting(
        default="valid", rules=SAME_RULES, label="Padding",
        help="Valid drops the windows that do not fit; same pads so that stride 1 keeps the size.",
    )  # fmt: skip
    dilation: Pair = pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 4), label="Dilation",
        help="Distance between neighboring cells of the window; above 1 it has gaps.",
    )  # fmt: skip
    ceil_mode: bool = flag_setting(
        default=False, label="Round up",
        help="Allow a last window that is only partly inside; it must not start in the padding.",
    )  # fmt: skip

    @property
    def window(self) -> Window:
        """The sliding window that the settings describe."""
        return Window(
            self.kernel_size,
            self.stride or self.kernel_size,
            self.dilation,
            self.padding,
            ceil=self.ceil_mode,
        )

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the positions of the window, for each channel."""
        shape = single(shapes)
        size = self.window.output_size(shape)
        self.window.check_not_empty(shape)
        return Shape(shape.channels, *size)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the window's equation; channels are kept."""
        return self.window.equation(single(shapes), "as the input, one map each")

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the window's padding."""
        return self.window.sides(single(shapes))

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the window's reading."""
        return (self.window.reading(single(shapes)),)

    def summary(self) -> str:
        """Return window, stride and padding."""
        return self.window.summary()

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each window's largest value."""
        (maps,) = inputs
        window = self.window
        sides = window.covered_sides(Shape(*maps.shape))
        max_pool(
            padded(maps, sides, workspace, fill=-np.inf),
            out,
            workspace,
            window.kernel,
            window.stride,
            window.dilation,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the window's values and which of them is the largest."""
        (maps,) = inputs
        patches = window_patches(
            maps,
            self.window.reading(Shape(*maps.shape)),
            position,
            (position.channel,),
            None,
            fill=-np.inf,
        )
        return maximum_of(patches[0])
