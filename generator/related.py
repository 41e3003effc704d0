"""Similar cases by the rarest pairs of characters of title and summary; the same for the same cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from generator.model import Entry

MOST = 4
# A pair of characters says something about a case while few others have it.
COMMON = 60
PAIRS_OF_A_CASE = 10
TITLE_WEIGHT = 3


def _pairs(text: str) -> Iterator[str]:
    words = "".join(character.lower() if character.isalnum() else " " for character in text)
    return (pair for pair in map("".join, zip(words, words[1:], strict=False)) if " " not in pair)


def related(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Ids of up to MOST similar cases of each case, the most similar first; other units before the same one."""
    places: dict[str, list[int]] = defaultdict(list)
    weights: list[dict[str, int]] = []
    for number, entry in enumerate(entries):
        own = {pair: 1 for pair in _pairs(entry.summary)}
        own |= {pair: TITLE_WEIGHT for pair in _pairs(entry.title)}
        weights.append(own)
        for pair in own:
            places[pair].append(number)
    found: dict[str, list[str]] = {}
    for number, entry in enumerate(entries):
        rare = sorted((len(places[pair]), pair) for pair in weights[number] if 1 < len(places[pair]) <= COMMON)
        scores: Counter[int] = Counter()
        for count, pair in rare[:PAIRS_OF_A_CASE]:
            weight = weights[number][pair] * 1000 // count
            for other in places[pair]:
                scores[other] += weight * weights[other][pair]
        scores.pop(number, None)
        best = sorted(scores.items(), key=lambda s: (entries[s[0]].unit == entry.unit, -s[1], entries[s[0]].id))
        found[entry.id] = [entries[other].id for other, _ in best[:MOST]]
    return found
