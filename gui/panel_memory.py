"""What the side panel shows of its sections, kept from one day to the next."""

from gui.preferences import Preferences
from gui.side_panel import SidePanel


def keep_sections(side: SidePanel, preferences: Preferences) -> None:
    """Fold the sections that were folded last, and keep what is folded from now on."""
    for name, section in side.sections.items():
        section.set_folded(preferences.is_folded(name, section.is_folded))
        section.folded.connect(lambda folded, name=name: preferences.set_folded(name, folded))
