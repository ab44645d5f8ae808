"""Weight files: what is in them comes out, and whatever is wrong with them is said."""

import io
import json
import os
import pickle  # noqa: TID251 - a file of it must be refused
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.problems import WeightsError
from engine.weighting import weight_files
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_files import read_weight_file

NUMBERS = ["<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "i1", "<u8", "<u4", "<u2", "u1"]
SAFE_NAMES = {
    "<f8": "F64", "<f4": "F32", "<f2": "F16", "<i8": "I64", "<i4": "I32", "<i2": "I16",
    "i1": "I8", "<u8": "U64", "<u4": "U32", "<u2": "U16", "u1": "U8",
}  # fmt: skip

shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
tensors = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="/\0\\"), min_size=1, max_size=6),
    st.tuples(st.sampled_from(NUMBERS), shapes, st.integers(0, 2**32)),
    max_size=4,
)


def filled(dtype, shape, seed):
    values = np.random.default_rng(seed).integers(0, 120, shape)
    return values.astype(dtype)


def safetensors(header, data=b"", pad=0):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * pad
    return struct.pack("<Q", len(text)) + text + data


def safe_file(arrays, **more):
    header, data = dict(more), b""
    for name, array in arrays.items():
        header[name] = {
            "dtype": SAFE_NAMES[array.dtype.str.lstrip("|")],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    return safetensors(header, data, pad=-len(json.dumps(header)) % 8)


def npy(array, **more):
    stream = io.BytesIO()
    np.save(stream, array, **more)
    return stream.getvalue()


def archive(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return read_weight_file(path)

    return read


@pytest.fixture
def refusal(read):
    def refusal(name, content):
        with pytest.raises(WeightsError) as raised:
            read(name, content)
        text = str(raised.value)
        assert text.startswith(f"“{name}”")
        assert text.endswith(".")
        assert "\n" not in text
        return text

    return refusal


@pytest.mark.parametrize("dtype", [*NUMBERS, ">f4", ">i2", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_npy_array_is_read_and_named_after_its_file(read, dtype, order):
    array = np.asarray(filled(dtype, (2, 3, 4), 1), order=order)
    assert read("kernel.npy", npy(array)) == {"kernel": StoredArray(array)}


def test_a_stray_byte_in_the_name_of_a_file_is_shown_in_that_of_its_array(read):
    assert set(read("kernel\udcff.npy", npy(np.zeros(3)))) == {"kernel�"}


@given(chosen=tensors, compressed=st.booleans())
def test_npz_arrays_are_read(tmp_path_factory, chosen, compressed):
    arrays = {name: filled(*how) for name, how in chosen.items()}
    path = tmp_path_factory.mktemp("weights") / "some.npz"
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    path.write_bytes(archive([(f"{n}.npy", npy(a)) for n, a in arrays.items()], method))
    assert read_weight_file(path) == {name: StoredArray(a) for name, a in arrays.items()}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_saves_is_read(tmp_path, save):
    save(tmp_path / "net.npz", kernel=np.ones((2, 3)), bias=np.zeros(2))
    assert set(read_weight_file(tmp_path / "net.npz")) == {"kernel", "bias"}


@given(chosen=tensors)
def test_safetensors_are_read(tmp_path_factory, chosen):
    arrays = {name: filled(*how) for name, how in chosen.items()}
    path = tmp_path_factory.mktemp("weights") / "some.SAFETENSORS"
    path.write_bytes(safe_file(arrays, __metadata__={"format": "pt"}))
    assert read_weight_file(path) == {name: StoredArray(a) for name, a in arrays.items()}


@given(values=st.lists(st.floats(width=32), min_size=1, max_size=6))
def test_bfloat16_is_the_upper_half_of_float32(tmp_path_factory, values):
    floats = np.array(values, np.float32)
    upper = (floats.view(np.uint32) >> 16).astype("<u2")
    header = {"x": {"dtype": "BF16", "shape": [len(values)], "data_offsets": [0, upper.nbytes]}}
    path = tmp_path_factory.mktemp("weights") / "half.safetensors"
    path.write_bytes(safetensors(header, upper.tobytes()))
    bits = read_weight_file(path)["x"].array.view(np.uint32)
    np.testing.assert_array_equal(bits, upper.astype(np.uint32) << 16)


def test_values_that_are_not_finite_are_kept(read):
    stored = read("kernel.npy", npy(np.array([1, np.nan, -np.inf])))["kernel"]
    assert stored.has_nonfinite
    np.testing.assert_array_equal(stored.array, np.array([1, np.nan, -np.inf], np.float32))


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
EIGHT = b"\0" * 8


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cut off: 0 bytes"),
        (b"\x01\0\0", "cut off: 3 bytes"),
        (struct.pack("<Q", 2**63) + b"{}", "at most 10,000,000"),
        (struct.pack("<Q", 100) + b"{}", "its header alone ends later"),
        (safetensors(b"{"), "not JSON"),
        (safetensors(b"[]"), "not a JSON object"),
        (safetensors(b'"\xff"'), "not text"),
        (safetensors(b"[" * 100_000), "nested too deeply"),
        (safetensors(b'{"a": ' + b"9" * 5000 + b"}"), "no size"),
        (safetensors(b'{"a": 1, "a": 2}'), "names 'a' twice"),
        (safetensors(b'{"a": {"dtype": "F32", "dtype": "F16"}}'), "names 'dtype' twice"),
        (safetensors({"a": 1}), "'a' does not declare"),
        (safetensors({"a": {**ENTRY, "more": 1}}, EIGHT), "'a' does not declare"),
        (safetensors({"a": {**ENTRY, "dtype": "F8_E4M3"}}, EIGHT), "is of type 'F8_E4M3'; F64,"),
        (safetensors({"a": {**ENTRY, "dtype": ["F32"]}}, EIGHT), "is of type"),
        (safetensors({"a": {**ENTRY, "shape": [-2]}}, EIGHT), "shape [-2], which cannot be"),
        (safetensors({"a": {**ENTRY, "shape": [True]}}, EIGHT), "shape [True]"),
        (safetensors({"a": {**ENTRY, "shape": [2.0]}}, EIGHT), "shape [2.0]"),
        (safetensors({"a": {**ENTRY, "shape": [1] * 33}}, EIGHT), "which cannot be"),
        (safetensors({"a": {**ENTRY, "shape": [2**62] * 32}}, EIGHT), "takes"),
        (safetensors({"a": {**ENTRY, "data_offsets": [8, 0]}}, EIGHT), "data_offsets [8, 0]"),
        (safetensors({"a": {**ENTRY, "data_offsets": [0]}}, EIGHT), "data_offsets [0]"),
        (safetensors({"a": {**ENTRY, "data_offsets": [0, 4]}}, EIGHT), "takes 8 bytes and has 4"),
        (safetensors({"a": ENTRY}, EIGHT[:7]), "ends at byte"),
        (safetensors({"a": ENTRY}, EIGHT + b"12"), "last 2 bytes belong to no tensor"),
        (safetensors({"a": ENTRY, "b": ENTRY}, EIGHT), "'b' overlaps"),
        (
            safetensors({"a": ENTRY, "b": {**ENTRY, "data_offsets": [10, 18]}}, b"\0" * 18),
            "2 bytes before tensor 'b' belong to none",
        ),
    ],
)
def test_safetensors_that_break_the_format_are_refused(refusal, content, reason):
    assert reason in refusal("net.safetensors", content)


class Hostile:
    def __reduce__(self):
        return os.mkdir, ("ran",)


def test_no_file_runs_code(refusal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hostile = npy(np.array([Hostile()], dtype=object), allow_pickle=True)
    assert "Python objects" in refusal("a.npy", hostile)
    assert "Python objects" in refusal("a.npz", archive([("a.npy", hostile)]))
    for name in ("a.npy", "a.npz", "a.safetensors", "a.pt", "a.pkl"):
        refusal(name, pickle.dumps(Hostile()))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("array", "type_name"),
    [
        (np.array([1j]), "complex128"),
        (np.array(["text"]), "<U4"),
        (np.zeros(2, "M8[s]"), "datetime64[s]"),
        (np.zeros(2, [("x", "f4")]), "[('x', '<f4')]"),
    ],
)
def test_other_types_are_refused_by_name(refusal, array, type_name):
    for name, content in (("k.npy", npy(array)), ("k.npz", archive([("k.npy", npy(array))]))):
        assert f"'k' of type {type_name}" in refusal(name, content)


def test_lengths_that_differ_from_the_header_are_said(refusal):
    content = npy(np.zeros((2, 3)))
    expected = "'k', float64 of shape [2, 3], takes 48 bytes and has"
    for name, wrap in (("k.npy", bytes), ("k.npz", lambda c: archive([("k.npy", c)]))):
        assert f"{expected} 47" in refusal(name, wrap(content[:-1]))
        assert f"{expected} 49" in refusal(name, wrap(content + b"1"))
        assert "header of 'k' is wrong" in refusal(name, wrap(b"nothing of the kind"))


def npy_declaring(shape):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def test_arrays_beyond_the_budget_are_refused_before_they_are_read(refusal):
    reason = "too large: 'k' would take 4,000 MB as float32; at most 2,000 MB"
    bomb = npy_declaring((10**9,))
    assert reason in refusal("k.npy", bomb)
    assert reason in refusal("k.npz", archive([("k.npy", bomb)]))
    header = {"k": {"dtype": "I8", "shape": [10**9], "data_offsets": [0, 10**9]}}
    assert "cut off" in refusal("k.safetensors", safetensors(header))
    for shape in ((-1,), (1,) * 33, "(1.5,)"):
        assert "header of 'k' is wrong" in refusal("k.npy", npy_declaring(shape))


def test_budgets_count_all_arrays_of_a_file(refusal, monkeypatch):
    monkeypatch.setattr("engine.weighting.stored_array.WEIGHT_BUDGET", 100)
    small, large = np.zeros(20, "u1"), np.zeros(6, "u1")
    assert "'b' would take" in refusal(
        "k.npz", archive([("a.npy", npy(small)), ("b.npy", npy(large))])
    )
    assert "its arrays would take" in refusal("k.safetensors", safe_file({"a": small, "b": large}))


def test_archives_are_refused_by_their_directory(refusal, monkeypatch):
    content = npy(np.zeros(3))
    assert "'readme.txt', which is no array" in refusal("k.npz", archive([("readme.txt", "hi")]))
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = archive([("k.npy", content), ("k.npy", content)])
    assert "holds 'k.npy' twice" in refusal("k.npz", twice)
    rare = archive([("k.npy", content)], zipfile.ZIP_BZIP2)
    assert "rare compression" in refusal("k.npz", rare)
    encrypted = bytearray(archive([("k.npy", content)]))
    encrypted[encrypted.rindex(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal("k.npz", bytes(encrypted))
    assert "does not end as an archive" in refusal("k.npz", content)
    assert "follows the archive's end" in refusal("k.npz", archive([]) + b"more")
    many = archive([(f"{i}.npy", b"") for i in range(weight_files.MAX_ARRAYS + 1)])
    assert "more than 10,000 arrays" in refusal("k.npz", many)
    monkeypatch.setattr(weight_files, "MAX_FILE", 10_000)
    bomb = archive([("k.npy", bytes(20_000))])
    assert "unpacks to 1 MB; at most 1 MB" in refusal("k.npz", bomb)


def test_an_archive_that_claims_a_larger_directory_elsewhere_is_refused(refusal):
    content = archive([("k.npy", npy(np.zeros(3)))])
    end = content.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)
    assert "more than" in refusal("k.npz", content[:end] + locator + content[end:])


def test_damaged_content_of_an_archive_is_noticed(refusal):
    stored = bytearray(archive([("k.npy", npy(np.ones(3)))], zipfile.ZIP_STORED))
    stored[stored.index(np.float64(1).tobytes())] ^= 1
    assert "CRC" in refusal("k.npz", bytes(stored))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("model.pt", "Python pickle"),
        ("model.PTH", "Python pickle"),
        ("model.h5", "Keras"),
        ("model.onnx", "ONNX"),
        ("model.txt", "Weights are .npy, .npz or .safetensors"),
        ("model", "Weights are .npy, .npz or .safetensors"),
    ],
)
def test_other_files_are_refused_with_a_way_out(refusal, name, words):
    assert words in refusal(name, b"anything")


@pytest.mark.parametrize("name", ["model.pt", "model.keras", "model.onnx"])
def test_the_way_out_of_another_format_leads_to_one_that_is_read(refusal, name):
    assert refusal(name, b"").endswith("save its arrays with numpy.savez or as safetensors.")


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    for name, words in (("folder.npz", "not a file"), ("absent.npy", "No such file")):
        with pytest.raises(WeightsError, match=words):
            read_weight_file(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are files on Unix alone")
def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.npy")
    with pytest.raises(WeightsError, match="not a file"):
        read_weight_file(tmp_path / "pipe.npy")


def test_files_beyond_the_limit_are_not_opened(refusal, monkeypatch):
    monkeypatch.setattr(weight_files, "MAX_FILE", 1_500_000)
    reason = "has 2 MB; at most 2 MB are read. Save only the layers"
    assert reason in refusal("large.npy", bytes(1_500_001))


WHOLE = {
    "k.npy": npy(np.ones((2, 3), np.float32)),
    "k.npz": archive([("a.npy", npy(np.ones((2, 3)))), ("b.npy", npy(np.arange(4)))]),
    "k.safetensors": safe_file({"a": np.ones((2, 3), np.float32), "b": np.arange(4)}),
}


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=300)
@given(data=st.data())
def test_damaged_files_give_arrays_or_a_sentence(tmp_path_factory, name, data):
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(content) - 40, len(content)))]
    path = tmp_path_factory.getbasetemp() / f"damaged-{name}"
    path.write_bytes(content)
    try:
        read_weight_file(path)
    except WeightsError as error:
        assert str(error).startswith(f"“damaged-{name}”")  # noqa: PT017 - not raising is fine too
