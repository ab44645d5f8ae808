"""The words of the window explained, each in a sentence or two."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.labels import text_label
from gui.searching.matching import match

WORDS = (
    (
        "Feature map",
        "One channel of a layer's output: height × width values that say where on the picture the "
        "layer found what its filter looks for.",
    ),
    (
        "Channel",
        "One of the planes that a picture or an output consists of. A color picture has three; a "
        "convolution makes one for each of its filters.",
    ),
    (
        "Filter, kernel",
        "The weights of one output channel: a small window of numbers for each input channel. "
        "They are multiplied with what lies under the window, and the products are summed.",
    ),
    (
        "Stride",
        "How far the window moves from one output value to the next. Stride 2 halves height and "
        "width.",
    ),
    (
        "Padding",
        "Rows and columns added around a map before the window moves over it. “Valid” adds none, "
        "“same” as many as keep the size at stride 1.",
    ),
    (
        "Dilation",
        "The distance between the pixels that a window reads. With dilation 2 a 3 × 3 window "
        "spans 5 × 5 pixels and still has nine weights.",
    ),
    (
        "Groups",
        "The channels are divided into groups, and each filter reads only its own group. With as "
        "many groups as channels a convolution is depthwise.",
    ),
    (
        "Receptive field",
        "The part of the picture that one value of a layer depends on, padding included. It grows "
        "from layer to layer, and its stride says how far it moves from one value to the next.",
    ),
    (
        "Parameters",
        "The numbers that are learned: weights and biases. A convolution has few, because all "
        "places of the picture share them.",
    ),
    (
        "MACs",
        "Multiply-accumulates: how many products of a value and a weight are added up for one "
        "picture. A bias is not counted. One MAC is often counted as two FLOPs.",
    ),
    (
        "Pooling",
        "Each window becomes one value, its largest or its mean, channel by channel. The picture "
        "becomes smaller and keeps its content; nothing is learned.",
    ),
    (
        "Transposed convolution",
        "Each value is multiplied with a kernel and laid onto a larger map; where kernels overlap, "
        "they add up. It enlarges, and does not bring back what was lost.",
    ),
    (
        "Overlap count",
        "How many input values reach an output of a transposed convolution. Where the stride does "
        "not divide the kernel it differs from pixel to pixel, which shows as a checkerboard.",
    ),
    (
        "Zero insertion",
        "The same transposed convolution seen otherwise: zeros are put between the inputs, and an "
        "ordinary window of stride 1 with the kernel turned by 180° slides over them.",
    ),
    (
        "Cross-correlation",
        "What networks compute and call convolution: the kernel is laid on as it is. Mathematics "
        "turns it by 180° first.",
    ),
    (
        "Bypass",
        "A layer that is switched off hands its input on unchanged, so that one sees what it was "
        "good for.",
    ),
    (
        "Seed",
        "Random weights are drawn from a number, the seed: the same seed gives the same weights, "
        "today and on any computer.",
    ),
    (
        "Stage",
        "Neighboring layers whose maps have the same height and width.",
    ),
)


class GlossaryDialog(QDialog):
    """A list of words with a field to find one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Words explained")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit(placeholderText="Filter …", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter words")
        self.field.textChanged.connect(self._on_text_changed)
        listed = QWidget()
        listed.setObjectName("panel")
        column = QVBoxLayout(listed)
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(2)
        self._lines: list[tuple[str, QLabel, QLabel]] = []
        for word, meaning in WORDS:
            heading, text = text_label(word, "accent"), text_label(meaning)
            text.setContentsMargins(0, 0, 0, 10)
            column.addWidget(heading)
            column.addWidget(text)
            self._lines.append((f"{word} {meaning}", heading, text))
        self._nothing = text_label("No such word.", "muted")
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panel")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(listed)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        for part in (self.field, scroll, buttons):
            outer.addWidget(part)
        self.resize(520, 560)

    def _on_text_changed(self, query: str) -> None:
        found = False
        for searched, heading, text in self._lines:
            answers = match(query, searched) is not None
            heading.setVisible(answers)
            text.setVisible(answers)
            found = found or answers
        self._nothing.setVisible(not found)
