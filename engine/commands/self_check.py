"""``--self-check``: print what this copy of the program consists of.

A frozen build is compared with the source by this: a kind or a resource that the build did not
collect is missing here, and nowhere else is it noticed before somebody needs it.
"""

from pathlib import Path

from engine.commands.output import print_data
from engine.formats.json_text import json_text
from engine.registry import all_kinds
from engine.version import VERSION

RESOURCES = Path(__file__).parent.parent.parent / "resources"


def run() -> int:
    """Print version, layer kinds and the number of files per folder of resources, as JSON."""
    counts: dict[str, int] = {}
    for file in sorted(RESOURCES.rglob("*")):
        # Python files here make resources and are none.
        if file.is_file() and file.suffix not in (".py", ".pyc"):
            folder = file.parent.relative_to(RESOURCES).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    record = {"version": VERSION, "kinds": list(all_kinds()), "resources": counts}
    print_data(json_text(record))
    return 0
