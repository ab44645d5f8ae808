"""The size of a zip archive's directory, checked before Python's zipfile reads all of it.

A file of a few megabytes can declare a hundred thousand members, and zipfile makes an object of
each before it can be asked how many there are.
"""

import struct
from typing import IO

_END_RECORD = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 0xFFFF
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20

_BYTES_PER_MEMBER = 400
"""Room for a long name; 46 bytes are fixed."""


def has_at_most(members: int, stream: IO[bytes], size: int) -> bool:
    """Whether an archive of that many bytes has at most so many members.

    The stream's position is lost.

    Raises:
        ValueError: when the file does not end as a zip archive does.
    """
    stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _ZIP64_LOCATOR_SIZE))
    tail = stream.read()
    place = tail.rfind(_END_RECORD)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise ValueError("it does not end as an archive does")
    declared, directory_size, _, comment = struct.unpack_from("<HIIH", tail, place + 10)
    if place + _END_SIZE + comment != len(tail):
        raise ValueError("something follows the archive's end")
    # The larger format's record would take the place of this one; it begins at 65,535 members.
    if tail[max(0, place - _ZIP64_LOCATOR_SIZE) : place].startswith(_ZIP64_LOCATOR):
        return False
    return bool(declared <= members and directory_size <= members * _BYTES_PER_MEMBER)
