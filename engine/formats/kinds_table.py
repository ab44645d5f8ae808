"""Every layer kind with its settings as text for people."""

from itertools import groupby
from textwrap import indent, wrap
from typing import Any

from engine.formats.json_text import Record

_WIDTH = 96


def kinds_text(record: Record) -> str:
    """Return the kinds by category, from `engine.formats.kinds_json.kinds_record`."""
    parts = []
    for category, kinds in groupby(record["kinds"], key=lambda kind: kind["category"]):
        parts.append(f"{category}\n{'─' * len(category)}")
        parts += [_kind_text(kind) for kind in kinds]
    return "\n\n".join(parts) + "\n"


def _kind_text(kind: Record) -> str:
    fewest, most = kind["inputs"]["fewest"], kind["inputs"]["most"]
    inputs = "" if (fewest, most) in ((1, 1), (0, 0)) else f" · {fewest} to {most} inputs"
    lines = [f"{kind['id']} · {kind['label']}{inputs}", *wrap(kind["help"], _WIDTH)]
    for setting in kind["settings"]:
        unit = f" {setting['unit']}" if setting["unit"] else ""
        default = _value_text(setting["default"]) or setting.get("optional", "none")
        lines.append(
            f"  {setting['name']} = {default}{unit}    {values_text(setting)}\n"
            + indent("\n".join(wrap(setting["help"], _WIDTH - 6)), " " * 6)
        )
    return "\n".join(lines)


def values_text(setting: Record) -> str:
    """Return which values a setting may have, in words.

    >>> values_text({"type": "pair", "minimum": 1, "maximum": 4096})
    'one number or [height, width], 1 to 4,096'
    >>> values_text({"type": "number_pair", "minimum": 0.01, "maximum": 256.0})
    'one number or [height, width], 0.01 to 256'
    """
    match setting["type"]:
        case "flag":
            words = "true or false"
        case "choice":
            words = ", ".join(choice["value"] for choice in setting["choices"])
        case "padding":
            rules = "".join(f"{choice['value']}, " for choice in setting["choices"])
            words = (
                f"{rules}or one number, [height, width] or [top, left, bottom, right], "
                f"{_range_text(setting['side'])}"
            )
        case "pair" | "number_pair":
            words = f"one number or [height, width], {_range_text(setting)}"
        case "numbers":
            words = f"1 to {setting['most']} numbers, {_range_text(setting)}"
        case _:
            words = _range_text(setting)
    if setting["type"] == "integer":
        words = f"whole number, {words}"
    return words + (f"; null: {setting['optional']}" if "optional" in setting else "")


def _range_text(numbers: Record) -> str:
    return f"{_value_text(numbers['minimum'])} to {_value_text(numbers['maximum'])}"


def _value_text(value: Any) -> str:
    """Return a setting's value as people write it; nothing for null.

    >>> _value_text([3, 3]), _value_text([1, 2]), _value_text(4096), _value_text(0.001)
    ('3', '[1, 2]', '4,096', '0.001')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        words = [_value_text(item) for item in value]
        return words[0] if len(set(words)) == 1 else f"[{', '.join(words)}]"
    return str(value)
