"""What the window consists of, for whatever acts upon several parts of it."""

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from gui.compare.compare_binding import CompareBinding
from gui.compare.comparing import Comparing
from gui.computing import Computing
from gui.connections import Connections
from gui.document import Document
from gui.editing import Editing
from gui.exporting import Exporting
from gui.files import Files
from gui.flow.network_view import NetworkView
from gui.maps.map_binding import MapBinding
from gui.panel_space import PanelSpace
from gui.pictures.picture_opening import PictureOpening
from gui.pictures.picture_panels import PicturePanels
from gui.preferences import Preferences
from gui.problems.problem_binding import ProblemBinding
from gui.size_path.size_path_binding import SizePathBinding
from gui.viewing import Viewing


@dataclass(frozen=True)
class Parts:
    """Parts of one window; made anew with its panels."""

    window: QMainWindow
    document: Document
    editing: Editing
    viewing: Viewing
    computing: Computing
    files: Files
    preferences: Preferences
    pictures: PictureOpening
    picture_panels: PicturePanels
    connections: Connections
    exporting: Exporting
    maps: MapBinding
    comparing: Comparing
    compare: CompareBinding
    size_path: SizePathBinding
    problems: ProblemBinding
    flow: NetworkView
    space: PanelSpace
