"""What stands in the window for the picture: a button, its part of the first row, the samples.

Made anew with the other panels; `gui.pictures.picture_opening`, which they act upon, lives as long
as the window.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from engine.network import INPUT_ID
from gui.document import Document
from gui.editing import Editing
from gui.flow.rows_view import RowsView
from gui.pictures.picture_bar import PictureBar
from gui.pictures.picture_opening import PictureOpening
from gui.pictures.picture_row import PictureRow
from gui.pictures.picture_state import PictureState, picture_words
from gui.pictures.sample_gallery import SampleGallery
from gui.popover import Popover
from gui.theme import Theme


class PicturePanels(QObject):
    """Makes the parts, and connects them with what acts on the document."""

    def __init__(
        self,
        opening: PictureOpening,
        editing: Editing,
        document: Document,
        flow: RowsView,
        theme: Theme,
    ) -> None:
        super().__init__(flow)
        self._flow = flow
        self._opening = opening
        self._theme = theme
        self._gallery: Popover | None = None
        self.bar = PictureBar(opening.state, opening.budget)
        self.row = PictureRow(theme)
        self._offers: Mapping[str, Callable[[], None]] = {
            "ask": opening.ask,
            "locate": opening.locate,
            "samples": self.show_samples,
            "size": self.bar.open_panel,
        }
        self.row.show_state(opening.state)
        for part in (self.bar, self.row):
            opening.state_changed.connect(part.show_state)
            part.policy_edited.connect(editing.change_policy)
            part.settled.connect(document.end_merge)
            part.offer_chosen.connect(self._on_offer_chosen)
        self.bar.size_chosen.connect(opening.use_size)
        flow.scene().addItem(self.row)
        opening.state_changed.connect(self._on_state_changed)
        self._on_state_changed(opening.state)
        flow.rows_placed.connect(self._on_rows_placed)

    def show_samples(self) -> None:
        """Open the gallery of samples under the picture's button."""
        if self._gallery is not None:
            return
        overviews = self._opening.overviews
        gallery = SampleGallery(self._theme)
        for name, levels in overviews.samples.items():
            gallery.show_sample(name, levels)
        overviews.sample_drawn.connect(gallery.show_sample)
        gallery.sample_chosen.connect(self._on_sample_chosen)
        overviews.draw_samples()
        self._gallery = Popover(gallery, self.bar.window())
        self._gallery.setAccessibleName("Samples")
        self._gallery.closed.connect(self._on_gallery_closed)
        self.destroyed.connect(self._gallery.deleteLater)
        self._gallery.open_under(self.bar, gallery.view)

    def _on_state_changed(self, state: PictureState) -> None:
        self._flow.show_picture(picture_words(state))

    def _on_rows_placed(self) -> None:
        row = self._flow.row_of(INPUT_ID)
        if row is not None:
            self.row.place(row)

    def _on_offer_chosen(self, offer: str) -> None:
        self._offers[offer]()

    def _on_sample_chosen(self, name: str) -> None:
        if self._gallery is not None:
            self._gallery.close_popover()
        self._opening.open_sample(name)

    def _on_gallery_closed(self) -> None:
        if self._gallery is not None:
            self._gallery.deleteLater()
            self._gallery = None
