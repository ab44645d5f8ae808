"""What a layer's setting may be: declared once, beside its default.

A setting is a dataclass field whose metadata holds a constraint, a label and help. From it come
the form, the file format, the validation and its sentences, the manual and the tests. Whatever
relates settings to each other or to an input is the layer's business, not a constraint's.
"""

from dataclasses import Field, dataclass, field, fields
from typing import Any

from engine.constraints import (
    Choice,
    Constraint,
    Flag,
    IntRange,
    NumberRange,
    NumbersOf,
    Optional,
    Padding,
    PaddingRule,
    Pair,
    PairOf,
)
from engine.problems import SettingError


@dataclass(frozen=True)
class Setting:
    """One setting of a layer kind: what it may be, and how it is shown."""

    name: str
    label: str
    help: str
    unit: str
    constraint: Constraint
    default: Any

    def check(self, value: Any) -> Any:
        """Return the value in canonical form.

        Raises:
            SettingError: with a sentence that names the setting and the received value.
        """
        try:
            return self.constraint.check(value)
        except ValueError as error:
            raise SettingError(f"{self.label} {error}.", self.name) from None


def settings_of(kind: type) -> tuple[Setting, ...]:
    """Return the settings that a layer kind declares, in the order of its fields."""
    return tuple(_setting_of(item) for item in fields(kind))


def _setting_of(item: "Field[Any]") -> Setting:
    declared = item.metadata.get("setting")
    if declared is None:
        raise TypeError(f"field {item.name!r} is not declared with one of the *_setting functions")
    label, help_text, unit, constraint = declared
    return Setting(item.name, label, help_text, unit, constraint, item.default)


def _declare(default: Any, label: str, help_text: str, unit: str, constraint: Constraint) -> Any:
    # What is declared must hold for the default too: a kind with a bad default cannot be imported.
    checked = constraint.check(default)
    if checked != default or type(checked) is not type(default):
        raise TypeError(f"default {default!r} of {label!r} is not canonical, {checked!r} is")
    return field(default=default, metadata={"setting": (label, help_text, unit, constraint)})


def int_setting(
    *,
    default: int | None,
    minimum: int,
    maximum: int,
    label: str,
    help: str,
    unit: str = "",
    comfortable: Pair | None = None,
    optional: str = "",
) -> Any:
    """Declare a whole number; with ``optional``, None is legal and means what that text says."""
    numbers = IntRange(minimum, maximum, comfortable or (minimum, min(maximum, minimum + 15)))
    return _declare(default, label, help, unit, _maybe(numbers, optional))


def number_setting(
    *,
    default: float,
    minimum: float,
    maximum: float,
    label: str,
    help: str,
    unit: str = "",
    comfortable: tuple[float, float] | None = None,
) -> Any:
    """Declare a real number."""
    numbers = NumberRange(minimum, maximum, comfortable or (minimum, maximum))
    return _declare(default, label, help, unit, numbers)


def numbers_setting(
    *,
    default: tuple[float, ...],
    minimum: float,
    maximum: float,
    most: int,
    label: str,
    help: str,
    comfortable: tuple[float, float] | None = None,
) -> Any:
    """Declare a list of real numbers."""
    numbers = NumberRange(minimum, maximum, comfortable or (minimum, maximum))
    return _declare(default, label, help, "", NumbersOf(numbers, most))


def pair_setting(
    *,
    default: Pair | None,
    minimum: int,
    maximum: int,
    label: str,
    help: str,
    unit: str = "px",
    comfortable: Pair | None = None,
    optional: str = "",
) -> Any:
    """Declare a whole number for each axis, (height, width)."""
    numbers = IntRange(minimum, maximum, comfortable or (minimum, min(maximum, minimum + 10)))
    return _declare(default, label, help, unit, _maybe(PairOf(numbers), optional))


def number_pair_setting(
    *,
    default: tuple[float, float],
    minimum: float,
    maximum: float,
    label: str,
    help: str,
    unit: str = "",
    comfortable: tuple[float, float] | None = None,
) -> Any:
    """Declare a real number for each axis, (height, width)."""
    numbers = NumberRange(minimum, maximum, comfortable or (minimum, maximum))
    return _declare(default, label, help, unit, PairOf(numbers))


def choice_setting(
    *, default: str, choices: tuple[tuple[str, str], ...], label: str, help: str
) -> Any:
    """Declare one of a few words, each (value, label)."""
    return _declare(default, label, help, "", Choice(choices))


def flag_setting(*, default: bool, label: str, help: str) -> Any:
    """Declare a switch."""
    return _declare(default, label, help, "", Flag())


def padding_setting(
    *,
    default: Padding,
    label: str,
    help: str,
    rules: tuple[tuple[str, str], ...] = (),
    maximum: int = 4096,
) -> Any:
    """Declare padding: a rule's name, or pixels per side as (top, left, bottom, right)."""
    constraint = PaddingRule(Choice(rules), IntRange(0, maximum, (0, 8)))
    return _declare(default, label, help, "px", constraint)


def _maybe(constraint: Constraint, optional: str) -> Constraint:
    return Optional(constraint, optional) if optional else constraint
