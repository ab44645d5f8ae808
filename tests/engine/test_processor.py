"""What the numerics know of the processor."""

from pathlib import Path

import pytest

from engine.numerics.processor import HAS_AVX_512

CPUINFO = Path("/proc/cpuinfo")


@pytest.mark.skipif(not CPUINFO.exists(), reason="Linux alone lists what a processor can do")
def test_long_vectors_are_known_as_linux_knows_them():
    words = set(CPUINFO.read_text().split())
    assert HAS_AVX_512 is ({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"} <= words)
