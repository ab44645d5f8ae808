"""The only place that imports OpenCV, so that its side effects are undone in one place.

Import this module before numpy: the threads of the linear algebra library are read from the
environment once, when numpy loads it. One thread each is deliberate. Idle OpenBLAS workers spin
and take the processor from OpenCV's own pool; with one, latency was the steadiest.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_THREADS = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# How often OpenCV's idle threads look for work before they sleep: as often as the calling one does,
# some 0.6 ms, so that the next layer finds them awake. MobileNetV2 takes 5 % less than by default.
_WAIT = {"OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER": "10000"}
# WORKAROUND opencv-python 5.0: importing cv2 points these at its own Qt plugins and libraries,
# and a Qt program or a child process then dies.
_CHANGED_BY_CV2 = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")


@contextmanager
def _environment_kept(names: tuple[str, ...]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


if "numpy" in sys.modules and any(name not in os.environ for name in _THREADS):
    warnings.warn(
        "numpy was imported before engine.opencv: its thread settings stay as they are, "
        "which costs speed and nothing else.",
        RuntimeWarning,
        stacklevel=2,
    )

with _environment_kept((*_CHANGED_BY_CV2, *_THREADS)):
    os.environ.update(_THREADS)
    os.environ.update(_WAIT | os.environ)
    import cv2

    # Loads OpenBLAS while its settings are in place.
    import numpy  # noqa: F401

__all__ = ["cv2"]
