"""Which cases the loop shows, in which order; the same library and rule give the same list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from generator.kiosk.settings import Playlist
from generator.records.library import Library
from generator.records.model import Entry
from generator.scheme.model import Scheme

# The best candidates that spreading looks at.
LOOKED_AT = 2000


def playlist(library: Library, rule: Playlist) -> list[Entry]:
    """The cases of the loop. Ids that cannot be shown are left out; a rule that finds nothing gives the best cases."""
    if rule.ids:
        named = [library.by_id[case_id] for case_id in rule.ids if case_id in library.by_id]
        chosen = [entry for entry in named if entry.is_public]
        if chosen:
            return chosen
    found = [entry for entry in library.public if _fits(entry, rule, library.scheme)]
    return _spread(library, found or list(library.public), rule)


def _fits(entry: Entry, rule: Playlist, scheme: Scheme) -> bool:
    award = scheme.award
    if rule.awards and (award is None or entry.term(award.key) not in rule.awards):
        return False
    if rule.years and entry.year not in rule.years:
        return False
    return bool(entry.pictures) or rule.pictures != "only"


def _spread(library: Library, entries: Sequence[Entry], rule: Playlist) -> list[Entry]:
    """`rule.count` of `entries`: each time the one whose terms were taken least, then the best."""
    keys = rule.spread if rule.spread is not None else _usual_spread(library.scheme)
    plain = rule.pictures == "first"

    def goodness(entry: Entry) -> tuple[bool, int, int, str]:
        return plain and not entry.pictures, library.award_rank(entry), -entry.year, entry.id

    rest = sorted(entries, key=goodness)[:LOOKED_AT]
    taken: Counter[tuple[str, str]] = Counter()
    chosen: list[Entry] = []
    while rest and len(chosen) < rule.count:
        place = min(
            range(len(rest)),
            key=lambda n: (sum(taken[key, rest[n].terms.get(key, "")] for key in keys), n),
        )
        entry = rest.pop(place)
        chosen.append(entry)
        taken.update((key, entry.terms.get(key, "")) for key in keys)
    return chosen


def _usual_spread(scheme: Scheme) -> tuple[str, ...]:
    """The dimension with most terms that neither ranks nor says a method, and the places."""
    sorts = [dimension for dimension in scheme.dimensions if dimension.role is None]
    place = scheme.role("place")
    most = max(sorts, key=lambda dimension: len(dimension.terms), default=None)
    return tuple(dimension.key for dimension in (most, place) if dimension is not None)
