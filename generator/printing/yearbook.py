"""The yearbook (年鉴) of a round as data: counts, the cases by award, the index of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.pages.alphabet import Alphabets
from generator.printing.blocks import blocks_of
from generator.printing.contexts import CasePart, CountTable, Origin, Part, Section, UnitLine, YearbookContext
from generator.printing.pictures import PrintPictures, code_of
from generator.printing.selection import Selection
from generator.printing.words import UNPUBLISHED, notes, round_words, shown_day
from generator.records.library import Library
from generator.records.model import Case, Entry, Source
from generator.scheme.fields import FACTS, field_text
from generator.scheme.layouts import filled
from generator.scheme.model import METHOD, Dimension, Notice
from generator.views import Views, count_as_said


def yearbook_context(selection: Selection, pictures: PrintPictures) -> tuple[YearbookContext, dict[str, bytes]]:
    """What the yearbook shows, and its pictures by name."""
    scheme, told = selection.scheme, selection.scheme.print.yearbook
    words = round_words(scheme, selection.round, selection.cases)
    pictures.prepare(selection.cases)
    files = dict(pictures.files)
    parts = []
    for name, cases in selection.by_award():
        made = [_case_part(selection, entry, pictures, files) for entry in cases]
        parts.append(
            Part(name or (f"未分{scheme.award.label}" if scheme.award else scheme.words.said("全部{item}")), made)
        )
    context = YearbookContext(
        title=filled(told.title, words),
        year=selection.round.year,
        round=words["round"],
        programme=scheme.programme,
        organiser=scheme.organiser,
        name=scheme.name,
        signed=filled(told.signed, words),
        date=shown_day(selection.day),
        note=notes(scheme, selection.round, len(selection.cases)),
        total=len(selection.cases),
        preface=blocks_of(filled(told.preface or "", words)),
        counts=list(_counts(selection)),
        parts=parts,
        units=_units(selection),
        notices=[_origin(notice) for notice in selection.round.notices],
        words=scheme.words.by_name,
    )
    return context, files


def _counts(selection: Selection) -> Iterator[CountTable]:
    """Tables of the dimensions that an organiser publishes, without those that nothing was published of."""
    dimensions = [dimension for dimension in selection.scheme.dimensions if dimension.role != METHOD]
    for dimension in sorted(dimensions, key=lambda dimension: dimension is not selection.scheme.award):
        counts = count_as_said(selection.cases, dimension)
        rows = [(name, counts[name]) for name in dimension.names if counts.get(name)]
        if not rows:
            continue
        rest = [(UNPUBLISHED, counts[None])] if counts.get(None) else []
        yield CountTable(dimension.label, [*rows, *rest])


def _case_part(selection: Selection, entry: Entry, pictures: PrintPictures, files: dict[str, bytes]) -> CasePart:
    scheme = selection.scheme
    case = selection.library.load(entry.id)
    address = qr = ""
    if selection.site:
        address, qr, files_of_code = code_of(selection.site, entry.id)
        files[qr] = files_of_code
    filled_in = [(section.label, text) for section in scheme.sections if (text := case.section(section.key))]
    absent = [section.label for section in scheme.sections if not case.section(section.key)]
    people = sorted(case.people, key=lambda person: person.role != "lead")
    return CasePart(
        id=entry.id,
        title=entry.title,
        award=(entry.term(scheme.award.key) or "") if scheme.award else "",
        facts=[*_facts(selection, entry, case)],
        people=[(person.name, person.post or "") for person in people],
        summary=entry.summary,
        pictures=pictures.of(entry.id),
        sections=[Section(label, blocks_of(text)) for label, text in filled_in],
        missing=absent,
        patents=["，".join(filter(None, (p.title, p.kind, p.number, p.status))) for p in case.patents],
        sources=[_origin(source) for source in case.sources],
        changes=[f"{shown_day(change.date)}：{change.what}" for change in case.changes],
        address=address,
        qr=qr,
    )


def _facts(selection: Selection, entry: Entry, case: Case) -> Iterator[tuple[str, str]]:
    """Facts of a case in the order of the scheme; what was to be published and was not says so."""
    scheme = selection.scheme
    yield scheme.words.unit, entry.unit or UNPUBLISHED
    for dimension in scheme.dimensions:
        value = entry.term(dimension.key)
        if dimension is not scheme.award and (value or _is_asked(dimension)):
            yield dimension.label, value or UNPUBLISHED
    for extra in scheme.stored:
        value = case.value(extra.key)
        if FACTS in extra.shown and (value is not None or extra.need != "optional"):
            yield extra.label, field_text(value) or UNPUBLISHED


def _is_asked(dimension: Dimension) -> bool:
    return dimension.role != METHOD and dimension.need != "optional"


def _origin(entry: Notice | Source) -> Origin:
    return Origin(entry.title, shown_day(entry.date), entry.address or "")


def _units(selection: Selection) -> list[tuple[str, Sequence[UnitLine]]]:
    """Units by the initial of their pinyin, each with the ids of its cases in this round."""
    library = selection.library
    shown = Library(library.scheme, library.folder, tuple(selection.cases), library.load)
    views = Views(shown)
    index = Alphabets(views, ("", "")).units
    return [
        (
            letter,
            [UnitLine(line.text, [entry.id for entry in views.by_unit[line.text]]) for line in index.lines(letter)],
        )
        for letter in index.rows
    ]
