"""What leaves the window: sheets, maps, tables, equations and arrays, copied or saved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from engine.analysis import Analysis
from engine.formats.analysis_table import analysis_csv, analysis_markdown, analysis_table
from engine.formats.equation_text import equation_text
from engine.formats.maps_archive import write_archive, write_array
from engine.network import INPUT_ID
from engine.problems import ProjectFileError
from engine.saving.network_json import network_to_json, network_to_text
from engine.sheets.level_range import LevelScope, joined_range
from engine.sheets.map_sheet import sheet_rgb
from engine.sheets.single_map import single_map_sheet
from engine.whole_files import file_errors_as_sentences, written_whole
from engine.wording import shown_name
from gui.document import Document
from gui.file_dialogs import FileDialogs, file_name, waiting_pointer
from gui.flow.row_state import numbered_title
from gui.map_results import LayerResult
from gui.preferences import Preferences
from gui.viewing import View, Viewing

TABLES = {
    ".txt": ("Text (*.txt)", analysis_table),
    ".csv": ("Spreadsheet (*.csv)", analysis_csv),
    ".md": ("Markdown (*.md)", analysis_markdown),
}
"""How the table of the layers can be written, by the ending of its file."""

COLORED, GRAY = "Colored as shown (*.png)", "Gray (*.png)"

Rgb = NDArray[np.uint8]


class Exporting(QObject):
    """Copies and saves what the window shows; each method makes one thing, or says why not."""

    noticed = Signal(str)
    """What was done, in a sentence."""

    def __init__(
        self,
        document: Document,
        viewing: Viewing,
        preferences: Preferences,
        result_of: Callable[[str], LayerResult | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._viewing = viewing
        self._preferences = preferences
        self._result_of = result_of
        self._dialogs = FileDialogs(window, preferences)

    # A layer's sheet

    def copy_sheet(self, node_id: str) -> None:
        """Copy a picture of a layer's maps with their dimensions, sizes and colors."""
        figure = self._figure(node_id)
        if figure is not None:
            self._copy_picture(figure, f"the sheet of {self._name(node_id)}")

    def save_sheet(self, node_id: str) -> None:
        """Save that picture as PNG."""
        if self._maps_of(node_id) is None:
            return
        path = self._place("Save the sheet", f"{node_id}.png", [("PNG (*.png)", ".png")])
        figure = None if path is None else self._figure(node_id)
        if path is not None and figure is not None:
            self._save(path, lambda: _write_picture(path, figure))

    def _figure(self, node_id: str) -> Rgb | None:
        result = self._maps_of(node_id)
        if result is None:
            return None
        # Drawing words into pictures takes a part of Pillow that the window can start without.
        from engine.formats.described_figure import described_figure
        from engine.formats.figure import layer_figure

        layer, view = self._document.analysis[node_id], self._viewing.view
        shared = self._network_range() if view.scope is LevelScope.NETWORK else None
        figure = replace(
            described_figure(layer, result.maps),
            theme=self._preferences.theme.name,
            scope=view.scope,
            network_range=shared,
            color=_color(node_id, view),
            clip=view.clip,
        )
        with waiting_pointer():
            return layer_figure(figure)

    # One map

    def copy_map(self, node_id: str, index: int) -> None:
        """Copy one map, a pixel per value, in the colors that it is shown in."""
        picture = self._map_picture(node_id, index, _color(node_id, self._viewing.view))
        if picture is not None:
            self._copy_picture(picture, f"map {index} of {self._name(node_id)}")

    def save_map(self, node_id: str, index: int) -> None:
        """Save one map as PNG, a pixel per value, in its colors or in gray."""
        if self._maps_of(node_id) is None:
            return
        # The two differ in nothing but the colors, so the dialog's filter decides.
        chosen = self._dialogs.file_to_save(
            "Save the map",
            "export",
            f"{file_name(node_id)} map {index}.png",
            [(COLORED, ".png"), (GRAY, ".png")],
        )
        if chosen is None:
            return
        path, kind = chosen
        color = "gray" if kind == GRAY else _color(node_id, self._viewing.view)
        picture = self._map_picture(node_id, index, color)
        if picture is not None:
            self._save(path, lambda: _write_picture(path, picture))

    def _map_picture(self, node_id: str, index: int, color: str) -> Rgb | None:
        result = self._maps_of(node_id)
        if result is None:
            return None
        view = self._viewing.view
        is_picture = node_id == INPUT_ID
        scope = LevelScope.MAP if is_picture else view.scope
        sheet = single_map_sheet(
            result.maps,
            min(max(index, 0), len(result.maps) - 1),
            result.statistics,
            scope=scope,
            network_range=self._network_range() if scope is LevelScope.NETWORK else None,
            color=color,
            clip=0.0 if is_picture else view.clip,
        )
        return sheet_rgb(sheet)

    # Words and numbers

    def copy_table(self, suffix: str = ".txt") -> None:
        """Copy the table of the layers, written as the files of that ending are."""
        QGuiApplication.clipboard().setText(TABLES[suffix][1](self._document.analysis))
        self.noticed.emit("Copied the table of the layers.")

    def save_table(self) -> None:
        """Save the table of the layers as text, for spreadsheets, or as Markdown."""
        filters = [(label, suffix) for suffix, (label, _) in TABLES.items()]
        path = self._place("Save the table of the layers", "layers.txt", filters)
        if path is not None:
            text = TABLES.get(path.suffix.lower(), TABLES[".txt"])[1](self._document.analysis)
            self._save(path, lambda: _write_text(path, text))

    def copy_equation(self, node_id: str) -> None:
        """Copy why a layer has its size."""
        layer = self._document.analysis[node_id]
        text = equation_text(layer)
        if text:
            QGuiApplication.clipboard().setText(text)
            self.noticed.emit(f"Copied the equation of {self._name(node_id)}.")
        else:
            self._dialogs.refuse(_why_not(self._document.analysis, node_id))

    def save_network(self, name: str = "") -> None:
        """Save the network as text with its name, without picture and imported weights."""
        project = self._document.project
        try:
            data = network_to_json(project.network, name=name, policy=project.policy)
        except ProjectFileError as error:
            self._dialogs.refuse(str(error))
            return
        path = self._place("Save the network", "network.json", [("Network (*.json)", ".json")])
        if path is not None:
            self._save(path, lambda: _write_text(path, network_to_text(data)))

    # Arrays

    def save_array(self, node_id: str) -> None:
        """Save a layer's maps as a .npy file: float32, channels × height × width."""
        result = self._maps_of(node_id)
        if result is None:
            return
        path = self._place("Save the maps", f"{node_id}.npy", [("NumPy array (*.npy)", ".npy")])
        if path is not None:
            self._save(path, lambda: write_array(path, result.maps))

    def save_arrays(self) -> None:
        """Save the maps of all layers as a .npz file, by their names."""
        layers = self._document.analysis.layers
        found = {name: self._current(name) for name, layer in layers.items() if layer.computable}
        missing = [name for name, result in found.items() if result is None]
        if missing or not found:
            self._dialogs.refuse("Not all maps are computed yet. Wait a moment and try again.")
            return
        path = self._place("Save all maps", "maps.npz", [("NumPy arrays (*.npz)", ".npz")])
        if path is not None:
            maps = [(name, result.maps) for name, result in found.items() if result is not None]
            self._save(path, lambda: write_archive(path, maps))

    # Parts

    def _name(self, node_id: str) -> str:
        return numbered_title(self._document.analysis, node_id)

    def _current(self, node_id: str) -> LayerResult | None:
        """Return a layer's maps, if they have the size that they should have now."""
        result, layer = self._result_of(node_id), self._document.analysis[node_id]
        if result is None or not layer.computable or result.shape != layer.shape:
            return None
        return result

    def _maps_of(self, node_id: str) -> LayerResult | None:
        """Return a layer's maps, or say why there are none."""
        result = self._current(node_id)
        if result is None:
            self._dialogs.refuse(_why_not(self._document.analysis, node_id))
        return result

    def _network_range(self) -> tuple[float, float]:
        results = map(self._current, self._document.analysis.layers)
        return joined_range(r.range for r in results if r is not None and r.node_id != INPUT_ID)

    def _copy_picture(self, rgb: Rgb, what: str) -> None:
        height, width, _ = rgb.shape
        image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        QGuiApplication.clipboard().setImage(image.copy())
        self.noticed.emit(f"Copied {what}: {height} × {width} pixels.")

    def _place(self, title: str, name: str, filters: Sequence[tuple[str, str]]) -> Path | None:
        chosen = self._dialogs.file_to_save(title, "export", file_name(name), filters)
        return None if chosen is None else chosen[0]

    def _save(self, path: Path, write: Callable[[], None]) -> None:
        def saved() -> Path:
            write()
            return path

        if self._dialogs.attempt(saved) is not None:
            self.noticed.emit(f"Saved “{shown_name(path.name)}”.")


def _color(node_id: str, view: View) -> str:
    return "gray" if node_id == INPUT_ID and view.color == "auto" else view.color


def _why_not(analysis: Analysis, node_id: str) -> str:
    """Return why there is nothing of a layer to hand out."""
    layer = analysis[node_id]
    if layer.problems:
        return f"This layer has no maps: {layer.problems[0].message}"
    if layer.waiting_for:
        return (
            f"This layer has no maps: it waits for {numbered_title(analysis, layer.waiting_for)}."
        )
    return "The maps of this layer are not computed yet. Wait a moment and try again."


def _write_picture(path: Path, rgb: Rgb) -> None:
    from engine.formats.figure import write_png

    write_png(path, rgb)


def _write_text(path: Path, text: str) -> None:
    with file_errors_as_sentences(path, "saved"), written_whole(path) as stream:
        stream.write(text.encode())
