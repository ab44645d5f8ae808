"""What a row shows besides its maps, and how it is said in words."""

from dataclasses import dataclass, replace
from functools import partial

from engine.analysis import Analysis, LayerAnalysis, Ranges
from engine.network import INPUT_ID
from engine.wording import counted
from gui.flow.block_painting import BlockText
from gui.flow.color_legend import clipped_sentence
from gui.flow.row_layout import Row
from gui.theme import Theme
from gui.wording import change_text, field_text, parameters_text, size_text


@dataclass(frozen=True)
class RowState:
    """Everything that a row shows besides its maps."""

    row: Row
    layer: LayerAnalysis
    end: LayerAnalysis
    """What the row's maps would come from: the layer, or the last of its folded stage."""
    title: str
    subtitle: str
    theme: Theme
    size_order: str
    selected: bool
    unread: tuple[Ranges, Ranges]
    """Rows and columns of these maps that the layers reading them never read."""
    folded: tuple[str, ...] = ()
    """The labels of a folded stage's layers."""
    repairs: tuple[str, ...] = ()
    """What would mend its first problem, in words."""
    reads: tuple[str, ...] = ()
    """The titles of the layers that this one reads, where that is not simply the row above."""
    waits_for: str = ""
    """The title of the layer whose problem or fault comes first."""
    fault: str = ""
    """Why its maps could not be computed although it fits."""
    outlook: str = ""
    """What an edit that is looked at would make of its size, after a sign; empty for nothing."""
    focused: bool = False
    """It is the selected row, and the keys are the flow's."""

    @property
    def shows_maps(self) -> bool:
        """Whether maps are shown in it, or come."""
        is_due = self.layer.computable and not self.fault and not self.waits_for
        return is_due and self.row.tiles is not None


def row_state(
    analysis: Analysis, row: Row, theme: Theme, size_order: str, selected: str
) -> RowState:
    """Return what a row of the flow shows; ``selected`` is the selected layer."""
    layer = analysis[row.node_id]
    inputs = layer.node.inputs
    members = (row.node_id, *row.hidden_ids)
    name = partial(numbered_title, analysis)
    return RowState(
        row=row,
        layer=layer,
        end=analysis[members[-1]],
        title=row_title(row, layer.node.layer.kind.label),
        subtitle=layer.node.layer.summary(),
        theme=theme,
        size_order=size_order,
        selected=selected == row.node_id or selected in row.hidden_ids,
        unread=unread_by_reader(analysis, row.node_id),
        waits_for="" if layer.waiting_for is None else name(layer.waiting_for),
        repairs=tuple(r.words(name) for problem in layer.problems[:1] for r in problem.repairs),
        folded=tuple(analysis[name].node.layer.kind.label for name in members)
        if row.hidden_ids
        else (),
        reads=() if inputs == (analysis.neighbor(row.node_id, -1),) else tuple(map(name, inputs)),
    )


def with_fault(
    state: RowState, analysis: Analysis, node_id: str, sentence: str, *, has_maps: bool
) -> RowState:
    """Return the state of a row after the maps of a layer could not be computed."""
    if node_id in (state.row.node_id, *state.row.hidden_ids):
        return replace(state, fault=sentence)
    if has_maps or not state.layer.computable or state.row.withheld:
        return state  # it waits for nothing, or for something else
    return replace(state, waits_for=numbered_title(analysis, node_id))


def differs_in_block_only(before: RowState, after: RowState) -> bool:
    """Return whether another state of a row with maps is seen on its block alone."""
    beside = ((s.layer.shape, s.layer.problems, s.layer.computable) for s in (before, after))
    written = replace(
        after, layer=before.layer, end=before.end, title=before.title, subtitle=before.subtitle,
        outlook=before.outlook,
    )  # fmt: skip
    return before.row.tiles is not None and next(beside) == next(beside) and written == before


def row_title(row: Row, label: str) -> str:
    """Return a row's title: its number and the layer's label.

    The picture has no number, a folded stage those of its first and last layer.
    """
    if row.hidden_ids:
        return f"{row.number}–{row.number + len(row.hidden_ids)}  Stage"
    return label if row.node_id == INPUT_ID else f"{row.number}  {label}"


def unread_by_reader(analysis: Analysis, node_id: str) -> tuple[Ranges, Ranges]:
    """Return the rows and columns of a layer's maps that its only reader never reads."""
    readers = analysis.readers[node_id]
    if len(readers) != 1 or readers[0].node.inputs[0] != node_id:
        return (), ()
    return readers[0].unread_rows, readers[0].unread_columns


def numbered_title(analysis: Analysis, node_id: str) -> str:
    """Return a layer's number and label, as its row has them."""
    label = analysis[node_id].node.layer.kind.label
    return label if node_id == INPUT_ID else f"{analysis.places[node_id]} {label}"


def block_text(state: RowState) -> BlockText:
    """Return what stands on a row's block."""
    layer = state.layer
    is_picture = layer.node.id == "input"
    field = layer.receptive_field
    return BlockText(
        state.title,
        "off, hands its input on" if layer.node.bypassed else state.subtitle,
        size_text(state.end.shape, state.size_order),
        "" if layer.facts is None or is_picture else parameters_text(layer),
        "" if field is None or is_picture else f"receptive field {field_text(layer)}",
        state.outlook,
    )


def outlook_text(state: RowState, after: Analysis) -> str:
    """Return what becomes of a row's layer in another analysis; empty where its size stays."""
    now, then = state.end, after.layers.get(state.end.node.id)
    if then is None:
        return "✕ removed"
    if then.shape is None:
        if now.shape is None:
            return ""
        return "⚠ would not fit" if then.problems else "⚠ would wait"
    if now.shape is None:
        return f"◆ {size_text(then.shape, state.size_order)}"
    if then.shape == now.shape:
        return ""
    return f"{change_text(now.shape, then.shape)[1]} {size_text(then.shape, state.size_order)}"


_WITHHELD = "not computed: memory does not hold the network up to here"
"""Also true of a small layer behind one that does not fit."""


def words_without_maps(state: RowState, zeros: float | None) -> str:
    """Return what stands in a row in the place of its maps.

    ``zeros`` is the share of zeros in the maps, None while there are none.
    """
    shape = state.layer.shape
    if state.waits_for:
        return f"waits for {state.waits_for}"
    if state.folded:
        return " · ".join(state.folded)
    words = []
    if shape is not None:
        words.append(counted(shape.channels, "map"))
        if state.row.withheld:
            words.append(_WITHHELD)
    if zeros is not None:
        words.append(f"{zeros:.0%} zeros")
    return " · ".join(words)


def row_description(state: RowState, clipped: float = 0.0) -> str:
    """Return a row in a sentence, as a screen reader says it.

    ``clipped`` is the share of the values that lie beyond the drawn colors.
    """
    text = block_text(state)
    if state.folded:
        text = replace(text, summary="", costs="", field="")
    would = f"would become {text.outlook}" if text.outlook else ""
    parts = [text.title, text.summary, text.size, would, text.costs, text.field]
    parts += [state.fault, *(problem.message for problem in state.layer.problems)]
    if state.waits_for:
        parts.append(f"waits for {state.waits_for}")
    if state.row.withheld:
        parts.append(_WITHHELD)
    if clipped and state.shows_maps:
        parts.append(clipped_sentence(clipped))
    if state.reads:
        parts.append(f"reads {' and '.join(state.reads)}")
    if state.folded:
        parts.append(f"folded: {', '.join(state.folded)}")
    return ", ".join(part for part in parts if part)
