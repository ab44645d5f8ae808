"""pyqtgraph's `ImageItem`, without what an image does not need of pyqtgraph.

WORKAROUND pyqtgraph 0.14: ``import pyqtgraph`` copies all names of Qt, so that PySide6 has to make
each of its classes, and imports every plot: 100 ms of the window's start. Here the package is made
but not run; the modules of an image find in it the few names that they ask for. Where a version of
pyqtgraph asks for more, the whole package is imported instead.
"""

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

import PySide6.QtCore
import PySide6.QtGui
import PySide6.QtWidgets
import shiboken6

_OPTIONS = {"imageAxisOrder": "row-major", "useCupy": False, "useNumba": False}
"""What the modules of an image ask `pyqtgraph.getConfigOption` for."""


def _image_item() -> Any:
    if "pyqtgraph" not in sys.modules:
        try:
            _make_package()
            from pyqtgraph.graphicsItems.ImageItem import ImageItem

            return ImageItem
        except (ImportError, AttributeError):
            for name in [name for name in sys.modules if name.split(".")[0] == "pyqtgraph"]:
                del sys.modules[name]
    import pyqtgraph

    pyqtgraph.setConfigOptions(imageAxisOrder="row-major")
    return pyqtgraph.ImageItem


def _make_package() -> None:
    """Put a package in pyqtgraph's place whose modules can be imported one by one."""
    found = find_spec("pyqtgraph")
    if found is None:
        raise ImportError("pyqtgraph is not installed.")
    package, qt = module_from_spec(found), ModuleType("pyqtgraph.Qt")
    names = {"QtCore": PySide6.QtCore, "QtGui": PySide6.QtGui, "QtWidgets": PySide6.QtWidgets}
    vars(qt).update(names, QT_LIB="PySide6", isQObjectAlive=shiboken6.isValid)
    vars(package).update(Qt=qt, getConfigOption=_OPTIONS.__getitem__)
    sys.modules.update({"pyqtgraph": package, "pyqtgraph.Qt": qt})


ImageItem = _image_item()
