"""Colors, fonts and the style sheet: two themes of one visual language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gui.fonts import forget_fonts


@dataclass(frozen=True)
class Theme:
    """The colors of the window, by what they mean."""

    name: str
    window: str
    panel: str
    card: str
    block: str
    block_hover: str
    field: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    halves: str
    doubles: str
    warning: str
    problem: str
    problem_card: str
    problem_block: str
    chip: str


DARK = Theme(
    name="dark",
    window="#15171c",
    panel="#1b1e26",
    card="#1a1d25",
    block="#252932",
    block_hover="#2e333e",
    field="#121419",
    border="#2c313b",
    text="#e9ebf0",
    muted="#9ba3b1",
    faint="#6d7584",
    accent="#5aa5f7",
    accent_soft="#1d3552",
    on_accent="#0c1420",
    halves="#f2a65a",
    doubles="#4ecb8d",
    warning="#f0c456",
    problem="#f47d7d",
    problem_card="#25181c",
    problem_block="#3b2227",
    chip="#22304a",
)

LIGHT = Theme(
    name="light",
    window="#eceff4",
    panel="#f7f8fb",
    card="#ffffff",
    block="#eef1f6",
    block_hover="#e2e7ef",
    field="#ffffff",
    border="#d3d9e3",
    text="#1a2230",
    muted="#556072",
    faint="#7b8698",
    accent="#1763c6",
    accent_soft="#dbe9fb",
    on_accent="#ffffff",
    halves="#985100",
    doubles="#0d7044",
    warning="#7e5900",
    problem="#b42331",
    problem_card="#fdf1f1",
    problem_block="#f9dfe0",
    chip="#e1ecfb",
)


def chosen_theme(choice: str) -> Theme:
    """Return the theme of a choice: "light", "dark", or what the system prefers."""
    if choice in ("light", "dark"):
        return LIGHT if choice == "light" else DARK
    scheme = QApplication.styleHints().colorScheme()
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def color(value: str, alpha: int = 255) -> QColor:
    """Return a theme's color for painting."""
    made = QColor(value)
    made.setAlpha(alpha)
    return made


def rgb(value: str) -> tuple[int, int, int]:
    """Return a theme's color as the engine takes it."""
    made = QColor(value)
    return made.red(), made.green(), made.blue()


def apply_theme(app: QApplication, theme: Theme, text_scale: float = 1.0) -> None:
    """Give the application a theme; ``text_scale`` enlarges all text."""
    with applied_at_the_end(app, theme, text_scale):
        pass


@contextmanager
def applied_at_the_end(app: QApplication, theme: Theme, text_scale: float = 1.0) -> Iterator[None]:
    """Give the application a theme, and lay on its style sheet only after the block.

    While a sheet lies on the widgets, each of them is styled anew for the style, for the palette
    and for the next sheet, also those that the block replaces. The font comes first: it reaches
    the widgets when the sheet before is taken off.
    """
    font = app.font()
    font.setPointSizeF(10 * text_scale)
    app.setFont(font)
    forget_fonts()
    app.setStyleSheet("")
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    try:
        yield
    finally:
        app.setStyleSheet(_style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, value in {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.card,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.block,
        role.ButtonText: theme.text,
        role.BrightText: theme.problem,
        role.ToolTipBase: theme.block,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Light: theme.block_hover,
    }.items():
        palette.setColor(where, color(value))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, color(theme.faint))
    return palette


def _style_sheet(theme: Theme) -> str:
    t = theme
    return f"""
QWidget#window {{ background: {t.window}; }}
QWidget#panel, QScrollArea#panel, QFrame#panel {{ background: {t.panel}; border: none; }}
QScrollArea#on-card {{ background: {t.card}; border: none; }}
QToolTip {{ background: {t.block}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
QLabel[role="heading"] {{ color: {t.muted}; font-weight: bold; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="warning"] {{ color: {t.warning}; }}
QLabel[role="problem"] {{ color: {t.problem}; }}
QLabel[role="accent"] {{ color: {t.accent}; font-weight: bold; }}
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 8px; }}
QFrame[role="problem-card"] {{
    background: {t.problem_card}; border: 1px solid {t.problem}; border-radius: 8px;
}}
QFrame[role="map"] {{ background: {t.block}; border: 1px solid {t.border}; border-radius: 2px; }}
QPushButton, QToolButton {{
    background: {t.block}; color: {t.text}; border: 1px solid {t.border};
    border-radius: 6px; padding: 4px 10px;
}}
QPushButton:hover, QToolButton:hover {{ background: {t.block_hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.accent_soft}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus,
QAbstractSpinBox:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {t.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.faint}; }}
QPushButton[role="small"] {{ padding: 1px 10px; }}
QPushButton[role="chip"] {{
    background: {t.chip}; color: {t.accent}; border: 1px solid {t.border};
    border-radius: 11px; padding: 3px 10px;
}}
QPushButton[role="chip"]:hover {{ background: {t.accent_soft}; }}
QPushButton[role="chip"]:focus {{ border: 1px solid {t.accent}; }}
QPushButton[role="problems"] {{ color: {t.problem}; padding: 1px 8px; }}
QPushButton[role="fold"], QPushButton[role="fold-heading"] {{
    background: transparent; color: {t.muted}; border: 1px solid transparent; border-radius: 4px;
    padding: 1px 2px; text-align: left;
}}
QPushButton[role="fold-heading"] {{ font-weight: bold; }}
QPushButton[role="fold"]:hover, QPushButton[role="fold-heading"]:hover {{ color: {t.text}; }}
QPushButton[role="fold"]:focus, QPushButton[role="fold-heading"]:focus {{
    border: 1px solid {t.accent};
}}
QPushButton[role="segment"] {{
    background: {t.field}; color: {t.muted}; border: 1px solid {t.border}; border-radius: 5px;
    padding: 3px 4px;
}}
QPushButton[role="segment"]:hover {{ color: {t.text}; }}
QPushButton[role="segment"]:checked {{ background: {t.accent_soft}; color: {t.text}; }}
QPushButton[role="segment"]:focus {{ border: 1px solid {t.accent}; }}
QPushButton[role="advice"] {{ background: {t.block}; border: 1px solid transparent; }}
QPushButton[role="advice"]:hover {{ background: {t.block_hover}; }}
QPushButton[role="advice"]:focus {{ border: 1px solid {t.accent}; }}
QLabel[role="grows"] {{ color: {t.doubles}; }}
QLabel[role="shrinks"] {{ color: {t.halves}; }}
QToolButton::menu-indicator {{ image: none; }}
QFileDialog QToolButton {{ padding: 2px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QFrame#topbar {{ background: {t.panel}; border: none; border-bottom: 1px solid {t.border}; }}
QToolButton[role="bar"], QToolButton[role="choice"] {{ padding: 4px 8px; }}
QToolButton[role="bar"]:checked {{ background: {t.accent_soft}; }}
QToolButton[role="choice"] {{ background: {t.field}; }}
QPushButton[role="search"] {{ background: {t.field}; padding: 4px; }}
QFrame#popup {{ background: {t.panel}; border: 1px solid {t.faint}; border-radius: 8px; }}
QFrame#popup QListView {{ background: {t.panel}; border: none; padding: 0; }}
QFrame#drawer {{ background: {t.panel}; border: none; border-left: 1px solid {t.border}; }}
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QListView, QTreeView, QTableView {{
    background: {t.field}; color: {t.text}; border: 1px solid {t.border};
    border-radius: 6px; padding: 3px 6px; selection-background-color: {t.accent};
    selection-color: {t.on_accent};
}}
QListView[role="plain"], QTableView[role="plain"] {{
    background: transparent; border: none; padding: 0; border-radius: 0;
    selection-background-color: transparent;
}}
QTableView[role="plain"] QHeaderView {{ background: transparent; border: none; }}
QTableView[role="plain"] QHeaderView::section {{
    background: transparent; color: {t.muted}; border: none; padding: 0 4px;
}}
QTableView[role="plain"]::corner {{ background: transparent; }}
QLineEdit[role="cell"] {{ padding: 0 2px; border-radius: 3px; border: 2px solid {t.accent}; }}
QLineEdit[wrong="true"] {{ border-color: {t.problem}; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox QAbstractItemView {{ background: {t.field}; border: 1px solid {t.border}; }}
QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenuBar {{ background: {t.panel}; color: {t.text}; }}
QMenuBar::item:selected {{ background: {t.accent_soft}; }}
QStatusBar {{ background: {t.panel}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {t.window}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.border}; border-radius: 4px; min-height: 28px; min-width: 28px;
    margin: 1px; }}
QScrollBar::handle:hover {{ background: {t.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.border}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {t.text}; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px;
}}
QSlider::handle:horizontal:focus {{ background: {t.accent}; }}
QProgressBar {{ background: {t.field}; border: 1px solid {t.border}; border-radius: 4px;
    text-align: center; color: {t.muted}; max-height: 12px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QProgressBar[role="thin"] {{ background: {t.border}; border: none; border-radius: 3px; }}
QCheckBox, QRadioButton {{ color: {t.text}; }}
QRadioButton::indicator {{
    width: 12px; height: 12px; border-radius: 7px; border: 1px solid {t.faint};
    background: {t.field};
}}
QRadioButton::indicator:hover, QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
QRadioButton::indicator:checked {{
    border-color: {t.accent};
    background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
        stop: 0 {t.accent}, stop: 0.62 {t.accent}, stop: 0.7 {t.field}, stop: 1 {t.field});
}}
QRadioButton:focus {{ color: {t.accent}; }}
"""
