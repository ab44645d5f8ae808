"""What is said where the maps of a network do not fit into memory, and the way out."""

from engine.memory_plan import MemoryPlan
from engine.project import Project
from engine.size_outcome import policy_outcome
from gui.pictures.picture_notice import Notice
from gui.pictures.picture_opening import LIMITED
from gui.wording import bytes_text

LIMIT = "limit"
"""The answer that makes the picture smaller."""


def memory_notice(project: Project, plan: MemoryPlan) -> Notice | None:
    """Return what to say of a network that memory does not hold; None if it does."""
    if not plan.withheld:
        return None
    count, layers = len(plan.withheld), len(project.network) - 1
    which = f"{count} of {layers} layers are" if count > 1 else f"1 of {layers} layers is"
    text = (
        f"The maps and weights of this network take {bytes_text(plan.needed)}, and "
        f"{bytes_text(plan.limit)} of memory can be used; {which} not computed."
    )
    limited = policy_outcome(project, LIMITED)
    if limited is None or limited.maps_bytes >= plan.needed or project.policy == LIMITED:
        return Notice(text, "warning", can_be_closed=False)
    answer = f"Limit the picture to {LIMITED.height} px ({bytes_text(limited.maps_bytes)})"
    return Notice(text, "warning", ((LIMIT, answer),), can_be_closed=False)
