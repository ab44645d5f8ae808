"""What may be chosen about the view, the theme and the text: one of several each, with words."""

from gui.action_kinds import Choice

CHOICES = {
    choice.name: choice
    for choice in (
        Choice(
            "color",
            "View",
            "Colors",
            "colors",
            {
                "auto": (
                    "Automatic",
                    "Blue to orange around zero where a map has negative values, else dark to "
                    "bright.",
                ),
                "diverging": ("Signed", "Blue below zero, orange above; zero is in the middle."),
                "sequential": ("Dark to bright", "From dark blue to yellow."),
                "gray": ("Gray", "From black to white."),
            },
        ),
        Choice(
            "scope",
            "View",
            "Color range",
            "range",
            {
                "map": ("Per map", "Every map uses all the colors; maps cannot be compared."),
                "layer": ("Per layer", "The maps of a layer share one range."),
                "network": ("Whole network", "All maps share one range."),
            },
        ),
        Choice(
            "clip",
            "View",
            "Clipping",
            "clip",
            {
                "0": ("None", "The largest value has the last color."),
                "0.001": ("Largest 0.1 %", "The largest thousandth shares the last color."),
                "0.01": ("Largest 1 %", "The largest hundredth shares the last color."),
                "0.05": ("Largest 5 %", "The largest twentieth shares the last color."),
            },
        ),
        Choice(
            "scale",
            "View",
            "Scale",
            "scale",
            {
                "readable": ("Readable", "Small maps are drawn larger than their share."),
                "true": ("True", "Every map is drawn in proportion to the picture."),
            },
        ),
        Choice(
            "size_order",
            "View",
            "Order of sizes",
            "size-order",
            {
                "HWC": ("H × W × C", "Sizes as height × width × channels, as Keras writes them."),
                "CHW": ("C × H × W", "Sizes as channels × height × width, as PyTorch does."),
            },
        ),
        Choice(
            "theme",
            "View",
            "Theme",
            "theme",
            {
                "system": ("As the system", "Light or dark, as the rest of the desktop is."),
                "light": ("Light", "Dark text on a light ground."),
                "dark": ("Dark", "Light text on a dark ground."),
            },
        ),
        Choice(
            "text_size",
            "View",
            "Text size",
            "text-size",
            {
                "0.9": ("90 %", "Smaller text."),
                "1.0": ("100 %", "The usual size of text."),
                "1.25": ("125 %", "Larger text."),
                "1.5": ("150 %", "Much larger text."),
                "2.0": ("200 %", "Twice the usual size of text."),
            },
        ),
    )
}
