"""What Linux tells about memory and processors."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

_TICKS = os.sysconf("SC_CLK_TCK")


def memory() -> int:
    """Return the bytes that this process holds in memory now, without those of files.

    A program's code is read from its files when it first runs, which are some MiB for OpenCV.
    """
    return _status("VmRSS") - _status("RssFile")


def largest_memory() -> int:
    """Return the most bytes that it ever held since `forget_largest`, or since its start.

    Less those of files now: what was held while less of the code had been read counts too little.
    """
    return _status("VmHWM") - _status("RssFile")


def forget_largest() -> None:
    """Start measuring the most bytes anew."""
    Path("/proc/self/clear_refs").write_text("5")


def use_memory(size: int) -> None:
    """Let another process fill so much memory, and end.

    The host of a virtual machine may take longer to find a page for the first time, 0.4 GB/s, than
    a first run takes; afterwards it has it.
    """
    fill = f"import numpy; numpy.ones({size}, numpy.uint8)"
    subprocess.run([sys.executable, "-c", fill], check=True)


def busy_seconds() -> float:
    """Return for how long all processors together have been busy, with whatever it was."""
    user, nice, system, _, _, interrupts, soft, steal, *_ = (
        int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + interrupts + soft + steal) / _TICKS


def busy_seconds_of(process: int) -> float:
    """Return for how long a process has been computing, with all its threads."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def openblas_kernels() -> str:
    """Return for which processor OpenBLAS multiplies; the environment can name a slower one."""
    for library in Path(np.__file__).parents[1].glob("numpy.libs/*openblas*"):
        named = getattr(ctypes.CDLL(str(library)), "scipy_openblas_get_corename64_", None)
        if named is not None:
            named.restype = ctypes.c_char_p
            return str(named().decode())
    return "unknown"


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"this system does not tell {name}")
