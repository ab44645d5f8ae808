"""Where a layer's weights come from: a seed, kernels with names, a file; and edits by hand."""

import secrets
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.analysis import LayerAnalysis
from engine.constraints import IntRange
from engine.layer import WeightSpec
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_matching import imported_arrays, match_arrays
from engine.weighting.weight_sources import (
    MAX_SEED,
    SCHEMES,
    Imported,
    NamedKernels,
    Seeded,
    Source,
)
from engine.weighting.weights import Weights, takes_named_kernels
from engine.wording import counted
from gui.fields.field_text import WholeText
from gui.fields.scrolled_inputs import ChoiceBox
from gui.fields.value_field import ValueField
from gui.file_arrays import FileArrays
from gui.labels import label_column_width, set_role, text_label
from gui.side.kernel_picker import KernelPicker

_FIRST_KERNELS = ("sobel_x", "sobel_y")
"""What named kernels begin with: the edges that everybody knows."""

_EASY_SEEDS = 10_000
"""A new seed is smaller, so that it can be said and written down."""


class _Kind(Enum):
    """Where weights can come from, besides the schemes of a seed."""

    NAMED = "Named kernels"
    FILE = "From a file"


class WeightsForm(QWidget):
    """The source of a layer's weights; hidden for a layer without any."""

    weights_changed = Signal(Weights, str, object)
    """The new weights, the edit's name, and a key that merges edits in a row, or None."""
    settled = Signal()
    file_wanted = Signal()
    """A weight file is to be chosen and handed to `show_file`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights = Weights()
        self._specs: tuple[WeightSpec, ...] = ()
        self._last_seeded = Seeded()
        self._last_named = NamedKernels(_FIRST_KERNELS)
        heading = QLabel("Weights")
        set_role(heading, "heading")
        self.source_box = ChoiceBox()
        self.source_box.setAccessibleName("Source of the weights")
        self.seed_field = ValueField(WholeText(IntRange(0, MAX_SEED, (0, _EASY_SEEDS))), letters=4)
        self.seed_field.setAccessibleName("Seed")
        self.seed_field.setToolTip("The same seed gives the same weights, on every computer")
        self.new_seed_button = QPushButton("New seed")
        self.picker = KernelPicker()
        self.picker_text = text_label(role="muted")
        self.file_name = text_label()
        self.open_button = QPushButton("Open …")
        self.open_button.setToolTip("Take the weights from a .npy, .npz or .safetensors file")
        self.file_arrays = FileArrays()
        self.edits_text = text_label(role="muted")
        self.discard_button = QPushButton("Discard")
        self.discard_button.setToolTip("Set the weights back to what the source gives")
        self._lay_out(heading)
        self._connect()

    def _lay_out(self, heading: QLabel) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_row_label("Source", self.source_box), 0, 0)
        grid.addWidget(self.source_box, 0, 1)
        self._seed_row = _Row(grid, 1, "Seed", self.seed_field, self.new_seed_button)
        self._file_row = _Row(grid, 2, "File", self.file_name, self.open_button)
        _Row(grid, 3, "By hand", self.edits_text, self.discard_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addLayout(grid)
        column.addWidget(self.file_arrays)
        column.addWidget(self.picker)
        column.addWidget(self.picker_text)

    def _connect(self) -> None:
        self.source_box.activated.connect(self._on_source_activated)
        self.seed_field.edited.connect(self._on_seed_edited)
        self.seed_field.settled.connect(self.settled)
        self.new_seed_button.clicked.connect(self._on_new_seed_clicked)
        self.picker.chosen.connect(self._on_kernels_chosen)
        self.open_button.clicked.connect(self.file_wanted)
        self.file_arrays.matched.connect(self._on_matched)
        self.discard_button.clicked.connect(self._on_discard_clicked)

    # What is shown

    def show_layer(self, layer: LayerAnalysis, *, anew: bool = False) -> None:
        """Show a layer's weights; ``anew`` if it is another layer than before."""
        self._specs = () if layer.facts is None else layer.facts.weight_specs
        self.setVisible(bool(self._specs))
        self._weights = layer.node.weights
        if anew:
            self.file_arrays.forget_file()
        if not self._specs:
            return
        source = self._weights.source
        self._show_source(source)
        self._seed_row.set_visible(isinstance(source, Seeded) and self._is_drawn)
        self._file_row.set_visible(isinstance(source, Imported))
        for widget in (self.picker, self.picker_text):
            widget.setVisible(isinstance(source, NamedKernels))
        self.file_arrays.setVisible(isinstance(source, Imported))
        if isinstance(source, Seeded):
            self._last_seeded = source
            self.seed_field.show_value(source.seed, anew=anew)
        elif isinstance(source, NamedKernels):
            self._last_named = source
            self._show_kernels(source)
        else:
            self.file_name.setText(source.origin)
            self.file_arrays.show_arrays(source, self._specs)
        count = len(self._weights.edits)
        # There without edits too: the first would push the kernel away from under the pointer.
        self.edits_text.setText(counted(count, "weight") if count else "none")
        self.discard_button.setEnabled(count > 0)

    def show_file(self, origin: str, arrays: Mapping[str, StoredArray]) -> None:
        """Take the weights from a file that was opened, as far as its arrays are recognized."""
        self.file_arrays.show_file(origin, arrays)
        matches = match_arrays(arrays, self._specs)
        self._change(imported_arrays(origin, arrays, matches), f"Weights from {origin}")

    @property
    def _is_drawn(self) -> bool:
        """Whether some array is drawn from the seed."""
        return any(spec.start is None for spec in self._specs)

    def _show_source(self, source: Source) -> None:
        """Offer the sources that the layer's arrays can have, and show which it is."""
        choices: list[tuple[str, object]] = [("As in a new layer", "he")]
        if self._is_drawn:
            choices = [(f"Random, {label}", scheme) for scheme, label in SCHEMES]
        named = [spec for spec in self._specs if takes_named_kernels(spec)]
        if named or isinstance(source, NamedKernels):
            choices.append((_Kind.NAMED.value, _Kind.NAMED))
        choices.append((_Kind.FILE.value, _Kind.FILE))
        current: object = _Kind.NAMED if isinstance(source, NamedKernels) else _Kind.FILE
        if isinstance(source, Seeded):
            current = source.scheme if self._is_drawn else "he"
        with QSignalBlocker(self.source_box):
            texts = [self.source_box.itemText(n) for n in range(self.source_box.count())]
            if texts != [label for label, _ in choices]:
                self.source_box.clear()
                for label, data in choices:
                    self.source_box.addItem(label, data)
            self.source_box.setCurrentIndex([data for _, data in choices].index(current))

    def _show_kernels(self, source: NamedKernels) -> None:
        named = [spec.shape[2:] for spec in self._specs if takes_named_kernels(spec)]
        height, width = named[0] if named else (3, 3)
        self.picker.show_choice(source.names, height, width)
        names = ", ".join(KERNELS[name].label for name in source.names)
        self.picker_text.setText(f"{names}; then from the first again, until every filter has one.")

    # What a person does

    def _on_source_activated(self, index: int) -> None:
        wanted = self.source_box.itemData(index)
        self._show_source(self._weights.source)
        if wanted is _Kind.FILE:
            self.file_wanted.emit()
        elif wanted is _Kind.NAMED:
            self._change(self._last_named, "Named kernels")
        else:
            self._change(Seeded(self._last_seeded.seed, wanted), "Random weights")

    def _on_seed_edited(self, seed: int) -> None:
        self._change(Seeded(seed, self._last_seeded.scheme), "Change seed", merge="seed")

    def _on_new_seed_clicked(self) -> None:
        others = secrets.randbelow(_EASY_SEEDS - 1) + 1
        seed = (self._last_seeded.seed + others) % _EASY_SEEDS
        self._change(Seeded(seed, self._last_seeded.scheme), "New seed")

    def _on_kernels_chosen(self, names: tuple[str, ...]) -> None:
        self._change(NamedKernels(names), "Choose kernels")

    def _on_matched(self, imported: Imported) -> None:
        self._change(imported, f"Weights from {imported.origin}")

    def _on_discard_clicked(self) -> None:
        self.weights_changed.emit(self._weights.without_edits(), "Discard edits", None)

    def _change(self, source: Source, text: str, merge: str | None = None) -> None:
        self.weights_changed.emit(self._weights.with_source(source), text, merge)


class _Row:
    """A label, a field and a button in a line, shown and hidden together."""

    def __init__(
        self, grid: QGridLayout, line: int, text: str, field: QWidget, button: QPushButton
    ) -> None:
        self._parts = (_row_label(text, field), field, button)
        content = QHBoxLayout()
        content.setSpacing(6)
        content.addWidget(field, 1)
        content.addWidget(button)
        grid.addWidget(self._parts[0], line, 0)
        grid.addLayout(content, line, 1)

    def set_visible(self, visible: bool) -> None:
        """Show or hide the line."""
        for part in self._parts:
            part.setVisible(visible)


def _row_label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    set_role(label, "muted")
    label.setFixedWidth(label_column_width())
    return label
