"""Which array of an opened file is which of the layer's."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.layer import WeightSpec
from engine.weighting.stored_array import StoredArray, shape_in_words
from engine.weighting.weight_matching import imported_arrays
from engine.weighting.weight_sources import Imported
from gui.fields.scrolled_inputs import ChoiceBox
from gui.labels import set_role


class FileArrays(QWidget):
    """A line for each array of the layer: what it needs, and what it gets.

    As long as the file is at hand, its other arrays can be chosen; a saved project keeps only
    those that were taken.
    """

    matched = Signal(Imported)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(3)
        self._origin = ""
        self._file: Mapping[str, StoredArray] = {}
        self._offered: Mapping[str, StoredArray] = self._file
        """The file whose arrays stand in the boxes."""
        self._specs: tuple[WeightSpec, ...] = ()
        self.boxes: dict[str, ChoiceBox] = {}
        self._labels: dict[str, QLabel] = {}

    def show_file(self, origin: str, arrays: Mapping[str, StoredArray]) -> None:
        """Offer the arrays of a file that was just opened."""
        self._origin, self._file = origin, arrays

    def forget_file(self) -> None:
        """Offer only what was taken: another layer is shown."""
        self._origin, self._file = "", {}

    def show_arrays(self, source: Imported, specs: Sequence[WeightSpec]) -> None:
        """Show what each array of the layer gets."""
        if list(self.boxes) != [spec.name for spec in specs]:
            self._make(specs)
        if source.origin != self._origin:
            self.forget_file()
        # A file may hold thousands of arrays, and this is called after every edit.
        if self._offered is not self._file or self._specs != tuple(specs):
            self._offered, self._specs = self._file, tuple(specs)
            for spec in specs:
                self._offer(spec)
        taken = dict(source.tensors)
        for spec in specs:
            self._show_array(spec, taken.get(spec.name))

    def _make(self, specs: Sequence[WeightSpec]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes, self._labels = {}, {}
        for line, spec in enumerate(specs):
            label, box = QLabel(), ChoiceBox()
            box.setAccessibleName(f"Array of the file for {spec.name}")
            box.activated.connect(self._on_activated)
            self._grid.addWidget(label, 2 * line, 0)
            self._grid.addWidget(box, 2 * line + 1, 0)
            self.boxes[spec.name], self._labels[spec.name] = box, label

    def _offer(self, spec: WeightSpec) -> None:
        box = self.boxes[spec.name]
        chosen = box.currentData()
        box.clear()
        box.addItem("nothing", None)
        # What fits comes first.
        for name in sorted(self._file, key=lambda name: self._file[name].shape != spec.shape):
            box.addItem(f"{name} · {shape_in_words(self._file[name].shape)}", name)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.setVisible(bool(self._file))

    def _show_array(self, spec: WeightSpec, taken: StoredArray | None) -> None:
        label, box = self._labels[spec.name], self.boxes[spec.name]
        label.setText(_state(spec, taken))
        set_role(label, "muted" if _fits(spec, taken) else "problem")
        # Two arrays can be equal: the one that was chosen stays chosen.
        if self._file.get(box.currentData()) != taken:
            equal = (name for name, array in self._file.items() if array == taken)
            box.setCurrentIndex(max(box.findData(next(equal, None)), 0))

    def _on_activated(self) -> None:
        matches = {
            needed: name
            for needed, box in self.boxes.items()
            if isinstance(name := box.currentData(), str) and name in self._file
        }
        self.matched.emit(imported_arrays(self._origin, self._file, matches))


def _fits(spec: WeightSpec, taken: StoredArray | None) -> bool:
    return spec.start is not None if taken is None else taken.shape == spec.shape


def _state(spec: WeightSpec, taken: StoredArray | None) -> str:
    """Return what an array of the layer is, and whether it got what it needs.

    >>> _state(WeightSpec("kernel", (8, 3, 5, 5)), None)
    '⚠ kernel is missing, 8×3×5×5 needed'
    >>> _state(WeightSpec("bias", (8,), 0.0), None)
    'bias starts at 0'
    """
    if taken is None and spec.start is not None:
        return f"{spec.name} starts at {spec.start:g}"
    received = "missing" if taken is None else shape_in_words(taken.shape)
    if _fits(spec, taken):
        return f"{spec.name} is {received}"
    return f"⚠ {spec.name} is {received}, {shape_in_words(spec.shape)} needed"
