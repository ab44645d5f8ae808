"""Every action of menus, top bar, context menu, search and shortcut sheet, declared once.

A declaration says what an action is called, its keys, what it does in a sentence, and when it makes
sense. `gui.actions` makes Qt's actions of them; `gui.routing` decides what each of them does. The
choices, which are actions too, are in `gui.fields.choices`.
"""

from collections.abc import Mapping, Sequence

from gui.action_kinds import Declared
from gui.fields.choices import CHOICES

MENUS = ("File", "Edit", "Layer", "View", "Compare", "Export", "Help")

SEPARATOR = "-"
"""Stands between groups of a menu."""

RECENT_PROJECTS, RECENT_PICTURES, EXAMPLES = "recent-projects", "recent-pictures", "examples"
"""Stand for the submenus that change."""

_SINGLE = (
    Declared("new", "File", "New network", "Begin with the picture and no layer.",
             ("Ctrl+N",), "new"),
    Declared("open-network", "File", "Open network …", "Open a project or a plain network.",
             ("Ctrl+O",), "open-network"),
    Declared("open-picture", "File", "Open picture …", "Show the network another picture.",
             ("Ctrl+Shift+O",), "open-picture"),
    Declared("sample", "File", "Open sample …", "Show one of the pictures of the program.", (),
             "open-picture"),
    Declared("save", "File", "Save", "Save the network, its weights and the picture.",
             ("Ctrl+S",), "save"),
    Declared("save-as", "File", "Save as …", "Save under another name.", ("Ctrl+Shift+S",)),
    Declared("close", "File", "Close window", "End the program; unsaved changes are asked about.",
             ("Ctrl+Q",)),
    Declared("undo", "Edit", "Undo", "Take the last step back.", ("Ctrl+Z",), "undo",
             lambda state: state.undo is not None),
    Declared("redo", "Edit", "Redo", "Make the step that was taken back again.",
             ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", lambda state: state.redo is not None),
    Declared("cut", "Edit", "Cut layer", "Remove the selected layer, to paste it elsewhere.",
             ("Ctrl+X",), "cut", lambda state: state.on_layer),
    Declared("copy", "Edit", "Copy layer", "Remember the selected layer with its weights.",
             ("Ctrl+C",), "copy", lambda state: state.on_layer),
    Declared("paste", "Edit", "Paste",
             "Insert the copied layer behind the selected one, or show the copied picture.",
             ("Ctrl+V",), "paste"),
    Declared("duplicate", "Edit", "Duplicate layer", "Insert a copy behind the selected layer.",
             ("Ctrl+D",), "duplicate", lambda state: state.on_layer),
    Declared("delete", "Edit", "Delete layer", "Remove the selected layer; its neighbors close up.",
             ("Del", "Backspace"), "delete", lambda state: state.on_layer, flow_only=True),
    Declared("search", "Edit", "Search commands …",
             "Find an action, a layer or an example by typing.",
             ("Ctrl+K", "Ctrl+Shift+P"), "search"),
    Declared("insert", "Layer", "Insert layer …",
             "Choose a layer by typing; it goes behind the selected one.",
             ("I", "/"), "insert", flow_only=True),
    Declared("connect", "Layer", "Connect to …",
             "Let another layer read the selected one, or remove its connections.",
             ("C",), "connect", flow_only=True),
    Declared("bypass", "Layer", "Switch off", "Hand the layer's input on unchanged.",
             ("B",), "bypass", lambda state: state.on_layer, switch=True, flow_only=True),
    Declared("picture-size", "Layer", "Size of the picture …",
             "How the picture is brought to size before the first layer.", ("P",),
             "picture-size", flow_only=True),
    Declared("move-up", "Layer", "Move up", "Move the layer before the one that it reads.",
             ("Alt+Up",), "move-up", lambda state: state.can_move_up),
    Declared("move-down", "Layer", "Move down", "Move the layer behind the one that reads it.",
             ("Alt+Down",), "move-down", lambda state: state.can_move_down),
    Declared("select-previous", "Layer", "Previous layer", "Select the row above.",
             ("Up",), "", lambda state: state.has_previous, flow_only=True),
    Declared("select-next", "Layer", "Next layer", "Select the row below.",
             ("Down",), "", lambda state: state.has_next, flow_only=True),
    Declared("select-first", "Layer", "Picture", "Select the picture, where the flow begins.",
             ("Home",), "", lambda state: state.has_previous, flow_only=True),
    Declared("select-last", "Layer", "Last layer", "Select the output of the network.",
             ("End",), "", lambda state: state.has_next, flow_only=True),
    Declared("layer-menu", "Layer", "Menu of the layer", "Show what can be done with the layer.",
             ("Menu", "Shift+F10"), flow_only=True),
    Declared("fold", "View", "Fold row", "Show the selected layer in one line.",
             ("F",), "fold", lambda state: state.on_layer, True, flow_only=True),
    Declared("fold-stage", "View", "Fold stage",
             "Show all neighboring layers of one size in one row.",
             ("Shift+F",), "fold-stage", lambda state: state.in_stage, True, flow_only=True),
    Declared("fold-all", "View", "Fold all rows", "Show every layer in one line.",
             ("Ctrl+Shift+F",), switch=True),
    Declared("all-maps", "View", "Show all maps", "Show every map of the selected layer.",
             ("M",), "all-maps", lambda state: state.on_layer, True, flow_only=True),
    Declared("large-map", "View", "Large view of a map",
             "Show a map of the selected layer large, beside what it was made of.",
             ("Return", "Enter", "Space"), "large-map", flow_only=True),
    Declared("size-path", "View", "Size path",
             "Show every size from the picture to the output as one drawing, to copy or save.",
             ("F4",), "size-path"),
    Declared("larger-maps", "View", "Larger maps", "Draw the maps larger.",
             ("+", "="), "larger-maps", flow_only=True),
    Declared("smaller-maps", "View", "Smaller maps", "Draw the maps smaller.",
             ("-",), "smaller-maps", flow_only=True),
    Declared("usual-maps", "View", "Usual size of maps", "Draw the maps as large as at first.",
             ("0",), flow_only=True),
    Declared("stop", "View", "Stop computing",
             "Leave the layers that are not computed yet as they are.",
             ("Esc",), "", lambda state: state.is_computing, flow_only=True),
    Declared("go-on", "View", "Compute the rest", "Compute the layers that were left.",
             ("F5",), "", lambda state: state.is_stopped),
    Declared("palette", "View", "Layer palette", "Show or hide the list of layers at the left.",
             ("Ctrl+L",), "", lambda state: state.has_room_for_palette, True),
    Declared("side-panel", "View", "Side panel",
             "Show or hide size, settings and cost of the selected layer.",
             ("Ctrl+E", "F8"), "side-panel", switch=True),
    Declared("hide-panels", "View", "Hide panels", "Show the flow alone, as for a talk.",
             ("F9",), switch=True),
    Declared("full-screen", "View", "Full screen", "Use the whole screen.", ("F11",),
             "full-screen", switch=True),
    Declared("next-panel", "View", "Next panel", "Move the keyboard to the next panel.", ("F6",)),
    Declared("previous-panel", "View", "Previous panel",
             "Move the keyboard to the panel before.", ("Shift+F6",)),
    Declared("pin-network", "Compare", "Pin for comparison",
             "Keep the network as it is now, to be compared with what becomes of it.",
             ("Shift+F7",), "pin-network"),
    Declared("compare", "Compare", "Compare with the pinned network",
             "Show the selected layer's maps, sizes and costs then and now.",
             ("F7",), "compare", lambda state: state.is_pinned),
    Declared("release-network", "Compare", "Let the pinned network go",
             "Pin no network any more.", (), "", lambda state: state.is_pinned),
    Declared("compare-layers", "Compare", "Compare layer with …",
             "Show the selected layer beside another one, with their difference.",
             ("Ctrl+F7",), "compare"),
    Declared("compare-flipped", "Compare", "Cross-correlation and true convolution",
             "Show the selected layer beside itself with the kernel turned by 180°.",
             (), "flip", lambda state: state.can_flip),
    Declared("copy-sheet", "Export", "Copy sheet of maps",
             "Copy all maps of the selected layer with their sizes, as a picture.",
             ("Ctrl+Shift+C",), "copy"),
    Declared("save-sheet", "Export", "Save sheet of maps …", "Save that picture as PNG.", (),
             "export"),
    Declared("copy-map", "Export", "Copy map",
             "Copy the map that was looked at last, a pixel per value."),
    Declared("save-map", "Export", "Save map …",
             "Save that map as PNG, in its colors or in gray."),
    Declared("copy-equation", "Export", "Copy equation",
             "Copy why the selected layer has its size."),
    Declared("copy-table", "Export", "Copy table of layers",
             "Copy sizes, costs and receptive fields of all layers as text."),
    Declared("copy-markdown", "Export", "Copy table as Markdown",
             "Copy that table as Markdown, to paste into notes."),
    Declared("save-table", "Export", "Save table of layers …",
             "Save that table as text, for a spreadsheet, or as Markdown."),
    Declared("save-network", "Export", "Save network as text …",
             "Save the layers, their settings and seeds as JSON, to read, to send or to edit."),
    Declared("copy-size-path", "Export", "Copy size path",
             "Copy the drawing of all sizes, as a picture."),
    Declared("save-size-path", "Export", "Save size path …",
             "Save the drawing of all sizes as PNG or SVG."),
    Declared("save-array", "Export", "Save maps as array …",
             "Save the maps of the selected layer as a NumPy file."),
    Declared("save-arrays", "Export", "Save all maps as arrays …",
             "Save the maps of all layers as one NumPy file."),
    Declared("shortcuts", "Help", "Keyboard shortcuts", "All keys on one sheet.", ("F1",)),
    Declared("glossary", "Help", "Words explained", "What MACs, receptive field and others mean.",
             ("Shift+F1",)),
    Declared("about", "Help", "About Convolens", "Version, license and libraries."),
)  # fmt: skip

DECLARED: Mapping[str, Declared] = {
    action.id: action
    for action in (*_SINGLE, *(one for choice in CHOICES.values() for one in choice.actions))
}
"""Every action by id."""

MENU_ORDER: Mapping[str, Sequence[str]] = {
    "File": (
        "new", "open-network", RECENT_PROJECTS, EXAMPLES, SEPARATOR,
        "open-picture", RECENT_PICTURES, "sample", SEPARATOR,
        "save", "save-as", SEPARATOR, "close",
    ),
    "Edit": (
        "undo", "redo", SEPARATOR, "cut", "copy", "paste", "duplicate", "delete", SEPARATOR,
        "search",
    ),
    "Layer": (
        "insert", "connect", SEPARATOR, "bypass", "move-up", "move-down", SEPARATOR,
        "select-previous", "select-next", "select-first", "select-last", SEPARATOR, "layer-menu",
        SEPARATOR, "picture-size",
    ),
    "View": (
        "color", "scope", "clip", "scale", "size_order", SEPARATOR, "fold", "fold-stage",
        "fold-all", "all-maps", SEPARATOR, "large-map", "size-path", "larger-maps",
        "smaller-maps", "usual-maps", SEPARATOR, "stop", "go-on", SEPARATOR, "palette",
        "side-panel", "hide-panels", "full-screen", "next-panel", "previous-panel", SEPARATOR,
        "theme", "text_size",
    ),
    "Compare": (
        "pin-network", "compare", "release-network", SEPARATOR, "compare-layers",
        "compare-flipped",
    ),
    "Export": (
        "copy-sheet", "save-sheet", SEPARATOR, "copy-map", "save-map", SEPARATOR, "copy-equation",
        "copy-table", "copy-markdown", "save-table", "save-network", SEPARATOR,
        "copy-size-path", "save-size-path", SEPARATOR, "save-array", "save-arrays",
    ),
    "Help": ("shortcuts", "glossary", SEPARATOR, "about"),
}  # fmt: skip
"""What stands in each menu: actions, choices, and the submenus that change."""

LAYER_MENU = (
    "insert", "connect", "paste", SEPARATOR, "cut", "copy", "duplicate", "delete", SEPARATOR,
    "bypass", "move-up", "move-down", SEPARATOR, "fold", "fold-stage", "all-maps", "large-map",
    SEPARATOR, "compare-layers", "compare-flipped",
    SEPARATOR, "copy-sheet", "copy-map", "copy-equation",
)  # fmt: skip
"""What the context menu of a row offers."""
