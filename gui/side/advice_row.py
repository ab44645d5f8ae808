"""One piece of advice as a button: the edit, the size it gives, its price and what it breaks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from engine.formats.advice_text import AdviceWords
from gui.labels import number_label, set_role, text_label
from gui.pointed_button import PointedButton

_SIZE_ROLES = {"▲": "grows", "▼": "shrinks"}


class AdviceRow(PointedButton):
    """A click makes the edit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        set_role(self, "advice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.edit, self.price = text_label(), text_label(role="muted")
        self.size_text, self.warning = number_label(), text_label(role="warning")
        self.size_text.setWordWrap(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(9, 5, 9, 5)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.edit, 0, 0)
        grid.addWidget(
            self.size_text, 0, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        )
        grid.addWidget(self.price, 1, 0, 1, 2)
        grid.addWidget(self.warning, 2, 0, 1, 2)
        for label in self.findChildren(QLabel):
            # The click is meant for the button.
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_words(self, words: AdviceWords) -> None:
        """Show a piece of advice."""
        self.edit.setText(words.edit)
        self.size_text.setText(words.size)
        set_role(self.size_text, _SIZE_ROLES.get(words.sign, ""))
        self.price.setText(words.price)
        self.warning.setText(f"⚠ {words.warning}" if words.warning else "")
        self.warning.setVisible(bool(words.warning))
        self.setAccessibleName(words.line)

    def sizeHint(self) -> QSize:
        return self._layout_size(minimum=False)

    def minimumSizeHint(self) -> QSize:
        return self._layout_size(minimum=True)

    def _layout_size(self, *, minimum: bool) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.totalMinimumSize() if minimum else layout.totalSizeHint()
