"""Judges a round by the rules of its scheme: what breaks a rule, and what cannot be judged from what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from generator.duplicates import Twins
from generator.records.model import UNPUBLISHED, Case, Entry, labels, record_model
from generator.scheme.fields import GROUPS, LIST, field_text
from generator.scheme.model import Round, Scheme
from generator.scheme.rules import UNIT, Bound, Rule

COUNTED = {"entries": "申报", "nominations": "推荐", "announced": "公布"}

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a rule: where (a group or a record), how, and the records it concerns."""

    where: str
    detail: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What a rule finds.

    unknown: why it could not be judged, wholly or for some groups. partial: judged by the records of the library, which
    do not hold everything that was recommended.
    """

    rule: Rule
    breaches: tuple[Breach, ...] = ()
    unknown: tuple[str, ...] = ()
    partial: bool = False

    @property
    def blocks(self) -> bool:
        """Whether the round may not be released because of it."""
        return bool(self.breaches) and self.rule.severity == "error"


@dataclass(frozen=True)
class RoundRecords:
    """The records of one round in any state. twins: pairs of like projects, of which at least one is of the round."""

    scheme: Scheme
    round: Round
    entries: Sequence[Entry]
    load: Callable[[str], Case]
    twins: Sequence[Twins] = ()

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return {}

    def case(self, entry: Entry) -> Case:
        """The whole case, loaded once."""
        found = self._cases.get(entry.id)
        if found is None:
            found = self._cases[entry.id] = self.load(entry.id)
        return found

    @cached_property
    def standing(self) -> list[Entry]:
        """The records that were not revoked."""
        return [entry for entry in self.entries if entry.status != "revoked"]

    @cached_property
    def is_open(self) -> bool:
        """Whether records stand here that are not announced: then those of all nominees are taken to be here."""
        return any(entry.status in UNPUBLISHED for entry in self.entries)

    def terms(self, entry: Entry, key: str) -> list[str]:
        """Name of the term of a dimension and of those above it, as said; the unit, where `key` is the one of units."""
        if key == UNIT:
            return [entry.unit] if entry.unit else []
        return [term.name for term in self.scheme.by_key[key].above(entry.term(key))]

    def has(self, entry: Entry, key: str, wanted: str) -> bool:
        """Whether the value of the record at `key` is `wanted`, as a record would write it."""
        if key == UNIT:
            return wanted == entry.unit
        if key in self.scheme.by_key:
            # A rule may call a term by what it became since.
            return any(term.name == wanted for term in self.scheme.by_key[key].lineage(entry.term(key)))
        value = self.case(entry).value(key)
        written = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        return written == wanted

    def matches(self, entry: Entry, rule: Rule) -> bool:
        return all(self.has(entry, key, value) for key, value in rule.where.items())


def judge(records: RoundRecords) -> list[RuleOutcome]:
    """The outcome of each rule that applies to the round, in the order of the scheme."""
    year = records.round.year
    rules = [rule for rule in records.scheme.rules if not rule.rounds or year in rule.rounds]
    return [_JUDGES[rule.kind](rule, records) for rule in rules]


def _require(rule: Rule, records: RoundRecords) -> RuleOutcome:
    names = labels(record_model(records.scheme))
    breaches = []
    for entry in records.standing:
        if not records.matches(entry, rule):
            continue
        wrong = [key for key, value in rule.require.items() if not records.has(entry, key, value)]
        wrong += [key for key in rule.present if not _is_filled(records, entry, key)]
        if wrong:
            detail = "、".join(_demand(rule, key, names.get(key, key)) for key in wrong)
            breaches.append(Breach(_named(entry), detail, (entry.id,)))
    return RuleOutcome(rule, tuple(breaches))


def _demand(rule: Rule, key: str, label: str) -> str:
    """What a record should have at `key`, in words."""
    if key in rule.present:
        return f"{label}没有填写"
    value = rule.require[key]
    return f"{label}应为「{ {'true': '是', 'false': '否'}.get(value, value) }」"


def _is_filled(records: RoundRecords, entry: Entry, key: str) -> bool:
    return bool(records.terms(entry, key)) if key in records.scheme.by_key else bool(records.case(entry).value(key))


def _mention(rule: Rule, records: RoundRecords) -> RuleOutcome:
    breaches = []
    for entry in records.standing:
        if not records.matches(entry, rule):
            continue
        text = "\n".join(_texts(records.case(entry), records.scheme))
        words = [word for word in rule.mention if word in text]
        if words:
            breaches.append(Breach(_named(entry), f"写有{'、'.join(f'「{word}」' for word in words)}", (entry.id,)))
    return RuleOutcome(rule, tuple(breaches))


def _texts(case: Case, scheme: Scheme) -> Iterator[str]:
    yield case.title
    yield case.summary or ""
    for section in scheme.sections:
        yield case.section(section.key) or ""
    for extra in scheme.stored:
        if extra.type in ("text", LIST, GROUPS):
            yield field_text(case.value(extra.key))


def _distinct(rule: Rule, records: RoundRecords) -> RuleOutcome:
    year = str(records.round.year)
    standing = {entry.id for entry in records.standing}
    excepted = {frozenset(pair) for pair in rule.excepted}
    breaches = []
    for twins in records.twins:
        first, second = sorted((twins.first, twins.second), key=lambda record: record.id)
        same_round = first.id[:4] == second.id[:4]
        wanted = rule.among == "all" or (rule.among == "round") == same_round
        later = second.id[:4] == year and second.id in standing
        if twins.is_exact and wanted and later and frozenset((first.id, second.id)) not in excepted:
            detail = f"与 {first.id}「{first.title}」（{first.unit or '单位未写'}）相同"
            breaches.append(Breach(f"{second.id}「{second.title}」", detail, (second.id, first.id)))
    return RuleOutcome(rule, tuple(breaches))


def _named(entry: Entry) -> str:
    return f"{entry.id}「{entry.title}」"


# quotas


def _quota(rule: Rule, records: RoundRecords) -> RuleOutcome:
    quota = _Quota(rule, records)
    breaches: list[Breach] = []
    unknown: list[str] = []
    by_entries = rule.count == "entries" or any(b.of == "entries" or b.entries is not None for b in quota.bounds)
    if by_entries and not quota.entries:
        label = records.scheme.by_key[rule.by[0]].label
        text = "方案没有写 {year} {round}按{label}的申报数（entries），无法核对"
        return RuleOutcome(rule, (), (records.scheme.words.said(text, year=records.round.year, label=label),))
    for group in quota.groups():
        for bounds, low in ((rule.at_most, False), (rule.at_least, True)):
            found = quota.judge(group, bounds, low) if bounds else None
            if isinstance(found, Breach):
                breaches.append(found)
            elif found:
                unknown.append(found)
    return RuleOutcome(rule, tuple(breaches), tuple(unknown), not all(map(quota.is_complete, quota.groups())))


class _Quota:
    """The numbers that a quota is about, by group."""

    def __init__(self, rule: Rule, records: RoundRecords) -> None:
        self.rule = rule
        self.records = records
        self.bounds = (*rule.at_most, *rule.at_least)
        self.dimension = next((key for key in rule.by if key != UNIT), None)
        self.entries = records.round.entries.get(rule.by[0], {}) if len(rule.by) == 1 else {}
        self.members: dict[Group, list[Entry]] = defaultdict(list)
        for entry in records.entries:
            if rule.count == "nominations" or entry.is_public:
                for group in product(*(records.terms(entry, key) for key in rule.by)):
                    self.members[group].append(entry)

    def groups(self) -> list[Group]:
        """The groups to judge: the rule's terms where it names some; else those with a number, all for a minimum."""
        found = set(self.members) | {(name,) for name in self.entries} | {(name,) for name in self.declared}
        if self.dimension is None:
            return sorted(found)
        place = self.rule.by.index(self.dimension)
        if len(self.rule.by) == 1 and (self.rule.terms or self.rule.at_least):
            found |= {(name,) for name in self.rule.terms or self._leaves if name in self._in_round}
        if self.rule.terms:
            found = {group for group in found if group[place] in self.rule.terms}
        rank = self.records.scheme.by_key[self.dimension].rank
        return sorted(found, key=lambda group: (rank[group[place]], group))

    @property
    def _in_round(self) -> list[str]:
        assert self.dimension is not None
        return self.records.scheme.by_key[self.dimension].names_in(self.records.round.year)

    @property
    def _leaves(self) -> list[str]:
        assert self.dimension is not None
        dimension = self.records.scheme.by_key[self.dimension]
        above = {term.parent for term in dimension.terms}
        return [name for name in dimension.names if name not in above]

    @cached_property
    def declared(self) -> dict[str, int]:
        """What the scheme itself says was recommended, by name of the term."""
        if self.rule.count != "nominations" or len(self.rule.by) != 1 or self.rule.where:
            return {}
        return self.records.round.nominations.get(self.rule.by[0], {})

    def counted(self, group: Group) -> list[Entry]:
        """The records of the group that the rule counts."""
        return [entry for entry in self.members.get(group, ()) if self.records.matches(entry, self.rule)]

    def number(self, group: Group) -> int | None:
        """The count of the group; None where it is not known."""
        if self.rule.count == "entries":
            return self.entries.get(group[0])
        declared = self.declared.get(group[0])
        return len(self.counted(group)) if declared is None else declared

    def is_complete(self, group: Group) -> bool:
        """Whether everything that the rule counts is known, so that too few are too few."""
        if self.rule.count == "announced" or group[0] in self.declared:
            return True
        numbers = self.records.round.nominations.get(self.rule.by[0], {}) if len(self.rule.by) == 1 else {}
        sent = numbers.get(group[0])
        return self.records.is_open if sent is None else len(self.members.get(group, ())) >= sent

    def judge(self, group: Group, bounds: Sequence[Bound], low: bool) -> Breach | str | None:
        """The breach of the group; why it cannot be judged; None where it keeps the rule."""
        where, entries, number = " ".join(group), self.entries.get(group[0]), self.number(group)
        what, words = COUNTED[self.rule.count or ""], self.records.scheme.words
        if number is None:
            return f"{where}：没有写申报数"
        bound = next((b for b in bounds if b.entries is None or entries is None or entries >= b.entries), None)
        if bound is None:
            return None
        if entries is None and (bound.entries is not None or bound.of == "entries"):
            return f"{where}：没有写申报数，{what} {number} {words.measure}无法核对"
        if self.rule.count == "nominations" and (low or bound.of == "all") and not self.is_complete(group):
            return f"{where}：库里没有全部推荐{words.item}，无法核对"
        whole = entries if bound.of == "entries" else len(self.members.get(group, ()))
        limit = _limit(bound, whole or 0, low)
        if number >= limit if low else number <= limit:
            return None
        of = "申报" if bound.of == "entries" else "共"
        share = f"（{of} {whole} {words.measure}的 {bound.percent}%）" if bound.of else ""
        detail = f"{what} {number} {words.measure}，{'至少' if low else '最多'} {limit} {words.measure}{share}"
        return Breach(where, detail, tuple(entry.id for entry in self.counted(group)))


def _limit(bound: Bound, whole: int, low: bool) -> int:
    """The bound in whole projects: a share is rounded to the side on which the rule is still kept."""
    if bound.number is not None:
        return bound.number
    share = whole * (bound.percent or 0)
    return -(-share // 100) if low else share // 100


_JUDGES: dict[str, Callable[[Rule, RoundRecords], RuleOutcome]] = {
    "quota": _quota,
    "require": _require,
    "mention": _mention,
    "distinct": _distinct,
}
