"""Which rounds a sample library has, and which terms with announced numbers each record gets: exact, not drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Scheme = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """One record to be: its round, its number in the round, and its terms that are set beforehand."""

    year: int
    number: int
    terms: dict[str, str | None]

    @property
    def id(self) -> str:
        return f"{self.year}-{self.number:05d}"


def shares(count: int, weights: Sequence[float]) -> list[int]:
    """`count` divided as the weights say, by largest remainder; the sum is exact."""
    total = sum(weights) or 1
    exact = [count * w / total for w in weights]
    parts = [int(e) for e in exact]
    order = sorted(range(len(parts)), key=lambda k: (parts[k] - exact[k], k))
    for k in order[: count - sum(parts)]:
        parts[k] += 1
    return parts


def years(count: int, scheme: Scheme) -> list[int]:
    """The rounds of a library of `count` records, from the scheme's first one on."""
    if any(dimension.get("role") == "batch" for dimension in scheme["dimensions"]):
        return sorted(entry["year"] for entry in scheme["rounds"])  # batches belong to their round
    first = min(entry["year"] for entry in scheme["rounds"])
    return [first + k for k in range(1 if count < 100 else 3 if count < 1000 else 4)]


def seats(count: int, seed: int, scheme: Scheme) -> list[Seat]:
    """The places of all records, in the order of their ids: later rounds larger, within a round the best award first.

    Terms are dealt out as the latest round announced them: 394 records of 66, 131 and 197 are exactly these.
    """
    announced: dict[str, dict[str, int]] = max(scheme["rounds"], key=lambda r: r["year"]).get("announced") or {}
    whole = max((sum(counts.values()) for counts in announced.values()), default=0)
    # A required term of which numbers were announced for a few only is drawn like any other.
    free = {d["key"] for d in scheme["dimensions"] if d.get("need") == "required"}
    announced = {k: counts for k, counts in announced.items() if k not in free or sum(counts.values()) == whole}
    if len(scheme["rounds"]) > 1:
        batches = {d["key"] for d in scheme["dimensions"] if d.get("role") == "batch"}
        announced = {key: counts for key, counts in announced.items() if key not in batches}
    dealt: dict[str, list[str | None]] = {}
    for place, (key, counts) in enumerate(announced.items()):
        names: list[str | None] = [*counts, None]
        parts = shares(count, [*counts.values(), whole - sum(counts.values())])
        cards = [name for name, part in zip(names, parts, strict=True) for _ in range(part)]
        Random(seed * 31 + place).shuffle(cards)
        dealt[key] = cards
    order = {
        d["key"]: {t["name"]: k for k, t in enumerate(d["terms"])}
        for d in scheme["dimensions"]
        if d.get("role") == "award"
    }
    rounds = years(count, scheme)
    found, start = [], 0
    for year, size in zip(rounds, shares(count, [5 + k for k in range(len(rounds))]), strict=True):
        terms = [{key: cards[k] for key, cards in dealt.items()} for k in range(start, start + size)]
        for key, ranks in order.items():
            terms.sort(key=lambda row: ranks.get(row.get(key) or "", len(ranks)))
        found += [Seat(year, number, row) for number, row in enumerate(terms, 1)]
        start += size
    return found


def announced_rounds(places: Sequence[Seat], scheme: Scheme) -> list[dict[str, Any]]:
    """The rounds of the sample scheme: those of `scheme` kept in words, their numbers as the samples have them."""
    known = {entry["year"]: entry for entry in scheme["rounds"]}
    counts: dict[int, dict[str, Counter[str]]] = {}
    for seat in places:
        for key, name in seat.terms.items():
            if name is not None:
                counts.setdefault(seat.year, {}).setdefault(key, Counter())[name] += 1
    order = [d["key"] for d in scheme["dimensions"]]
    terms = {d["key"]: [t["name"] for t in d["terms"]] for d in scheme["dimensions"]}
    rounds = []
    for year in sorted({seat.year for seat in places}):
        entry = {"year": year, "results": [year - 1], **known.get(year, {})}
        entry["announced"] = {
            key: {name: counts[year][key][name] for name in terms[key] if counts[year][key][name]}
            for key in order
            if key in counts.get(year, {})
        }
        entry.pop("notices", None)
        rounds.append(entry)
    return rounds
