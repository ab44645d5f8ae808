"""The kernel of one filter and one input channel, to look at, type into, paste and preset."""

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.analysis import LayerAnalysis
from engine.constraints import IntRange
from engine.layer import WeightSpec
from engine.problems import WeightsError
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.weights import (
    WeightEdit,
    Weights,
    filter_weights,
    takes_named_kernels,
    weights_mismatch,
)
from gui.fields.field_text import RealText, WholeText
from gui.fields.number_table import Table
from gui.fields.scrolled_inputs import ChoiceBox
from gui.fields.value_field import ValueField
from gui.flow.flow_layout import FlowLayout
from gui.labels import label_column_width, set_role, text_label
from gui.side.kernel_cells import WEIGHT_RANGE
from gui.side.kernel_pictures import bank_icon
from gui.side.kernel_slice import KernelSlice, shown_kernel
from gui.side.kernel_table import KernelTable


@dataclass(frozen=True)
class _Arrays:
    """A layer's arrays as they are edited: tables by filter and channel, and single numbers."""

    tables: tuple[WeightSpec, ...]
    numbers: tuple[WeightSpec, ...]


class KernelEditor(QWidget):
    """Edits single weights; every edit is a new `Weights` value. Hidden where there are none."""

    weights_changed = Signal(Weights, str, object)
    """The new weights, the edit's name, and a key that merges edits in a row, or None."""
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights = Weights()
        self._arrays = _Arrays((), ())
        self._place = (0, 0)
        self._slice: KernelSlice | None = None
        self.heading = QLabel("Kernel")
        set_role(self.heading, "heading")
        self.array_box = ChoiceBox()
        self.array_box.setAccessibleName("Array of weights")
        self.filter_field = _index_field("Filter")
        self.channel_field = _index_field("Input channel")
        self._filter_label, self._filter_count = QLabel("Filter"), QLabel()
        self._channel_label, self._channel_count = QLabel("channel"), QLabel()
        self.table = KernelTable()
        self.complaint = text_label(role="problem")
        self.complaint.hide()
        self.preset_button = QPushButton("Preset")
        self.preset_button.setToolTip("Put a kernel with a name here, for this input channel")
        self.preset_menu = QMenu(self)
        self.copy_button, self.paste_button = QPushButton("Copy"), QPushButton("Paste")
        self._numbers = QGridLayout()
        self.number_fields: dict[str, ValueField] = {}
        self._number_labels: dict[str, QLabel] = {}
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addStretch()
        top.addWidget(self.array_box)
        where = QWidget()
        flow = FlowLayout(where, spacing=10)
        flow.addWidget(_together(self._filter_label, self.filter_field, self._filter_count))
        self._channel_part = _together(self._channel_label, self.channel_field, self._channel_count)
        flow.addWidget(self._channel_part)
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(6)
        for button in (self.preset_button, self.copy_button, self.paste_button):
            tools.addWidget(button)
        self._numbers.setHorizontalSpacing(8)
        self._numbers.setVerticalSpacing(6)
        self._numbers.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(where)
        column.addWidget(self.table)
        column.addWidget(self.complaint)
        column.addWidget(self._tools)
        column.addLayout(self._numbers)

    def _connect(self) -> None:
        self.preset_button.setMenu(self.preset_menu)
        self.preset_menu.aboutToShow.connect(self._fill_presets)
        self.array_box.activated.connect(lambda: self._show())
        self.filter_field.edited.connect(lambda number: self._go(number, self._place[1]))
        self.channel_field.edited.connect(lambda number: self._go(self._place[0], number))
        self.table.table_put.connect(self._on_table_put)
        self.table.refused.connect(self._complain)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.paste_button.clicked.connect(self.table.paste)

    # What is shown

    def show_layer(self, layer: LayerAnalysis, *, anew: bool = False) -> None:
        """Show the weights of a layer; ``anew`` if it is another than before."""
        specs = () if layer.facts is None else layer.facts.weight_specs
        fits = bool(specs) and weights_mismatch(layer.node.weights, specs) is None
        self.setVisible(fits)
        if not fits:
            self._slice = None
            return
        if anew or layer.node.weights != self._weights:
            self.complaint.hide()
        self._weights = layer.node.weights
        arrays = _Arrays(
            tuple(spec for spec in specs if len(spec.shape) > 1),
            tuple(spec for spec in specs if len(spec.shape) == 1),
        )
        if arrays != self._arrays:
            self._arrays = arrays
            self._make_boxes()
        if anew:
            self._place = (0, 0)
        self._show(anew=anew)

    def show_filter(self, number: int) -> None:
        """Show the filter that makes a map, where the layer has so many."""
        if not self.isHidden() and number != self._place[0]:
            self._go(number, self._place[1])

    def _make_boxes(self) -> None:
        """Offer the arrays that the layer has."""
        with QSignalBlocker(self.array_box):
            self.array_box.clear()
            for spec in self._arrays.tables:
                self.array_box.addItem(_in_words(spec.name), spec)
        self.array_box.setVisible(len(self._arrays.tables) > 1)
        if [spec.name for spec in self._arrays.numbers] == [*self.number_fields]:
            return  # they became longer or shorter, as while the filters are changed
        while (item := self._numbers.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.number_fields, self._number_labels = {}, {}
        for line, spec in enumerate(self._arrays.numbers):
            name = _in_words(spec.name)
            label, field = QLabel(name), ValueField(RealText(WEIGHT_RANGE))
            set_role(label, "muted")
            label.setFixedWidth(label_column_width())
            field.setAccessibleName(name)
            field.edited.connect(lambda value, name=spec.name: self._on_number_edited(name, value))
            field.settled.connect(self.settled)
            self._numbers.addWidget(label, line, 0)
            self._numbers.addWidget(field, line, 1)
            self.number_fields[spec.name], self._number_labels[spec.name] = field, label

    def _go(self, number: int, channel: int) -> None:
        self._place = (number, channel)
        self.complaint.hide()
        self._show(anew=True)

    def _show(self, *, anew: bool = False) -> None:
        """Show the chosen filter and channel, or the nearest that there are."""
        tables = self._arrays.tables
        spec = tables[max(self.array_box.currentIndex(), 0)] if tables else None
        if spec is not None:
            self._slice = KernelSlice(spec).at(*self._place)
            self._place = self._slice.filter, self._slice.channel
            self.table.show_kernel(shown_kernel(self._weights, self._slice))
        else:
            self._slice = None
        self._show_place(spec)
        for part in (self.table, self._tools):
            part.setVisible(spec is not None)
        self.preset_button.setVisible(spec is not None and takes_named_kernels(spec))
        # A bias belongs to what comes out, so to the last of several arrays.
        last = spec is None or spec == tables[-1]
        for number_spec in self._arrays.numbers:
            field = self.number_fields[number_spec.name]
            place = min(self._place[0], number_spec.shape[0] - 1)
            value = float(filter_weights(self._weights, number_spec, place))
            field.show_value(value, anew=anew)
            for widget in (field, self._number_labels[number_spec.name]):
                widget.setVisible(last)

    def _show_place(self, spec: WeightSpec | None) -> None:
        """Show which filter and which channel of how many."""
        where = self._slice
        counts = [number.shape[0] for number in self._arrays.numbers]
        filters = where.filters if where is not None else max(counts)
        channels = where.channels if where is not None else 1
        unit = where is not None and where.is_wrapped
        words = {
            self.heading: "Weights of a unit" if unit else "Kernel" if where else "Values",
            self._filter_label: "Unit" if unit else "Filter" if where else "Channel",
            self._filter_count: f"of {filters:,}",
            self._channel_count: f"of {channels:,}",
        }
        for label, text in words.items():
            label.setText(text)
        if where is None:
            self._place = min(self._place[0], filters - 1), 0
        for field, place, count in (
            (self.filter_field, self._place[0], filters),
            (self.channel_field, self._place[1], channels),
        ):
            field.use(WholeText(IntRange(0, count - 1, (0, count - 1))))
            field.setFixedWidth(field.width_of(max(len(str(count - 1)), 2)))
            field.show_value(place)
        self._channel_part.setVisible(channels > 1)

    # What a person does

    def _on_table_put(self, table: Table, row: int, column: int) -> None:
        if self._slice is None:
            return
        try:
            edits = self._slice.edits(table, row, column)
        except (ValueError, WeightsError) as error:
            self._complain(str(error))
            return
        self._edit(edits, "Edit weight" if len(edits) == 1 else "Paste kernel")

    def _on_number_edited(self, name: str, value: float) -> None:
        spec = next(spec for spec in self._arrays.numbers if spec.name == name)
        place = min(self._place[0], spec.shape[0] - 1)
        self._edit(
            (WeightEdit(name, (place,), value),), f"Edit {_in_words(name).lower()}", (name, place)
        )

    def _on_preset_chosen(self, name: str) -> None:
        if self._slice is not None:
            values = KERNELS[name].make(self._slice.rows, self._slice.columns)
            table = tuple(tuple(float(value) for value in line) for line in values)
            self._edit(self._slice.edits(table), f"Preset {KERNELS[name].label}")

    def _on_copy_clicked(self) -> None:
        self.table.selectAll()
        self.table.copy()

    def _edit(
        self, edits: tuple[WeightEdit, ...], text: str, merge: tuple[str, int] | None = None
    ) -> None:
        self.complaint.hide()
        self.weights_changed.emit(self._weights.with_edits(edits), text, merge)

    def _complain(self, sentence: str) -> None:
        self.complaint.setText(sentence)
        self.complaint.show()

    def _fill_presets(self) -> None:
        """List the named kernels, pictured at this kernel's size."""
        self.preset_menu.clear()
        if self._slice is None:
            return
        for name, kernel in KERNELS.items():
            icon = bank_icon(name, self._slice.rows, self._slice.columns)
            action = self.preset_menu.addAction(icon, kernel.label)
            action.setToolTip(kernel.help)
            action.triggered.connect(lambda _=False, name=name: self._on_preset_chosen(name))


def _index_field(name: str) -> ValueField:
    field = ValueField(WholeText(IntRange(0, 0, (0, 0))))
    field.setAccessibleName(name)
    field.setToolTip(f"{name}: the arrow keys go through all")
    return field


def _together(label: QLabel, field: ValueField, count: QLabel) -> QWidget:
    """Return a field between what it is and how many there are."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    for widget in (label, field, count):
        row.addWidget(widget)
    for text in (label, count):
        set_role(text, "muted")
    return part


def _in_words(name: str) -> str:
    """Return an array's name as a label.

    >>> _in_words("depthwise_kernel")
    'Depthwise kernel'
    """
    return name[:1].upper() + name[1:].replace("_", " ")
