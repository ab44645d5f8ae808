"""Max pooling."""

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import maximum_of, window_patches
from engine.kernel_settings import dilation_setting, window_padding_setting
from engine.layer import Maps, WeightArrays, layer_kind
from engine.numerics.pooling import max_pool
from engine.pooling import (
    WindowPooling,
    ceil_mode_setting,
    pooled_window_setting,
    pooling_stride_setting,
)
from engine.shapes import Shape
from engine.workspace import Workspace


@layer_kind("max_pool2d", label="Max pooling", category="Pooling", place=1)
class MaxPool2d(WindowPooling):
    """Keep the largest value of each window, channel by channel.

    Padding stands for −∞: it is never the largest.
    """

    kernel_size: Pair = pooled_window_setting()
    stride: Pair | None = pooling_stride_setting()
    padding: Padding = window_padding_setting()
    dilation: Pair = dilation_setting()
    ceil_mode: bool = ceil_mode_setting()

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each window's largest value."""
        (maps,) = inputs
        rows, columns = self.window.axes(Shape(*maps.shape))
        max_pool(maps, out, workspace, rows, columns)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the window's values and which of them is the largest."""
        (maps,) = inputs
        reading = self.window.reading(Shape(*maps.shape))
        channels = (position.channel,)
        (patch,) = window_patches(maps, reading, position, channels, None, fill=-np.inf)
        return maximum_of(patch)
