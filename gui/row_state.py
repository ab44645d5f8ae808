"""What a row shows besides its maps, and how it is said in words."""

from dataclasses import dataclass

from engine.analysis import LayerAnalysis, Ranges
from gui.row_layout import Row
from gui.row_painting import BlockText
from gui.theme import Theme
from gui.wording import field_text, parameters_text, size_text


@dataclass(frozen=True)
class RowState:
    """Everything that a row shows besides its maps."""

    row: Row
    layer: LayerAnalysis
    title: str
    subtitle: str
    theme: Theme
    size_order: str
    selected: bool
    unread: tuple[Ranges, Ranges]
    """Rows and columns of these maps that the layers reading them never read."""
    hidden_count: int = 0


def block_text(state: RowState) -> BlockText:
    """Return what stands on a row's block."""
    layer = state.layer
    is_picture = layer.node.id == "input"
    field = layer.receptive_field
    return BlockText(
        state.title,
        "off, hands its input on" if layer.node.bypassed else state.subtitle,
        size_text(layer.shape, state.size_order),
        "" if layer.facts is None or is_picture else parameters_text(layer),
        "" if field is None or is_picture else f"receptive field {field_text(layer)}",
    )


def row_description(state: RowState) -> str:
    """Return a row in a sentence, as a screen reader says it."""
    text = block_text(state)
    parts = [text.title, text.summary, text.size, text.costs, text.field]
    parts += [problem.message for problem in state.layer.problems]
    if state.layer.waiting_for:
        parts.append(f"waits for {state.layer.waiting_for}")
    if state.hidden_count:
        parts.append(f"{state.hidden_count} more layers folded")
    return ", ".join(part for part in parts if part)
