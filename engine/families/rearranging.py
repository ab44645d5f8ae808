"""Layers that trade channels for height and width, block by block, without changing a value.

A block of ``size × size`` cells of one shallow channel is as many deep channels at one place. The
cells of a block are numbered row by row: its *places*.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.layer import Layer, Shapes
from engine.reading import Indices
from engine.settings import choice_setting, int_setting
from engine.spelling import Reread

CHANNEL_ORDERS = (
    "The channels are numbered DCR by TensorFlow, Keras and ONNX, CRD by PyTorch, which leaves the "
    "size the same and the values elsewhere."
)


def block_size_setting() -> Any:
    """Declare the side of a block."""
    return int_setting(
        default=2, minimum=1, maximum=256, comfortable=(1, 8), label="Block", unit="px",
        help="Height and width of the block that stands for the channels at one place.",
    )  # fmt: skip


def channel_order_setting() -> Any:
    """Declare which deep channels belong together."""
    return choice_setting(
        default="DCR",
        choices=(
            ("DCR", "Place in the block first (DCR)"),
            ("CRD", "Shallow channel first (CRD)"),
        ),
        label="Channel order",
        help="How the deep channels are numbered: DCR is TensorFlow's order and ONNX's by default, "
        "CRD that of PyTorch's pixel shuffle.",
    )


class BlockRearranging(Layer):
    """A layer between deep and shallow maps; the kinds declare these settings."""

    block_size: int
    mode: str

    @property
    def places(self) -> int:
        """How many cells a block has."""
        return self.block_size**2

    def deep_channel(self, place: int, shallow_channel: int, shallow_channels: int) -> int:
        """Return the deep channel that holds one place of the blocks of a shallow channel."""
        if self.mode == "DCR":
            return place * shallow_channels + shallow_channel
        return shallow_channel * self.places + place

    def shallow_cell(self, deep_channel: int, shallow_channels: int) -> tuple[int, int]:
        """Return place and shallow channel that a deep channel holds."""
        if self.mode == "DCR":
            return divmod(deep_channel, shallow_channels)
        shallow_channel, place = divmod(deep_channel, self.places)
        return place, shallow_channel

    def deep_channels(self, place: int, shallow_channels: int) -> slice:
        """Return the deep channels that hold one place, one for each shallow channel."""
        if self.mode == "DCR":
            return slice(place * shallow_channels, (place + 1) * shallow_channels)
        return slice(place, None, self.places)

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own numbering of the channels."""
        mode = "CRD" if dialect == "torch" else "DCR"
        return Reread({"mode": mode}, (CHANNEL_ORDERS,))

    def summary(self) -> str:
        """Return block and order."""
        return f"{self.block_size}×{self.block_size} · {self.mode}"


def blocks_nearby(wanted: int, fits: Callable[[int], bool], most: int) -> tuple[int, ...]:
    """Return the block sizes up to ``most`` that fit, those closest to the wanted one first.

    >>> blocks_nearby(5, lambda block: 12 % block == 0, 12)
    (4, 6, 3, 2, 1, 12)
    """
    fitting = (block for block in range(1, most + 1) if fits(block))
    return tuple(sorted(fitting, key=lambda block: abs(block - wanted)))


def repeated_cells(length: int, outputs: int, block: int) -> Indices:
    """Return the one input cell that each output reads, (outputs, 1): ``block`` share one."""
    return (np.arange(outputs) // block)[:, None]
