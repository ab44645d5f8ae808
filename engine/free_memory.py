"""How much memory this computer can spare, asked of the system it runs."""

import ctypes
import os
import re
import sys
from pathlib import Path

USUAL = 2 << 30
"""What is assumed where the system does not say."""

MEMINFO = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")
"""Where Linux says what all programs may take, and what those of a container may."""


def free_memory(meminfo: Path = MEMINFO, group: Path = GROUP) -> int:
    """Return the bytes that can be taken without other programs being moved out to the disk."""
    if sys.platform == "win32":
        return _windows()
    try:
        free = int(re.findall(r"MemAvailable:\s*(\d+) kB", meminfo.read_text())[0]) << 10
    except (OSError, IndexError):
        return _half_of_all()
    try:
        allowed = int((group / "memory.max").read_text())
        taken = int((group / "memory.current").read_text()) - _file_cache(group)
        return min(free, max(allowed - taken, 0))
    except (OSError, ValueError):  # "max" where there is no limit
        return free


def _file_cache(group: Path) -> int:
    """Return what a container holds of files for nobody: the system gives it up when asked to."""
    try:
        counts = (group / "memory.stat").read_text()
    except OSError:
        return 0
    found = re.findall(r"^inactive_file (\d+)$", counts, re.MULTILINE)
    return int(found[0]) if found else 0


def _half_of_all() -> int:
    """Return half of the memory that is built in, as on macOS, which has no word for free."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError):
        return USUAL


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX of Windows."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 5),
    )


def _windows() -> int:
    status = _Status(length=ctypes.sizeof(_Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there only on Windows
    return status.available if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else USUAL
