"""Every layer kind against what PyTorch and Keras computed, and the order of their windows."""

import numpy as np
import pytest

from engine.registry import all_kinds
from engine.shapes import Shape
from engine.workspace import Workspace
from tests.vectors.recording import FOLDER, read_vectors

CASES = [
    pytest.param(path.stem, vector, id=f"{path.stem}-{number}-{vector.framework.split()[0]}")
    for path in sorted(FOLDER.glob("*.npz"))
    for number, vector in enumerate(read_vectors(path))
]
TOLERANCE = 1e-5
"""Of the largest value of the maps."""


@pytest.mark.parametrize(("kind", "vector"), CASES)
def test_maps_equal_the_frameworks(kind, vector):
    layer = all_kinds()[kind].from_settings(vector.settings)
    shapes = tuple(Shape(*array.shape) for array in vector.inputs)
    specs = {spec.name: spec.shape for spec in layer.weight_specs(shapes)}
    assert specs == {name: array.shape for name, array in vector.weights.items()}
    out = np.full(layer.output_shape(shapes), np.nan, dtype=np.float32)
    layer.forward(vector.inputs, vector.weights, out, Workspace())
    assert out.shape == vector.output.shape
    limit = TOLERANCE * float(abs(vector.output).max()) + 1e-7
    np.testing.assert_allclose(out, vector.output, rtol=0, atol=limit)


def test_every_kind_has_vectors():
    without = {"input", "preprocess"}  # no framework has a layer of that meaning
    assert {path.stem for path in FOLDER.glob("*.npz")} >= set(all_kinds()) - without
