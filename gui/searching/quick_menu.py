"""Type to find a layer and insert it: the palette of narrow windows, and of fast fingers."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from engine.advice import Preview
from engine.kind_names import names_elsewhere
from engine.network import INPUT_ID
from engine.registry import all_kinds
from engine.shapes import Shape
from gui.searching.search_popup import Entry, SearchPopup
from gui.theme import Theme
from gui.wording import change_text, kind_help, size_text

LONGEST_WORDS = 24
"""Longer words about a change of size leave no room for the size itself."""


class QuickMenu(SearchPopup):
    """Every layer kind, with what it would do to the size at one place of the flow."""

    kind_chosen = Signal(str, str)
    """A kind, and the layer behind which it goes."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Insert a layer", theme, parent)
        self._after = INPUT_ID
        self.chosen.connect(self._on_chosen)

    def open_behind(
        self, after: str, title: str, entries: Sequence[Entry], corner: QPoint | None = None
    ) -> None:
        """Offer what may go behind a layer, which the title names."""
        self._after = after
        self.field.setPlaceholderText(f"Insert behind {title} …")
        self.open_with(entries, corner)

    def _on_chosen(self, kind_id: str) -> None:
        self.kind_chosen.emit(kind_id, self._after)


def kind_entries(
    preview_of: Callable[[str], Preview], before: Shape | None, size_order: str
) -> Sequence[Entry]:
    """Return an entry per kind.

    Args:
        preview_of: what a layer of a kind would do at the place in question.
        before: the size of the maps there, where it is known.
        size_order: "HWC" or "CHW".
    """
    return [
        _entry(kind_id, preview_of(kind_id), before, size_order)
        for kind_id in all_kinds()
        if kind_id != INPUT_ID
    ]


def _entry(kind_id: str, preview: Preview, before: Shape | None, size_order: str) -> Entry:
    kind = all_kinds()[kind_id]
    detail = ""
    if not preview.fits:
        detail = "does not fit"
    elif preview.shape is not None and before is not None:
        words, sign = change_text(before, preview.shape, preview.reading)
        change = f"{sign} {words}" if len(words) <= LONGEST_WORDS else sign
        detail = f"{change}   {size_text(preview.shape, size_order)}"
    return Entry(
        kind.kind.label,
        kind_id,
        group=kind.kind.category,
        detail=detail,
        names=names_elsewhere(kind_id),
        icon=kind_id,
        hint=kind_help(kind) if preview.shape is not None else preview.text,
        warns=not preview.fits,
    )
