"""Figures: what is written, that nothing covers anything else, and that pixels stay exact."""

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from engine.formats.figure import LayerFigure, draw_figure, layer_figure, write_png
from engine.formats.figure_drawing import THEMES, Drawing
from engine.formats.figure_grid import cell_grid, map_grid
from engine.formats.figure_text import Font, spelled
from engine.problems import ProjectFileError
from engine.sheets.level_range import LevelScope

FACTS = "3×3 · 8 filters · same · 224 parameters · 10.8 M MACs · receptive field 3×3"
EQUATION = "H = ⌊(224 + 2 − 3) / 1⌋ + 1 = 224\nW = ⌊(300 + 2 − 3) / 1⌋ + 1 = 300"
SHAPES = [
    (1, 224, 224),
    (3, 120, 90),
    (8, 64, 64),
    (64, 28, 28),
    (100, 150, 150),
    (512, 14, 14),
    (2048, 7, 7),
    (2, 1024, 700),
    (6, 5, 5),
    (1, 1, 1),
    (10, 1, 1),
    (64, 1, 1),
    (120, 1, 1),
    (1000, 1, 1),
    (9000, 1, 1),
    (1, 1, 1000),
    (3, 5000, 2),
    (7, 2, 3),
    (1000, 2, 3),
]


def normal(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def figure(maps, **also):
    return LayerFigure(maps, "conv2d_1", "Convolution", **also)


def texts(maps, **also):
    return [text for text, _ in draw_figure(figure(maps, **also)).texts]


def overlaps(one, other):
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_texts_never_overlap_and_nothing_reaches_the_edge(shape, theme):
    drawing = draw_figure(figure(normal(shape) * 1e-5, facts=FACTS, equation=EQUATION, theme=theme))
    for (text, box), (other_text, other) in combinations(drawing.texts, 2):
        # The masks' empty rows above and below the letters may touch.
        inner = box._replace(top=box.top + 2, height=box.height - 4)
        assert not overlaps(inner, other), (text, other_text)
    background = np.array(THEMES[theme].background)
    image = drawing.image(THEMES[theme].background, margin=9)
    for edge in (image[:9], image[-9:], image[:, :9], image[:, -9:]):
        assert (edge == background).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_sizes_written_are_the_arrays_own(shape):
    channels, height, width = shape
    written = texts(normal(shape))
    assert f"{height} × {width} × {channels}" in written
    if channels <= 64 or height * width > 1:
        assert written.count(str(width)) >= 1
        assert written.count(str(height)) >= 1


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_grid_is_as_large_as_it_can_be_read(shape):
    is_vector = shape[1:] == (1, 1)
    layout = cell_grid(shape[0], 60, 18) if is_vector else map_grid(shape, 30, 18)
    height, width = layout.sheet_size
    assert height <= 1710
    assert width <= 1710
    assert min(layout.tile_size) >= 12
    assert layout.count == min(shape[0], 4096 if is_vector else 256)


@pytest.mark.parametrize("theme", THEMES)
def test_pixels_of_a_map_stand_in_the_figure_unchanged(theme):
    maps = np.array([[[-1, 0, 1], [0.5, 0, -0.5]]], dtype=np.float32)
    drawing = draw_figure(figure(maps, theme=theme))
    image = drawing.image(THEMES[theme].background, margin=0)
    extent = drawing.extent()
    layout = map_grid(maps.shape, Font(14).width("0"), Font(14).height)
    up = layout.scale.enlargement[0]
    assert up > 100
    drawn = image[-extent.top :, -extent.left :][: 2 * up, : 3 * up]
    blocks = drawn.reshape(2, up, 3, up, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    colors = blocks[:, 0, :, 0].astype(int)
    assert colors[0, 0, 2] > colors[0, 0, 0]
    assert (colors[0, 1] > 240).all()
    assert colors[0, 2, 0] > colors[0, 2, 2]
    around = image[-extent.top - 1, -extent.left - 1 : -extent.left + 3 * up + 1]
    assert (around == THEMES[theme].outline).all()


def test_a_figure_is_bytes_in_rgb():
    image = layer_figure(figure(normal((3, 9, 9))))
    assert image.dtype == np.uint8
    assert image.shape[2] == 3
    assert image.flags.c_contiguous
    assert (image[0, 0] == THEMES["dark"].background).all()


def test_every_map_has_its_number():
    assert {str(number) for number in range(12)} <= set(texts(normal((12, 20, 20))))


def test_what_is_left_out_or_changed_is_said():
    assert "first 256 of 2048 maps · each value is 11 × 11 pixels" in texts(normal((2048, 7, 7)))
    assert "each pixel is the mean of 3 × 3 values" in texts(normal((2, 1024, 700)))
    assert "first 4096 of 9000 values" in texts(normal((9000, 1, 1)))
    assert "each value is 24 × 1 pixels" in texts(normal((1, 1, 1000)))
    clipped = texts(np.arange(100, dtype=np.float32).reshape(1, 10, 10), clip=0.1)
    assert any("10 % of the values lie beyond the colors' range" in text for text in clipped)


def test_what_is_no_number_is_said():
    maps = np.ones((1, 3, 3), dtype=np.float32)
    maps[0, 0] = [np.nan, np.inf, -np.inf]
    written = texts(maps)
    assert "1 value is NaN" in written
    assert "2 values are infinite" in written
    assert "every value is 1" in written
    assert "no value is a number" in texts(maps * np.nan)


def test_values_are_summed_up():
    maps = np.array([[[-1, 0], [0, 3]]], dtype=np.float32)
    assert "values −1 to 3 · mean 0.5 · deviation 1.5 · 50 % zeros" in texts(maps)
    assert any("no zeros" in text for text in texts(maps + 0.5))


def test_the_color_bar_has_the_values_of_its_ends():
    maps = np.array([[[-1, 0.5]], [[0.25, 0.125]]], dtype=np.float32)
    assert {"+1", "0", "−1"} <= set(texts(maps))
    own = texts(maps, scope=LevelScope.MAP)
    assert {"+max", "0", "−max", "of each map"} <= set(own)
    positive = texts(np.abs(maps) * 2)
    assert "2" in positive
    assert "−2" not in positive
    network = texts(maps, scope=LevelScope.NETWORK, network_range=(-7.5, 3))
    assert {"+7.5", "−7.5"} <= set(network)


def test_values_of_a_short_vector_are_written_and_the_largest_of_a_long_one():
    assert {"−0.25", "1.5", "NaN"} <= set(
        texts(np.array([-0.25, 1.5, np.nan], dtype=np.float32).reshape(3, 1, 1))
    )
    long = np.zeros((1000, 1, 1), dtype=np.float32)
    long[[207, 3, 999]] = np.array([0.9, 0.08, np.nan]).reshape(3, 1, 1)
    assert "largest · 207: 0.9 · 3: 0.08 · 0: 0 · 1: 0 · 2: 0" in texts(long)


def test_long_lines_are_broken_where_they_can():
    maps = normal((1, 9, 9))
    written = texts(maps, facts=" · ".join([FACTS] * 4), equation="a " * 300 + "x" * 200)
    assert "x" * 200 in written
    for text in written[:-1]:
        assert Font(17).width(text) < 800 or text == "x" * 200
    named = LayerFigure(maps, "n" * 90, "Convolution")
    assert [text for text, _ in draw_figure(named).texts].count("9 × 9 × 1") == 1


def test_empty_lines_are_left_out():
    assert len(texts(normal((1, 9, 9)))) == len(texts(normal((1, 9, 9)), facts=FACTS)) - 1


@pytest.mark.parametrize("size", [12, 15, 26])
@pytest.mark.parametrize("bold", [False, True])
def test_every_sign_is_drawn_whole_and_as_no_box(size, bold):
    font = Font(size, bold)
    drawn = {}
    for sign in "0123456789abgjpqyABQ()[]/+=_%,.:·…×−–—⌊⌋⌈⌉→≤≥≈√∞²³⁷⁻½αΦ":
        mask = np.asarray(font.mask(sign))
        assert mask.shape == (font.height, font.width(sign))
        assert mask.max() > 100, sign
        assert not mask[0].any(), sign
        assert not mask[-1].any(), sign
        drawn[sign] = mask.tobytes()
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize(("sign", "raised"), [("−", "⁻"), ("2", "²")])
def test_superscripts_are_raised(sign, raised):
    font = Font(26)
    low, high = (np.asarray(font.mask(text)).max(axis=1) > 60 for text in (sign, raised))
    assert np.flatnonzero(high)[-1] < np.flatnonzero(low)[-1] - 5


def test_letters_that_do_not_exist_are_spelled():
    assert spelled("α-β naïve\tΦ 10⁻⁷ 5² ½ 中") == "alpha-beta naive Phi 10⁻⁷ 5² 1⁄2 ?"


def test_a_canvas_grows_in_every_direction():
    drawing = Drawing()
    drawing.text("left", Font(15), (255, 0, 0), -500, 0)
    drawing.text("upwards", Font(15), (255, 0, 0), 0, -300, upwards=True)
    drawing.picture(np.full((2, 3, 3), 7, dtype=np.uint8), 40, 50)
    image = drawing.image((0, 0, 0), margin=5)
    assert image.shape == (300 + 52 + 10, 500 + 43 + 10, 3)
    assert (image[-7:-5, -8:-5] == 7).all()


def test_a_png_is_written_with_any_name(tmp_path):
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    path = tmp_path / "größe 中 ×.png"
    write_png(path, rgb)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert (np.asarray(picture) == rgb).all()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_png_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(ProjectFileError, match="cannot be saved"):
        write_png(tmp_path / "missing" / "figure.png", np.zeros((2, 2, 3), dtype=np.uint8))
