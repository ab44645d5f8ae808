"""A network as plain JSON, short enough to write by hand.

A file of it::

    {"format": "convolens-network", "version": 1,
     "name": "Two edges", "about": "Sobel x and y, and the larger of 2 × 2 values.",
     "input": {"mode": "crop", "height": 32, "width": 32},
     "sample": "scene.png",
     "layers": [
       {"kind": "conv2d", "settings": {"out_channels": 2, "kernel_size": 5},
        "weights": {"source": {"type": "named_kernels", "names": ["sobel_x", "sobel_y"]}}},
       {"kind": "relu"},
       {"kind": "max_pool2d"}]}

``name``, ``about``, ``input`` (a size policy: `engine.pictures.size_policy`) and ``sample`` (a
picture that comes with the program) may be left out. Of a layer, everything but ``kind`` may be:

``id``        ``<kind>_<n>`` with the lowest free n
``settings``  the kind's defaults; a pair is one number or [height, width], padding is one number,
              a pair, [top, left, bottom, right] or a rule's name
``inputs``    the ids of the layers read, which must stand before; without it the layer before, and
              "input", the picture, for the first
``weights``   drawn from a seed made of the id; see `engine.saving.weights_json`
``bypassed``  false
``version``   the kind's newest: which settings it has

A kind that is not known is kept as `engine.saving.unknown_layer.UnknownLayer`. Written networks
hold every setting, so that a default that changes later does not change them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.layer import Layer
from engine.network import INPUT_ID, Network, Node, new_node
from engine.pictures.size_policy import SizePolicy
from engine.problems import ProjectFileError
from engine.registry import all_kinds
from engine.saving.saved_versions import Migration, stamped, unstamped
from engine.saving.unknown_layer import UnknownLayer
from engine.saving.weights_json import weights_from_json, weights_to_json
from engine.strict_json import (
    as_count,
    as_flag,
    as_list,
    as_record,
    as_text,
    check_keys,
    located,
    parse_json,
)
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported

FORMAT = "convolens-network"

MIGRATIONS: tuple[Migration, ...] = ()
"""From each version of the file to the next."""

MAX_LAYERS = 5_000
MAX_INPUTS = 1_000
"""The most inputs of one layer."""

_KIND_ID = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_FILE_KEYS = ("name", "about", "input", "sample", "layers")
_LAYER_KEYS = ("kind", "id", "settings", "inputs", "weights", "bypassed", "version")


@dataclass(frozen=True)
class DescribedNetwork:
    """A network and what its file says of it.

    ``policy`` is the size that it was made for, ``sample`` the name of a bundled picture.
    """

    network: Network
    name: str = ""
    about: str = ""
    policy: SizePolicy | None = None
    sample: str | None = None


def parse_network(data: bytes) -> DescribedNetwork:
    """Read a network's file.

    >>> file = b'''{"format": "convolens-network", "version": 1,
    ...             "layers": [{"kind": "conv2d"}, {"kind": "relu"}]}'''
    >>> [node.id for node in parse_network(file).network]
    ['input', 'conv2d_1', 'relu_1']

    Raises:
        ProjectFileError: with where and what is wrong.
    """
    return network_from_json(parse_json(data))


def network_from_json(data: Any) -> DescribedNetwork:
    """Return the network that a parsed file describes.

    Raises:
        ProjectFileError: with where and what is wrong.
    """
    record = unstamped(FORMAT, MIGRATIONS, data)
    check_keys(record, "a network's file", _FILE_KEYS)
    policy = None
    if "input" in record:
        with located('"input"'):
            policy = SizePolicy.from_json(record["input"])
    return DescribedNetwork(
        network_from_layers(record.get("layers"), {}),
        as_text(record.get("name", ""), '"name"'),
        as_text(record.get("about", ""), '"about"'),
        policy,
        as_text(record["sample"], '"sample"') if "sample" in record else None,
    )


def network_to_json(
    network: Network, *, name: str = "", about: str = "", policy: SizePolicy | None = None
) -> dict[str, Any]:
    """Return a network as the plain data of a file.

    Raises:
        ProjectFileError: it has imported weights, for which a plain file has no room.
    """
    imported = [node.id for node in network if isinstance(node.weights.source, Imported)]
    if imported:
        raise ProjectFileError(
            f"A plain network holds no imported weights, and {', '.join(imported[:5])} "
            f"{'has' if len(imported) == 1 else 'have'} some. Save a project instead."
        )
    described = {"name": name, "about": about, "input": policy.to_json() if policy else None}
    return stamped(
        FORMAT,
        MIGRATIONS,
        {
            **{key: value for key, value in described.items() if value},
            "layers": network_to_layers(network),
        },
    )


def network_to_text(data: Mapping[str, Any]) -> str:
    """Return a network's plain data as JSON with a line for each layer."""
    layers = ",\n".join(f"    {_one_line(layer)}" for layer in data["layers"])
    others = [f"  {_one_line(k)}: {_one_line(v)}" for k, v in data.items() if k != "layers"]
    return "{\n" + ",\n".join([*others, f'  "layers": [\n{layers}\n  ]']) + "\n}\n"


def network_to_layers(network: Network) -> list[dict[str, Any]]:
    """Return the layers as plain data, in order, the picture left out."""
    before = INPUT_ID
    records = []
    for node in network.nodes[1:]:
        records.append(_layer_to_json(node, before))
        before = node.id
    return records


def network_from_layers(data: Any, arrays: Mapping[str, StoredArray]) -> Network:
    """Return the network of layers in order, behind the picture.

    Args:
        data: what `network_to_layers` returned, or a person wrote.
        arrays: imported arrays by digest.

    Raises:
        ProjectFileError: with where and what is wrong.
    """
    records = as_list(data, '"layers"')
    if len(records) > MAX_LAYERS:
        raise ProjectFileError(f"it has {len(records):,} layers; at most {MAX_LAYERS:,} are read.")
    ids = _ids(records)
    nodes = [Node(INPUT_ID, all_kinds()[INPUT_ID]())]
    seen = {INPUT_ID}
    for number, (record, node_id) in enumerate(zip(records, ids, strict=True), 1):
        with located(f'layer {number}, "{node_id}"'):
            if node_id in seen:
                raise ProjectFileError("another layer before it has the same id.")
            inputs = _inputs(record, before=nodes[-1].id, seen=seen, later=ids)
            nodes.append(_node(record, node_id, inputs, arrays))
        seen.add(node_id)
    with located("its layers"):
        return Network(tuple(nodes))


def _layer_to_json(node: Node, before: str) -> dict[str, Any]:
    record = {
        "kind": node.layer.kind.id,
        "id": node.id,
        "version": node.layer.kind.version,
        "settings": {name: _plain(value) for name, value in node.layer.settings_dict().items()},
    }
    if node.inputs != (before,):
        record["inputs"] = list(node.inputs)
    if node.weights != new_node(node.id, node.layer, ()).weights:
        record["weights"] = weights_to_json(node.weights)
    if node.bypassed:
        record["bypassed"] = True
    return record


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _ids(records: Iterable[Any]) -> list[str]:
    """Return every layer's id; those left out count up around those that are given."""
    given: list[str | None] = []
    kinds = []
    for number, data in enumerate(records, 1):
        with located(f"layer {number}"):
            record = as_record(data, "a layer")
            check_keys(record, "a layer", _LAYER_KEYS)
            kinds.append(_kind_id(record))
            given.append(as_text(record["id"], '"id"') if "id" in record else None)
    used = {INPUT_ID, *given}
    counts: dict[str, int] = {}
    ids = []
    for kind, node_id in zip(kinds, given, strict=True):
        if node_id is None:
            number = counts.get(kind, 1)
            while f"{kind}_{number}" in used:
                number += 1
            counts[kind] = number + 1
            node_id = f"{kind}_{number}"
        ids.append(node_id)
    return ids


def _kind_id(record: dict[str, Any]) -> str:
    if "kind" not in record:
        raise ProjectFileError('it has no "kind", such as "conv2d".')
    kind = as_text(record["kind"], '"kind"')
    if not _KIND_ID.fullmatch(kind):
        raise ProjectFileError(
            f'"kind" is up to 64 letters, digits and _.-; received {kind!r:.80}.'
        )
    if kind == INPUT_ID:
        raise ProjectFileError(
            f'the picture is there without being listed. Remove this layer; others read "{kind}".'
        )
    return kind


def _inputs(
    record: dict[str, Any], before: str, seen: set[str], later: list[str]
) -> tuple[str, ...]:
    if "inputs" not in record:
        return (before,)
    inputs = as_list(record["inputs"], '"inputs"')
    if len(inputs) > MAX_INPUTS:
        raise ProjectFileError(f"it has {len(inputs):,} inputs; at most {MAX_INPUTS:,} are read.")
    for source in inputs:
        if as_text(source, "an input") not in seen:
            where = "does not stand before it" if source in later else "is not there"
            raise ProjectFileError(f'it reads "{source:.100}", which {where}.')
    return tuple(inputs)


def _node(
    record: dict[str, Any], node_id: str, inputs: tuple[str, ...], arrays: Mapping[str, StoredArray]
) -> Node:
    settings = as_record(record.get("settings", {}), '"settings"')
    version = None
    if "version" in record:
        version = as_count(record["version"], '"version"', 1_000_000)
    made = new_node(node_id, _layer(record["kind"], version, settings), inputs)
    weights = made.weights
    if "weights" in record:
        weights = weights_from_json(record["weights"], arrays)
    bypassed = as_flag(record.get("bypassed", False), '"bypassed"')
    return Node(node_id, made.layer, inputs, weights, bypassed)


def _layer(kind_id: str, version: int | None, settings: dict[str, Any]) -> Layer:
    kind = all_kinds().get(kind_id)
    if kind is None or (version or 1) > kind.kind.version:
        return UnknownLayer.of(kind_id, version or 1, settings)
    names = {setting.name for setting in kind.settings}
    current: dict[str, Any] = {}
    for name, value in settings.items():
        now = name if name in names else kind.kind.renamed.get(name, name)
        if now in current:
            raise ProjectFileError(f'"{now}" is given twice, once by its earlier name.')
        current[now] = value
    return kind.from_settings(current)
