"""``--self-check``: print what this copy of the program consists of.

A frozen build is compared with the source by this: a kind, a resource or a library's record that
the build did not collect is missing here, and nowhere else is it noticed before somebody needs it.
"""

from pathlib import Path

from engine.commands.output import print_data
from engine.formats.json_text import json_text
from engine.libraries import library_versions
from engine.registry import all_kinds
from engine.version import VERSION

RESOURCES = Path(__file__).parent.parent.parent / "resources"
_ONLY_FOR_READERS = "screenshots"
"""The folder of resources that the README shows; the program does not need it."""


def run() -> int:
    """Print versions, layer kinds and the number of files per folder of resources, as JSON."""
    counts: dict[str, int] = {}
    for file in shipped_resources():
        folder = file.parent.relative_to(RESOURCES).as_posix()
        counts[folder] = counts.get(folder, 0) + 1
    record = {
        "version": VERSION,
        "libraries": library_versions(),
        "kinds": list(all_kinds()),
        "resources": counts,
    }
    print_data(json_text(record))
    return 0


def shipped_resources() -> list[Path]:
    """Return the resources that the program reads, and every copy of it has to have."""
    return [
        file
        for file in sorted(RESOURCES.rglob("*"))
        if file.is_file()
        # Python files here make resources and are none.
        and file.suffix not in (".py", ".pyc")
        and _ONLY_FOR_READERS not in file.relative_to(RESOURCES).parts
    ]
