"""The headless commands: their contract, every bad request, and that nothing is half written."""

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import main
from engine.commands import output, render
from engine.commands.arguments import parse
from engine.commands.requests import DEFAULT_MEMORY, RenderRequest, RequestError, WindowRequest
from engine.commands.sizes import parse_input_shape, parse_memory, parse_picture_size
from engine.formats.figure import write_png
from engine.pictures.images import read_picture
from engine.pictures.size_policy import SizePolicy
from engine.problems import CancelledError
from engine.project import Project
from engine.registry import all_kinds
from engine.saving.network_file import open_network
from engine.saving.project_file import save_project
from engine.shapes import Shape
from tests.engine.picture_files import encoded, smooth

ROOT = Path(main.__file__).parent
LAYERS = [
    {"kind": "conv2d", "id": "conv", "settings": {"out_channels": 4, "kernel_size": 3}},
    {"kind": "relu", "id": "block/relu:1"},
    {"kind": "max_pool2d", "id": "pool"},
]
BROKEN = [*LAYERS, {"kind": "conv2d", "id": "large", "settings": {"kernel_size": 99}}]


def write_network(path, layers, **more):
    record = {"format": "convolens-network", "version": 1, **more, "layers": layers}
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


@pytest.fixture
def network(tmp_path):
    return write_network(tmp_path / "network.json", LAYERS)


@pytest.fixture
def broken(tmp_path):
    return write_network(tmp_path / "broken.json", BROKEN)


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "ein Bild, größer.png"
    path.write_bytes(encoded(Image.fromarray(smooth(40, 60)), "PNG"))
    return str(path)


def files(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def run_json(capsys, *arguments):
    status = main.run(arguments)
    printed = capsys.readouterr()
    assert printed.err == ""
    return status, json.loads(printed.out)


def assert_refused(capsys, arguments, *words):
    """One clear line, nothing on the standard output, and status 2."""
    assert main.run([str(argument) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("convolens: ")
    assert printed.err.count("\n") == 1
    for word in words:
        assert word in printed.err


# analyze


def test_analyze_prints_json(capsys, network):
    status, record = run_json(capsys, "analyze", network, "--input", "28x32x3", "--format", "json")
    assert status == 0
    assert [layer["id"] for layer in record["layers"]] == ["input", "conv", "block/relu:1", "pool"]
    assert (record["layers"][3]["height"], record["layers"][3]["width"]) == (13, 15)
    assert record["input"]["used"] == {"height": 28, "width": 32, "channels": 3}
    assert record["totals"]["parameters"] == 4 * 28


def test_analyze_prints_a_table_and_csv(capsys, network):
    assert main.run(["analyze", network, "--input", "28x32x3"]) == 0
    assert "26 × 30 × 4" in capsys.readouterr().out
    assert main.run(["analyze", network, "--input", "28x32x3", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == ["input", "conv", "block/relu:1", "pool"]


def test_analyze_says_by_its_status_that_there_are_problems(capsys, broken):
    status, record = run_json(capsys, "analyze", broken, "--input", "28x28x3", "--format", "json")
    assert status == 1
    assert record["totals"]["problems"] == 1
    assert record["layers"][3]["channels"] == 4


def test_analyze_takes_the_size_from_a_definite_policy(capsys, tmp_path):
    policy = {"mode": "crop", "height": 20, "width": 24}
    network = write_network(tmp_path / "n.json", LAYERS, input=policy)
    _, record = run_json(capsys, "analyze", network, "--format", "json")
    assert record["input"]["used"] == {"height": 20, "width": 24, "channels": 3}


def test_analyze_takes_the_project_s_own_picture_or_size(capsys, tmp_path, network, image):
    project = open_network(network)
    for picture, used in ((read_picture(image), (40, 60)), (Shape(1, 9, 12), (9, 12))):
        place = tmp_path / "own.convolens"
        save_project(Project(project.network, picture), place)
        _, record = run_json(capsys, "analyze", str(place), "--format", "json")
        assert (record["layers"][0]["height"], record["layers"][0]["width"]) == used


def test_analyze_refuses_to_guess_a_size(capsys, network):
    assert_refused(capsys, ["analyze", network], "--input 28x28x3")


def test_analyze_names_a_picture_that_went_missing(capsys, tmp_path, network, image):
    place = tmp_path / "own.convolens"
    picture = read_picture(image)
    save_project(Project(open_network(network).network, picture, embed_picture=False), place)
    Path(image).unlink()
    assert_refused(capsys, ["analyze", place], "größer.png", "--input")


def test_analyze_knows_the_examples(capsys):
    status, record = run_json(
        capsys, "analyze", "vgg-16", "--input", "224x224x3", "--format", "json"
    )
    assert status == 0
    by_id = {layer["id"]: layer for layer in record["layers"]}
    last = by_id[list(by_id)[-1]]
    assert last["receptive_field"]["height"] == 212
    assert last["receptive_field"]["stride"] == [32, 32]
    assert last["receptive_field"]["padding"] == [90, 90]


# layers and self-check


def test_layers_prints_every_kind(capsys):
    status, record = run_json(capsys, "layers", "--format", "json")
    assert status == 0
    assert [kind["id"] for kind in record["kinds"]] == list(all_kinds())
    assert main.run(["layers"]) == 0
    text = capsys.readouterr().out
    assert all(f"{kind} · " in text for kind in all_kinds())


def test_self_check_counts_what_the_program_consists_of(capsys):
    status, record = run_json(capsys, "--self-check")
    assert status == 0
    assert record["libraries"]["numpy"] == np.__version__
    assert record["kinds"] == list(all_kinds())
    assert record["resources"]["examples"] >= 1
    assert record["resources"]["samples"] == 8


# render


def test_render_writes_a_sheet_per_layer_and_the_summaries(capsys, network, image, tmp_path):
    folder = tmp_path / "Ausgabe" / "größe"
    assert main.run(["render", image, "--network", network, "--output", str(folder)]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")
    record = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    sheets = [layer["sheet"] for layer in record["layers"]]
    assert files(folder) == sorted([*sheets, "summary.json", "summary.txt"])
    for sheet in sheets:
        with Image.open(folder / sheet) as drawn:
            drawn.load()
            assert drawn.format == "PNG"
    assert record["input"]["file"] == Path(image).name
    assert record["input"]["original"] == {"height": 40, "width": 60}
    assert record["input"]["used"] == {"height": 40, "width": 60, "channels": 3}
    relu = record["layers"][2]["values"]
    assert relu["minimum"] >= 0
    assert relu["minimum"] <= relu["mean"] <= relu["maximum"]
    text = (folder / "summary.txt").read_text(encoding="utf-8")
    assert "38 × 58 × 4" in text


def test_render_says_what_is_wrong_with_the_picture(capsys, network, tmp_path):
    whole = encoded(Image.fromarray(smooth(200, 300)), "JPEG")
    damaged = tmp_path / "cut.jpg"
    damaged.write_bytes(whole[: len(whole) * 2 // 3])
    arguments = ["render", str(damaged), "--network", network, "--output", str(tmp_path / "o")]
    assert main.run(arguments) == 0
    printed = capsys.readouterr().err
    assert printed.startswith(f"convolens: {damaged}: The file is damaged or ends early")
    assert printed.count("\n") == 1


def test_render_and_analyze_agree(capsys, network, image, tmp_path):
    main.run(["render", image, "--network", network, "--output", str(tmp_path / "out")])
    rendered = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    _, analyzed = run_json(capsys, "analyze", network, "--input", "40x60x3", "--format", "json")
    for layer in rendered["layers"]:
        del layer["sheet"], layer["values"]
    assert rendered["layers"] == analyzed["layers"]
    assert rendered["totals"] == analyzed["totals"]


def test_render_writes_the_arrays_that_were_computed(network, image, tmp_path):
    folder = tmp_path / "out"
    assert (
        main.run(["render", image, "--network", network, "--output", str(folder), "--arrays"]) == 0
    )
    record = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    with np.load(folder / "maps.npz", allow_pickle=False) as maps:
        assert list(maps) == ["input", "conv", "block/relu:1", "pool"]
        for layer in record["layers"]:
            array = maps[layer["id"]]
            assert array.dtype == np.float32
            assert array.shape == (layer["channels"], layer["height"], layer["width"])
        np.testing.assert_array_equal(maps["block/relu:1"], np.maximum(maps["conv"], 0))
        expected = smooth(40, 60).transpose(2, 0, 1) / np.float32(255)
        np.testing.assert_allclose(maps["input"], expected, atol=1e-7)


def test_render_does_the_rest_of_a_network_with_problems(broken, image, tmp_path):
    folder = tmp_path / "out"
    assert main.run(["render", image, "--network", broken, "--output", str(folder)]) == 1
    record = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    last = record["layers"][-1]
    assert (last["sheet"], last["height"]) == (None, None)
    assert set(last["values"].values()) == {None}
    assert (folder / record["layers"][-2]["sheet"]).is_file()
    assert "Problem in large" in (folder / "summary.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("policy", "mode"),
    [
        (None, "crop"),
        ({"mode": "as_is", "height": 1, "width": 1}, "crop"),
        ({"mode": "letterbox", "height": 9, "width": 9}, "letterbox"),
        ({"mode": "stretch", "height": 9, "width": 9}, "stretch"),
    ],
)
def test_input_size_replaces_the_size_and_keeps_a_mode_that_has_one(policy, mode, image, tmp_path):
    given = {} if policy is None else {"input": policy}
    network = write_network(tmp_path / "n.json", LAYERS, **given)
    folder = tmp_path / "out"
    arguments = ["render", image, "--network", network, "--output", str(folder)]
    assert main.run([*arguments, "--input-size", "16x20"]) == 0
    record = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert record["input"]["used"] == {"height": 16, "width": 20, "channels": 3}
    assert record["input"]["policy"] == {"mode": mode, "height": 16, "width": 20, "crop": None}


def test_without_input_size_the_network_s_policy_decides(image, tmp_path):
    policy = {"mode": "stretch", "height": 12, "width": 10}
    network = write_network(tmp_path / "n.json", LAYERS, input=policy)
    assert main.run(["render", image, "--network", network, "--output", str(tmp_path / "o")]) == 0
    record = json.loads((tmp_path / "o" / "summary.json").read_text(encoding="utf-8"))
    assert record["input"]["used"] == {"height": 12, "width": 10, "channels": 3}


def test_large_pictures_are_limited_to_256(network, tmp_path):
    image = tmp_path / "large.png"
    image.write_bytes(encoded(Image.fromarray(smooth(300, 600)), "PNG"))
    main.run(["render", str(image), "--network", network, "--output", str(tmp_path / "out")])
    record = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert record["input"]["used"] == {"height": 128, "width": 256, "channels": 3}


def test_progress_is_told_on_a_terminal_only(network, image, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    main.run(["render", image, "--network", network, "--output", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert "pool" in told
    assert "4 of 4" in told


def test_rendering_again_replaces_its_files_and_keeps_others(network, image, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "summary.txt").write_text("old")
    arguments = ["render", image, "--network", network, "--output", str(folder)]
    assert main.run(arguments) == 0
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert first["notes.txt"] == b"mine"
    assert first["summary.txt"] != b"old"
    assert main.run(arguments) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


# Nothing is half written


@pytest.fixture
def failing(monkeypatch):
    """Let rendering fail, with a given error, after two layers have been drawn."""

    def fail_with(error):
        drawn = []

        def failing_write(*arguments):
            write_png(*arguments)
            drawn.append(arguments)
            if len(drawn) == 2:
                raise error

        monkeypatch.setattr("engine.commands.render.write_png", failing_write)

    return fail_with


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device"),
        (MemoryError(), 2, "memory"),
        (CancelledError("Given up."), 2, "Given up."),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
@pytest.mark.parametrize("existing", [False, True])
def test_failure_leaves_everything_as_it_was(
    network, image, tmp_path, failing, capsys, error, status, words, existing
):
    folder = tmp_path / "new" / "out"
    if existing:
        folder.mkdir(parents=True)
        (folder / "summary.txt").write_text("old")
    before = sorted(tmp_path.rglob("*"))
    failing(error)
    assert main.run(["render", image, "--network", network, "--output", str(folder)]) == status
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before
    if existing:
        assert (folder / "summary.txt").read_text() == "old"


def write_three_files(folder):
    with output.files_at_once(folder) as staging:
        for name in "123":
            (staging / name).write_text(f"new {name}")


def test_an_interruption_leaves_nothing_as_soon_as_the_staging_folder_is_there(
    tmp_path, monkeypatch
):
    make = os.mkdir

    def interrupted(*arguments, **settings):
        make(*arguments, **settings)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_three_files(tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("existing", [False, True])
def test_failure_while_moving_puts_everything_back(tmp_path, monkeypatch, existing):
    folder = tmp_path / "a" / "b"
    if existing:
        folder.mkdir(parents=True)
        (folder / "1").write_text("old 1")
    before = sorted(tmp_path.rglob("*"))
    move = os.replace

    def failing_move(source, target):
        if Path(target) == folder / "2":
            raise OSError(errno.EIO, "Input/output error")
        move(source, target)

    monkeypatch.setattr("os.replace", failing_move)
    with pytest.raises(RequestError, match="Input/output error"):
        write_three_files(folder)
    assert sorted(tmp_path.rglob("*")) == before
    if existing:
        assert (folder / "1").read_text() == "old 1"


def test_a_folder_in_the_way_of_a_file_is_left_alone(network, image, tmp_path, capsys):
    folder = tmp_path / "out"
    (folder / "summary.txt").mkdir(parents=True)
    arguments = ["render", image, "--network", network, "--output", folder]
    assert_refused(capsys, arguments, "summary.txt", "folder")
    assert files(folder) == ["summary.txt"]


# Bad requests


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze"], ["NETWORK"]),
        (["analyze", "a", "b"], ["unrecognized", "b"]),
        (["analyze", "a", "--input", "28x28"], ["“28x28”", "HEIGHTxWIDTHxCHANNELS"]),
        (["analyze", "a", "--input", "0x28x3"], ["height", "received 0"]),
        (["analyze", "a", "--input", "28x99999x3"], ["width", "99,999"]),
        (["analyze", "a", "--input", "1e1x28x3"], ["1e1x28x3"]),
        (["analyze", "a", "--input", ""], ["“”"]),
        (["analyze", "a", "--format", "xml"], ["xml"]),
        (["analyze", "no-such-network", "--input", "28x28x3"], ["no-such-network", "vgg-16"]),
        (["layers", "--format", "csv"], ["csv"]),
        (["layers", "conv2d"], ["conv2d"]),
        (["render"], ["IMAGE", "--network", "--output"]),
        (["render", "a.png", "--network", "vgg-16"], ["--output"]),
        (["render", "a.png", "--network", "vgg-16", "--output", ""], ["--output"]),
        (["render", "", "--network", "vgg-16", "--output", "o"], ["IMAGE"]),
        (["render", "a", "--network", "n", "--output", "o", "--input-size", "9"], ["“9”"]),
        (["render", "a", "--network", "n", "--output", "o", "--input-size", "9x9999"], ["8,192"]),
        (["render", "a", "--network", "n", "--output", "o", "--memory", "much"], ["“much”"]),
        (["render", "a", "--network", "n", "--output", "o", "--mem", "1"], ["--mem"]),
        (["--no-such-option"], ["--no-such-option"]),
        (["rendr"], ["rendr", "Did you mean the command render?"]),
        (["analyz", "start", "--input", "8x8x3"], ["analyz", "Did you mean the command analyze?"]),
        (["explian", "--help"], ["explian", "Did you mean the command explain?"]),
        (["missing.png"], ["missing.png"]),
        (["a" * 5000], ["does not exist"]),
        (["render", "a" * 5000, "--network", "start", "--output", "o"], ["cannot be opened"]),
        (["a.png", "b.png"], ["b.png"]),
    ],
)
def test_bad_arguments_are_refused_in_one_line(capsys, arguments, words):
    assert_refused(capsys, arguments, *words)


def test_bad_networks_are_refused_in_one_line(capsys, tmp_path):
    for content, words in ((b"\x00\xff", "UTF-8"), (b"{", "JSON"), (b"", "JSON"), (b"PK\3\4", "")):
        path = tmp_path / "nétwork.json"
        path.write_bytes(content)
        assert_refused(capsys, ["analyze", path, "--input", "9x9x3"], "nétwork.json", words)
    assert_refused(capsys, ["analyze", tmp_path, "--input", "9x9x3"], tmp_path.name)


def test_a_file_that_is_no_network_is_refused_with_what_networks_are(capsys, tmp_path):
    for name, content in (("m.onnx", b"\x08\x0e:\xa1"), ("m.py", b"import keras")):
        path = tmp_path / name
        path.write_bytes(content)
        refused = ["analyze", path, "--input", "9x9x3"]
        assert_refused(capsys, refused, name, "Networks are “.convolens” and “.json” files.")


def test_bad_pictures_are_refused_and_nothing_is_made(capsys, network, tmp_path):
    folder = tmp_path / "out"
    bad = tmp_path / "bäd.png"
    bad.write_bytes(b"not a picture")
    for image, words in ((tmp_path / "missing.png", "missing.png"), (tmp_path, ""), (bad, "bäd")):
        assert_refused(capsys, ["render", image, "--network", network, "--output", folder], words)
    assert not folder.exists()


def test_output_that_cannot_be_written(capsys, network, image, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (
        tmp_path / "file",
        tmp_path / "file" / "below",
        tmp_path / ("long" * 100),
        Path("/proc/nowhere"),
    ):
        arguments = ["render", image, "--network", network, "--output", folder]
        assert_refused(capsys, arguments, "cannot be written")


def test_too_much_memory_is_refused_with_the_ways_out(capsys, network, image, tmp_path):
    folder = tmp_path / "out"
    arguments = ["render", image, "--network", network, "--output", folder, "--memory", "1MiB"]
    assert_refused(capsys, arguments, "1 MiB", "--input-size below ", "--memory")
    assert not folder.exists()


def test_huge_pictures_are_refused_by_their_header(capsys, network, tmp_path):
    from tests.engine.picture_files import png

    huge = tmp_path / "huge.png"
    huge.write_bytes(png(60_000, 60_000))
    arguments = ["render", huge, "--network", network, "--output", tmp_path / "out"]
    assert_refused(capsys, arguments, "60,000")


# Parsing


def test_requests():
    assert parse([]) == WindowRequest(None)
    assert parse(["./layers"]) == WindowRequest("./layers")
    assert parse(["render", "a.png", "--network", "n", "--output", "o"]) == RenderRequest(
        Path("a.png"), "n", Path("o"), False, None, DEFAULT_MEMORY
    )


def test_sizes_in_the_ways_people_write_them():
    assert parse_input_shape("28x32x3") == parse_input_shape(" 28 × 32 X 3 ") == Shape(3, 28, 32)
    assert parse_picture_size("16*20") == (16, 20)
    assert parse_memory("2GiB") == parse_memory("2g") == parse_memory("2147483648") == 1 << 31
    assert parse_memory("1.5 MB") == 1_500_000
    for text in ("", "0", "-1", "2XB", "GiB", "1..5G"):
        with pytest.raises(ValueError, match="amount of memory"):
            parse_memory(text)


def test_policy_with_a_crop_rectangle_keeps_it():
    policy = SizePolicy("crop", 9, 9, crop=(1, 2, 30, 40))
    assert render.policy_for(policy, (16, 20)) == SizePolicy("crop", 16, 20, crop=(1, 2, 30, 40))
    assert render.policy_for(policy, None) is policy


# As a program


def start(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(ROOT / "main.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def program(*arguments, **options):
    process = start(*arguments, **options)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_program_from_another_folder_without_a_warning(tmp_path, image, network):
    status, out, err = program(
        "render", image, "--network", network, "--output", "out", "--arrays", cwd=tmp_path
    )
    assert (status, out, err) == (0, b"", b"")
    assert "summary.json" in files(tmp_path / "out")


def test_help_and_version_need_no_numpy():
    for argument in ("--version", "--help"):
        script = (
            "import sys, main; status = main.run(sys.argv[1:]);"
            "assert not {'numpy', 'cv2', 'PySide6'} & set(sys.modules); sys.exit(status)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, argument], cwd=ROOT, capture_output=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout


@pytest.mark.parametrize(
    "arguments", [["layers"], ["analyze", "start", "--input", "9x9x3"], ["--self-check"]]
)
def test_commands_work_without_qt(arguments):
    script = (
        "import sys; sys.modules['PySide6'] = sys.modules['pyqtgraph'] = None\n"
        "import main; sys.exit(main.run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode in (0, 1)
    assert done.stderr == b""


def test_output_is_utf8_for_programs_and_readable_on_any_terminal():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for form in ("json", "csv"):
        status, out, _ = program(
            "analyze", "vgg-16", "--input", "64x64x3", "--format", form, env=environment
        )
        assert status == 0
        assert "⌊" in out.decode("utf-8")
    status, out, err = program("analyze", "vgg-16", "--input", "64x64x3", env=environment)
    assert (status, err) == (0, b"")
    assert b"64 ? 64 ? 64" in out


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_stops_early_is_no_error():
    process = start("layers", "--format", "json")
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_full_output_is_one_line():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "layers"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"convolens: ")
    assert done.stderr.count(b"\n") == 1


@pytest.fixture
def heeding_interrupts():
    """Let programs that are started heed Ctrl+C: a shell tells those in its background not to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding_interrupts")
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent otherwise there")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_it_ends_with_130_in_one_line_and_leaves_nothing(tmp_path, image, told):
    folder = tmp_path / "out"
    process = start(
        "render", image, "--network", "vgg-16", "--output", str(folder), "--input-size", "512x512"
    )
    # The staging folder appears when computing begins.
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".convolens-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(told)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.count(b"\n") == 1
    assert files(tmp_path) == [Path(image).name]
