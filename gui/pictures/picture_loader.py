"""The second module with a thread: it reads and decodes pictures, so that the window never waits.

What goes to the thread is an immutable value, and what comes back is never written again. The
newest picture wins: those that still wait are skipped for it, and results carry the number of their
request, so that late ones are dropped where they arrive.
"""

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.pictures.images import Picture, open_sample, sample_pictures
from engine.pictures.size_policy import SizePolicy
from engine.pictures.thumbnails import thumbnail_levels
from engine.problems import PictureError
from engine.project import decoded_picture, picture_header
from engine.shapes import Shape
from gui.pictures.picture_levels import PictureLevels
from gui.pictures.picture_sources import PictureSource

OVERVIEW_SIDE = 1024
"""The longer side of the largest view of a whole picture, in pixels."""


@dataclass(frozen=True, eq=False)
class PictureOverview:
    """What is shown of a picture as a whole: its size, its colors, what was changed to read it.

    With a ``problem``, why it cannot be read, there are no colors and no size.
    """

    digest: str
    shape: Shape | None
    levels: PictureLevels | None
    warnings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, eq=False)
class LoadedPicture:
    """A picture that was read and can be decoded."""

    number: int
    picture: Picture
    overview: PictureOverview


class PictureLoader(QObject):
    """Reads pictures on one thread; all signals arrive in the thread of the window."""

    loaded = Signal(LoadedPicture)
    refused = Signal(int, str)
    """The number of a request, and why there is no picture."""
    overview_made = Signal(PictureOverview)
    sample_drawn = Signal(str, object)
    """A sample's file name, and its `PictureLevels`."""
    failed = Signal(str, str)
    """A sentence, and the details for a report."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._newest = 0

    @property
    def newest(self) -> int:
        """The number of the newest request for a picture; results of older ones are late."""
        return self._newest

    def load(self, source: PictureSource, policy: SizePolicy) -> int:
        """Read and decode a picture as the policy needs it; return the request's number."""
        self._newest += 1
        number = self._newest
        self._submit(partial(self._load, number, source, policy))
        return number

    def cancel(self) -> None:
        """Drop the picture that is being read, if there is one."""
        self._newest += 1

    def draw_overview(self, picture: Picture, policy: SizePolicy) -> None:
        """Make the overview of a picture that the document has already."""
        self._submit(partial(self._draw_overview, picture, policy))

    def draw_samples(self, side: int) -> None:
        """Draw the pictures that come with the program, one after the other."""
        for sample in sample_pictures():
            self._submit(partial(self._draw_sample, sample.name, side))

    def stop(self) -> None:
        """End the thread; waits for it."""
        self._newest += 1
        self._pool.shutdown(cancel_futures=True)

    # On the worker

    def _submit(self, work: Callable[[], None]) -> None:
        self._pool.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            # Shown with its details: a fault of the engine must not pass in silence.
            self.failed.emit(
                "Something went wrong while reading a picture.", traceback.format_exc()
            )

    def _load(self, number: int, source: PictureSource, policy: SizePolicy) -> None:
        if number != self._newest:
            return
        try:
            picture = source.read()
            overview = _overview(picture, policy)
        except PictureError as error:
            self.refused.emit(number, str(error))
        except MemoryError:
            self.refused.emit(number, f"“{source.name}” needs more memory than is free.")
        else:
            if overview.problem:
                self.refused.emit(number, overview.problem)
            else:
                self.loaded.emit(LoadedPicture(number, picture, overview))

    def _draw_overview(self, picture: Picture, policy: SizePolicy) -> None:
        self.overview_made.emit(_overview(picture, policy))

    def _draw_sample(self, name: str, side: int) -> None:
        levels = PictureLevels(thumbnail_levels(open_sample(name), side))
        self.sample_drawn.emit(name, levels)


def _overview(picture: Picture, policy: SizePolicy) -> PictureOverview:
    try:
        # The pixels stay in the engine's memory, where the evaluator finds them.
        decoded = decoded_picture(picture, policy)
        levels = PictureLevels(thumbnail_levels(picture, OVERVIEW_SIDE, decoded))
    except PictureError as error:
        return PictureOverview(picture.digest, None, None, problem=str(error))
    shape = picture_header(picture).shape
    return PictureOverview(picture.digest, shape, levels, decoded.warnings)
