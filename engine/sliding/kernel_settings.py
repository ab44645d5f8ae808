"""The settings that the kinds of convolution share, each declared once."""

from typing import Any

from engine.settings import (
    choice_setting,
    flag_setting,
    int_setting,
    padding_setting,
    pair_setting,
)
from engine.sliding.windows import SAME_RULES


def filters_setting() -> Any:
    """Declare the number of filters."""
    return int_setting(
        default=8, minimum=1, maximum=65536, comfortable=(1, 64), label="Filters",
        help="How many filters, and so how many feature maps come out.",
    )  # fmt: skip


def multiplier_setting() -> Any:
    """Declare how many maps are made of each input channel."""
    return int_setting(
        default=1, minimum=1, maximum=4096, comfortable=(1, 8), label="Maps per channel",
        help="How many kernels each input channel has, and so how many maps it becomes.",
    )  # fmt: skip


def kernel_size_setting(default: tuple[int, int] = (3, 3)) -> Any:
    """Declare the size of the kernel."""
    return pair_setting(
        default=default, minimum=1, maximum=4096, comfortable=(1, 11), label="Kernel size",
        help="Height and width of the window.",
    )  # fmt: skip


def stride_setting() -> Any:
    """Declare the step of a window that slides."""
    return pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 4), label="Stride",
        help="How far the window moves between two values, down and to the right.",
    )  # fmt: skip


def window_padding_setting() -> Any:
    """Declare the padding of a window that slides."""
    return padding_setting(
        default="valid", rules=SAME_RULES, label="Padding",
        help="Valid drops the windows that do not fit; same pads so that stride 1 keeps the size.",
    )  # fmt: skip


def padding_mode_setting() -> Any:
    """Declare what stands in the padding."""
    return choice_setting(
        default="zeros",
        choices=(
            ("zeros", "Zeros"),
            ("reflect", "Reflect"),
            ("replicate", "Replicate the edge"),
            ("circular", "Circular"),
        ),
        label="Padding with",
        help="What stands in the padding.",
    )


def dilation_setting() -> Any:
    """Declare the gaps of the kernel."""
    return pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 6), label="Dilation",
        help="Distance between neighboring cells of the window; above 1 it has gaps.",
    )  # fmt: skip


def groups_setting() -> Any:
    """Declare the number of groups."""
    return int_setting(
        default=1, minimum=1, maximum=65536, comfortable=(1, 16), label="Groups",
        help="The channels are split into so many groups; a filter reads only its own group.",
    )  # fmt: skip


def bias_setting() -> Any:
    """Declare whether there is a bias."""
    return flag_setting(
        default=True, label="Bias", help="Add one learned number to every value of a filter."
    )
