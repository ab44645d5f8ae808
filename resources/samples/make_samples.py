"""Draw the sample pictures again; run from the project's folder.

``python -m resources.samples.make_samples`` takes about a minute. All are drawn here from
nothing: no photograph and no picture by others is in them.
"""

from pathlib import Path

from PIL import Image

from resources.samples.drawings import (
    draw_digit,
    draw_edges,
    draw_gradients,
    draw_shapes,
    draw_text,
)
from resources.samples.landscape import draw_landscape
from resources.samples.ray_traced_scene import draw_scene
from resources.samples.textures import draw_textures

DRAWINGS = {
    "scene.png": draw_scene,
    "landscape.jpg": draw_landscape,
    "shapes.png": draw_shapes,
    "edges.png": draw_edges,
    "texture.png": draw_textures,
    "gradients.png": draw_gradients,
    "text.png": draw_text,
    "digit.png": draw_digit,
}


def make_samples(folder: Path) -> None:
    """Write every sample into a folder."""
    for name, draw in DRAWINGS.items():
        picture = Image.fromarray(draw())
        if name.endswith(".jpg"):
            picture.save(folder / name, quality=92, optimize=True)
        else:
            picture.save(folder / name, optimize=True)


if __name__ == "__main__":
    make_samples(Path(__file__).parent)
