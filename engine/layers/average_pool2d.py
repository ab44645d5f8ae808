"""Average pooling."""

from collections.abc import Mapping
from dataclasses import replace

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Padding, Pair
from engine.explanation import mean_of, window_patches
from engine.families.pooling import (
    WindowPooling,
    ceil_mode_setting,
    pooled_window_setting,
    pooling_stride_setting,
)
from engine.layer import Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.pooling import average_pool, counted_cells
from engine.reading import Indices, WindowAxis
from engine.settings import flag_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.caffe_windows import caffe_note
from engine.sliding.kernel_settings import window_padding_setting
from engine.sliding.window_spelling import (
    keras_window,
    needed_sides,
    onnx_window,
    reached_sides,
    torch_window,
)
from engine.spelling import (
    OMITTED,
    Code,
    Reread,
    Spelling,
    call,
    keras_sequence,
    torch_sequence,
    usual,
)
from engine.workspace import Workspace

_DIVISORS = (
    "By default PyTorch divides by all cells of a window, the padding's too, as Caffe does; Keras "
    "and ONNX only by those inside."
)
_COUNTED_OTHERWISE = "At the edges the divisor differs: other cells count than here."


@layer_kind("average_pool2d", label="Average pooling", category="Pooling", place=2)
class AveragePool2d(WindowPooling):
    """Replace each window by the mean of its values, channel by channel.

    Frameworks disagree about the divisor at the edges: a window that reaches into the padding is
    divided by its cells inside the map, or by those in the padding too. Cells that only rounding
    up has added never count.
    """

    kernel_size: Pair = pooled_window_setting()
    stride: Pair | None = pooling_stride_setting()
    padding: Padding = window_padding_setting()
    ceil_mode: bool = ceil_mode_setting()
    count_include_pad: bool = flag_setting(
        default=False, label="Count the padding",
        help="Let cells of padding count in the divisor, as zeros. PyTorch does so by default, "
        "ONNX when asked, Keras never.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return window, stride, padding and rounding, and whether padding counts."""
        return (
            f"{super().summary()} · padding counts" if self.count_include_pad else super().summary()
        )

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return an average pooling; what differs is what counts in the divisor."""
        shape, window = single(shapes), self.window
        keras, torch = (
            keras_window(window, shape, pools=True),
            torch_window(window, shape, pools=True),
        )
        onnx, caffe = onnx_window(window, shape, pools=True), caffe_note(window, shape)
        # A layer of zeros before makes the padding count, and what only rounding up has added.
        needed, reached = needed_sides(window, shape), reached_sides(window, shape)
        counts, has_padding, overhangs = self.count_include_pad, any(reached), needed != reached
        if keras.is_padded != (counts and has_padding) or (keras.is_padded and overhangs):
            keras = replace(keras, exact=False, notes=(*keras.notes, _COUNTED_OTHERWISE))
        if torch.is_padded and not counts:
            torch = replace(torch, exact=False, notes=(*torch.notes, _COUNTED_OTHERWISE))
        arguments = keras.arguments | {"dilation_rate": OMITTED}
        divisor = (_DIVISORS,) if has_padding else ()
        in_keras = keras.spelled(
            keras_sequence, call("layers.AveragePooling2D", self.kernel_size, **arguments), *divisor
        )
        in_torch = torch.spelled(
            torch_sequence,
            call(
                "nn.AvgPool2d", self.kernel_size, **torch.arguments,
                ceil_mode=usual(self.ceil_mode, False),
                count_include_pad=usual(counts or not has_padding, True),
            ),
            *divisor, *caffe,
        )  # fmt: skip
        operator = call(
            "AveragePool", Code("x"), kernel_shape=list(self.kernel_size), **onnx.arguments,
            ceil_mode=usual(int(self.ceil_mode), 0), count_include_pad=usual(int(counts), 0),
        )  # fmt: skip
        return {
            "keras": in_keras,
            "torch": in_torch,
            "onnx": Spelling(operator, (*onnx.notes, *divisor)),
        }

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what padding, rounding and the divisor mean in a dialect."""
        meant, counts = super().reread(dialect, shapes), dialect in ("torch", "caffe")
        padded = self.replace(**(meant.settings or {})).window.sides(single(shapes))
        if self.count_include_pad == counts or not any(padded):
            return meant
        return meant.also(_DIVISORS, count_include_pad=counts)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each window's mean."""
        (maps,) = inputs
        shape = Shape(*maps.shape)
        rows, columns = self.window.axes(shape)
        average_pool(maps, out, workspace, rows, columns, self._counts(shape, rows, columns))

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the window's values, their sum and what it is divided by."""
        (maps,) = inputs
        shape = Shape(*maps.shape)
        reading = self.window.reading(shape)
        (patch,) = window_patches(maps, reading, position, (position.channel,), None)
        tall, wide = self._counts(shape, *self.window.axes(shape))
        return mean_of(patch, int(tall[position.row] * wide[position.column]))

    def _counts(
        self, shape: Shape, rows: WindowAxis, columns: WindowAxis
    ) -> tuple[Indices, Indices]:
        """Return how many rows count in the windows of each row of outputs, and columns alike."""
        sides = self.window.sides(shape) if self.count_include_pad else Sides()
        return (
            counted_cells(rows, sides.top, sides.bottom),
            counted_cells(columns, sides.left, sides.right),
        )
