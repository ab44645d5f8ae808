"""The overviews of the pictures that were shown last, made on the loader's thread."""

from PySide6.QtCore import QObject, Signal

from engine.pictures.images import Picture
from engine.project import Project
from gui.pictures.picture_levels import PictureLevels
from gui.pictures.picture_loader import PictureLoader, PictureOverview

MOST_OVERVIEWS = 4
"""So many are kept, for going back and forth between pictures."""

SAMPLE_SIDE = 512
"""The longer side of a sample's largest view in pixels, for large text on a fine screen."""


class PictureOverviews(QObject):
    """Remembers overviews, and asks for those that are wanted."""

    made = Signal()
    """An overview that was wanted is there."""
    sample_drawn = Signal(str, object)
    """The file name of a sample, and its `PictureLevels`."""

    def __init__(self, loader: PictureLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._loader = loader
        self._kept: dict[str, PictureOverview] = {}
        self._wanted = ""
        """The digest of the picture whose overview was asked for last."""
        self.samples: dict[str, PictureLevels] = {}
        """The samples that were drawn, by file name."""
        loader.overview_made.connect(self._on_made)
        loader.sample_drawn.connect(self._on_sample_drawn)

    def of(self, project: Project) -> PictureOverview | None:
        """Return the overview of a project's picture, if it has been made."""
        picture = project.picture
        return self._kept.get(picture.digest) if isinstance(picture, Picture) else None

    def want(self, project: Project) -> None:
        """Ask for the overview of a project's picture, if it has one and lacks that."""
        picture = project.picture
        if not isinstance(picture, Picture) or picture.digest in (*self._kept, self._wanted):
            return
        self._wanted = picture.digest
        self._loader.draw_overview(picture, project.policy)

    def keep(self, overview: PictureOverview) -> None:
        """Remember an overview, and forget the oldest one."""
        self._kept.pop(overview.digest, None)
        self._kept[overview.digest] = overview
        while len(self._kept) > MOST_OVERVIEWS:
            del self._kept[next(iter(self._kept))]

    def draw_samples(self) -> None:
        """Draw the samples, if they were not drawn before."""
        if not self.samples:
            self._loader.draw_samples(SAMPLE_SIDE)

    def _on_made(self, overview: PictureOverview) -> None:
        self._wanted = ""
        self.keep(overview)
        self.made.emit()

    def _on_sample_drawn(self, name: str, levels: PictureLevels) -> None:
        self.samples[name] = levels
        self.sample_drawn.emit(name, levels)
