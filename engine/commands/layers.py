"""``layers``: print every layer kind with its settings."""

from engine.commands.output import print_data, print_text
from engine.commands.requests import LayersRequest
from engine.formats.json_text import json_text
from engine.formats.kinds_json import kinds_record
from engine.formats.kinds_table import kinds_text


def run(request: LayersRequest) -> int:
    """Print the kinds; the status is always 0."""
    record = kinds_record()
    if request.format == "json":
        print_data(json_text(record))
    else:
        print_text(kinds_text(record))
    return 0
