"""What the side panel shows of its sections, kept from one day to the next."""

from gui.preferences import Preferences
from gui.side.side_panel import SidePanel


def keep_sections(side: SidePanel, preferences: Preferences) -> None:
    """Show the sections as they were left, and keep what is chosen in them from now on."""
    for name, section in side.sections.items():
        section.set_folded(preferences.is_folded(name, section.is_folded))
        section.folded.connect(lambda folded, name=name: preferences.set_folded(name, folded))
    side.advice.show_goal(preferences.tab("advice"))
    side.advice.goal_chosen.connect(lambda goal: preferences.set_tab("advice", goal))
    side.words.show_dialect(preferences.tab("words"))
    side.words.dialect_chosen.connect(lambda dialect: preferences.set_tab("words", dialect))
