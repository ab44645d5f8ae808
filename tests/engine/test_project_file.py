"""Saved projects: what comes back, what is refused, and that no error loses the old file."""

import errno
import io
import json
import os
import stat
import struct
import sys
import tracemalloc
import zipfile
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import whole_files
from engine.network import stack
from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.problems import ProjectFileError
from engine.project import MissingPicture, Project, analyze_project
from engine.registry import make_layer
from engine.saving import project_file, project_json
from engine.saving.examples import example_names
from engine.saving.project_file import (
    is_project,
    open_network_or_project,
    open_project,
    save_project,
)
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, Seeded
from engine.weighting.weights import Weights

PGM = b"P5 3 2 255\n" + bytes(range(6))
"""A picture of 2 × 3 pixels."""

KERNEL = StoredArray(np.arange(2 * 3 * 3 * 3, dtype=np.float32).reshape(2, 3, 3, 3) / 8)


def network():
    imported = Weights(Imported((("kernel", KERNEL),), "edges.npz"))
    layers = [
        ("conv", make_layer("conv2d", {"out_channels": 2, "padding": "same"})),
        ("same", make_layer("conv2d", {"out_channels": 2, "stride": (1, 2)})),
        ("relu", make_layer("relu")),
    ]
    return (
        stack(layers, make_layer("input"))
        .with_weights("conv", imported.edited("bias", (1,), -0.5))
        .with_weights("same", imported)
        .with_weights("relu", Weights(Seeded(4)))
    )


def project(**more):
    given = {"picture": Picture("dots.pgm", PGM), "policy": SizePolicy("stretch", 8, 9)}
    return Project(network(), **{**given, **more})


def saved(path, **more):
    save_project(project(**more), path)
    return path


def picture_of(path):
    """The picture of a saved project, whatever it is."""
    picture: Any = open_project(path).picture
    return picture


def refusal(path):
    with pytest.raises(ProjectFileError) as caught:
        open_project(path)
    text = str(caught.value)
    assert text.startswith(f"“{Path(path).name}” cannot be opened: ")
    assert text.endswith(".")
    return text


def only(folder):
    """The one file of a folder: nothing else was left there."""
    (path,) = folder.iterdir()
    return path


# What comes back


def test_everything_comes_back(tmp_path):
    before = project(display={"palette": "gray", "rows": [1, 2.5, None], "levels": {"a": [0, 1]}})
    save_project(before, tmp_path / "a.convolens")
    after: Any = open_project(tmp_path / "a.convolens")
    assert after.network == before.network
    assert (after.policy, after.embed_picture) == (before.policy, True)
    assert after.picture == before.picture
    assert (after.picture.name, after.picture.data) == ("dots.pgm", PGM)
    assert after.display == {"palette": "gray", "rows": (1, 2.5, None), "levels": {"a": (0, 1)}}
    assert isinstance(after.display, MappingProxyType)
    source = after.network.node("conv").weights.source
    np.testing.assert_array_equal(source.tensors[0][1].array, KERNEL.array)


def test_equal_projects_are_equal_files_whatever_they_have_been_through(tmp_path):
    saved(tmp_path / "a", display={"rows": [1, 2]})
    save_project(open_project(tmp_path / "a"), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_an_array_that_two_layers_share_is_saved_once(tmp_path):
    with zipfile.ZipFile(saved(tmp_path / "a")) as archive:
        names = archive.namelist()
        assert names == ["project.json", "picture", f"arrays/{KERNEL.digest}.npy"]
        assert archive.read("picture") == PGM
        np.testing.assert_array_equal(np.load(archive.open(names[2])), KERNEL.array)


def test_weights_from_a_file_with_a_stray_byte_in_its_name_are_saved(tmp_path):
    imported = Imported((("kernel", KERNEL),), "edges\udcff.npz")
    named = network().with_weights("conv", Weights(imported))
    save_project(Project(named), tmp_path / "a")
    assert open_project(tmp_path / "a").network.node("conv").weights.source == imported


@pytest.mark.parametrize("picture", [None, Shape(5, 6, 7)])
def test_a_project_without_a_picture_comes_back(tmp_path, picture):
    assert open_project(saved(tmp_path / "a", picture=picture)).picture == picture


def test_the_path_of_an_embedded_picture_is_told_to_nobody(tmp_path):
    picture = Picture("dots.pgm", PGM, tmp_path / "secret folder" / "dots.pgm")
    assert b"secret" not in saved(tmp_path / "a", picture=picture).read_bytes()


def test_a_project_is_known_by_its_beginning_alone(tmp_path):
    assert is_project(saved(tmp_path / "no ending"))
    other = written(tmp_path / "weights.convolens", [("kernel.npy", b"")])
    assert not is_project(other)
    assert not is_project(tmp_path)
    assert not is_project(tmp_path / "gone.convolens")


# Pictures by their path


def by_path(folder):
    path = folder / "dots.pgm"
    path.write_bytes(PGM)
    return {"picture": Picture("dots.pgm", PGM, path), "embed_picture": False}


def test_a_picture_that_is_not_embedded_is_read_again(tmp_path):
    (tmp_path / "pictures").mkdir()
    path = saved(tmp_path / "a", **by_path(tmp_path / "pictures"))
    with zipfile.ZipFile(path) as archive:
        assert "picture" not in archive.namelist()
    assert open_project(path).picture == Picture("", PGM)
    assert not open_project(path).embed_picture


def test_a_picture_beside_the_project_moves_with_it(tmp_path):
    (tmp_path / "old" / "pictures").mkdir(parents=True)
    saved(tmp_path / "old" / "a", **by_path(tmp_path / "old" / "pictures"))
    (tmp_path / "old").rename(tmp_path / "new")
    assert picture_of(tmp_path / "new" / "a").path == tmp_path / "new" / "pictures" / "dots.pgm"


def test_a_picture_that_is_gone_is_missed_and_not_forgotten(tmp_path):
    (tmp_path / "pictures").mkdir()
    shown = by_path(tmp_path / "pictures")
    path = saved(tmp_path / "a", **shown)
    (tmp_path / "pictures" / "dots.pgm").unlink()
    opened = open_project(path)
    assert isinstance(opened.picture, MissingPicture)
    assert "“dots.pgm” was not found in" in opened.picture.reason
    analysis = analyze_project(opened)
    assert analysis.problems[0][1].message == opened.picture.reason
    assert analysis["conv"].waiting_for == "input"

    save_project(opened, tmp_path / "b")
    (tmp_path / "pictures" / "dots.pgm").write_bytes(PGM)
    assert open_project(tmp_path / "b").picture == Picture("", PGM)


def test_a_picture_without_a_path_is_always_embedded(tmp_path):
    path = saved(tmp_path / "a", embed_picture=False)
    assert open_project(path).picture == Picture("", PGM)
    assert open_project(path).embed_picture is False


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_picture_whose_path_is_no_text_is_embedded(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.pgm")
    picture = Picture(path.name, PGM, path)
    opened = picture_of(saved(tmp_path / "a", picture=picture, embed_picture=False))
    assert (opened.name, opened.data) == ("�.pgm", PGM)


@pytest.mark.parametrize("path", ["//server/share/a.png", "\\\\server\\share\\a.png"])
def test_a_network_share_is_not_read_for_a_stranger(tmp_path, path):
    record = {"type": "file", "name": "a.png", "path": path}
    opened = picture_of(rewritten(tmp_path, picture=record))
    assert opened.reason == "“a.png” lies on a network share. Open it yourself."


@pytest.mark.parametrize("beside", ["../a.png", "/etc/passwd", "c:/a.png", "a/../../b"])
def test_beside_is_below_the_folder(tmp_path, beside):
    record = {"type": "file", "name": "a", "path": "/nowhere/a", "beside": beside}
    assert "below the folder" in refusal(rewritten(tmp_path, picture=record))


# Writing: the old file or the new one, whole


class FailingStream(io.FileIO):
    """A file on a disk that is full after some bytes."""

    room = 0

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def fail(*_arguments, **_options):
    raise OSError(errno.EIO, "Input/output error")


def assert_old_file_survives(tmp_path, words):
    path = tmp_path / "a.convolens"
    before = path.read_bytes()
    with pytest.raises(ProjectFileError) as caught:
        save_project(project(picture=None), path)
    assert str(caught.value) == f"“a.convolens” cannot be saved: {words}"
    assert only(tmp_path).read_bytes() == before
    assert open_project(path) == project()


@pytest.mark.parametrize("room", [0, 1, 40, 300, 700, 900, 1000])
def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch, room):
    saved(tmp_path / "a.convolens")
    monkeypatch.setattr(FailingStream, "room", room)
    monkeypatch.setattr(whole_files, "open", FailingStream, raising=False)
    assert_old_file_survives(tmp_path, "no space left on device.")


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failure_of_the_last_steps_keeps_the_old_file(tmp_path, monkeypatch, function):
    saved(tmp_path / "a.convolens")
    monkeypatch.setattr(os, function, fail)
    assert_old_file_survives(tmp_path, "input/output error.")


def test_a_real_limit_of_the_system_keeps_the_old_file(tmp_path):
    resource = pytest.importorskip("resource", reason="only POSIX limits a file's size")
    saved(tmp_path / "a.convolens")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        assert_old_file_survives(tmp_path, "file too large.")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_an_interruption_leaves_nothing_as_soon_as_the_file_is_there(tmp_path, monkeypatch):
    def interrupted(*arguments):
        open(*arguments).close()
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files, "open", interrupted, raising=False)
    with (
        pytest.raises(KeyboardInterrupt),
        whole_files.written_whole(tmp_path / "new"),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_an_interruption_leaves_no_other_file(tmp_path, monkeypatch):
    def interrupt(_stream):
        raise KeyboardInterrupt

    path = saved(tmp_path / "a")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        saved(path)
    assert only(tmp_path) == path


def test_saving_again_keeps_the_permissions(tmp_path):
    path = saved(tmp_path / "a")
    path.chmod(0o640)
    assert stat.S_IMODE(saved(path).stat().st_mode) == 0o640


def test_saving_through_a_link_writes_what_it_points_to(tmp_path):
    (tmp_path / "real").mkdir()
    path = saved(tmp_path / "real" / "a")
    (tmp_path / "link").symlink_to(path)
    saved(tmp_path / "link", picture=None)
    assert (tmp_path / "link").is_symlink()
    assert open_project(path).picture is None


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (".", "it is a folder or a device. Choose another name."),
        ("a\0b", "no file can have such a name."),
        ("x" * 300, "file name too long."),
    ],
)
def test_a_target_that_cannot_be_written_is_refused(tmp_path, target, words):
    with pytest.raises(ProjectFileError) as caught:
        saved(tmp_path / target)
    assert str(caught.value).endswith(f"cannot be saved: {words}")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(ProjectFileError) as caught:
        saved(tmp_path / "missing" / "a")
    assert str(caught.value) == f"“a” cannot be saved: there is no folder “{tmp_path / 'missing'}”."


def test_a_protected_file_is_not_replaced(tmp_path, monkeypatch):
    path = saved(tmp_path / "a")
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with pytest.raises(ProjectFileError, match="protected against writing"):
        saved(path)


@pytest.mark.parametrize("display", [{"a": float("nan")}, {"a": object()}, {"a": "\ud800"}])
def test_what_could_not_be_opened_is_not_saved(tmp_path, display):
    with pytest.raises(ProjectFileError, match="it holds what JSON cannot"):
        saved(tmp_path / "a", display=display)
    assert not list(tmp_path.iterdir())


def test_more_than_a_file_holds_is_not_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(project_file, "MAX_FILE", 1000)
    with pytest.raises(ProjectFileError, match="1 imported arrays take 0 MB; a file holds"):
        saved(tmp_path / "a")


# Reading: files that anybody may have written


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def written(path, members, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def rewritten(tmp_path, **changes):
    """A saved project with some keys of its JSON replaced, or removed where None."""
    members = members_of(saved(tmp_path / "saved"))
    record = json.loads(members["project.json"]) | changes
    kept = {key: value for key, value in record.items() if value is not ...}
    members["project.json"] = json.dumps(kept).encode()
    return written(tmp_path / "changed", members.items())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "convolens-network"}, 'its "format" must be "convolens-project"'),
        ({"version": 2}, "it is of version 2, written by a newer Convolens"),
        ({"policy": ...}, '"policy": a size policy is an object'),
        ({"embed_picture": "yes"}, "\"embed_picture\" is true or false; received 'yes'."),
        ({"display": []}, '"display" is an object in braces; received [].'),
        ({"more": 1}, "a project has no 'more'; it has layers, policy,"),
        ({"layers": [{"kind": "conv2d", "settings": {"stride": 0}}]}, 'layer 1, "conv2d_1": Str'),
        ({"picture": 7}, '"picture" is an object in braces; received 7.'),
        ({"picture": {"type": "film"}}, "is of type size, embedded or file; received 'film'."),
        ({"picture": {"type": "size", "channels": 3}}, '"height" is a whole number from 1 to'),
        ({"picture": {"type": "embedded", "name": "a", "digest": "0"}}, "picture is damaged."),
        ({"picture": {"type": "file", "name": "a"}}, '"path" is text; received None.'),
    ],
)
def test_a_bad_record_is_refused(tmp_path, changes, words):
    assert words in refusal(rewritten(tmp_path, **changes))


def test_a_picture_or_an_array_that_is_not_there_is_refused(tmp_path):
    members = members_of(saved(tmp_path / "saved"))
    names = list(members)
    path = written(tmp_path / "a", [(n, members[n]) for n in names if n != "picture"])
    assert "its picture is not in the file." in refusal(path)
    path = written(tmp_path / "a", [(n, members[n]) for n in names[:2]])
    assert "lacks the array of 'kernel' (2×3×3×3, imported from “edges.npz”)" in refusal(path)


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (npy(KERNEL.array + 1), "is damaged."),
        (npy(KERNEL.array.astype(float)), "is not of float32 in rows."),
        (npy(np.asfortranarray(KERNEL.array)), "is not of float32 in rows."),
        (npy(KERNEL.array)[:-1], "has another size than it says."),
        (npy(np.array([{}], object), allow_pickle=True), "is not of float32 in rows."),
        (b"\x93NUMPY\x01\x00\xff\xff{", "a damaged one"),
        (b"", "a damaged one"),
    ],
)
def test_an_array_that_is_not_what_its_name_says_is_refused(tmp_path, data, words):
    members = members_of(saved(tmp_path / "saved"))
    members[f"arrays/{KERNEL.digest}.npy"] = data
    assert words in refusal(written(tmp_path / "a", members.items()))


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "arrays/../evil.npy", "arrays/0.npy", "a.pkl", "PICTURE", "a/"]
)
def test_a_member_that_belongs_to_no_project_is_refused(tmp_path, name):
    members = members_of(saved(tmp_path / "saved"))
    path = written(tmp_path / "a", [*members.items(), (name, b"")])
    assert "which belongs to no project" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(tmp_path):
    members = members_of(saved(tmp_path / "saved"))
    path = written(tmp_path / "a", [*members.items(), ("picture", b"other")])
    assert "it holds 'picture' twice." in refusal(path)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    zeros = bytes(20_000_000)
    deflated = zipfile.ZIP_DEFLATED
    path = written(tmp_path / "a", [("project.json", zeros)], deflated)
    assert "would take 20,000,000 bytes; at most 16,000,000 are read." in refusal(path)
    path = written(tmp_path / "a", [("project.json", b"{}"), ("picture", zeros)], deflated)
    assert "its 'picture' is compressed, and must not be." in refusal(path)
    path = written(tmp_path / "a", [(f"arrays/{i:064x}.npy", b"") for i in range(10_003)])
    assert "it holds more than 10,000 arrays." in refusal(path)


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    path = saved(tmp_path / "a")
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"arrays/"))
    data[entry + 20 : entry + 28] = struct.pack("<II", 2**31 - 1, 2**31 - 1)
    path.write_bytes(data)
    assert "would take 2,147,483,647 bytes" in refusal(path)


def test_no_more_is_unpacked_than_a_member_declares(tmp_path):
    path = written(tmp_path / "a", [("project.json", b" " * 10_000_000)], zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 1000)
    path.write_bytes(data)
    tracemalloc.start()
    refusal(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_parts_that_overlap_are_refused(tmp_path):
    path = saved(tmp_path / "a", picture=Picture("a.pgm", PGM + bytes(5000)))
    data = bytearray(path.read_bytes())
    for name in (b"picture", b"arrays/"):
        entry = data.rindex(b"PK\x01\x02", 0, data.rindex(name))
        data[entry + 20 : entry + 28] = struct.pack("<II", 5000, 5000)
    path.write_bytes(data)
    assert "its parts overlap" in refusal(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is no project, or a damaged one"),
        (b"hello", "it is no project, or a damaged one"),
        (b'{"format": "convolens-network"}', "it is no project, or a damaged one"),
        (b"PK\x05\x06" + bytes(18), "it holds no project.json, as every project does."),
    ],
)
def test_what_is_no_project_is_refused(tmp_path, content, words):
    path = tmp_path / "a"
    path.write_bytes(content)
    assert words in refusal(path)


def test_what_is_no_file_is_refused(tmp_path):
    assert "it is a folder or a device. Choose a file." in refusal(tmp_path)
    assert "no such file or directory." in refusal(tmp_path / "missing")
    assert "no file can have such a name." in refusal(f"{tmp_path}/a\0b")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "it is a folder or a device. Choose a file." in refusal(tmp_path / "pipe")


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(project_file, "MAX_FILE", 100)
    path = tmp_path / "a"
    path.write_bytes(bytes(101))
    assert "at most 0 MB are read." in refusal(path)


def opened_or_refusal(path):
    try:
        return open_project(path)
    except ProjectFileError as error:
        return str(error)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("fuzz") / "whole").read_bytes()


@given(data=st.data())
@settings(max_examples=400)
def test_no_mutation_of_a_file_gives_anything_but_a_refusal(whole, tmp_path_factory, data):
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(mutated) - 1))
        match data.draw(st.sampled_from(["set", "cut", "insert", "copy"])):
            case "set":
                mutated[place] = data.draw(st.integers(0, 255))
            case "cut":
                del mutated[place : place + data.draw(st.integers(1, 50))]
            case "insert":
                mutated[place:place] = data.draw(st.binary(min_size=1, max_size=20))
            case "copy":
                source = data.draw(st.integers(0, len(mutated) - 1))
                mutated[place : place + 30] = mutated[source : source + 30]
    path = tmp_path_factory.getbasetemp() / "mutated"
    path.write_bytes(mutated)
    opened = opened_or_refusal(path)
    # What a checksum does not cover, such as dates, may change without a word.
    assert opened == project() or opened.startswith("“mutated” cannot be opened: ")


TEXTS = st.sampled_from(
    ["input", "conv", "kernel", "embedded", "file", "size", "crop", "\0", "a" * 5000]
)


@given(data=st.data())
@settings(max_examples=150)
def test_no_mutation_of_the_record_gives_anything_but_a_refusal(whole, tmp_path_factory, data):
    """Behind the checksums: values of the JSON replaced by others."""
    path = tmp_path_factory.getbasetemp() / "changed"
    path.write_bytes(whole)
    members = members_of(path)
    record = json.loads(members["project.json"])
    inner = record
    while isinstance(inner, dict | list) and inner:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        parent, key = inner, data.draw(st.sampled_from(keys))
        inner = inner[key]
        if data.draw(st.integers(0, 3)) == 0:
            break
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    simple = st.none() | st.booleans() | numbers | st.text() | TEXTS
    parent[key] = data.draw(simple | st.lists(simple) | st.just({}))
    members["project.json"] = json.dumps(record).encode()
    written(path, members.items())
    opened = opened_or_refusal(path)
    assert isinstance(opened, Project) or opened.startswith("“changed” cannot be opened: ")


# Earlier versions


def test_an_earlier_version_is_brought_to_the_newest(tmp_path, monkeypatch):
    """A version in which the policy was still called size goes through the real mechanism."""

    def rename_size(record):
        record["policy"] = record.pop("size")
        return record

    path = rewritten(tmp_path, policy=..., size=SizePolicy("crop", 5, 6).to_json())
    monkeypatch.setattr(project_json, "MIGRATIONS", (rename_size,))
    opened = open_project(path)
    assert opened == project(policy=SizePolicy("crop", 5, 6))
    save_project(opened, path)
    assert json.loads(members_of(path)["project.json"])["version"] == 2
    assert open_project(path) == opened


# What a command's user may name


def test_a_command_opens_projects_networks_and_examples(tmp_path, monkeypatch):
    path = saved(tmp_path / "anything.json")
    assert open_network_or_project(str(path)) == project()
    text = '{"format": "convolens-network", "version": 1, "layers": [{"kind": "relu"}]}'
    (tmp_path / "net.convolens").write_text(text)
    opened = open_network_or_project(str(tmp_path / "net.convolens"))
    assert [node.id for node in opened.network] == ["input", "relu_1"]
    assert (opened.picture, opened.policy) == (None, SizePolicy())
    assert len(open_network_or_project("vgg-16").network) > 30

    monkeypatch.chdir(tmp_path)
    (tmp_path / "vgg-16").write_text(text)
    assert len(open_network_or_project("vgg-16").network) == 2


def test_a_command_is_told_what_there_is(tmp_path):
    for name in ("vgg-17", str(tmp_path / "missing.json"), "", "a\0b"):
        with pytest.raises(ProjectFileError) as caught:
            open_network_or_project(name)
        assert str(caught.value).startswith(f"“{name}” is neither a file nor an example.")
        assert str(caught.value).endswith(f"{', '.join(example_names())}.")
    with pytest.raises(ProjectFileError, match=r'Did you mean "resnet-18"\? The examples are'):
        open_network_or_project("ResNet18")
    with pytest.raises(ProjectFileError, match="it is a folder"):
        open_network_or_project(str(tmp_path))
    (tmp_path / "typo.json").write_text(
        '{"format": "convolens-network", "version": 1, "layer": []}'
    )
    with pytest.raises(ProjectFileError, match=r'it has .*, layers\. Did you mean "layers"\?$'):
        open_network_or_project(str(tmp_path / "typo.json"))
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ProjectFileError, match="cannot be opened: it is not JSON at line 1"):
        open_network_or_project(str(tmp_path / "bad.json"))


def test_an_unknown_sample_is_missed_by_its_name(tmp_path):
    text = '{"format": "convolens-network", "version": 1, "sample": "cat", "layers": []}'
    (tmp_path / "net").write_text(text)
    picture = open_network_or_project(str(tmp_path / "net")).picture
    assert isinstance(picture, MissingPicture)
    assert picture.reason.startswith("There is no sample “cat”")
