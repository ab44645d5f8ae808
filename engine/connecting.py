"""What drawing an edge between two layers would do, said before it is done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.advice import Preview
from engine.families.merging import ElementwiseMerge
from engine.layer import Layer
from engine.network import Network
from engine.problems import LayerError, NetworkError
from engine.row_names import numbered
from engine.shapes import Shape


@dataclass(frozen=True)
class ConnectionPreview(Preview):
    """What a connection would do.

    ``possible`` is False where it would be refused. What only does not fit can be connected all
    the same; the layer then has a problem that says so.
    """

    possible: bool = True


def connection_previews(
    network: Network, shapes: Mapping[str, Shape | None], source: str, targets: Iterable[str]
) -> dict[str, ConnectionPreview]:
    """Return what `Network.connect` would do for each target, drawing an edge to it from a layer.

    Args:
        network: the network without these edges.
        shapes: the size of every layer's maps, None where it is not known.
        source: the layer that would be read.
        targets: the layers of which each would read it.

    >>> from engine.network import stack
    >>> from engine.registry import make_layer
    >>> relu, add = make_layer("relu"), make_layer("add")
    >>> network = stack((("relu", relu), ("add", add)), make_layer("input"))
    >>> sizes = {"input": Shape(8, 4, 4), "relu": Shape(8, 4, 4), "add": None}
    >>> connection_previews(network, sizes, "input", ["add"])["add"].text
    'Add: 4 × 4 × 8 + 4 × 4 × 8'
    >>> connection_previews(network, sizes, "add", ["relu"])["relu"].text
    '2 Add depends on 1 ReLU already; connecting them would close a circle.'
    """
    ancestors = _ancestors(network, source)
    return {target: _preview(network, shapes, source, target, ancestors) for target in targets}


def _ancestors(network: Network, node_id: str) -> frozenset[str]:
    """Return the ids of all nodes that this one depends on, itself not."""
    found: set[str] = set()
    waiting = list(network.node(node_id).inputs)
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting.extend(network.node(source).inputs)
    return frozenset(found)


def _preview(
    network: Network,
    shapes: Mapping[str, Shape | None],
    source: str,
    target: str,
    ancestors: Collection[str],
) -> ConnectionPreview:
    reading, read = numbered(network, target), numbered(network, source)
    if source == target:
        return _impossible(f"{read} cannot read itself.")
    if target in ancestors:
        return _impossible(
            f"{read} depends on {reading} already; connecting them would close a circle."
        )
    try:
        inputs = network.inputs_with(source, target)
    except NetworkError as error:
        return _impossible(str(error))
    before = network.node(target)
    if inputs == before.inputs:
        return _impossible(f"{reading} takes one input and reads {read} already.")
    outcome = _outcome(before.layer, [shapes[name] for name in inputs])
    if len(inputs) > len(before.inputs):
        return outcome
    replaced = numbered(network, before.inputs[0])
    return ConnectionPreview(f"{outcome.text}, instead of {replaced}", outcome.fits, outcome.shape)


def _impossible(reason: str) -> ConnectionPreview:
    return ConnectionPreview(reason, fits=False, possible=False)


def _outcome(layer: Layer, shapes: Sequence[Shape | None]) -> ConnectionPreview:
    """Return what a layer makes of inputs of these shapes."""
    label = layer.kind.label
    known = tuple(shape for shape in shapes if shape is not None)
    if len(known) < len(shapes):
        return ConnectionPreview(f"{label} reads it; a size is not known yet", fits=True)
    sizes = _joiner(layer).join(map(str, known))
    if len(known) < layer.inputs[0]:
        return ConnectionPreview(f"{label}: {sizes}{_joiner(layer)}one more input", fits=True)
    try:
        result = layer.output_shape(known)
    except LayerError as error:
        return ConnectionPreview(f"{label} does not fit: {error}", fits=False)
    # A sum of equal sizes has that size: there is no arrow to draw.
    arrow = "" if len(known) > 1 and set(known) == {result} else f"  →  {result}"
    return ConnectionPreview(f"{label}: {sizes}{arrow}", True, result)


def _joiner(layer: Layer) -> str:
    """Return what stands between the sizes of inputs; a × would be taken for one of theirs."""
    symbol = layer.symbol if isinstance(layer, ElementwiseMerge) else "and"
    return f" {'and' if symbol == '×' else symbol} "
