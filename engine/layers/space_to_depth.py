"""Space to depth."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import copy_of, value_patch
from engine.families.rearranging import (
    CHANNEL_ORDERS,
    BlockRearranging,
    block_size_setting,
    blocks_nearby,
    channel_order_setting,
)
from engine.layer import Maps, Shapes, WeightArrays, layer_kind, single
from engine.problems import LayerError, Wanted
from engine.reading import Reading, WindowAxis
from engine.shapes import Shape
from engine.sliding.density import Variant
from engine.spelling import Code, Spelling, call, exactly, keras_sequence, with_notes
from engine.wording import with_article
from engine.workspace import Workspace


@layer_kind("space_to_depth", label="Space to depth", category="Size", place=5)
class SpaceToDepth(BlockRearranging):
    """Stack the cells of each block as channels at one place: more maps, and smaller.

    It reduces the size as a stride does and drops nothing.
    """

    block_size: int = block_size_setting()
    mode: str = channel_order_setting()

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return channels times the cells of a block, height and width by its side."""
        channels, height, width = single(shapes)
        block = self.block_size
        if height % block or width % block:
            common = math.gcd(height, width)
            fitting = blocks_nearby(block, lambda b: common % b == 0, common)
            raise LayerError(
                f"{with_article(height).capitalize()} × {width} input cannot be cut into blocks "
                f"of {block} × {block}: {height % block} rows and {width % block} columns would be "
                "left over.",
                "block_size",
                tuple({"block_size": b} for b in fitting),
                wanted=tuple(
                    Wanted(0, Shape(channels, rows, columns))
                    for rows, columns in zip(
                        _multiples(height, block), _multiples(width, block), strict=True
                    )
                ),
            )
        return Shape(channels * self.places, height // block, width // block)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the quotients by the block's side, and the channels that they bring."""
        shape, output, block = single(shapes), self.output_shape(shapes), self.block_size
        return SizeEquation(
            rule="blocks become channels",
            symbols="in / block",
            height=f"{shape.height} / {block} = {output.height}",
            width=f"{shape.width} / {block} = {output.width}",
            channels=f"{shape.channels} · {block}² = {output.channels}",
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the block that each place was made from; its channels read one cell each."""
        shape, output, block = single(shapes), self.output_shape(shapes), self.block_size
        return (
            Reading(
                WindowAxis(shape.height, output.height, block, block),
                WindowAxis(shape.width, output.width, block, block),
            ),
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the block that makes that size."""
        yield {"block_size": max(1, single(shapes).height // target.height)}

    def variants(self) -> Iterator[Variant]:
        """Yield other blocks."""
        for block in (1, self.block_size + 1, 2 * self.block_size):
            yield Variant({"block_size": block})

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer; PyTorch's numbers the channels CRD, Keras' and ONNX' DCR."""
        block, places = self.block_size, self.places
        channels, height, width = single(shapes)
        rows, columns = height // block, width // block
        if self.mode == "DCR":
            by_place = f"unflatten(1, (-1, {places})).transpose(1, 2).flatten(1, 2)"
            torch = f"F.pixel_unshuffle(x, {block}).{by_place}"
            found = exactly(
                keras=f"keras.ops.space_to_depth(x, {block})" if block > 1 else "layers.Identity()",
                torch=torch,
                onnx=call("SpaceToDepth", Code("x"), blocksize=block),
            )
            return with_notes(found, torch=CHANNEL_ORDERS)
        keras = keras_sequence(
            f"layers.Reshape(({rows}, {block}, {columns}, {block}, {channels}))",
            "layers.Permute((1, 3, 5, 2, 4))",
            f"layers.Reshape(({rows}, {columns}, {channels * places}))",
        )
        split = call("Reshape", Code("x"), shape=[0, channels, rows, block, columns, block])
        moved = call("Transpose", Code(split), perm=[0, 1, 3, 5, 2, 4])
        onnx = call("Reshape", Code(moved), shape=[0, channels * places, rows, columns])
        found = exactly(keras=keras, torch=f"nn.PixelUnshuffle({block})", onnx=onnx)
        return with_notes(found, keras=CHANNEL_ORDERS, onnx=CHANNEL_ORDERS)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Gather the deep channels, one place of all blocks after the other."""
        (maps,) = inputs
        for place in range(self.places):
            workspace.checkpoint()
            line, cell = divmod(place, self.block_size)
            blocks = maps[:, line :: self.block_size, cell :: self.block_size]
            np.copyto(out[self.deep_channels(place, len(maps))], blocks)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the value that was moved, and the channel and place that it had."""
        (maps,) = inputs
        place, channel = self.shallow_cell(position.channel, len(maps))
        line, cell = divmod(place, self.block_size)
        row = position.row * self.block_size + line
        column = position.column * self.block_size + cell
        return copy_of(value_patch(maps, Position(channel, row, column)))


def _multiples(length: int, block: int) -> tuple[int, int]:
    """Return the lengths next to one that can be cut into blocks, the smaller first.

    >>> _multiples(7, 2), _multiples(1, 2)
    ((6, 8), (2, 2))
    """
    return max(1, length // block) * block, -(-length // block) * block
