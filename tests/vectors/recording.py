"""Vectors: what a real framework computed, kept in a file per layer kind.

A vector file ``<kind>.npz`` holds a JSON list ``cases`` and the arrays of each case. A case is
``{"framework": "PyTorch 2.13.0", "call": "F.conv2d(...)", "settings": {...}}`` with the arrays
``<n>.input0``, ``<n>.input1`` …, ``<n>.weights.<name>`` and ``<n>.output``, all float32 in this
project's layout (C × H × W; kernels out × in × kh × kw). The scripts ``record_*.py`` beside this
file write them, with the frameworks installed; tests only read them. Vectors are never edited.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent


@dataclass
class Vector:
    framework: str
    call: str
    settings: dict[str, Any]
    inputs: tuple[NDArray[np.float32], ...]
    output: NDArray[np.float32]
    weights: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def write_vectors(kind: str, vectors: list[Vector]) -> None:
    arrays: dict[str, NDArray[Any]] = {}
    cases = []
    for number, vector in enumerate(vectors):
        cases.append(
            {"framework": vector.framework, "call": vector.call, "settings": vector.settings}
        )
        for index, array in enumerate(vector.inputs):
            arrays[f"{number}.input{index}"] = np.asarray(array, np.float32)
        for name, array in vector.weights.items():
            arrays[f"{number}.weights.{name}"] = np.asarray(array, np.float32)
        arrays[f"{number}.output"] = np.asarray(vector.output, np.float32)
    arrays["cases"] = np.array(json.dumps(cases))
    np.savez_compressed(FOLDER / f"{kind}.npz", **arrays)  # type: ignore[arg-type]


def read_vectors(path: Path) -> list[Vector]:
    with np.load(path, allow_pickle=False) as file:
        vectors = []
        for number, case in enumerate(json.loads(str(file["cases"]))):
            names = [name for name in file.files if name.startswith(f"{number}.")]
            inputs = sorted(name for name in names if name.startswith(f"{number}.input"))
            prefix = f"{number}.weights."
            vectors.append(
                Vector(
                    **case,
                    inputs=tuple(file[name] for name in inputs),
                    weights={n.removeprefix(prefix): file[n] for n in names if prefix in n},
                    output=file[f"{number}.output"],
                )
            )
    return vectors


def sixteenths(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Values whose products and sums are exact in float32, whatever the order."""
    return (rng.integers(-32, 33, shape) / 16).astype(np.float32)
