"""Convolens: reads the arguments, then opens the window or carries out a headless command."""

import gc
import os
import signal
import sys
from collections.abc import Sequence

from engine.commands.arguments import PROGRAM, parse
from engine.commands.output import say
from engine.commands.requests import (
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
from engine.problems import ConvolensError

BAD_REQUEST = 2
INTERRUPTED = 130


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for, those of the process by default; return the exit status."""
    try:
        return _carry_out(parse(sys.argv[1:] if arguments is None else arguments))
    except SystemExit as done:  # argparse, after --help
        return int(done.code or 0)
    except ConvolensError as error:
        return _refuse(str(error))
    except MemoryError:
        return _refuse("There is not enough free memory. Close other programs, or use less input.")
    except KeyboardInterrupt:
        say("interrupted; nothing was written.")
        return INTERRUPTED


def _carry_out(request: Request) -> int:
    if isinstance(request, WindowRequest):
        _check_path(request.path)
    if isinstance(request, WindowRequest | WindowCheckRequest):
        # What is imported stays: to look for garbage in it again and again takes longer than all
        # else of an import. `gui.garbage` collects from when the window is there.
        gc.disable()
    # Before numpy, for the reason given there; and each command imports only what it needs.
    import engine.opencv  # noqa: F401

    if isinstance(request, WindowRequest | WindowCheckRequest):
        _load_engine()
        _check_window()

    match request:
        case RenderRequest():
            from engine.commands import render

            # Told to end, as by a server, it cleans up as after Ctrl+C.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            return render.run(request)
        case AnalyzeRequest():
            from engine.commands import analyze

            return analyze.run(request)
        case ExplainRequest():
            from engine.commands import explain

            return explain.run(request)
        case LayersRequest():
            from engine.commands import layers

            return layers.run(request)
        case SelfCheckRequest():
            from engine.commands import self_check

            return self_check.run()
        case WindowRequest(path):
            from gui import application

            return application.run(path)
        case WindowCheckRequest():
            from gui import window_check

            return window_check.run()


def _check_path(path: str | None) -> None:
    """Refuse what is not there, while a sentence still reaches the person who asked.

    Raises:
        RequestError: there is no such file.
    """
    if path is not None and not os.path.exists(path):
        raise RequestError(f"“{path}” does not exist.")


def _load_engine() -> None:
    """Import what the window needs of the engine before Qt.

    PySide6 reads the source of every module that is imported after it, in search of its own marks.
    """
    import engine.api  # noqa: F401
    from engine.registry import all_kinds

    all_kinds()


def _check_window() -> None:
    """Refuse where Qt would abort, for the same reason.

    Raises:
        RequestError: no window can be opened here.
    """
    from gui.preflight import why_no_window

    reason = why_no_window()
    if reason is not None:
        raise RequestError(
            f"No window can be opened. {reason} Without a window, use “{PROGRAM} render” and "
            f"“{PROGRAM} analyze”; see {PROGRAM} --help."
        )


def _refuse(sentence: str) -> int:
    say(sentence)
    return BAD_REQUEST


if __name__ == "__main__":
    sys.exit(run())
