"""Tables of numbers as text: from and to the clipboard, and in cells. Without Qt."""

import math
import re

import numpy as np
from numpy.typing import NDArray

Table = tuple[tuple[float, ...], ...]

_LONGEST = 1_000_000
"""A longer text is no kernel, and reading it would take noticeable time."""


def read_table(text: str) -> Table:
    r"""Return the numbers of a table: rows in lines, cells separated by tabs, commas or spaces.

    Lists as Python writes them are read too. With tabs or semicolons between the cells, a comma
    in a number is a decimal comma.

    >>> read_table("1\t0\n-1\t0,5"), read_table("[[1, 2], [3, 4]]")
    (((1.0, 0.0), (-1.0, 0.5)), ((1.0, 2.0), (3.0, 4.0)))

    Raises:
        ValueError: with a sentence about what the text is instead.
    """
    if len(text) > _LONGEST:
        raise ValueError("The clipboard holds a long text, not a table of numbers.")
    lines = re.findall(r"\[([^\[\]]*)\]", text) if "[" in text else text.splitlines()
    rows = tuple(_read_line(line) for line in lines if line.strip())
    if not rows:
        raise ValueError("The clipboard holds no table of numbers.")
    if len({len(row) for row in rows}) > 1:
        raise ValueError("The rows of the table on the clipboard differ in length.")
    return rows


def _read_line(line: str) -> tuple[float, ...]:
    line = line.strip().rstrip(",;")
    strong = re.search(r"[\t;]", line)
    cells = re.split(r"\s*[\t;]\s*", line) if strong else re.split(r"\s*,\s*|\s+", line)
    return tuple(_number(cell.replace(",", ".") if strong else cell) for cell in cells)


def _number(cell: str) -> float:
    try:
        value = float(cell.replace("−", "-"))
    except ValueError:
        raise ValueError(
            f"The clipboard holds no table of numbers: “{cell[:20]}” is none."
        ) from None
    if not math.isfinite(value):
        raise ValueError(f"A weight must be a finite number; the clipboard holds {cell[:20]}.")
    return value


def write_table(values: NDArray[np.float32]) -> str:
    r"""Return a table with all digits, which spreadsheets take.

    >>> write_table(np.array([[0.1, 1.0], [-2.0, 0.5]], dtype=np.float32))
    '0.1\t1.0\n-2.0\t0.5'
    """
    return "\n".join("\t".join(str(value) for value in row) for row in values)


def cell_format(values: NDArray[np.float32]) -> str:
    """Return the format in which the numbers of a table stand in their cells, for `cell_text`.

    All have as many decimals, so many that the largest has two digits; whole numbers have none.

    >>> [cell_text(value, cell_format(np.array([1.0, -2.0]))) for value in (1.0, -2.0, 0.0)]
    ['+1', '−2', '0']
    >>> [cell_text(value, cell_format(np.array([0.0312, -0.2]))) for value in (0.0312, -0.2)]
    ['+0.03', '−0.20']
    """
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max(initial=0.0))
    if largest < 1000 and (finite == np.round(finite)).all():
        return "+.0f"
    if 1e-4 <= largest < 1000:
        decimals = 1 - math.floor(math.log10(largest))
        return f"+.{min(max(decimals, 1 if largest >= 10 else 2), 4)}f"
    return "+.1e"


def cell_text(value: float, pattern: str) -> str:
    """Return a number as it stands in a cell, with its sign."""
    return "0" if value == 0 else format(value, pattern).replace("-", "−")
