"""Terms that run over the channels at one position: what dense layers and softmax add up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import LISTED_TERMS, Doubles, Patch, Position, Step


@dataclass(frozen=True, eq=False)
class ChannelTerms:
    """The terms of one sum: the largest as patches, in the order of their channels, and the rest.

    ``rest`` is empty where every term is listed.
    """

    patches: tuple[Patch, ...]
    rest: tuple[Step, ...]


def channel_terms(
    maps: NDArray[np.float32],
    position: Position,
    channels: range,
    contributions: Doubles,
    weights: Doubles | None = None,
) -> ChannelTerms:
    """Return the terms at the row and column of ``position``, one per channel.

    Args:
        maps: the input, (C, H, W).
        position: the output value; its channel is not used.
        channels: the channels that are read.
        contributions: what each of them adds to the sum.
        weights: what each is multiplied by, or None.
    """
    _, row, column = position
    largest = np.argsort(-np.abs(contributions), kind="stable")[:LISTED_TERMS]
    listed = np.sort(largest)
    patches = tuple(
        Patch(
            0,
            channels[place],
            (row,),
            (column,),
            np.array([[float(maps[channels[place], row, column])]]),
            None if weights is None else np.array([[weights[place]]]),
            float(contributions[place]),
        )
        for place in listed.tolist()
    )
    count = len(contributions) - len(listed)
    if not count:
        return ChannelTerms(patches, ())
    remaining = float(np.delete(contributions, listed).sum())
    return ChannelTerms(patches, (Step(f"{count:,} smaller terms", remaining, count),))
