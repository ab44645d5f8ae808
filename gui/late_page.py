"""A large view that takes the flow's place, made when it is first opened."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

View = TypeVar("View", bound=QWidget)


class LatePage(Generic[View]):
    """A page of a stack: none is seen at the start, so none delays it."""

    def __init__(self, pages: QStackedWidget, make: Callable[[], View]) -> None:
        self._pages = pages
        self._make = make
        self.made: View | None = None
        """The view, once it was opened."""

    @property
    def view(self) -> View:
        """The view, which is made if it is not there yet."""
        if self.made is None:
            self.made = self._make()
            self._pages.addWidget(self.made)
        return self.made

    @property
    def is_open(self) -> bool:
        """Whether it is shown in the place of the flow."""
        return self.made is not None and self._pages.currentWidget() is self.made

    def open(self) -> None:
        """Show it in the place of the flow."""
        self._pages.setCurrentWidget(self.view)
