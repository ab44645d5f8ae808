"""The receptive field of a layer's values on the picture, from the layers' readings.

While every layer is a regular window the field is one window on the picture: its size grows by
(span − 1) × stride so far, and the strides multiply (Araujo, Norris and Sim, "Computing Receptive
Fields of Convolutional Neural Networks", Distill 2019). It counts padding, as published values do.
Where a layer reads irregularly (upsampling, transposed, adaptive) the field differs from value to
value: its first and last picture row are then listed for every output row, and the largest extent
is reported without stride and padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.reading import Affine, AxisReading, Indices, Reading
from engine.shapes import Shape

POINTWISE = Affine(span=1, stride=1, before=0)

NOTHING = "no value depends on the picture"
VARIES = "the field differs from value to value; the largest is given"
EVERYTHING = "every value reads the same region, so there is no stride"
DIFFERENT_STRIDES = "undefined: the branches that meet here have different strides"
MISALIGNED = "undefined: the branches that meet here are not aligned"


@dataclass(frozen=True)
class AxisField:
    """The field of output o along one axis: ``size`` rows from ``start + stride · o``."""

    size: int
    stride: int
    start: int

    def listed(self, length: int) -> "ListedField":
        """Return the same field, listed for every output index."""
        first = self.start + self.stride * np.arange(length)
        return ListedField(first, first + self.size - 1, VARIES)


@dataclass(frozen=True, eq=False)
class ListedField:
    """First and last picture row of every output row, and why there is no single window.

    An output of bias alone sees nothing: its interval is the empty one of `engine.reading`.
    """

    first: Indices
    last: Indices
    reason: str


Field = AxisField | ListedField


@dataclass(frozen=True)
class ReceptiveField:
    """Extent on the picture; pairs are (vertical, horizontal).

    ``stride`` and ``padding`` (top, left) are None where undefined, and ``reason`` says why.
    """

    height: int
    width: int
    stride: tuple[int, int] | None
    padding: tuple[int, int] | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class FieldPair:
    """The field along both axes."""

    rows: Field
    columns: Field


PICTURE = FieldPair(AxisField(1, 1, 0), AxisField(1, 1, 0))
"""A pixel sees itself."""


def field_through(
    readings: Sequence[Reading], inputs: Sequence[FieldPair], shapes: Sequence[Shape]
) -> FieldPair:
    """Return the field of a layer's values from those of its inputs, of these shapes."""
    rows = [
        _through(reading.rows, field.rows, shape.height)
        for reading, field, shape in zip(readings, inputs, shapes, strict=True)
    ]
    columns = [
        _through(reading.columns, field.columns, shape.width)
        for reading, field, shape in zip(readings, inputs, shapes, strict=True)
    ]
    return FieldPair(
        _merged(rows, readings[0].rows.output_length),
        _merged(columns, readings[0].columns.output_length),
    )


def receptive_field(pair: FieldPair) -> ReceptiveField:
    """Return a field as it is reported."""
    rows, columns = pair.rows, pair.columns
    if isinstance(rows, AxisField) and isinstance(columns, AxisField):
        padding = -rows.start, -columns.start
        if rows.stride == 0 or columns.stride == 0:
            return ReceptiveField(rows.size, columns.size, None, padding, EVERYTHING)
        return ReceptiveField(rows.size, columns.size, (rows.stride, columns.stride), padding)
    height, width = _extent(rows), _extent(columns)
    if not (height and width):
        return ReceptiveField(0, 0, None, None, NOTHING)
    reason = next(axis.reason for axis in (rows, columns) if isinstance(axis, ListedField))
    return ReceptiveField(height, width, None, None, reason)


def _extent(field: Field) -> int:
    if isinstance(field, AxisField):
        return field.size
    return max(0, int((field.last - field.first).max()) + 1)


def _through(axis: AxisReading, field: Field, length: int) -> Field:
    """Return the field through one layer, along one axis of an input of that length."""
    affine = axis.affine
    if affine == POINTWISE and axis.output_length == length:
        return field
    if affine is not None and isinstance(field, AxisField):
        return AxisField(
            size=field.size + (affine.span - 1) * field.stride,
            stride=field.stride * affine.stride,
            start=field.start - affine.before * field.stride,
        )
    listed = field if isinstance(field, ListedField) else field.listed(length)
    # Padding of an irregular field has no place on the picture, so it adds nothing.
    return ListedField(*axis.hull(listed.first, listed.last), listed.reason)


def _merged(fields: Sequence[Field], length: int) -> Field:
    """Return the union of the branches' fields; a window only if they agree and are aligned."""
    regular = [field for field in fields if isinstance(field, AxisField)]
    reason = next((field.reason for field in fields if isinstance(field, ListedField)), "")
    if len(regular) == len(fields):
        first = regular[0]
        if any(field.stride != first.stride for field in regular):
            reason = DIFFERENT_STRIDES
        # Twice the center, to stay in whole numbers.
        elif any(2 * f.start + f.size != 2 * first.start + first.size for f in regular):
            reason = MISALIGNED
        else:
            return max(regular, key=lambda field: field.size)
    listed = [f.listed(length) if isinstance(f, AxisField) else f for f in fields]
    return ListedField(
        np.minimum.reduce([field.first for field in listed]),
        np.maximum.reduce([field.last for field in listed]),
        reason,
    )
