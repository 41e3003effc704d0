"""Sample records, one after the other: each depends on its id, the seed and the scheme, on nothing else."""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from random import Random as Generator
from typing import Any

from . import pictures, texts
from .plan import Scheme, Seat, seats
from .vocabulary import Random, common, load, pick, topics

SCHEME = Path(__file__).parents[2] / "cases" / "scheme.yml"
EMPTY_PLACES = 2  # terms of the place dimension that nobody reports from
INCOMPLETE = 0.03  # records of which only the published list is known
PICTURE_SEED = 500_000_000_000  # apart from the seeds of the texts, which stay as they are without pictures
PATENT_DIGIT = {"发明专利": 1, "实用新型专利": 2, "外观设计专利": 3}
REAL_TITLES = 120  # how many titles of a library are those of real projects, about


def read_scheme(scheme: Path | Scheme | None) -> Scheme:
    """The scheme as a mapping; the project's own where none is given."""
    if scheme is None or isinstance(scheme, Path):
        return load(scheme or SCHEME)
    return scheme


def sample_records(
    count: int, seed: int = 1, scheme: Path | Scheme | None = None, *, with_pictures: bool = False
) -> Iterator[dict[str, Any]]:
    """`count` records in the order of their ids; without pictures they are the same but for `media`."""
    chosen = read_scheme(scheme)
    maker = Maker(chosen, seed, REAL_TITLES / max(count, 2000), with_pictures)
    for index, seat in enumerate(seats(count, seed, chosen)):
        yield maker.record(seat, index)


class Maker:
    """Makes the records of one library."""

    def __init__(self, scheme: Scheme, seed: int, real: float, with_pictures: bool) -> None:
        """real: share of titles that are those of real projects."""
        self.seed, self.real, self.with_pictures = seed, real, with_pictures
        self.programme = scheme["programme"]
        self.sections = [section["key"] for section in scheme.get("sections", ())]
        self.fields = scheme.get("fields") or ()
        self.ranked = {ranking["date"] for ranking in scheme.get("rankings") or ()}
        self.required = [rule for rule in scheme.get("rules") or () if rule.get("require")]
        self.drawn = [_Drawn(dimension) for dimension in scheme["dimensions"]]

    def record(self, seat: Seat, index: int) -> dict[str, Any]:
        """The record of a seat, its keys in the order in which they are written."""
        random = Generator(self.seed * 1_000_003 + index).random
        bare = random() < INCOMPLETE
        terms = {
            d.key: seat.terms[d.key] if d.key in seat.terms else d.draw(random, bare, seat.year) for d in self.drawn
        }
        slugs = {d.key: d.slugs.get(terms[d.key] or "", "") for d in self.drawn}
        topic = texts.topic_of(tuple(slugs.values()), random)
        place = next((terms[d.key] for d in self.drawn if d.place), None) or ""
        name = texts.title(random, topic, slugs.get("kind"), self.real)
        record: dict[str, Any] = {"id": seat.id, "title": name, "year": seat.year}
        record |= {key: value for key, value in terms.items() if value is not None}
        record["unit"] = unit(random, topic, place)
        if crew := people(random, topic, bare):
            record["people"] = crew
        if not bare:
            record["summary"] = texts.summary(random, topic)
            record["body"] = texts.body(random, topic, self.sections, name)
        if not bare or self.ranked:
            record |= {
                field["key"]: value
                for field in self.fields
                if (value := self._entered(random, field, seat) or _extra(random, field, topic, seat)) is not None
                and (not bare or field["key"] in self.ranked)
            }
            for rule in self.required if not bare else ():
                if all(record.get(key) == value for key, value in rule.get("where", {}).items()):
                    record |= {key: {"true": True, "false": False}.get(v, v) for key, v in rule["require"].items()}
        if not bare:
            if self.with_pictures and (
                rows := _media(Generator(PICTURE_SEED + self.seed * 1_000_003 + index).random, topic, seat)
            ):
                record["media"] = rows
            if random() < 0.25:
                record["patents"] = [_patent(random, name, seat.year) for _ in range(1 + (random() < 0.2))]
        record["sources"] = [self._source(random, seat)]
        record["status"] = "announced"
        record["sample"] = True
        return record

    def _entered(self, random: Random, field: Scheme, seat: Seat) -> str | None:
        """A day of the round, of a field that a ranking goes by; more in some months than in others."""
        if field["key"] not in self.ranked:
            return None
        return f"{seat.year}-{1 + int(random() * random() * 11):02d}-{1 + int(random() * 28):02d}"

    def _source(self, random: Random, seat: Seat) -> dict[str, str]:
        day = 1 + int(random() * 6) * 4
        return {
            "title": f"{seat.year}年{self.programme}获奖名单（示例）",
            "address": f"https://example.org/notices/{seat.year}-06-{day:02d}.html",
            "date": f"{seat.year}-06-{day:02d}",
        }


class _Drawn:
    """A dimension whose terms are drawn: the earlier in a fixed mixed order, the more often."""

    def __init__(self, dimension: Scheme) -> None:
        self.key: str = dimension["key"]
        self.place = dimension.get("role") == "place"
        self.optional = 0.0 if dimension.get("need") == "required" else 1.0
        self.slugs = {term["name"]: term["slug"] for term in dimension["terms"]}
        groups = {term["parent"] for term in dimension["terms"] if "parent" in term}
        names = [name for name in self.slugs if name not in groups]
        self.rounds = {term["name"]: term["round"] for term in dimension["terms"] if "round" in term}
        Generator(f"{self.key}{len(names)}").shuffle(names)
        if self.place and len(names) > 20:
            names = names[:-EMPTY_PLACES]
        self.names = [name for rank, name in enumerate(names) for _ in range(1 + 40 // (rank + 4))]

    def draw(self, random: Random, bare: bool, year: int) -> str | None:
        """A term of the round; none where the record is bare and may do without."""
        if bare and self.optional:
            return None
        if self.rounds:
            return pick(random, [name for name in self.names if self.rounds[name] == year])
        return pick(random, self.names)


def unit(random: Random, topic: str, place: str) -> str:
    """A unit of the place: mostly its full name, sometimes as short or as run together as in published lists."""
    shared, own = common(), pick(random, topics()[topic]["places"])
    where = place if len(place) < 6 else place[:2]
    dice = random()
    if dice < 0.05 or own.startswith(("市局", "县", "我院", "东", "附属", "ICU")):
        return own
    brand = pick(random, shared["brands"])
    if dice < 0.06:
        return f"{where}{brand}{own}{pick(random, shared['brands'])}{pick(random, topics()[topic]['places'])}"
    if "公司" in own or own.endswith(("厂", "集团")):
        return f"{where if dice < 0.8 else ''}{brand}{own}"
    if dice < 0.2 or own.startswith("镇"):
        return f"{where}{pick(random, shared['towns'])}{own}"
    return f"{where}{own}"


def name(random: Random) -> str:
    """A person's name, invented; one in 120 is long and has a middle dot."""
    shared = common()
    if random() < 0.008:
        return pick(random, shared["long_names"])
    given, surname = pick(random, shared["given"]), pick(random, shared["surnames"])
    if len(given) == 1 and random() < 0.65:
        given += pick(random, _single_given())
    return surname + given


@cache
def _single_given() -> list[str]:
    return [given for given in common()["given"] if len(given) == 1]


def people(random: Random, topic: str, bare: bool) -> list[dict[str, str]]:
    """The lead and up to four members; a team instead in one of a hundred, nobody in a few."""
    dice = random()
    if dice < 0.004:
        return []
    if dice < 0.014:
        return [{"name": pick(random, common()["team_names"]), "role": "lead"}]
    posts = topics()[topic]["posts"]
    found: dict[str, dict[str, str]] = {}
    for _ in range(1 if bare else (1, 1, 2, 2, 3, 3, 4, 5)[int(random() * 8)]):
        person = {"name": name(random), "role": "member" if found else "lead"}
        if not bare and random() < 0.85:
            person["post"] = pick(random, posts)
        found.setdefault(person["name"], person)
    return list(found.values())


def _media(random: Random, topic: str, seat: Seat) -> list[dict[str, str]]:
    """Up to four different drawings, none for half of the records; the file's name says which drawing it is."""
    names = dict.fromkeys(pick(random, pictures.names()) for _ in range((0, 0, 0, 0, 1, 1, 2, 4)[int(random() * 8)]))
    return [
        {
            "file": f"{seat.id}/{name}{pictures.suffix(name)}",
            "alt": pictures.alt(name),
            "caption": texts.pick_sentence(random, f"captions.{name.partition('-')[0]}", topic).fill(random),
        }
        for name in names
    ]


def _patent(random: Random, title: str, year: int) -> dict[str, str]:
    kind = pick(random, common()["patents"])
    digits = f"{int(random() * 10_000_000):07d}"
    if kind == "软件著作权":
        number = f"{year - 1}SR{digits}"
    else:
        number = f"ZL{year - 1 - int(random() * 2)}{PATENT_DIGIT[kind]}{digits}.{int(random() * 10)}"
    return {"number": number, "kind": kind, "title": title.strip("《》“”")}


@lru_cache
def _words_of(values: tuple[str, ...]) -> list[str]:
    return list(values)


def _extra(random: Random, field: Scheme, topic: str, seat: Seat) -> Any:
    """A value for a field of the scheme, for three records in four."""
    if random() < 0.25:
        return None
    match field["type"]:
        case "enum":
            return pick(random, _words_of(tuple(field["values"])))
        case "boolean":
            return random() < 0.3
        case "number":
            return int(random() * 120) + 1
        case "date":
            return f"{seat.year - 1}-{1 + int(random() * 12):02d}-{1 + int(random() * 28):02d}"
        case _:
            return pick(random, common()["results"])
