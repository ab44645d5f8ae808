"""Max pooling."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import maximum_of, window_patches
from engine.families.pooling import (
    WindowPooling,
    ceil_mode_setting,
    pooled_window_setting,
    pooling_stride_setting,
)
from engine.layer import Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.pooling import max_pool
from engine.shapes import Shape
from engine.sliding.caffe_windows import caffe_note
from engine.sliding.kernel_settings import dilation_setting, window_padding_setting
from engine.sliding.window_spelling import (
    keras_window,
    onnx_source,
    onnx_window,
    torch_window,
)
from engine.spelling import (
    OMITTED,
    Spelling,
    call,
    cannot,
    keras_sequence,
    torch_sequence,
    usual,
)
from engine.workspace import Workspace

_ZEROS_WIN = (
    "The padding is zeros there, which win over negative values; behind a ReLU nothing differs."
)


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

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return a max pooling; padding by a layer before is −∞ where a dialect has that."""
        shape, window = single(shapes), self.window
        keras = keras_window(window, shape, pools=True)
        torch = torch_window(window, shape, pools=True, fill='float("-inf")')
        onnx = onnx_window(window, shape, pools=True, fill="-3.4e38")
        caffe = caffe_note(window, shape)
        ceil_mode = usual(self.ceil_mode, False)
        arguments = keras.arguments | {"dilation_rate": OMITTED}
        if keras.is_padded:
            keras = replace(keras, exact=False, notes=(*keras.notes, _ZEROS_WIN))
        in_keras = keras.spelled(
            keras_sequence, call("layers.MaxPooling2D", self.kernel_size, **arguments)
        )
        if self.dilation != (1, 1):
            in_keras = cannot("Keras' max pooling has no dilation.")
        in_torch = torch.spelled(
            torch_sequence,
            call("nn.MaxPool2d", self.kernel_size, **torch.arguments, ceil_mode=ceil_mode),
            *caffe,
        )
        operator = call(
            "MaxPool", onnx_source(onnx), kernel_shape=list(self.kernel_size), **onnx.arguments,
            ceil_mode=usual(int(self.ceil_mode), 0),
        )  # fmt: skip
        return {"keras": in_keras, "torch": in_torch, "onnx": Spelling(operator, onnx.notes)}

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
