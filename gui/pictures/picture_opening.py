"""How a person brings a picture: a file, a sample, a drop, the clipboard, or only a size.

Reading and decoding happen on the loader's thread. A picture that can be shown becomes one step of
the document; everything else is said in place, as a notice.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.problems import PictureError
from engine.project import declared_input, shape_after
from engine.shapes import Shape
from engine.size_outcome import SizeOutcome, size_outcome
from gui.document import Change, Document
from gui.pictures.picture_dialog import open_picture_dialog
from gui.pictures.picture_loader import LoadedPicture, PictureLoader
from gui.pictures.picture_notice import Notice
from gui.pictures.picture_overviews import PictureOverviews
from gui.pictures.picture_sources import (
    FileSource,
    PictureSource,
    SampleSource,
    may_hold_picture,
    source_in,
)
from gui.pictures.picture_state import PictureState, memory_warning
from gui.recent_files import RecentFiles
from gui.wording import bytes_text, size_text

BUSY_AFTER = 150
"""Milliseconds after which a picture that is still being read is spoken of."""

LIMITED = SizePolicy()
"""What is offered where a picture takes too much memory."""

_NOTHING_TO_PASTE = (
    "The clipboard holds no picture. Copy a picture, or the file of one, and paste again."
)


@dataclass(frozen=True, eq=False)
class _Request:
    """A picture on its way into the document."""

    source: PictureSource
    number: int
    locates: bool = False
    """It is the missing picture of the project, and takes its place as it was."""
    at_start: bool = False
    """The program was started with it: until something is edited there is nothing to save."""


class PictureOpening(QObject):
    """Brings pictures into the document, and says what the window shows of the present one."""

    state_changed = Signal(PictureState)
    notice_changed = Signal(object)
    """A `Notice`, or None."""
    failed = Signal(str, str)
    """A sentence on a fault of the program, and the details for a report."""

    def __init__(
        self,
        document: Document,
        loader: PictureLoader,
        recent: RecentFiles,
        window: QWidget,
        budget: int,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._loader = loader
        self._window = window
        self.recent = recent
        self.budget = budget
        self.overviews = PictureOverviews(loader, self)
        self._request: _Request | None = None
        self._asked: LoadedPicture | None = None
        """A picture that would take much memory, until its person decides."""
        self._notice: Notice | None = None
        self._slow = QTimer(self, singleShot=True, interval=BUSY_AFTER)
        self._slow.timeout.connect(self._on_slow)
        document.opened.connect(self._on_opened)
        document.project_changed.connect(self._on_project_changed)
        loader.loaded.connect(self._on_loaded)
        loader.refused.connect(self._on_refused)
        loader.failed.connect(self._on_failed)
        self.overviews.made.connect(self._on_overview_made)
        self.overviews.want(document.project)

    @property
    def state(self) -> PictureState:
        """What is shown of the picture now."""
        project = self._document.project
        return PictureState(project, self.overviews.of(project))

    @property
    def notice(self) -> Notice | None:
        """What is said of a picture now."""
        return self._notice

    # What a person does

    def ask(self) -> None:
        """Let a person choose a picture's file."""
        open_picture_dialog(self._window, "Open a picture", self._folder(), self.open_path)

    def locate(self) -> None:
        """Let a person find the picture that a saved project is missing."""
        missing = self.state.missing
        if missing is None:
            return
        folder = missing.path.parent if missing.path.is_absolute() else self._folder()
        open_picture_dialog(self._window, f"Locate {missing.name}", folder, self._open_located)

    def open_path(self, path: Path, at_start: bool = False) -> None:
        """Open a picture's file; ``at_start`` if the program was started with it."""
        self.open_source(FileSource(path), at_start=at_start)

    def open_sample(self, file_name: str) -> None:
        """Open a picture that comes with the program."""
        self.open_source(SampleSource(file_name))

    def open_source(
        self, source: PictureSource, *, locates: bool = False, at_start: bool = False
    ) -> None:
        """Open a picture from anywhere; ``locates`` if it is the one that the project misses."""
        self._asked = None
        self._say(None)  # it was of another picture
        number = self._loader.load(source, self._document.project.policy)
        self._request = _Request(source, number, locates, at_start)
        self._slow.start()

    @property
    def can_paste(self) -> bool:
        """Whether the clipboard holds what is most likely a picture."""
        data = _clipboard()
        return data is not None and may_hold_picture(data)

    def paste(self) -> None:
        """Open the picture in the clipboard, or the file that it names."""
        data = _clipboard()
        try:
            source = None if data is None else source_in(data, "Pasted")
        except PictureError as error:
            self.refuse(str(error))
            return
        if source is None:
            self.refuse(_NOTHING_TO_PASTE)
        else:
            self.open_source(source)

    def use_size(self, shape: Shape) -> None:
        """Take only a size, for a person without a picture."""
        project = replace(self._document.project, picture=shape)
        self._document.edit(f"Use size {size_text(shape)}", project)

    def refuse(self, sentence: str) -> None:
        """Say in place why there is no new picture."""
        self._say(Notice(sentence, "problem", (("ask", "Choose another …"),)))

    def remark(self, sentence: str) -> None:
        """Say something in place that is no problem."""
        self._say(Notice(sentence))

    def remark_on_drop(self, count: int) -> None:
        """Say that of several files only the first is opened."""
        self.remark(f"{count} files were dropped; the first is opened.")

    def answer(self, answer: str) -> None:
        """Do what a person chose on a notice."""
        asked = self._asked
        self._say(None)
        if answer == "ask":
            self.ask()
        elif answer == "cancel":
            self._end_request()
        elif asked is not None:
            self._take(asked, LIMITED if answer == "limit" else self._policy_for(asked))

    def close_notice(self) -> None:
        """Hide the notice; a question is answered with no."""
        if self._asked is not None:
            self._end_request()
        self._say(None)

    def stop(self) -> None:
        """End the loader's thread; waits for it."""
        self._slow.stop()
        self._loader.stop()

    # Opening

    def _open_located(self, path: Path) -> None:
        self.open_source(FileSource(path), locates=True)

    def _end_request(self) -> None:
        self._slow.stop()
        self._loader.cancel()
        self._request = self._asked = None

    def _on_slow(self) -> None:
        if self._request is not None:
            text = f"Reading “{self._request.source.name}” …"
            self._say(Notice(text, "", (("cancel", "Cancel"),), can_be_closed=False))

    def _on_loaded(self, loaded: LoadedPicture) -> None:
        request = self._request
        if request is None or loaded.number != request.number:
            return
        self._slow.stop()
        self.overviews.keep(loaded.overview)
        outcome = self._outcome(loaded, self._policy_for(loaded))
        if outcome.maps_bytes > max(self.budget, self._present_bytes()):
            self._ask_about(loaded, outcome)
        else:
            self._take(loaded, self._policy_for(loaded))

    def _on_refused(self, number: int, sentence: str) -> None:
        request = self._request
        if request is None or number != request.number:
            return
        self._slow.stop()
        self._request = None
        if isinstance(request.source, FileSource):
            self.recent.forget(request.source.path)
        self.refuse(sentence)

    def _on_failed(self, sentence: str, details: str) -> None:
        self._end_request()
        self._say(None)
        self.failed.emit(sentence, details)

    def _policy_for(self, loaded: LoadedPicture) -> SizePolicy:
        """Return the policy for a new picture: a rectangle on another one means nothing on it."""
        policy = self._document.project.policy
        request = self._request
        keeps = (request is not None and request.locates) or self._is_shown(loaded.picture)
        return policy if keeps else replace(policy, crop=None)

    def _is_shown(self, picture: Picture) -> bool:
        return self._document.project.picture == picture

    def _take(self, loaded: LoadedPicture, policy: SizePolicy) -> None:
        """Make a picture the document's."""
        request, self._request, self._asked = self._request, None, None
        if self._is_shown(loaded.picture):
            self.remark(f"“{loaded.picture.name}” is shown already.")
        elif self._notice is not None and self._notice.answers:
            self._say(None)
        if request is not None and isinstance(request.source, FileSource):
            self.recent.add(request.source.path)
        verb = "Locate" if request is not None and request.locates else "Open"
        project = replace(self._document.project, picture=loaded.picture, policy=policy)
        if request is not None and request.at_start and not self._document.undo_stack.count():
            self._document.restore(project)
        else:
            self._document.edit(f"{verb} picture {loaded.picture.name}", project)

    # Memory

    def _outcome(self, loaded: LoadedPicture, policy: SizePolicy) -> SizeOutcome:
        assert loaded.overview.shape is not None
        shape = shape_after(policy, loaded.overview.shape)
        return size_outcome(self._document.project.network, shape)

    def _present_bytes(self) -> int:
        """Return what is taken already: a person is not asked the same thing twice."""
        project = self._document.project
        shape = declared_input(project).shape
        if shape is None or not isinstance(project.picture, Picture):
            return 0
        return size_outcome(project.network, shape).maps_bytes

    def _ask_about(self, loaded: LoadedPicture, outcome: SizeOutcome) -> None:
        self._asked = loaded
        text = f"“{loaded.picture.name}”: {memory_warning(outcome, self.budget)}"
        limited = bytes_text(self._outcome(loaded, LIMITED).maps_bytes)
        limit = f"Limit it to {LIMITED.height} px ({limited})"
        self._say(Notice(text, "warning", (("take", "Open it nevertheless"), ("limit", limit))))

    # What is shown

    def _on_opened(self) -> None:
        """Another project came: what was to happen to the last one is over."""
        self._end_request()
        self._say(None)

    def _on_project_changed(self, change: Change) -> None:
        if not change.only_display:
            self.overviews.want(change.project)
            self.state_changed.emit(self.state)

    def _on_overview_made(self) -> None:
        self.state_changed.emit(self.state)

    def _say(self, notice: Notice | None) -> None:
        if notice != self._notice:
            self._notice = notice
            self.notice_changed.emit(notice)

    # Dialogs

    def _folder(self) -> Path | None:
        """Return where a person most likely keeps pictures."""
        picture = self._document.project.picture
        if isinstance(picture, Picture) and picture.path is not None:
            return picture.path.parent
        return next((path.parent for path in self.recent.paths), None)


def _clipboard() -> QMimeData | None:
    """Return what was copied; where nothing ever was, there are no data at all."""
    return QGuiApplication.clipboard().mimeData()
