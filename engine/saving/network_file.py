"""Opening plain networks, which come with a size to be shown at and, if they like, a sample."""

import os
from pathlib import Path

from engine.pictures.images import SAMPLES_FOLDER, open_sample
from engine.pictures.size_policy import SizePolicy
from engine.project import Project
from engine.saving.network_json import DescribedNetwork, parse_network
from engine.saving.picture_record import Shown, picture_or_missing
from engine.strict_json import MAX_BYTES
from engine.whole_files import file_errors_as_sentences, open_regular


def open_network(path: str | os.PathLike[str]) -> Project:
    """Open a plain network as a project.

    Raises:
        ProjectFileError: it cannot be read; the text names the file and the reason.
    """
    return as_project(read_network(path))


def as_project(described: DescribedNetwork) -> Project:
    """Return a plain network with the size and the sample that it was made for."""
    return Project(described.network, _picture(described.sample), described.policy or SizePolicy())


def read_network(path: str | os.PathLike[str]) -> DescribedNetwork:
    """Read a plain network's file.

    Raises:
        ProjectFileError: it cannot be read; the text names the file and the reason.
    """
    place = Path(path)
    with file_errors_as_sentences(place, "opened"):
        stream, _ = open_regular(place, MAX_BYTES)
        with stream:
            return parse_network(stream.read())


def _picture(sample: str | None) -> Shown:
    if sample is None:
        return None
    return picture_or_missing(lambda: open_sample(sample), sample, SAMPLES_FOLDER / sample)
