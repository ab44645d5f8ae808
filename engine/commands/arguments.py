"""The command line: arguments into a request.

Only the standard library is needed here, so that ``--help`` and a wrong argument answer at once.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from engine.commands.requests import (
    DEFAULT_MEMORY,
    AnalyzeRequest,
    ExplainRequest,
    LayersRequest,
    RenderRequest,
    Request,
    RequestError,
    SelfCheckRequest,
    WindowCheckRequest,
    WindowRequest,
)
from engine.commands.sizes import (
    parse_input_shape,
    parse_memory,
    parse_picture_size,
    parse_position,
)
from engine.version import VERSION
from engine.wording import bytes_text

PROGRAM = "convolens"

_NETWORK_HELP = "a saved project, a JSON network, or the name of a bundled example"

_EPILOG = """\
commands, each with its own --help:
  render IMAGE --network NETWORK --output DIR   write every feature map as a picture
  analyze NETWORK --input HxWxC                 print sizes, costs and problems
  explain NETWORK --image IMAGE --layer ID --at ROW,COLUMN,CHANNEL
                                                print the arithmetic of one value
  layers                                        print every layer kind and its settings

To open a file that is called like a command, write ./layers.

exit status: 0; 1 when the network has problems, the rest being done; 2 for a request that
cannot be carried out; 130 when interrupted
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, raised and not printed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise RequestError(f"{message}; see {self.prog} --help.")


def parse(arguments: Sequence[str]) -> Request:
    """Return what the arguments ask for.

    Raises:
        RequestError: with a sentence on the first wrong argument.
        SystemExit: after ``--help`` or ``--version`` has been printed.
    """
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    if arguments:
        _refuse_misspelled(arguments[0])
    return _parse_window(arguments)


def _refuse_misspelled(word: str) -> None:
    """Refuse what is no file and nearly a command, before what follows is taken for a mistake."""
    similar = get_close_matches(word, COMMANDS, n=1)
    is_path = bool(os.path.dirname(word)) or os.path.exists(word)
    if similar and not is_path:
        raise RequestError(f"“{word}” does not exist. Did you mean the command {similar[0]}?")


def _parse_window(arguments: Sequence[str]) -> Request:
    parser = _Parser(
        prog=PROGRAM,
        description="See every feature map of a convolutional network on your own picture.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", nargs="?", metavar="PICTURE or PROJECT", help="what to open")
    parser.add_argument("--version", action="version", version=f"Convolens {VERSION}")
    parser.add_argument(
        "--self-check",
        action="store_true",
        help="print this copy's libraries, layer kinds and resources as JSON, and exit",
    )
    parser.add_argument(
        "--window-check",
        action="store_true",
        help="open the window, print as JSON what it painted, and exit",
    )
    options = parser.parse_args(arguments)
    if options.self_check:
        return SelfCheckRequest()
    return WindowCheckRequest() if options.window_check else WindowRequest(options.path)


def _parse_render(arguments: Sequence[str]) -> Request:
    parser = _Parser(
        prog=f"{PROGRAM} render",
        description="Write each layer's feature maps as one PNG with their dimensions, and "
        "summary.json and summary.txt beside them.",
    )
    parser.add_argument("image", metavar="IMAGE", type=_path, help="the picture")
    parser.add_argument("--network", metavar="NETWORK", required=True, help=_NETWORK_HELP)
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=_path,
        required=True,
        help="the folder to write into; it is made if needed, and other files in it stay",
    )
    parser.add_argument(
        "--arrays",
        action="store_true",
        help="also write maps.npz: the maps of each layer by id, float32, C × H × W",
    )
    _add_input_size(parser)
    parser.add_argument(
        "--memory",
        metavar="SIZE",
        type=_told(parse_memory),
        default=DEFAULT_MEMORY,
        help=f"refuse what needs more memory than this ({bytes_text(DEFAULT_MEMORY)})",
    )
    return RenderRequest(**vars(parser.parse_args(arguments)))


def _parse_analyze(arguments: Sequence[str]) -> Request:
    parser = _Parser(
        prog=f"{PROGRAM} analyze",
        description="Print the size of each layer's maps and the equation behind it, parameters, "
        "MACs, memory, receptive field and problems; no pixel is computed.",
    )
    parser.add_argument("network", metavar="NETWORK", help=_NETWORK_HELP)
    parser.add_argument(
        "--input",
        metavar="HxWxC",
        dest="input_shape",
        type=_told(parse_input_shape),
        help="height, width and channels of the input; without it, those of the project's own "
        "picture or size policy",
    )
    parser.add_argument(
        "--layer",
        metavar="ID",
        help="print one layer: why its size, what would make it denser, smaller or the same, what "
        "it would cost as a dense layer, and its code in other dialects",
    )
    parser.add_argument(
        "--output-size",
        metavar="HxW",
        type=_told(parse_picture_size),
        help="with --layer: the settings that make its output exactly that large",
    )
    _add_format(parser, "table", "json", "csv")
    return AnalyzeRequest(**vars(parser.parse_args(arguments)))


def _parse_explain(arguments: Sequence[str]) -> Request:
    parser = _Parser(
        prog=f"{PROGRAM} explain",
        description="Print the arithmetic of one value of a layer: what it reads, what that is "
        "multiplied by, and what comes of it.",
    )
    parser.add_argument("network", metavar="NETWORK", help=_NETWORK_HELP)
    parser.add_argument("--image", metavar="IMAGE", type=_path, required=True, help="the picture")
    parser.add_argument("--layer", metavar="ID", required=True, help="the layer's id")
    parser.add_argument(
        "--at",
        metavar="ROW,COLUMN,CHANNEL",
        dest="position",
        type=_told(parse_position),
        required=True,
        help="which value, counted from 0; of a vector, value n is 0,0,n",
    )
    _add_input_size(parser)
    _add_format(parser, "text", "json")
    return ExplainRequest(**vars(parser.parse_args(arguments)))


def _parse_layers(arguments: Sequence[str]) -> Request:
    parser = _Parser(
        prog=f"{PROGRAM} layers",
        description="Print every layer kind with its settings, their ranges and defaults.",
    )
    _add_format(parser, "table", "json")
    return LayersRequest(**vars(parser.parse_args(arguments)))


COMMANDS: dict[str, Callable[[Sequence[str]], Request]] = {
    "render": _parse_render,
    "analyze": _parse_analyze,
    "explain": _parse_explain,
    "layers": _parse_layers,
}
"""The commands by name, each with what parses its arguments."""


def _add_input_size(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--input-size",
        metavar="HxW",
        type=_told(parse_picture_size),
        help="bring the picture to this size: as the network's own size policy does if that crops, "
        "letterboxes or stretches, else by cropping; without it, the policy decides (the longer "
        "side limited to 256 px unless the project says otherwise)",
    )


def _add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        help=f"how it is printed; {formats[0]} is for people, the others are for programs",
    )


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("an empty name is no path")
    return Path(text)


def _told(parse_value: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return the function with its ValueError's sentence where argparse shows it."""

    def parse_argument(text: str) -> Any:
        try:
            return parse_value(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse_argument
