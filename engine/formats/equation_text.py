"""The size equation of a layer as text, to be pasted into notes or a mail."""

from engine.analysis import LayerAnalysis


def equation_text(layer: LayerAnalysis) -> str:
    """Return why a layer has its size: the sizes, the rule, the formula and both axes.

    Empty where the size is not known.

    >>> from engine.api import analyze, make_layer, sequential
    >>> network = sequential([make_layer("conv2d", stride=2)])
    >>> print(equation_text(analyze(network, (3, 28, 28))["conv2d_1"]))
    Convolution: 28 × 28 × 3 → 13 × 13 × 8
    valid, floor: ⌊(in + padding − window) / stride⌋ + 1
    height: ⌊(28 + 0 − 3) / 2⌋ + 1 = 13
    width: ⌊(28 + 0 − 3) / 2⌋ + 1 = 13
    channels: 8 filters, one map each
    """
    facts = layer.facts
    if facts is None:
        return ""
    equation = facts.equation
    given = ", ".join(map(str, layer.input_shapes))
    sizes = f"{given} → {facts.shape}" if given else f"{facts.shape}"
    lines = [f"{layer.node.layer.kind.label}: {sizes}"]
    # A layer that keeps the size has nothing to calculate.
    symbols = "" if equation.symbols == "in" else f": {equation.symbols}"
    lines.append(f"{equation.rule}{symbols}")
    if "=" in equation.height or "=" in equation.width:
        lines += [f"height: {equation.height}", f"width: {equation.width}"]
    lines.append(f"channels: {equation.channels}")
    return "\n".join([*lines, *equation.notes])
