"""Labels of the panels, and what a widget is for the style sheet."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.fonts import number_font

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a role of the style sheet, and paint it anew if that is another."""
    _set_property(widget, "role", role)


def set_wrong(widget: QWidget, *, wrong: bool) -> None:
    """Mark a widget as one whose content is not legal, or mark it no more."""
    _set_property(widget, "wrong", wrong)


def _set_property(widget: QWidget, name: str, value: str | bool) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    # Qt looks up the rules for a property once, when the widget is first shown.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        font = widget.font()
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.setFont(font)


class TextLabel(QLabel):
    """A label whose text can be selected and copied."""

    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride and self.hasSelectedText()
        copy = QKeySequence.StandardKey.Copy
        if is_key and isinstance(event, QKeyEvent) and event.matches(copy):
            # What is selected is meant, not the layer.
            event.accept()
            return True
        return super().event(event)


def text_label(text: str = "", role: str = "") -> QLabel:
    """Return a label of plain text that wraps and can be copied."""
    label = TextLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setTextInteractionFlags(_SELECTABLE)
    if role:
        set_role(label, role)
    return label


def number_label(text: str = "", role: str = "", *, size: float = 9.5) -> QLabel:
    """Return a label in the font of numbers; it wraps where it must."""
    label = text_label(text, role)
    label.setFont(number_font(size, bold=role == "accent"))
    return label


def result_label(role: str = "") -> QLabel:
    """Return a label for one number at the right, which is never wrapped."""
    label = number_label("", role)
    label.setWordWrap(False)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return label


def on_one_baseline(*labels: QLabel) -> None:
    """Let the first lines of labels beside each other stand on one line, whatever their fonts."""
    ascents = [QFontMetrics(label.font()).ascent() for label in labels]
    for label, ascent in zip(labels, ascents, strict=True):
        label.setContentsMargins(0, max(ascents) - ascent, 0, 0)
        across = label.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        label.setAlignment(across | Qt.AlignmentFlag.AlignTop)


def listed(sentences: Iterable[str]) -> str:
    """Return sentences as a list, a line each."""
    return "\n".join(f"• {sentence}" for sentence in sentences)


def text_scale() -> float:
    """Return by how much text is larger than usual."""
    return QApplication.font().pointSizeF() / 10


def control_height() -> int:
    """Return the height of a field, a choice and a button in the panel."""
    return round(QFontMetrics(QApplication.font()).height() * 1.2) + 8


def label_column_width() -> int:
    """Return the width of the labels beside the panel's inputs; longer ones wrap."""
    return QFontMetrics(QApplication.font()).horizontalAdvance("Interpolation") + 6
