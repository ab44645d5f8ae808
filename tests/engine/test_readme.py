"""What the README shows is what the program prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.registry import all_kinds
from engine.saving.examples import example_names

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

CONSOLE = re.compile(r"```console\n\$ python main\.py (?P<command>.+)\n(?P<output>(?:.*\n)*?)```")
NETWORK = re.compile(r"here as `(?P<name>.+)`:\n\n```json\n(?P<text>(?:.*\n)*?)```")
LEFT_OUT = "…\n"
"""A line of it stands for any number of lines."""


def printed(command, folder):
    """Return what a command prints in a folder, where the README's network lies."""
    network = NETWORK.search(README)
    (folder / network["name"]).write_text(network["text"], encoding="utf-8")
    arguments = [
        str(ROOT / part) if part.startswith("resources/") else part for part in command.split()
    ]
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("example", [match.groupdict() for match in CONSOLE.finditer(README)])
def test_a_command_prints_what_is_shown(example, tmp_path):
    parts = [re.escape(part) for part in example["output"].split(LEFT_OUT)]
    assert re.fullmatch("(.*\n)*".join(parts), printed(example["command"], tmp_path))


def test_it_counts_the_kinds_and_the_examples():
    assert f"{len(all_kinds())} kinds of layers" in README
    assert f"{len(example_names())} examples come along" in README


def test_it_links_to_files_that_are_there():
    places = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [place for place in places if not (ROOT / place).is_file()] == []
