"""How a map's values are written: in the cells, where room is short, and at the pointer."""

from collections.abc import Callable
from math import floor, isfinite, isnan, log10

NumberText = Callable[[float], str]


def value_text(value: float, *, signed: bool) -> str:
    """Return a value in four digits, with its sign where the maps have signs.

    >>> value_text(1.32149, signed=True), value_text(-0.5, signed=False)
    ('+1.321', '−0.5')
    >>> value_text(float("nan"), signed=True), value_text(float("-inf"), signed=False)
    ('NaN', '−∞')
    """
    if not isfinite(value):
        return _no_number(value, signed=signed)
    return _shortened(f"{value:+.4g}" if signed and value else f"{value:.4g}")


def cell_text(largest: float, letters: int, *, signed: bool) -> NumberText:
    """Return how values are written in cells that have room for so many letters.

    All of a map have the same number of decimals, as in a printed table, so that they can be
    compared; where that would hide them, each has the digits that there is room for.

    Args:
        largest: the largest absolute value of the map.
        letters: how many there is room for.
        signed: whether positive values have a plus sign.

    >>> text = cell_text(2.08, 5, signed=True)
    >>> text(0.017), text(-2.08), text(0.0)
    ('+0.02', '−2.08', '0.00')
    >>> cell_text(255.0, 5, signed=False)(17.26)
    '17.3'
    >>> cell_text(1e-6, 6, signed=False)(1.234e-6)
    '1.2e−6'
    """
    before = max(floor(log10(largest)), 0) + 1 if largest > 0 else 1
    sign_and_point = 1 + signed
    decimals = min(letters - before - sign_and_point, 4)
    if before + signed > letters or (largest > 0 and largest < 0.5 * 10.0 ** -max(decimals - 1, 0)):
        return lambda value: _with_digits(value, letters, signed=signed)
    decimals = max(decimals, 0)

    def text(value: float) -> str:
        if not isfinite(value):
            return _no_number(value, signed=signed)
        written = f"{value:{'+' if signed else ''}.{decimals}f}"
        # What rounds to zero has no sign.
        return _shortened(written if float(written) else f"{0:.{decimals}f}")

    return text


def _with_digits(value: float, letters: int, *, signed: bool) -> str:
    """Return a value with as many digits as fit, with one at least."""
    if not isfinite(value):
        return _no_number(value, signed=signed)
    texts = [_shortened(f"{value:{'+' if signed and value else ''}.{n}g}") for n in (4, 3, 2, 1)]
    return next((text for text in texts if len(text) <= letters), texts[-1])


def _no_number(value: float, *, signed: bool) -> str:
    if isnan(value):
        return "NaN"
    return "−∞" if value < 0 else "+∞" if signed else "∞"


def _shortened(text: str) -> str:
    """Return a number with a true minus sign and no needless zeros in its exponent."""
    number, e, exponent = text.partition("e")
    return f"{number}{e}{int(exponent) if e else ''}".replace("-", "−")
