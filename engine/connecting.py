"""What drawing an edge between two layers would do, said before it is done."""

from collections.abc import Mapping, Sequence
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


def connection_preview(
    network: Network, shapes: Mapping[str, Shape | None], source: str, target: str
) -> ConnectionPreview:
    """Return what `Network.connect` would do, drawing an edge from one layer to another.

    Args:
        network: the network without that edge.
        shapes: the size of every layer's maps, None where it is not known.
        source: the layer that would be read.
        target: the layer that would read it.

    >>> from engine.network import stack
    >>> from engine.registry import make_layer
    >>> relu, add = make_layer("relu"), make_layer("add")
    >>> network = stack((("relu", relu), ("add", add)), make_layer("input"))
    >>> sizes = {"input": Shape(8, 4, 4), "relu": Shape(8, 4, 4), "add": None}
    >>> connection_preview(network, sizes, "input", "add").text
    'Add: 4 × 4 × 8 + 4 × 4 × 8'
    >>> connection_preview(network, sizes, "add", "relu").text
    '2 Add depends on 1 ReLU already; connecting them would close a circle.'
    """
    reason = _why_not(network, source, target)
    if reason:
        return ConnectionPreview(reason, fits=False, possible=False)
    before, node = network.node(target), network.connect(source, target).node(target)
    outcome = _outcome(node.layer, [shapes[name] for name in node.inputs])
    if len(node.inputs) > len(before.inputs):
        return outcome
    replaced = numbered(network, before.inputs[0])
    return ConnectionPreview(f"{outcome.text}, instead of {replaced}", outcome.fits, outcome.shape)


def _why_not(network: Network, source: str, target: str) -> str:
    """Return why the edge cannot be drawn at all, nothing where it can."""
    reading, read = numbered(network, target), numbered(network, source)
    if source == target:
        return f"{read} cannot read itself."
    if source in network.descendants(target):
        return f"{read} depends on {reading} already; connecting them would close a circle."
    try:
        inputs = network.connect(source, target).node(target).inputs
    except NetworkError as error:
        return str(error)
    if inputs == network.node(target).inputs:
        return f"{reading} takes one input and reads {read} already."
    return ""


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
