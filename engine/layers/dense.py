"""Dense layer."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position, Step
from engine.channel_terms import channel_terms
from engine.equations import SizeEquation
from engine.explanation import signed
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.shared_products import shared_product
from engine.problems import LayerError
from engine.settings import flag_setting, int_setting
from engine.shapes import Shape
from engine.spelling import Code, Spelling, call, exactly, usual, with_notes
from engine.workspace import Workspace

STRIP_WEIGHTS = 1 << 20
"""Weights between two questions whether the work was abandoned: a fraction of a millisecond."""

SHARED_WEIGHTS = 1 << 18
"""From so many on, two threads read them faster than one: 1000 × 512 in 0.09 ms and not in 0.17."""


_KERNEL_LAST = "The kernel is stored as in × out, here as out × in."
_VECTOR = "A vector is N × values there; flatten before it where it is N × channels × 1 × 1."


@layer_kind("dense", label="Dense", category="Classifier", place=2)
class Dense(Layer):
    """Multiply every value of a vector by a weight and add up, once for each unit.

    Also known as fully connected (FC) or linear. Each unit has a weight for every value, so maps
    must be flattened (or pooled to one value each) first. A 1 × 1 convolution does the same at
    every position of a map, with the same weights.
    """

    in_caffe = True

    out_features: int = int_setting(
        default=10, minimum=1, maximum=1_000_000, comfortable=(1, 1000), label="Units",
        help="How many values come out; as many as classes at the end of a classifier.",
    )  # fmt: skip
    bias: bool = flag_setting(
        default=True, label="Bias", help="Add one learned number to every unit."
    )

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return a vector of one value per unit; refuse maps that are no vector."""
        shape = single(shapes)
        if not shape.is_vector:
            raise LayerError(
                f"A dense layer takes a vector, 1 × 1 × channels, and received {shape}. Flatten "
                f"before it makes a vector of these {shape.values:,} values.",
                inserts=("flatten", "global_average_pool2d"),
            )
        return Shape(self.out_features, 1, 1)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return one value per unit."""
        self.output_shape(shapes)
        values = single(shapes).channels
        return SizeEquation(
            rule="one value per unit",
            symbols="1",
            height="1",
            width="1",
            channels=f"{self.out_features:,} units, each reads all {values:,} values",
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield as many units as values are wanted."""
        yield {"out_features": target.channels}

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return the units of a kernel (out, in)."""
        kernel = arrays.get("kernel", ())
        return {"out_features": kernel[0], "bias": "bias" in arrays} if len(kernel) == 2 else {}

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the kernel (out, in) and the bias."""
        values = single(shapes).channels
        kernel = WeightSpec("kernel", (self.out_features, values), None, values, self.out_features)
        bias = WeightSpec("bias", (self.out_features,), start=0.0)
        return (kernel, bias) if self.bias else (kernel,)

    def macs(self, shapes: Shapes) -> int:
        """Return one multiplication per weight."""
        return self.output_shape(shapes).channels * single(shapes).channels

    def summary(self) -> str:
        """Return the number of units."""
        return "1 unit" if self.out_features == 1 else f"{self.out_features:,} units"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer of a vector."""
        values, bias = single(shapes).channels, usual(self.bias, True)
        arrays = [Code("kernel"), Code("bias")][: 2 if self.bias else 1]
        found = exactly(
            keras=call("layers.Dense", self.out_features, use_bias=bias),
            torch=call("nn.Linear", values, self.out_features, bias=bias),
            onnx=call("Gemm", Code("x"), *arrays, transB=1),
        )
        return with_notes(found, keras=_KERNEL_LAST, torch=_VECTOR, onnx=_VECTOR)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Multiply the kernel with the vector."""
        kernel, vector, result = weights["kernel"], inputs[0].reshape(-1), out.reshape(-1)
        if kernel.size < SHARED_WEIGHTS:
            workspace.checkpoint()
            np.matmul(kernel, vector, out=result)
        else:
            units = max(1, STRIP_WEIGHTS // len(vector))
            for first in range(0, len(kernel), units):
                strip = slice(first, first + units)
                shared_product(kernel[strip], vector[:, None], result[strip, None], workspace)
        if self.bias:
            np.add(result, weights["bias"], out=result)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the products of the unit's weights with the vector, and the bias."""
        (maps,) = inputs
        kernel = weights["kernel"][position.channel].astype(np.float64)
        products = maps.reshape(-1).astype(np.float64) * kernel
        total = float(products.sum())
        terms = channel_terms(maps, Position(0, 0, 0), range(len(kernel)), products, kernel)
        sentence = f"{len(kernel):,} products add up to {signed(total)}"
        if not self.bias:
            return Arithmetic("sum", terms.patches, terms.rest, total, f"{sentence}.")
        bias = float(weights["bias"][position.channel])
        result = total + bias
        sentence += f"; with the bias {signed(bias)} that is {signed(result)}."
        steps = (*terms.rest, Step("bias", bias))
        return Arithmetic("sum", terms.patches, steps, result, sentence)
