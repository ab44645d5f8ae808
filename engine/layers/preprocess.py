"""Preprocessing of a picture."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.arithmetic import Arithmetic, Patch, Position, Step
from engine.equations import SizeEquation, kept_size
from engine.explanation import operand, signed, value_patch
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.strips import strips
from engine.problems import LayerError
from engine.settings import choice_setting, flag_setting, number_setting, numbers_setting
from engine.shapes import Shape
from engine.spelling import Spelling, cannot, exactly
from engine.wording import counted
from engine.workspace import Workspace

LUMA = (0.299, 0.587, 0.114)
"""What red, green and blue add to brightness: ITU-R BT.601, as in OpenCV and Pillow."""

MOST_CHANNELS = 4096


_NO_OPERATOR = "ONNX has no operator for it: Mul, Sub and Div with constants do the same."


@layer_kind("preprocess", label="Preprocess", category="Input", place=1)
class Preprocess(Layer):
    """Bring pixels to the numbers a network was trained with: (x · scale − mean) / deviation.

    Pixels are red, green and blue from 0 to 1. A network from elsewhere wants them as in its
    training, or it answers nonsense:

    Keras "caffe" (VGG, ResNet): channel order BGR, scale 255, mean 103.939, 116.779, 123.68.
    Keras "torch", torchvision: mean 0.485, 0.456, 0.406, deviation 0.229, 0.224, 0.225.
    Keras "tf" (MobileNet, Inception): scale 2, mean 1, which gives −1 to 1.

    Mean and deviation are in the order of the channels that come out.
    """

    channel_order: str = choice_setting(
        default="rgb", choices=(("rgb", "RGB"), ("bgr", "BGR")), label="Channel order",
        help="BGR puts blue first, as OpenCV and Caffe do.",
    )  # fmt: skip
    grayscale: bool = flag_setting(
        default=False, label="Grayscale",
        help="One channel of brightness: 0.299 red + 0.587 green + 0.114 blue. What has one "
        "channel already keeps it.",
    )  # fmt: skip
    scale: float = number_setting(
        default=1.0, minimum=1e-6, maximum=1e6, comfortable=(1.0, 255.0), label="Scale",
        help="What the pixels, 0 to 1, are multiplied by: 255 for networks that count to 255.",
    )  # fmt: skip
    mean: tuple[float, ...] = numbers_setting(
        default=(0.0,), minimum=-1e6, maximum=1e6, most=MOST_CHANNELS, comfortable=(0.0, 1.0),
        label="Mean", help="Subtracted from the scaled pixels; one number, or one per channel.",
    )  # fmt: skip
    deviation: tuple[float, ...] = numbers_setting(
        default=(1.0,), minimum=1e-6, maximum=1e6, most=MOST_CHANNELS, comfortable=(0.1, 1.0),
        label="Deviation", help="What the difference is divided by; one, or one per channel.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape, with one channel in grayscale."""
        shape = single(shapes)
        self._check_colors(shape.channels)
        shape = shape._replace(channels=1) if self.grayscale else shape
        self._check_numbers(shape.channels)
        return shape

    def _check_colors(self, channels: int) -> None:
        """Refuse what needs red, green and blue on other channels."""
        fitting = (1, 3) if self.grayscale else (3,)
        if channels in fitting or not (self.grayscale or self.channel_order == "bgr"):
            return
        what = "Grayscale" if self.grayscale else "The channel order BGR"
        raise LayerError(
            f"{what} needs red, green and blue; the input has {counted(channels, 'channel')}.",
            "grayscale" if self.grayscale else "channel_order",
            ({"grayscale": False}, {"grayscale": False, "channel_order": "rgb"}),
        )

    def _mixes(self, channels: int) -> bool:
        """Return whether so many channels become one of brightness; one of them is that already."""
        return self.grayscale and channels == 3

    @property
    def _flips(self) -> bool:
        """Whether red and blue change places."""
        return not self.grayscale and self.channel_order == "bgr"

    def _check_numbers(self, channels: int) -> None:
        """Refuse means and deviations that are neither one nor one per channel."""
        lists = {"mean": self.mean, "deviation": self.deviation}
        wrong = {name: of for name, of in lists.items() if len(of) not in (1, channels)}
        for name, numbers in wrong.items():
            raise LayerError(
                f"{name.capitalize()} has {len(numbers)} numbers, but "
                f"{counted(channels, 'channel')} would come out; one number would serve for all.",
                name,
                # Both lists at once, where both are wrong: one alone would not be a repair.
                ({name: (sum(of) / len(of),) for name, of in wrong.items()},),
            )

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the kept size."""
        shape = self.output_shape(shapes)
        mixes = self._mixes(single(shapes).channels)
        origin = "red, green and blue become one" if mixes else "as the input"
        return kept_size(shape.height, shape.width, origin)

    def summary(self) -> str:
        """Return what differs from leaving the pixels as they are."""
        words = ["gray"] if self.grayscale else [self.channel_order.upper()]
        if self.scale != 1:
            words.append(f"× {self.scale:g}")
        if any(self.mean):
            words.append(f"− {_listed(self.mean)}")
        if any(number != 1 for number in self.deviation):
            words.append(f"/ {_listed(self.deviation)}")
        return " ".join(words)

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same arithmetic written out; none of the dialects has a layer of it."""
        given, channels = single(shapes).channels, self.output_shape(shapes).channels
        means, deviations = (
            [float(number) for number in np.broadcast_to(numbers, channels)]
            for numbers in (self.mean, self.deviation)
        )
        pixels = {"keras": "x", "torch": "x"}
        if self._mixes(given):
            luma = ", ".join(map(repr, LUMA))
            pixels["keras"] = f"keras.ops.sum(x * keras.ops.array([{luma}]), -1, keepdims=True)"
            pixels["torch"] = f"(x * torch.tensor([{luma}])[:, None, None]).sum(1, keepdim=True)"
        elif self._flips:
            pixels = {"keras": "x[..., ::-1]", "torch": "x.flip(1)"}
        scaled = {dialect: f"({code} * {self.scale!r}" for dialect, code in pixels.items()}
        keras = f"{scaled['keras']} - keras.ops.array({means})) / keras.ops.array({deviations})"
        torch = (
            f"{scaled['torch']} - torch.tensor({means})[:, None, None]) / "
            f"torch.tensor({deviations})[:, None, None]"
        )
        return {**exactly(keras=keras, torch=torch), "onnx": cannot(_NO_OPERATOR)}

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Choose or mix the channels, then scale, subtract and divide."""
        (maps,) = inputs
        means = _per_channel(self.mean, out.shape[0])
        deviations = _per_channel(self.deviation, out.shape[0])
        for channels, rows in strips(workspace, *out.shape):
            part = out[channels, rows]
            if self._mixes(len(maps)):
                mixed = workspace.scratch("mixed", *part.shape)
                np.multiply(maps[:1, rows], LUMA[0], out=part)
                for color in (1, 2):
                    np.multiply(maps[color : color + 1, rows], LUMA[color], out=mixed)
                    np.add(part, mixed, out=part)
                np.multiply(part, self.scale, out=part)
            else:
                source = maps[::-1] if self._flips else maps
                np.multiply(source[channels, rows], self.scale, out=part)
            np.subtract(part, means[channels], out=part)
            np.divide(part, deviations[channels], out=part)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the pixel, or the three of a gray value, and the steps that follow."""
        (maps,) = inputs
        channel, row, column = position
        mixes = self._mixes(len(maps))
        if mixes:
            pixel = [value_patch(maps, Position(color, row, column)) for color in range(3)]
            patches = tuple(map(_weighted, pixel, LUMA))
        else:
            origin = 2 - channel if self._flips else channel
            patches = (value_patch(maps, Position(origin, row, column)),)
        value = sum(patch.result for patch in patches)
        mean = self.mean[channel % len(self.mean)]
        deviation = self.deviation[channel % len(self.deviation)]
        scaled = value * self.scale
        result = (scaled - mean) / deviation
        steps = (Step("scaled", scaled), Step("mean", mean), Step("deviation", deviation))
        sentence = (
            f"({signed(value)} × {signed(self.scale)} − {operand(mean)}) / {signed(deviation)} = "
            f"{signed(result)}."
        )
        if not mixes:
            return Arithmetic("function", patches, steps, result, sentence)
        terms = (
            f"{signed(luma)} × {operand(float(patch.values[0, 0]))}"
            for luma, patch in zip(LUMA, patches, strict=True)
        )
        sentence = f"{' + '.join(terms)} = {signed(value)}; {sentence}"
        return Arithmetic("sum", patches, steps, result, sentence)


def _weighted(patch: Patch, weight: float) -> Patch:
    """Return a single value with a weight."""
    return replace(patch, weights=np.array([[weight]]), result=patch.result * weight)


def _per_channel(numbers: tuple[float, ...], channels: int) -> Maps:
    """Return the numbers, or the one for all, as (C, 1, 1)."""
    return np.broadcast_to(np.array(numbers, np.float32), channels)[:, None, None]


def _listed(numbers: tuple[float, ...]) -> str:
    """Return a few numbers in words.

    >>> _listed((0.5,)), _listed((1.0, 2.0, 3.0))
    ('0.5', '(1, 2, 3)')
    """
    words = ", ".join(f"{number:g}" for number in numbers[:3])
    if len(numbers) == 1:
        return words
    return f"({words}, …)" if len(numbers) > 3 else f"({words})"
