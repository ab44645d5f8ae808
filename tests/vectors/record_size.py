"""Record the layers that change the size from PyTorch, Keras and ONNX Runtime.

Run as ``python -m tests.vectors.record_size`` with the frameworks installed.
"""

from typing import Any

import numpy as np
from torch import nn
from torch.nn import functional

from tests.vectors.frameworks import by_keras, by_onnx, by_torch, keras
from tests.vectors.record_pooling import maps
from tests.vectors.recording import write_vectors

TORCH_MODES: dict[str, dict[str, Any]] = {
    "nearest": {"mode": "nearest", "coordinates": "asymmetric", "rounding": "floor"},
    "nearest-exact": {"mode": "nearest", "rounding": "round_prefer_ceil"},
    "bilinear": {"mode": "bilinear"},
    "bicubic": {"mode": "bicubic", "cubic_coefficient": -0.75},
}


def interpolated(x, mode, aligned, **extent):
    """PyTorch by ``scale_factor`` or to ``size``."""
    arguments = {**extent, "mode": mode}
    settings = dict(TORCH_MODES[mode])
    if "nearest" not in mode:
        arguments["align_corners"] = aligned
    if aligned:
        settings["coordinates"] = "align_corners"
    if "size" in extent:
        settings["size"] = extent["size"]
    else:
        settings["scale_factor"] = extent["scale_factor"]
    call = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return by_torch(
        f"interpolate({call})", lambda v: functional.interpolate(v, **arguments), settings, x
    )


def resized(x, factor, settings, **attributes):
    """ONNX by ``scales``, which it takes as an input."""
    inputs = {
        "roi": np.zeros(0, np.float32),
        "scales": np.array([1, 1, *factor], np.float32),
    }
    vector = by_onnx("Resize", attributes, {"scale_factor": factor, **settings}, x, inputs)
    vector.weights = {}
    return vector


def record_upsample():
    up, down = {"scale_factor": (1.5, 3.0)}, {"scale_factor": (0.5, 0.7)}
    vectors = []
    for seed, (mode, aligned) in enumerate(
        [
            *((mode, False) for mode in TORCH_MODES),
            ("bilinear", True),
            ("bicubic", True),
        ]
    ):
        vectors.append(interpolated(maps(200 + seed, 2, 3, 5), mode, aligned, **up))
        vectors.append(interpolated(maps(220 + seed, 1, 6, 10), mode, aligned, **down))
    vectors.append(interpolated(maps(240, 2, 3, 6), "bilinear", False, size=(7, 4)))
    vectors.append(interpolated(maps(241, 2, 4, 1), "bicubic", True, size=(1, 5)))
    for seed, interpolation in enumerate(("nearest", "bilinear", "bicubic")):
        settings: dict[str, Any] = {"mode": interpolation, "scale_factor": (2.0, 3.0)}
        if interpolation == "bicubic":
            settings |= {"cubic_coefficient": -0.5, "exclude_outside": True}
        layer = keras.layers.UpSampling2D((2, 3), interpolation=interpolation)
        call = f"UpSampling2D((2, 3), interpolation={interpolation!r})"
        vectors.append(by_keras(call, layer, settings, maps(250 + seed, 2, 4, 3)))
    # What PyTorch and Keras do not offer: other roundings, and asymmetric coordinates.
    for seed, rounding in enumerate(("round_prefer_floor", "ceil")):
        vectors.append(
            resized(
                maps(260 + seed, 1, 6, 5),
                (0.5, 1.6),
                {"coordinates": "half_pixel", "rounding": rounding},
                mode="nearest",
                coordinate_transformation_mode="half_pixel",
                nearest_mode=rounding,
            )
        )
    for seed, excluded in enumerate((False, True)):
        settings = {"mode": "bicubic", "coordinates": "asymmetric", "exclude_outside": excluded}
        vectors.append(
            resized(
                maps(270 + seed, 1, 4, 5),
                (2.5, 1.6),
                {**settings, "cubic_coefficient": -0.5},
                mode="cubic",
                coordinate_transformation_mode="asymmetric",
                cubic_coeff_a=-0.5,
                exclude_outside=int(excluded),
            )
        )
    write_vectors("upsample2d", vectors)


def record_padding_and_cropping():
    padding, cropping = [], []
    for seed, (top, left, bottom, right) in enumerate(((1, 1, 1, 1), (0, 2, 3, 1), (4, 0, 0, 0))):
        x = maps(300 + seed, 3, 4, 5)
        sides = (left, right, top, bottom)
        padding.append(
            by_torch(
                f"pad({sides})",
                lambda v, sides=sides: functional.pad(v, sides),
                {"padding": (top, left, bottom, right)},
                x,
            )
        )
        pairs = ((top, bottom), (left, right))
        settings = {"padding": (top, left, bottom, right)}
        layer = keras.layers.ZeroPadding2D(pairs)
        padding.append(by_keras(f"ZeroPadding2D({pairs})", layer, settings, x))
        x = maps(310 + seed, 2, 7, 6)
        negative = tuple(-side for side in sides)
        settings = {"cropping": (top, left, bottom, right)}
        cropping.append(
            by_torch(f"pad({negative})", lambda v, n=negative: functional.pad(v, n), settings, x)
        )
        layer = keras.layers.Cropping2D(pairs)
        cropping.append(by_keras(f"Cropping2D({pairs})", layer, settings, x))
    write_vectors("zero_padding2d", padding)
    write_vectors("crop2d", cropping)


def record_blocks():
    spread, gathered = [], []
    for seed, (block, channels) in enumerate(((2, 3), (3, 2), (1, 4))):
        deep = maps(320 + seed, channels * block**2, 3, 4)
        shallow = maps(330 + seed, channels, 2 * block, 5 * block)
        crd = {"block_size": block, "mode": "CRD"}
        spread.append(by_torch(f"PixelShuffle({block})", nn.PixelShuffle(block), crd, deep))
        gathered.append(
            by_torch(f"PixelUnshuffle({block})", nn.PixelUnshuffle(block), crd, shallow)
        )
        dcr = {"block_size": block, "mode": "DCR"}
        spread.append(by_onnx("DepthToSpace", {"blocksize": block, "mode": "DCR"}, dcr, deep))
        spread.append(by_onnx("DepthToSpace", {"blocksize": block, "mode": "CRD"}, crd, deep))
        gathered.append(by_onnx("SpaceToDepth", {"blocksize": block}, dcr, shallow))
    write_vectors("depth_to_space", spread)
    write_vectors("space_to_depth", gathered)


if __name__ == "__main__":
    record_upsample()
    record_padding_and_cropping()
    record_blocks()
