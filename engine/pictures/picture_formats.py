"""The kinds of pictures that can be read."""

from collections.abc import Mapping
from types import MappingProxyType

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys((".jpg", ".jpeg", ".jfif", ".jpe", ".mpo"), "JPEG"),
        ".png": "PNG",
        **dict.fromkeys((".tif", ".tiff"), "TIFF"),
        ".webp": "WebP",
        ".avif": "AVIF",
        **dict.fromkeys((".jp2", ".j2k", ".jpx"), "JPEG 2000"),
        **dict.fromkeys((".bmp", ".dib"), "BMP"),
        **dict.fromkeys((".ppm", ".pgm", ".pbm", ".pnm"), "Portable pixmap"),
        ".hdr": "Radiance HDR",
        ".gif": "GIF",
        ".npy": "NumPy array",
    }
)
"""Extension -> label of what can be read. The content decides, never the extension."""
