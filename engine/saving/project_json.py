"""A project as plain data: what a saved file's ``project.json`` says.

Version 1::

    {"format": "convolens-project", "version": 1,
     "layers": [...],                   as in engine.saving.network_json
     "policy": {...},                   engine.pictures.size_policy
     "picture": null | {"type": ...},   engine.saving.picture_record
     "embed_picture": true,
     "display": {...}}                  the window's own choices
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.pictures.size_policy import SizePolicy
from engine.project import Project
from engine.saving.network_json import network_from_layers, network_to_layers
from engine.saving.picture_record import picture_from_json, picture_to_json
from engine.saving.saved_versions import Migration, stamped, unstamped
from engine.strict_json import as_flag, as_record, check_keys, located
from engine.weighting.stored_array import StoredArray

FORMAT = "convolens-project"

MIGRATIONS: tuple[Migration, ...] = ()
"""From each version of the file to the next."""

_KEYS = ("layers", "policy", "picture", "embed_picture", "display")


def project_to_json(project: Project, folder: Path) -> dict[str, Any]:
    """Return a project that is saved in that folder as plain data."""
    return stamped(
        FORMAT,
        MIGRATIONS,
        {
            "layers": network_to_layers(project.network),
            "policy": project.policy.to_json(),
            "picture": picture_to_json(project.picture, project.embed_picture, folder),
            "embed_picture": project.embed_picture,
            "display": _thawed(project.display),
        },
    )


def project_from_json(
    data: Any, arrays: Mapping[str, StoredArray], embedded: bytes | None, folder: Path
) -> Project:
    """Return the project that plain data describes.

    Args:
        data: what `project_to_json` returned, now or in an earlier version.
        arrays: imported arrays by digest.
        embedded: the picture's bytes, where they are beside the data.
        folder: where the project's file lies.

    Raises:
        ProjectFileError: with where and what is wrong.
    """
    record = unstamped(FORMAT, MIGRATIONS, data)
    check_keys(record, "a project", _KEYS)
    network = network_from_layers(record.get("layers"), arrays)
    with located('"policy"'):
        policy = SizePolicy.from_json(record.get("policy"))
    return Project(
        network,
        picture_from_json(record.get("picture"), embedded, folder),
        policy,
        as_flag(record.get("embed_picture"), '"embed_picture"'),
        _frozen(as_record(record.get("display"), '"display"')),
    )


def _frozen(value: Any) -> Any:
    """Return plain data that cannot be changed: tuples for lists, read-only views of objects."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value


def _thawed(value: Any) -> Any:
    """Return what `_frozen` made, as JSON can write it."""
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return list(map(_thawed, value))
    return value
