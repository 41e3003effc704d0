"""Matches a list of winners to the records that are there, by title and unit; what is not exact goes to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.importers.draft import Draft
from generator.importers.known_records import KnownRecord
from generator.importers.matching import NEAR, TitleIndex, plain_key, same_unit, unit_likeness
from generator.importers.options import Options
from generator.importers.writing import Action, Mode, Plan, check_plan, plan_new, plan_unchanged
from generator.records.formatting import comments_of, record_text

NO_SOURCE = "公布的记录要写明来源；请加 --source-title 标题（还可加 --source-address 网址、--source-date 日期）"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a winner may be, and how alike title and unit are."""

    record: KnownRecord
    title: float
    unit: float


@dataclass
class Winners:
    """The winners of one file, the plans of those that were matched, and the others for a person."""

    drafts: list[Draft] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    to_confirm: list[tuple[Draft, list[Candidate]]] = field(default_factory=list)
    unmatched: list[Draft] = field(default_factory=list)
    matched: int = 0

    @property
    def needs_a_person(self) -> bool:
        return bool(self.to_confirm or self.unmatched)

    def lines(self) -> Iterator[str]:
        """What a person has to decide, with the words to type for it."""
        measure = self.drafts[0].scheme.words.measure if self.drafts else ""
        yield (
            f"  名单共 {len(self.drafts)} {measure}：对上 {self.matched} {measure}，"
            f"待确认 {len(self.to_confirm)} {measure}，没有对应的记录 {len(self.unmatched)} {measure}"
        )
        for draft, candidates in self.to_confirm:
            yield f"    待确认  {draft.origin}：{_named(draft)}"
            for candidate in candidates:
                record = candidate.record
                yield (
                    f"      可能是 {record.id}「{record.title}」（{record.unit or '单位未写'}）"
                    f"　名称 {candidate.title:.0f}%，单位 {candidate.unit:.0f}%"
                )
            yield f"      确认后请加：--accept {row_of(draft)}={candidates[0].record.id}"
        for draft in self.unmatched:
            yield f"    缺      {draft.origin}：{_named(draft)}：没有这条记录；要新建请加 --create"


def _named(draft: Draft) -> str:
    unit = draft.value.get("unit")
    return f"「{draft.value['title']}」{f'（{unit}）' if unit else ''}"


def row_of(draft: Draft) -> int:
    """The row of the file that a draft stands in."""
    return int(draft.origin.rpartition("第")[2].removesuffix("行"))


def match_winners(winners: Winners, known: Sequence[KnownRecord], options: Options, number: int) -> int:
    """Fills in the plans of `winners`; the next free number of the round comes back."""
    index = TitleIndex([record.title for record in known])
    by_id = {record.id: record for record in known}
    accepted = dict(options.accepted)
    taken: set[str] = set()
    for draft in winners.drafts:
        exact, near = _candidates(draft, known, index)
        chosen = by_id.get(accepted.get(row_of(draft), ""))
        if chosen is None and len(exact) == 1 and exact[0].id not in taken:
            chosen = exact[0]
        if chosen is not None:
            taken.add(chosen.id)
            winners.plans.append(plan_award(draft, chosen, options))
            winners.matched += 1
        elif near or exact:
            listed = near or [Candidate(record, 100, 100) for record in exact]
            winners.to_confirm.append((draft, listed[:3]))
        elif options.create:
            draft.value |= _origin(options)
            plan = plan_new(draft, options.folder, options.year, number, _state(options), [])
            if _lacks_source(options):
                plan.action, plan.reason = Action.REFUSED, NO_SOURCE
            winners.plans.append(plan)
            number += winners.plans[-1].action is Action.NEW
        else:
            winners.unmatched.append(draft)
    return number


def _candidates(
    draft: Draft, known: Sequence[KnownRecord], index: TitleIndex
) -> tuple[list[KnownRecord], list[Candidate]]:
    """Records with just this title and unit; and those that are near, likeliest first."""
    title, unit = str(draft.value["title"]), str(draft.value.get("unit") or "")
    lead = next((person["name"] for person in draft.value.get("people", ())), "")
    exact: list[KnownRecord] = []
    near: list[Candidate] = []
    for place, likeness in index.near(title, NEAR - 15):
        record = known[place]
        alike = unit_likeness(unit, record.unit)
        if plain_key(title) == plain_key(record.title) and same_unit(unit, record.unit):
            exact.append(record)
        elif likeness >= NEAR or alike >= 90 or (lead and lead == record.lead):
            near.append(Candidate(record, likeness, alike))
    if len(exact) > 1 and lead:
        exact = [record for record in exact if record.lead == lead] or exact
    near.sort(key=lambda candidate: (-candidate.title - candidate.unit / 2, candidate.record.id))
    return exact, near


def _origin(options: Options) -> dict[str, Any]:
    return {"sources": [dict(options.source)]} if options.source else {}


def _state(options: Options) -> str:
    """The state that a list gives its records: in public notice where it was asked for, else announced."""
    return "notice" if options.status == "notice" else "announced"


def _lacks_source(options: Options) -> bool:
    """Whether a record that this list announces would have no source."""
    return _state(options) == "announced" and not options.source and not options.scheme.sample


def plan_award(draft: Draft, known: KnownRecord, options: Options) -> Plan:
    """The plan that gives a record its award, its state and its source; nothing else of it changes."""
    plan, raw = plan_unchanged(draft, known)
    if raw is None:
        return plan
    value = dict(raw.value)
    scheme = options.scheme
    award = scheme.award
    new = draft.value.get(award.key) if award is not None else None
    if value.get("status") == "revoked":
        plan.action, plan.reason = Action.REFUSED, f"{known.id} 已撤销，没有改动"
        return plan
    if _lacks_source(options) and not value.get("sources"):
        plan.action, plan.reason = Action.REFUSED, NO_SOURCE
        return plan
    if award is not None and new:
        old = value.get(award.key)
        if old and old != new:
            plan.changes.append(f"{award.label}：「{old}」 → 「{new}」")
            if options.mode is not Mode.OVERWRITE:
                draft.doubt(award.key, f"记录里是「{old}」，名单是「{new}」，没有改；要改请加 --overwrite", "")
                plan.draft.doubts.clear()
                return plan
        elif not old:
            plan.changes.append(f"{award.label}：（空） → 「{new}」")
        value[award.key] = new
    state = _state(options)
    if value.get("status") in ("nominated", "notice") and value["status"] != state:
        plan.changes.append(f"状态：{value['status']} → {state}")
        value["status"] = state
    source = dict(options.source)
    sources = value.get("sources") or []
    if source and not any(_same_source(entry, source) for entry in sources if isinstance(entry, dict)):
        plan.changes.append(f"来源：加上「{source.get('title', '')}」")
        value["sources"] = [*sources, source]
    if not plan.changes:
        plan.action = Action.SAME
        return plan
    comments = comments_of(raw)
    if award is not None:
        comments.before.pop((award.key,), None)
    plan.action = Action.CHANGED
    plan.text = record_text(value, scheme, comments)
    check_plan(plan)
    return plan


def _same_source(one: dict[str, Any], other: dict[str, str]) -> bool:
    if one.get("address") and other.get("address"):
        return bool(one["address"] == other["address"])
    return bool(one.get("title") == other.get("title"))
