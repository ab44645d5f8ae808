"""How the picture is brought to size: every way with the size and memory that it leads to.

What would take more memory than is kept for maps is not done until it was asked about.
"""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.constraints import IntRange
from engine.crop_frame import cropped, retargeted
from engine.images import Picture
from engine.shapes import Shape
from engine.size_outcome import SizeOutcome, policy_outcome
from engine.size_policy import MAX_SIDE, MODE_LABELS, Mode, SizePolicy
from gui.chip import Chip
from gui.crop_view import CropView, frame_text
from gui.field_text import WholeText
from gui.labels import number_label, result_label, set_role, text_label
from gui.picture_state import PictureState, memory_text, memory_warning
from gui.size_editor import SizeEditor
from gui.value_field import ValueField
from gui.wording import size_text

SIDE = IntRange(1, MAX_SIDE, (16, 512))
CHANNELS = IntRange(1, 4096, (1, 4))
FIRST_SIZE = Shape(3, 224, 224)
"""What is offered at first to a person who has no picture."""

_HELP: dict[Mode, str] = {
    "as_is": "Every pixel of the picture enters the network.",
    "limit": "Reduced to fit within the size below; never enlarged.",
    "letterbox": "The whole picture at the size below, black bars around it.",
    "crop": "A part with the proportions of the size below; drag the frame to choose it.",
    "stretch": "The whole picture at exactly the size below; its proportions are lost.",
}
