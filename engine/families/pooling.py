"""What pooling layers share: the settings and sizes of windows, and those of whole maps."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.layer import Layer, Shapes, single
from engine.reading import Reading, whole
from engine.settings import flag_setting, pair_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.caffe_windows import reread_caffe_pooling
from engine.sliding.density import Variant, window_variants
from engine.sliding.fitting import window_settings
from engine.sliding.window_rereading import reread_window
from engine.sliding.windows import Window
from engine.spelling import Reread


def pooled_window_setting() -> Any:
    """Declare the size of the window."""
    return pair_setting(
        default=(2, 2), minimum=1, maximum=4096, comfortable=(1, 8), label="Window",
        help="Height and width of the window.",
    )  # fmt: skip


def pooling_stride_setting() -> Any:
    """Declare the step of the window; by default windows lie side by side."""
    return pair_setting(
        default=None, minimum=1, maximum=4096, comfortable=(1, 4), label="Stride",
        optional="as the window", help="How far the window moves; by default its own size.",
    )  # fmt: skip


def ceil_mode_setting() -> Any:
    """Declare whether cells that are left over get a window."""
    return flag_setting(
        default=False, label="Round up",
        help="Allow a last window that is only partly inside; it must not start in the padding.",
    )  # fmt: skip


class WindowPooling(Layer):
    """A layer that makes one value of each window; the kinds declare these settings."""

    kernel_size: Pair
    stride: Pair | None
    padding: Padding
    dilation: Pair = (1, 1)
    ceil_mode: bool

    in_caffe = True

    @cached_property
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

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield windows, strides and paddings that may make that size; none changes channels."""
        shape = single(shapes)
        if shape.channels != target.channels:
            return
        for settings in window_settings(self.window, shape, target[1:]):
            side_by_side = self.stride is None and settings["stride"] == settings["kernel_size"]
            yield {**settings, "stride": None} if side_by_side else settings

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what padding and rounding mean in a dialect."""
        if dialect == "caffe":
            return reread_caffe_pooling(self.window, single(shapes))
        meant = reread_window(self.window, dialect, single(shapes), pools=True)
        if dialect == "keras" and self.ceil_mode:
            return meant.also("Keras always rounds down.", ceil_mode=False)
        return meant

    def variants(self) -> Iterator[Variant]:
        """Yield other windows, strides and paddings, and the other rounding."""
        yield from window_variants(self.window, dilates="dilation" in self.settings_dict())
        yield Variant({"ceil_mode": not self.ceil_mode})

    def summary(self) -> str:
        """Return window, stride, padding and rounding."""
        return f"{self.window.summary()} · round up" if self.ceil_mode else self.window.summary()


class GlobalPooling(Layer):
    """A layer that makes one value of each whole map."""

    in_caffe = True

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return one value for each channel."""
        return Shape(single(shapes).channels, 1, 1)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return that each map becomes one value, whatever its size."""
        shape = single(shapes)
        return SizeEquation(
            rule="one value for each whole map",
            symbols="in → 1",
            height=f"{shape.height} → 1",
            width=f"{shape.width} → 1",
            channels="as the input, one value each",
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return that everything is read."""
        shape = single(shapes)
        return (whole(shape.height, shape.width),)

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield no setting to change: one value comes of a map of any size."""
        yield {}
