"""The editor of pixels at each side of a map."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from engine.constraints import IntRange
from gui.fields.field_text import WholeText
from gui.fields.number_scale import number_scale
from gui.fields.scrolled_inputs import ValueSlider
from gui.fields.value_editor import Editor
from gui.fields.value_field import ValueField


class SidesEditor(Editor):
    """Pixels at each side, the fields laid around a picture of the map; a slider sets all four."""

    _PLACES = (("top", 0, 1), ("left", 1, 0), ("bottom", 2, 1), ("right", 1, 2))

    def __init__(self, side: IntRange) -> None:
        super().__init__()
        self._scale = number_scale(side)
        self.slider = ValueSlider(self._scale.places)
        self.fields = [ValueField(WholeText(side), letters=3) for _ in self._PLACES]
        self.inputs = [(self.slider, "all sides")]
        grid = QGridLayout()
        grid.setSpacing(4)
        for field, (name, line, column) in zip(self.fields, self._PLACES, strict=True):
            field.setToolTip(f"Pixels at the {name}")
            field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(field, line, column)
            self.inputs.append((field, name))
            field.edited.connect(self._on_field_edited)
            field.settled.connect(self.settled)
        map_picture = QFrame()
        map_picture.setProperty("role", "map")
        grid.addWidget(map_picture, 1, 1)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.slider)
        layout.addLayout(grid)
        self.setFocusProxy(self.fields[0])
        self.slider.setToolTip("All four sides alike")
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.settled.connect(self.settled)

    def show_value(self, value: tuple[int, ...], *, anew: bool = False) -> None:
        for field, side in zip(self.fields, value, strict=True):
            field.show_value(side, anew=anew)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.place(value[0]))

    def _on_slid(self, place: int) -> None:
        value = (self._scale.value(place),) * 4
        for field in self.fields:
            field.show_value(value[0], anew=True)
        self.edited.emit(value)

    def _on_field_edited(self) -> None:
        self.edited.emit(tuple(field.value for field in self.fields))
