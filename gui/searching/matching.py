"""How well a text answers what a person typed: whole words, beginnings, parts, or initials."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

_WHOLE, _BEGINNING, _PART, _SCATTERED = 100, 80, 50, 20
_ELSEWHERE = 30
"""By so much a name that is not shown answers worse: than the beginning of one that is."""
_BEHIND = 30
"""By so much, for each word, what is of no use now answers worse: still above scattered letters."""


@dataclass(frozen=True)
class Match:
    """A text that answers; ``places`` are the letters that were found, to be marked."""

    score: int
    places: tuple[int, ...]


def match(query: str, text: str, elsewhere: str = "") -> Match | None:
    """Return how a text answers a query, or None.

    Every word of the query must be found, in any order: best as a word of the text, then as the
    beginning of one, anywhere within, or as letters in order of which the first begins a word.
    A word may also be one of the names ``elsewhere``, or a part of one, which are not shown.

    >>> match("pool", "Insert Max pooling").places
    (11, 12, 13, 14)
    >>> match("mp", "Max pooling").places
    (0, 4)
    >>> match("dense", "Max pooling") is None
    True
    >>> match("insert maxpool2d", "Insert Max pooling", "MaxPool2d").places
    (0, 1, 2, 3, 4, 5)
    """
    low, names = _folded(text), _folded(elsewhere)
    score = 0
    places: set[int] = set()
    for word in _folded(query).split():
        found = _better(_find(word, low), _named(word, names))
        if found is None:
            return None
        score += found.score
        places.update(found.places)
    return Match(score, tuple(sorted(places)))


def best(
    query: str,
    texts: Sequence[str],
    useless: Collection[int] = (),
    elsewhere: Sequence[str] | None = None,
) -> list[tuple[int, Match]]:
    """Return the places of the texts that answer, best first, each with how it does.

    Of equally good ones those come first that come first in ``texts``. Those at ``useless`` places
    come after what answers about as well, but before mere scattered letters: whoever types "undo"
    and Enter wants nothing else to happen. ``elsewhere`` are further names, a text for each.

    >>> [place for place, _ in best("add", ["Padding", "Add"])]
    [1, 0]
    >>> [place for place, _ in best("undo", ["Undo", "Undo all", "Unfold"], useless={0})]
    [1, 0]
    """
    names = [""] * len(texts) if elsewhere is None else elsewhere
    pairs = enumerate(zip(texts, names, strict=True))
    found = [(place, match(query, text, more)) for place, (text, more) in pairs]
    answers = [(place, how) for place, how in found if how is not None]
    behind = _BEHIND * len(query.split())
    return sorted(answers, key=lambda found: behind * (found[0] in useless) - found[1].score)


def _folded(text: str) -> str:
    # Letter by letter, so that the places are those of the text: "ß".casefold() is two letters.
    return "".join(low if len(low := letter.casefold()) == 1 else letter for letter in text)


def _find(word: str, text: str) -> Match | None:
    starts = _word_starts(text)
    at = next((start for start in starts if text.startswith(word, start)), None)
    if at is not None:
        stop = at + len(word)
        ends = stop == len(text) or not text[stop].isalnum()
        return Match((_WHOLE if ends else _BEGINNING) - min(at, 9), tuple(range(at, stop)))
    at = text.find(word)
    if at >= 0:
        return Match(_PART - min(at, 9), tuple(range(at, at + len(word))))
    return _scattered(word, text, starts)


def _named(word: str, names: str) -> Match | None:
    """Return a match of a word in names that are not shown; scattered letters are none."""
    found = _find(word, names)
    if found is None or found.score <= _SCATTERED:
        return None
    return Match(found.score - _ELSEWHERE, ())


def _better(one: Match | None, other: Match | None) -> Match | None:
    if one is None or other is None:
        return one or other
    return other if other.score > one.score else one


def _scattered(word: str, text: str, starts: Sequence[int]) -> Match | None:
    """Return a match of the letters in order; a letter that begins a word is preferred."""
    places: list[int] = []
    at = 0
    for number, letter in enumerate(word):
        ahead = next((start for start in starts if start >= at and text[start] == letter), None)
        following = text.find(letter, at) if number else -1
        adjacent = bool(places) and following == places[-1] + 1
        place = following if adjacent or ahead is None else ahead
        if place < 0:
            return None
        places.append(place)
        at = place + 1
    return Match(max(_SCATTERED - (places[-1] - places[0]) // 2, 1), tuple(places))


def _word_starts(text: str) -> list[int]:
    return [
        place
        for place, letter in enumerate(text)
        if letter.isalnum() and (not place or not text[place - 1].isalnum())
    ]
