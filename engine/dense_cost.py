"""What a layer would cost as a dense layer: every output value with a weight for every input value.

A convolution uses the same few weights at every place, and none beyond its window.
"""

from dataclasses import dataclass

from engine.analysis import LayerAnalysis, LayerFacts
from engine.shapes import Shape

_COMPARED = ("Convolution", "Pooling")
"""Categories whose layers read a few places at a time, and could be replaced by a dense layer."""


@dataclass(frozen=True)
class DenseCost:
    """A dense layer of the same input and output: its weights, one bias for each output, its MACs.

    ``sentence`` says it beside what the layer itself costs.
    """

    inputs: int
    outputs: int
    sentence: str

    @property
    def weights(self) -> int:
        """One for each pair of an input and an output value."""
        return self.inputs * self.outputs

    @property
    def parameters(self) -> int:
        """The weights, and a bias for each output."""
        return self.weights + self.outputs

    @property
    def macs(self) -> int:
        """One multiplication for each weight."""
        return self.weights


def dense_cost(layer: LayerAnalysis) -> DenseCost | None:
    """Return what a convolution or pooling would cost as a dense layer; None for other layers."""
    compared = layer.node.layer.kind.category in _COMPARED and not layer.node.bypassed
    if layer.facts is None or not compared:
        return None
    return as_dense(layer.facts, layer.input_shapes[0])


def as_dense(facts: LayerFacts, given: Shape) -> DenseCost:
    """Return what a layer would cost as a dense layer.

    Args:
        facts: of the layer.
        given: the shape of its input.

    >>> from engine.analysis import layer_facts
    >>> from engine.registry import make_layer
    >>> facts = layer_facts(make_layer("conv2d", {"out_channels": 1}), (Shape(3, 32, 32),))
    >>> as_dense(facts, Shape(3, 32, 32)).weights == 3072 * 900
    True
    """
    inputs, outputs = given.values, facts.shape.values
    parameters, macs = inputs * outputs + outputs, inputs * outputs
    own = f"{facts.parameters:,} here" if facts.parameters else "none here"
    sentence = (
        f"As a dense layer: {inputs:,} inputs × {outputs:,} outputs, and {outputs:,} biases, are "
        f"{parameters:,} parameters ({own}) and {macs:,} MACs ({facts.macs:,} here)."
    )
    return DenseCost(inputs, outputs, sentence)
