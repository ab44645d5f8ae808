"""Depth to space."""

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
    repeated_cells,
)
from engine.layer import Maps, Shapes, WeightArrays, layer_kind, single
from engine.problems import LayerError, Wanted
from engine.reading import ListedAxis, Reading
from engine.shapes import Shape
from engine.sliding.density import Variant
from engine.spelling import Code, Spelling, call, exactly, keras_sequence, usual, with_notes
from engine.wording import counted
from engine.workspace import Workspace


@layer_kind("depth_to_space", label="Depth to space", category="Size", place=4)
class DepthToSpace(BlockRearranging):
    """Lay the channels at each place out as a block of cells: fewer maps, and larger.

    Also called pixel shuffle. After a convolution it enlarges maps as a transposed convolution
    does, with equally many products for every cell.
    """

    block_size: int = block_size_setting()
    mode: str = channel_order_setting()

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return channels by the cells of a block, height and width times its side."""
        channels, height, width = single(shapes)
        block = self.block_size
        if channels % self.places:
            fitting = blocks_nearby(block, lambda b: channels % b**2 == 0, math.isqrt(channels))
            raise LayerError(
                f"{counted(channels, 'channel')} cannot be laid out in blocks of {block} × "
                f"{block} = {self.places} cells; a multiple of {self.places} channels could.",
                "block_size",
                tuple({"block_size": b} for b in fitting),
                wanted=tuple(
                    Wanted(0, Shape(many * self.places, height, width))
                    for many in (-(-channels // self.places), max(1, channels // self.places))
                ),
            )
        return Shape(channels // self.places, height * block, width * block)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the products with the block's side, and the channels that they cost."""
        shape, output, block = single(shapes), self.output_shape(shapes), self.block_size
        return SizeEquation(
            rule="channels become blocks",
            symbols="in · block",
            height=f"{shape.height} · {block} = {output.height}",
            width=f"{shape.width} · {block} = {output.width}",
            channels=f"{shape.channels} / {block}² = {output.channels}",
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the place that a block was made from, for all its cells."""
        shape, output = single(shapes), self.output_shape(shapes)
        block = (self.block_size,)
        return (
            Reading(
                ListedAxis(shape.height, output.height, repeated_cells, block),
                ListedAxis(shape.width, output.width, repeated_cells, block),
            ),
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the block that makes that size."""
        yield {"block_size": max(1, target.height // single(shapes).height)}

    def variants(self) -> Iterator[Variant]:
        """Yield other blocks."""
        for block in (1, self.block_size + 1, 2 * self.block_size):
            yield Variant({"block_size": block})

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer; PyTorch's numbers the channels CRD, Keras' DCR."""
        block, places = self.block_size, self.places
        onnx = call("DepthToSpace", Code("x"), blocksize=block, mode=usual(self.mode, "DCR"))
        if self.mode == "CRD":
            channels, height, width = single(shapes)
            split = f"({height}, {width}, {channels // places}, {block}, {block})"
            size = f"({height * block}, {width * block}, {channels // places})"
            keras = keras_sequence(
                f"layers.Reshape({split})",
                "layers.Permute((1, 4, 2, 5, 3))",
                f"layers.Reshape({size})",
            )
            found = exactly(keras=keras, torch=f"nn.PixelShuffle({block})", onnx=onnx)
            return with_notes(found, keras=CHANNEL_ORDERS)
        by_place = f"x.unflatten(1, ({places}, -1)).transpose(1, 2).flatten(1, 2)"
        torch = f"F.pixel_shuffle({by_place}, {block})"
        found = exactly(
            keras=f"keras.ops.depth_to_space(x, {block})" if block > 1 else "layers.Identity()",
            torch=torch,
            onnx=onnx,
        )
        return with_notes(found, torch=CHANNEL_ORDERS)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Spread the deep channels, one place of all blocks after the other."""
        (maps,) = inputs
        for place in range(self.places):
            workspace.checkpoint()
            line, cell = divmod(place, self.block_size)
            blocks = out[:, line :: self.block_size, cell :: self.block_size]
            np.copyto(blocks, maps[self.deep_channels(place, len(out))])

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the value that was moved, and the channel and place that it had."""
        (maps,) = inputs
        row, line = divmod(position.row, self.block_size)
        column, cell = divmod(position.column, self.block_size)
        channel = self.deep_channel(
            line * self.block_size + cell, position.channel, len(maps) // self.places
        )
        return copy_of(value_patch(maps, Position(channel, row, column)))
