"""What the convolutions share whose windows slide over their input."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.layer import Layer, Shapes, single
from engine.reading import Reading
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.density import Variant, window_variants
from engine.sliding.fitting import window_settings
from engine.sliding.window_rereading import reread_window
from engine.sliding.windows import Window
from engine.spelling import DIALECTS, Reread


class SlidingConvolution(Layer):
    """A layer whose values are sums of products of a window; the kinds declare these settings."""

    kernel_size: Pair
    stride: Pair
    padding: Padding
    padding_mode: str = "zeros"
    dilation: Pair

    @cached_property
    def window(self) -> Window:
        """The sliding window that the settings describe."""
        return Window(
            self.kernel_size, self.stride, self.dilation, self.padding, mode=self.padding_mode
        )

    @property
    def area(self) -> int:
        """How many cells a kernel has."""
        return self.kernel_size[0] * self.kernel_size[1]

    @abstractmethod
    def filters(self, channels: int) -> int:
        """Return how many maps come out of so many input channels.

        Raises:
            LayerError: when the layer cannot take so many.
        """

    @abstractmethod
    def filters_reason(self, channels: int) -> str:
        """Return why so many maps come out, in words."""

    def settings_for_filters(self, channels: int, wanted: int) -> Mapping[str, Any]:
        """Return the setting with which so many maps may come out of so many channels."""
        return {"out_channels": wanted}

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return filters × the positions of the window."""
        shape = single(shapes)
        return Shape(self.filters(shape.channels), *self.window.output_size(shape))

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the window's equation, and where the maps come from."""
        shape = single(shapes)
        return self.window.equation(shape, self.filters_reason(shape.channels))

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the window's padding."""
        return self.window.sides(single(shapes))

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the window's reading."""
        return (self.window.reading(single(shapes)),)

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield kernels, strides and paddings that may make that size."""
        shape = single(shapes)
        filters = self.settings_for_filters(shape.channels, target.channels)
        for settings in window_settings(self.window, shape, target[1:]):
            yield {**settings, **filters}

    def variants(self) -> Iterator[Variant]:
        """Yield other strides, paddings, kernels and dilations."""
        yield from window_variants(self.window)

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what the padding means in a dialect; PyTorch alone pads with more than zeros."""
        meant = reread_window(self.window, dialect, single(shapes))
        if dialect in ("keras", "onnx") and self.padding_mode != "zeros":
            reason = f"{DIALECTS[dialect]} convolves with no {self.padding_mode} padding."
            return meant.also(reason, padding_mode="zeros")
        return meant

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return the filters and the size of a kernel (out, in / groups, kh, kw)."""
        kernel = arrays.get("kernel", ())
        if len(kernel) != 4:
            return {}
        channels = single(shapes).channels
        filters = self.settings_for_filters(channels, kernel[0])
        return {**filters, "kernel_size": kernel[2:], "bias": "bias" in arrays}
