"""Numbers in sentences."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, which takes an s in the plural.

    >>> counted(1, "filter"), counted(8, "filter")
    ('1 filter', '8 filters')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
