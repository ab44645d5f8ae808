"""Every layer kind with its settings, as plain data for other programs.

`kinds_record` is what ``layers --format json`` prints::

    {"kinds": [{
      "id", "label", "category", "version", "help",
      "inputs": {"fewest", "most"},
      "settings": [{
        "name", "label", "help", "unit", "default",
        "type",       integer, number, numbers, pair, number_pair, choice, flag or padding
        "minimum", "maximum", "comfortable",   of each number; the last is a slider's range
        "choices": [{"value", "label"}],
        "side",       of padding: the range of each side
        "most",       of numbers: how many there may be
        "optional"    what null means, where it is legal
      }]
    }]}

The members after ``type`` are there if they apply. Members may be added in later versions; none
changes its meaning.
"""

from engine.formats.json_text import Record, plain
from engine.layer import Layer
from engine.registry import all_kinds
from engine.settings import Setting


def kinds_record() -> Record:
    """Return every layer kind with its settings as plain data; the form is described above."""
    return {"kinds": [_kind_record(kind) for kind in all_kinds().values()]}


def _kind_record(kind: type[Layer]) -> Record:
    info, (fewest, most) = kind.kind, kind.inputs
    return {
        "id": info.id,
        "label": info.label,
        "category": info.category,
        "version": info.version,
        "help": " ".join((kind.__doc__ or "").split()),
        "inputs": {"fewest": fewest, "most": most},
        "settings": [_setting_record(setting) for setting in kind.settings],
    }


def _setting_record(setting: Setting) -> Record:
    return {
        "name": setting.name,
        "label": setting.label,
        "help": setting.help,
        "unit": setting.unit,
        "default": plain(setting.default),
        **plain(setting.constraint.describe()),
    }
