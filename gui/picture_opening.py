"""How a person brings a picture: a file, a sample, a drop, the clipboard, or only a size.

Reading and decoding happen on the loader's thread. A picture that can be shown becomes one step of
the document; everything else is said in place, as a notice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.images import FORMATS, Picture
from engine.problems import PictureError
from engine.project import Project, declared_input, shape_after
from engine.shapes import Shape
from engine.size_outcome import SizeOutcome, size_outcome
from engine.size_policy import SizePolicy
from gui.document import Change, Document
from gui.picture_levels import PictureLevels
from gui.picture_loader import LoadedPicture, PictureLoader, PictureOverview
from gui.picture_notice import Notice
from gui.picture_sources import (
    FileSource,
    PictureSource,
    SampleSource,
    may_hold_picture,
    source_in,
)
from gui.picture_state import PictureState, memory_warning
from gui.recent_files import RecentFiles
from gui.wording import bytes_text, size_text

BUSY_AFTER = 150
"""Milliseconds after which a picture that is still being read is spoken of."""

SAMPLE_SIDE = 512
"""The longer side of a sample's largest view in pixels, for large text on a fine screen."""

MOST_OVERVIEWS = 4
"""Of so many pictures the overviews are kept, for going back and forth."""

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


class PictureOpening(QObject):
    """Brings pictures into the document, and says what the window shows of the present one."""

    state_changed = Signal(PictureState)
    notice_changed = Signal(object)
    """A `Notice`, or None."""
    failed = Signal(str, str)
    """A sentence on a fault of the program, and the details for a report."""
    sample_drawn = Signal(str, object)
    """The file name of a sample, and its `PictureLevels`."""

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
        self._overviews: dict[str, PictureOverview] = {}
        self.samples: dict[str, PictureLevels] = {}
        """The samples that were drawn, by file name."""
        self._wanted = ""
        """The digest of the picture whose overview was asked for last."""
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
        loader.overview_made.connect(self._on_overview_made)
        loader.sample_drawn.connect(self._on_sample_drawn)
        self._want_overview(document.project)

    @property
    def state(self) -> PictureState:
        """What is shown of the picture now."""
        project = self._document.project
        picture = project.picture
        digest = picture.digest if isinstance(picture, Picture) else ""
        return PictureState(project, self._overviews.get(digest))

    @property
    def notice(self) -> Notice | None:
        """What is said of a picture now."""
        return self._notice

    # What a person does

    def ask(self) -> None:
        """Let a person choose a picture's file."""
        self._open_dialog("Open a picture", self._folder(), self.open_path)

    def locate(self) -> None:
        """Let a person find the picture that a saved project is missing."""
        missing = self.state.missing
        if missing is None:
            return
        folder = missing.path.parent if missing.path.is_absolute() else self._folder()
        self._open_dialog(f"Locate {missing.name}", folder, self._open_located)

    def open_path(self, path: Path) -> None:
        """Open a picture's file."""
        self._open(FileSource(path))

    def open_sample(self, file_name: str) -> None:
        """Open a picture that comes with the program."""
        self._open(SampleSource(file_name))

    def open_source(self, source: PictureSource) -> None:
        """Open a picture from anywhere."""
        self._open(source)

    @property
    def can_paste(self) -> bool:
        """Whether the clipboard holds what is most likely a picture."""
        data = QGuiApplication.clipboard().mimeData()
        # Where nothing was ever copied, there are no data at all.
        return data is not None and may_hold_picture(data)

    def paste(self) -> None:
        """Open the picture in the clipboard, or the file that it names."""
        try:
            source = source_in(QGuiApplication.clipboard().mimeData(), "Pasted")
        except PictureError as error:
            self.refuse(str(error))
            return
        if source is None:
            self.refuse(_NOTHING_TO_PASTE)
        else:
            self._open(source)

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

    def _open(self, source: PictureSource, *, locates: bool = False) -> None:
        self._asked = None
        number = self._loader.load(source, self._document.project.policy)
        self._request = _Request(source, number, locates)
        self._slow.start()

    def _open_located(self, path: Path) -> None:
        self._open(FileSource(path), locates=True)

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
        self._keep(loaded.overview)
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
        limited = self._outcome(loaded, LIMITED)
        answers = [("take", "Open it nevertheless"), ("limit", _limit_text(limited))]
        self._say(Notice(text, "warning", tuple(answers)))

    # What is shown

    def _on_opened(self) -> None:
        """Another project came: what was to happen to the last one is over."""
        self._end_request()
        self._say(None)

    def _on_project_changed(self, change: Change) -> None:
        if not change.only_display:
            self._want_overview(change.project)
            self.state_changed.emit(self.state)

    def _want_overview(self, project: Project) -> None:
        picture = project.picture
        if not isinstance(picture, Picture) or picture.digest in self._overviews:
            return
        if picture.digest != self._wanted:
            self._wanted = picture.digest
            self._loader.draw_overview(picture, project.policy)

    def _on_overview_made(self, overview: PictureOverview) -> None:
        self._keep(overview)
        self.state_changed.emit(self.state)

    def draw_samples(self) -> None:
        """Draw the samples, if they were not drawn before."""
        if not self.samples:
            self._loader.draw_samples(SAMPLE_SIDE)

    def _on_sample_drawn(self, name: str, levels: PictureLevels) -> None:
        self.samples[name] = levels
        self.sample_drawn.emit(name, levels)

    def _keep(self, overview: PictureOverview) -> None:
        self._wanted = ""
        self._overviews.pop(overview.digest, None)
        self._overviews[overview.digest] = overview
        while len(self._overviews) > MOST_OVERVIEWS:
            del self._overviews[next(iter(self._overviews))]

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

    def _open_dialog(self, title: str, folder: Path | None, chosen: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, "" if folder is None else str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(name_filters())
        dialog.fileSelected.connect(lambda path: chosen(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        # Unlike exec, this leaves the window alive: maps go on appearing behind the dialog.
        dialog.open()


def name_filters() -> tuple[str, ...]:
    """Return the filters of a dialog for pictures: all of them, each kind, and all files."""
    kinds: dict[str, list[str]] = {}
    for suffix, label in FORMATS.items():
        # Cameras write .JPG, and some systems' dialogs tell the cases apart.
        kinds.setdefault(label, []).extend((f"*{suffix}", f"*{suffix.upper()}"))
    every = " ".join(pattern for patterns in kinds.values() for pattern in patterns)
    each = (f"{label} ({' '.join(patterns)})" for label, patterns in kinds.items())
    return (f"Pictures ({every})", *each, "All files (*)")


def _limit_text(limited: SizeOutcome) -> str:
    return f"Limit it to {LIMITED.height} px ({bytes_text(limited.maps_bytes)})"
