"""Pictures as values, files that are not pictures, and the samples."""

import os
import socket
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from PIL import Image

from engine.pictures.image_refusals import PICTURE_BUDGET
from engine.pictures.images import (
    SAMPLES_FOLDER,
    Picture,
    decode,
    open_sample,
    read_picture,
    sample_pictures,
)
from engine.pictures.picture_formats import FORMATS
from engine.pictures.size_policy import SizePolicy
from engine.problems import PictureError

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")


def test_a_picture_is_its_content():
    first = Picture("a.png", b"content", Path("somewhere/a.png"))
    assert first == Picture("b.png", b"content")
    assert hash(first) == hash(Picture("b.png", b"content"))
    assert first != Picture("a.png", b"other content")
    assert len(first.digest) == 64
    assert "content" not in repr(first)
    with pytest.raises(FrozenInstanceError):
        first.name = "c.png"  # type: ignore[misc]


def test_reading_keeps_the_original_bytes_and_the_path(tmp_path: Path):
    path = tmp_path / "picture.png"
    Image.new("RGB", (3, 2), "red").save(path)
    picture = read_picture(str(path))
    assert picture == Picture("picture.png", path.read_bytes())
    assert (picture.name, picture.path) == ("picture.png", path)


@pytest.mark.parametrize("name", ["Ümläut.png", "写真.png", "صورة.png", "🖼 with spaces.png"])
def test_names_of_any_language(tmp_path: Path, name: str):
    Image.new("RGB", (3, 2), "red").save(tmp_path / name)
    picture = read_picture(tmp_path / name)
    assert picture.name == name
    assert decode(picture).pixels.shape == (2, 3, 3)


@posix_only
def test_a_name_that_is_no_text_can_be_read_and_shown(tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.png"))
    try:
        Image.new("RGB", (3, 2), "red").save(path, "PNG")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    picture = read_picture(path)
    assert picture.name == "caf��.png"
    picture.name.encode("utf-8")
    assert decode(picture).pixels.shape == (2, 3, 3)


def refusal(path: str | Path) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    return str(caught.value)


def test_what_is_missing_empty_or_a_folder_is_named(tmp_path: Path):
    missing = refusal(tmp_path / "nowhere.png")
    assert missing == f"“nowhere.png” was not found in {tmp_path}."
    assert refusal("nowhere.png") == "“nowhere.png” was not found."
    assert "is a folder" in refusal(tmp_path)
    (tmp_path / "empty.png").touch()
    assert refusal(tmp_path / "empty.png") == "“empty.png” is empty: it has 0 bytes."
    assert "cannot be opened" in refusal(tmp_path / "empty.png" / "inside.png")
    assert "cannot be opened" in refusal(tmp_path / ("long" * 100))
    assert "cannot be opened" in refusal("a\0b.png")


def test_a_file_beyond_the_budget_is_not_read(tmp_path: Path):
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(PICTURE_BUDGET + 1)
    assert "601 MB; a picture may take 600 MB" in refusal(path)


@posix_only
def test_pipes_sockets_and_devices_do_not_hang(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "is a named pipe" in refusal(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "pipe.png")
    assert "is a named pipe" in refusal(tmp_path / "link.png")
    assert "is a device" in refusal("/dev/zero")
    if hasattr(socket, "AF_UNIX"):
        with socket.socket(socket.AF_UNIX) as server:
            folder = os.open(tmp_path, os.O_RDONLY)
            try:
                # The path of a socket may be short only.
                server.bind(f"/proc/self/fd/{folder}/s" if sys.platform == "linux" else "s")
            finally:
                os.close(folder)
            assert "is a socket" in refusal(tmp_path / "s")


@posix_only
def test_a_file_without_permission_says_so(tmp_path: Path):
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "permissions" in refusal(path)


@pytest.mark.parametrize("sample", sample_pictures(), ids=lambda sample: sample.name)
def test_every_sample_opens_without_a_warning(sample):
    decoded = decode(open_sample(sample.name))
    assert decoded.warnings == ()
    assert decoded.pixels.shape[2] == 3
    assert decoded.pixels.min() < 40
    assert decoded.pixels.max() > 215
    assert sample.label


def test_the_samples_are_the_files_and_stay_small():
    files = {path.name: path.stat().st_size for path in SAMPLES_FOLDER.glob("*.[pj][np]g")}
    assert set(files) == {sample.name for sample in sample_pictures()}
    assert sum(files.values()) < 2_000_000
    assert decode(open_sample("digit.png")).pixels.shape == (28, 28, 3)
    assert decode(open_sample("scene.png"), SizePolicy()).pixels.shape == (480, 640, 3)


def test_an_unknown_sample_names_the_known_ones():
    with pytest.raises(PictureError, match=r"no sample “\.\./x”; there are scene\.png"):
        open_sample("../x")


def test_formats_are_extensions_with_labels():
    assert FORMATS[".jpeg"] == FORMATS[".jpg"] == "JPEG"
    assert all(name.startswith(".") and name == name.lower() and FORMATS[name] for name in FORMATS)
    assert {sample.name[-4:] for sample in sample_pictures()} <= set(FORMATS)
