"""Amounts as people read them."""

from engine.wording import counted


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
