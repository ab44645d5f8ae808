"""Channels and filters in groups, each group of filters reading its own group of channels."""

import math

from engine.problems import LayerError
from engine.wording import counted


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Refuse groups that are not equal.

    Raises:
        LayerError: naming ``groups``, with the numbers of filters and of groups that would do.
    """
    for name, count in (("channel", channels), ("filter", filters)):
        if count % groups:
            fewer = tuple({"groups": divisor} for divisor in _common_divisors(channels, filters))
            more = {"out_channels": -(-filters // groups) * groups}
            raise LayerError(
                f"{counted(count, name)} cannot be split into {groups} equal groups.",
                "groups",
                fewer if name == "channel" else (more, *fewer),
            )


def grouped_channels(filter_index: int, channels: int, filters: int, groups: int) -> range:
    """Return the input channels that a filter reads.

    >>> grouped_channels(3, channels=6, filters=4, groups=2)
    range(3, 6)
    """
    per_group = channels // groups
    first = filter_index // (filters // groups) * per_group
    return range(first, first + per_group)


def _common_divisors(*counts: int) -> tuple[int, ...]:
    """Return what divides all counts, the largest first.

    >>> _common_divisors(12, 18)
    (6, 3, 2, 1)
    """
    greatest = math.gcd(*counts)
    return tuple(divisor for divisor in range(greatest, 0, -1) if greatest % divisor == 0)
