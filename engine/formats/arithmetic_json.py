"""The arithmetic of one value as plain data for other programs.

`arithmetic_record` is what ``explain --format json`` prints::

    {
      "layer", "kind", "inputs": [id],
      "position": {"row", "column", "channel"},   from zero; a vector of n is 0, 0, 0 to n − 1
      "value",            computed directly, in double precision
      "map_value",        as in the layer's maps, float32, computed by a fast path
      "finest",           the smallest difference that means something: 0.0001 of the map's largest
      "operation",        sum, maximum, mean, product, copy or function
      "sentence",         the arithmetic in words
      "terms": [{
        "input",          the place in "inputs", from 0
        "channel", "row", "column",         where it is read; −1 in padding, −2 in inserted zeros
        "padding",        whether it is one of these
        "value", "weight", "product"        "weight" is null where nothing is multiplied
      }],
      "rest": {"count", "sum"},   terms that are not listed, since at most 256 are; of a maximum,
                                  "sum" is null: none of the rest is larger than those listed
      "steps": [{"label", "value"}],        what follows the terms: a bias, a divisor
      "equivalent": {     the same value in another way: a transposed convolution as an ordinary
                          window on the input with zeros inserted; null where there is none
        "operation", "sentence", "terms", "rest", "steps"    as above
      },
      "equation": {"rule", "symbols", "height", "width", "channels", "notes": [sentence]},
      "receptive_field": {        on the picture, padding included: below 0 or beyond its size
        "rows": [first, last], "columns": [first, last],
        "height", "width",
        "cells"           how many pixels of the picture are read, none of the padding
      }                   or null where the value depends on no pixel
    }

Of a sum, the products of all terms, the sum of the rest and the bias add up to the value. A number
that is not finite is null: padding stands for −∞ in max pooling.
"""

import math
from typing import Any

from engine.analysis import Analysis
from engine.arithmetic import Arithmetic
from engine.formats.analysis_json import equation_record
from engine.formats.json_text import Record
from engine.listed_terms import listed_terms
from engine.network import INPUT_ID
from engine.pinned_value import PinnedValue
from engine.tracing import Area


def arithmetic_record(
    analysis: Analysis, pinned: PinnedValue, map_value: float, finest: float
) -> Record:
    """Return one value's arithmetic as plain data; the form is described above."""
    layer, arithmetic = analysis[pinned.node_id], pinned.arithmetic
    record = {
        "layer": pinned.node_id,
        "kind": layer.node.layer.kind.id,
        "inputs": list(layer.node.inputs),
        "position": {name: getattr(pinned.position, name) for name in ("row", "column", "channel")},
        "value": arithmetic.result,
        "map_value": map_value,
        "finest": finest,
        **_calculation_record(arithmetic),
        "equivalent": _calculation_record(pinned.equivalent) if pinned.equivalent else None,
        "equation": equation_record(layer.facts),
        "receptive_field": _field_record(pinned.sources.get(INPUT_ID)),
    }
    finite: Record = _finite(record)
    return finite


def _calculation_record(arithmetic: Arithmetic) -> Record:
    terms, rest = listed_terms(arithmetic)
    total = None if arithmetic.operation == "maximum" else rest.total
    return {
        "operation": arithmetic.operation,
        "sentence": arithmetic.sentence,
        "terms": terms,
        "rest": {"count": rest.terms, "sum": total},
        "steps": [
            {"label": step.label, "value": step.value}
            for step in arithmetic.steps
            if not step.terms
        ],
    }


def _field_record(area: Area | None) -> Record | None:
    if area is None or area.extent is None:
        return None
    extent = area.extent
    return {
        "rows": [extent.first_row, extent.last_row],
        "columns": [extent.first_column, extent.last_column],
        "height": extent.height,
        "width": extent.width,
        "cells": area.cells,
    }


def _finite(value: Any) -> Any:
    """Return plain data with null for numbers that JSON does not know."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
