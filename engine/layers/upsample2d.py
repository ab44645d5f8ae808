"""Upsampling."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Pair
from engine.equations import SizeEquation
from engine.explanation import cells_patch, copy_of, signed
from engine.families.resampling_spelling import reread_resampling, spelled_resampling
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.resampling import OPENCV_CUBIC, Interpolation, ResampledAxis, resample
from engine.problems import LayerError
from engine.reading import Reading
from engine.settings import (
    choice_setting,
    flag_setting,
    number_pair_setting,
    number_setting,
    pair_setting,
)
from engine.shapes import Shape
from engine.sliding.density import Variant
from engine.spelling import Reread, Spelling
from engine.wording import with_article
from engine.workspace import Workspace


@layer_kind("upsample2d", label="Upsampling", category="Size", place=1)
class Upsample2d(Layer):
    """Enlarge maps, or reduce them, by finding values between their cells; nothing is learned.

    Frameworks agree about the size and differ in the values. PyTorch's "nearest" is asymmetric,
    rounded down, and its "nearest-exact" half pixel, halves rounded up, as in Keras; otherwise
    both use half pixel, or PyTorch align corners. Bicubic in Keras has the coefficient −0.5 and
    leaves out what lies beyond the edge.
    """

    scale_factor: tuple[float, float] = number_pair_setting(
        default=(2.0, 2.0), minimum=0.01, maximum=256.0, comfortable=(0.25, 8.0), label="Factor",
        help="How many times as high and as wide the maps become; below 1 they become smaller.",
    )  # fmt: skip
    size: Pair | None = pair_setting(
        default=None, minimum=1, maximum=16384, comfortable=(1, 512), label="Size",
        optional="by the factor", help="Height and width that come out, instead of the factor.",
    )  # fmt: skip
    mode: str = choice_setting(
        default="nearest",
        choices=(("nearest", "Nearest"), ("bilinear", "Bilinear"), ("bicubic", "Bicubic")),
        label="Interpolation",
        help="Take the nearest cell, or weight the 4 or the 16 around the position.",
    )
    coordinates: str = choice_setting(
        default="half_pixel",
        choices=(
            ("half_pixel", "Half pixel"),
            ("align_corners", "Align corners"),
            ("asymmetric", "Asymmetric"),
        ),
        label="Coordinates",
        help="What coincides: the outer edges of both maps, the middles of their corner cells, "
        "or the middles of their first cells.",
    )
    rounding: str = choice_setting(
        default="round_prefer_ceil",
        choices=(
            ("floor", "Down"),
            ("round_prefer_floor", "To the nearest, half down"),
            ("round_prefer_ceil", "To the nearest, half up"),
            ("ceil", "Up"),
        ),
        label="Rounding",
        help="Which cell is the nearest to a position between two; for nearest only.",
    )
    cubic_coefficient: float = number_setting(
        default=OPENCV_CUBIC, minimum=-1.0, maximum=0.0, label="Cubic coefficient",
        help="How far bicubic overshoots at edges: −0.75 in PyTorch, ONNX and OpenCV, −0.5 in "
        "Keras and Pillow.",
    )  # fmt: skip
    exclude_outside: bool = flag_setting(
        default=False, label="Leave out beyond the edge",
        help="Neighbors beyond the edge weigh nothing, and the weights of the others are scaled "
        "to add up to 1, as in Keras; otherwise the edge is repeated, as in PyTorch.",
    )  # fmt: skip

    def axes(self, shape: Shape) -> tuple[ResampledAxis, ResampledAxis]:
        """Return how rows and columns are resampled.

        Raises:
            LayerError: when nothing is left, with factors and sizes that leave something.
        """
        rows, columns = self._axis(shape.height, 0), self._axis(shape.width, 1)
        if rows.output_length and columns.output_length:
            return rows, columns
        fitting = (
            max(self.scale_factor[0], 1 / shape.height),
            max(self.scale_factor[1], 1 / shape.width),
        )
        raise LayerError(
            f"A factor of {_in_words(self.scale_factor)} leaves {rows.output_length} × "
            f"{columns.output_length} of {with_article(shape.height)} × {shape.width} input; "
            f"at least {_in_words(fitting)} leaves something.",
            "scale_factor",
            (
                {"scale_factor": fitting},
                {"size": (max(1, rows.output_length), max(1, columns.output_length))},
            ),
        )

    def _axis(self, length: int, axis: int) -> ResampledAxis:
        how = Interpolation(
            self.mode, self.coordinates, self.rounding, self.cubic_coefficient, self.exclude_outside
        )
        if self.size is not None:
            outputs = self.size[axis]
            return ResampledAxis(length, outputs, Fraction(length, outputs), how)
        factor = _fraction(self.scale_factor[axis])
        return ResampledAxis(length, int(length * factor), 1 / factor, how)

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's size times the factor, rounded down, or the given size."""
        shape = single(shapes)
        rows, columns = self.axes(shape)
        return Shape(shape.channels, rows.output_length, columns.output_length)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the size, and where output cells lie in the input."""
        shape, (_, height, width) = single(shapes), self.output_shape(shapes)
        edge = _EXCLUDED if self.exclude_outside else _REPEATED
        notes = [
            _PLACES[self.coordinates],
            _ROUNDED[self.rounding] if self.mode == "nearest" else edge,
        ]
        if self.size is not None:
            rule, symbols, rows, columns = "to the given size", "size", f"{height}", f"{width}"
            notes.append(f"The factor is {height} / {shape.height}, {width} / {shape.width}.")
        else:
            rule, symbols = "by the factor", "⌊in · factor⌋"
            rows = _product(shape.height, self.scale_factor[0], height)
            columns = _product(shape.width, self.scale_factor[1], width)
        return SizeEquation(rule, symbols, rows, columns, "as the input", tuple(notes))

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the neighbors of each output row and column."""
        rows, columns = self.axes(single(shapes))
        return (Reading(rows.reading(), columns.reading()),)

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the whole factor that makes that size, if there is one, and the size itself."""
        (_, height, width), (_, *size) = single(shapes), target
        if size[0] % height == 0 and size[1] % width == 0:
            yield {"scale_factor": (size[0] // height, size[1] // width), "size": None}
        yield {"size": tuple(size)}

    def variants(self) -> Iterator[Variant]:
        """Yield larger and smaller factors, or twice and half the size."""
        if self.size is not None:
            height, width = self.size
            yield Variant({"size": (2 * height, 2 * width)})
            yield Variant({"size": (max(1, height // 2), max(1, width // 2))})
            return
        down, right = self.scale_factor
        yield Variant({"scale_factor": (down + 1, right + 1)})
        yield Variant({"scale_factor": (2 * down, 2 * right)})
        yield Variant({"scale_factor": (down / 2, right / 2)})

    def summary(self) -> str:
        """Return factor or size, and the interpolation."""
        if self.size is not None:
            return f"to {self.size[0]}×{self.size[1]} · {self.mode}"
        return f"× {_in_words(self.scale_factor)} · {self.mode}"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the resampling; whether values agree is seen from which cells are taken."""
        return spelled_resampling(self.axes(single(shapes)), self.scale_factor, self.size)

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return where the dialect's cells lie, and how it rounds and weights."""
        axes = self.axes(single(shapes))
        return reread_resampling(axes, self.scale_factor, self.size, dialect)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Resample each map."""
        (maps,) = inputs
        resample(maps, out, workspace, *self.axes(Shape(*maps.shape)))

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the neighbors, each with the product of its weights along both axes."""
        (maps,) = inputs
        channel, row, column = position
        down, right = self.axes(Shape(*maps.shape))
        rows, row_weights = down.neighbors().of_output(row)
        columns, column_weights = right.neighbors().of_output(column)
        shares = row_weights[:, None] * column_weights
        patch = cells_patch(maps, channel, rows, columns, shares)
        if shares.size == 1:
            return copy_of(patch)
        sentence = (
            f"This value lies at row {_place(down.position(row))}, column "
            f"{_place(right.position(column))} of the input; its {shares.size} neighbors, each "
            f"times its weight, add up to {signed(patch.result)}."
        )
        return Arithmetic("sum", (patch,), (), patch.result, sentence)


_PLACES = {
    "half_pixel": "Output o lies at (o + ½) / factor − ½ of the input: the outer edges of both "
    "maps coincide.",
    "align_corners": "Output o lies at o · (in − 1) / (out − 1) of the input: the middles of the "
    "corner cells coincide, whatever the factor.",
    "asymmetric": "Output o lies at o / factor of the input: the middles of the first cells "
    "coincide.",
}
_ROUNDED = {
    "floor": "It takes the cell at that place or before.",
    "round_prefer_floor": "It takes the nearest cell; halfway, the one before.",
    "round_prefer_ceil": "It takes the nearest cell; halfway, the one after.",
    "ceil": "It takes the cell at that place or after.",
}
_REPEATED = "Neighbors beyond the edge are those at the edge again."
_EXCLUDED = "Neighbors beyond the edge are left out; the weights of the others add up to 1."


def _fraction(factor: float) -> Fraction:
    """Return the fraction that a factor is meant to be: 0.3333333 is a third.

    Multiplied as floating-point numbers, 100 and 0.29 would give a size of 28.
    """
    return Fraction(factor).limit_denominator(10_000)


def _product(length: int, factor: float, result: int) -> str:
    product = f"{length} · {factor:g}"
    return f"{product} = {result}" if factor.is_integer() else f"⌊{product}⌋ = {result}"


def _in_words(factor: tuple[float, float]) -> str:
    down, right = factor
    return f"{down:g}" if down == right else f"{down:g} by {right:g}"


def _place(position: float) -> str:
    return f"{position:g}".replace("-", "−")
