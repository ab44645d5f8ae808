"""What the rules of the numerics ask of the processor, once."""

from engine.opencv import cv2

_AVX_512_SKX = 256
"""The number that OpenCV has for it, to which its Python gives no name."""

HAS_AVX_512 = bool(cv2.checkHardwareSupport(_AVX_512_SKX))
"""Whether there are vectors of 16 values, with which OpenBLAS multiplies small matrices as they
lie. With vectors of 8 or 4 it copies them first, and OpenCV's nets, which have no larger ones, are
ahead of what is multiplied by it."""
