"""Numbers and values in sentences."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

NETWORK_FILES = "Networks are “.convolens” and “.json” files."

LONGEST_QUOTED = 60
"""How many characters of a value are quoted."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, which takes an s in the plural.

    >>> counted(1, "filter"), counted(1000, "filter")
    ('1 filter', '1,000 filters')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def with_article(number: int) -> str:
    """Return a number behind the article that it is read with.

    >>> with_article(9), with_article(18), with_article(80), with_article(110)
    ('a 9', 'an 18', 'an 80', 'a 110')
    """
    first_spoken = f"{number:,}".partition(",")[0]
    is_vowel = first_spoken.startswith("8") or first_spoken in ("11", "18")
    return f"{'an' if is_vowel else 'a'} {number}"


def bytes_text(count: int) -> str:
    """Return an amount of memory with three digits, in binary units.

    >>> bytes_text(86_528), bytes_text(1 << 31), bytes_text(12), bytes_text(1)
    ('84.5 KiB', '2 GiB', '12 bytes', '1 byte')
    """
    for size, unit in ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= size:
            amount = count / size
            return f"{amount:.3g} {unit}" if amount < 999.5 else f"{amount:,.0f} {unit}"
    return counted(count, "byte")


def quoted(value: Any) -> str:
    """Return a value that was received as Python writes it, the beginning of a long one.

    >>> quoted([1, 2]), quoted("abc")
    ('[1, 2]', "'abc'")
    """
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"  # which Python refuses to write
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


def shown_name(name: str) -> str:
    """Return a file name with what cannot be shown or encoded replaced.

    A name on Linux may be any bytes: invalid ones arrive as lone surrogates, which neither a
    window nor a project file can take.
    """
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return a question to put behind a refused name, empty where none of the known is like it.

    >>> did_you_mean("Conv2D", ["conv2d", "relu"])
    ' Did you mean "conv2d"?'
    >>> did_you_mean("kernal", ["stride"])
    ''
    """
    similar = get_close_matches(str(name).lower(), known, n=1, cutoff=0.7)
    return f' Did you mean "{similar[0]}"?' if similar else ""
