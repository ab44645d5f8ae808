"""Record what the code computes that layers are spelled with in Keras, PyTorch and ONNX.

Run as ``python -m tests.vectors.record_spellings [KIND …]`` with the project, hypothesis and the
frameworks installed. For each kind a file ``spellings/<kind>.npz`` holds a JSON list of cases::

    {"settings", "codes": {dialect: code}, "exact": {dialect: bool},
     "refused": {dialect: reason}, "frameworks": {dialect: version}}

and, by number, the inputs and weights (multiples of 1/16 as float16, so that files stay small) and
each framework's output. Tests read them; they are never edited.
"""

import json
import sys
from pathlib import Path

import numpy as np

from engine.dialects import spell
from engine.registry import all_kinds
from tests.vectors.recording import sixteenths
from tests.vectors.spelled_code import RUN, VERSIONS
from tests.vectors.spelling_cases import drawn_cases

FOLDER = Path(__file__).parent / "spellings"


def weights_of(rng, specs):
    """Weights that a half-precision number holds; variances are positive."""
    made = {spec.name: sixteenths(rng, *spec.shape) for spec in specs}
    if "variance" in made:
        made["variance"] = abs(made["variance"]) + np.float32(1 / 16)
    return made


def recorded(number, layer, shapes):
    """One case with its arrays."""
    rng, kind = np.random.default_rng(number), layer.kind.id
    inputs = tuple(sixteenths(rng, *shape) for shape in shapes)
    weights = weights_of(rng, layer.weight_specs(shapes))
    case: dict[str, dict[str, object]] = {"settings": layer.settings_dict()}
    case |= {"codes": {}, "exact": {}, "refused": {}, "frameworks": VERSIONS}
    arrays = {f"{number}.input{place}": array for place, array in enumerate(inputs)}
    arrays |= {f"{number}.weights.{name}": array for name, array in weights.items()}
    arrays = {name: array.astype(np.float16) for name, array in arrays.items()}
    for dialect, run in RUN.items():
        spelling = spell(layer, dialect, shapes)
        case["codes"][dialect], case["exact"][dialect] = spelling.code, spelling.exact
        if not spelling.code:
            continue
        try:
            arrays[f"{number}.{dialect}"] = run(spelling.code, kind, inputs, weights)
        except Exception as error:
            case["refused"][dialect] = f"{type(error).__name__}: {error}"[:300]
    return case, arrays


def record(kind):
    cases, arrays = [], {}
    for number, (layer, shapes) in enumerate(drawn_cases(kind)):
        case, made = recorded(number, layer, shapes)
        cases.append(case)
        arrays |= made
        for dialect, reason in case["refused"].items():
            print(f"{kind}: {dialect} refuses {case['codes'][dialect]}: {reason}")
    FOLDER.mkdir(exist_ok=True)
    arrays["cases"] = np.array(json.dumps(cases))
    np.savez_compressed(FOLDER / f"{kind}.npz", **arrays)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [kind for kind in all_kinds() if kind != "input"]:
        record(wanted)
