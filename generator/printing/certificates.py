"""The certificates (证书) of a round as data: one for each project, with the code of its page."""

from __future__ import annotations

from collections.abc import Sequence

from generator.printing.contexts import Certificate, CertificatesContext
from generator.printing.errors import PrintError
from generator.printing.pictures import code_of
from generator.printing.selection import Selection
from generator.printing.words import SAMPLE, UNPUBLISHED, paragraphs, round_words, shown_day
from generator.records.model import Entry
from generator.scheme.layouts import filled


def certificates_context(selection: Selection, cases: Sequence[Entry]) -> tuple[CertificatesContext, dict[str, bytes]]:
    """What the certificates of `cases` show, and the pictures of their codes by name."""
    scheme, told = selection.scheme, selection.scheme.print.certificate
    if not selection.site:
        raise PrintError(
            "证书上的二维码要有网站的公开网址；请在 mkdocs.yml 写 site_url，或者加 --site，例如 --site https://example.org/"
        )
    words = round_words(scheme, selection.round, selection.cases)
    files: dict[str, bytes] = {}
    made = []
    for entry in cases:
        address, name, picture = code_of(selection.site, entry.id)
        files[name] = picture
        made.append(_certificate(selection, entry, words, address, name))
    context = CertificatesContext(
        title=told.title,
        name=scheme.name,
        signed=filled(told.signed, words),
        date=shown_day(selection.day),
        note=scheme.words.said(SAMPLE) if scheme.sample or any(entry.sample for entry in cases) else "",
        certificates=made,
        words=scheme.words.by_name,
    )
    return context, files


def _certificate(selection: Selection, entry: Entry, words: dict[str, str], address: str, qr: str) -> Certificate:
    scheme, told = selection.scheme, selection.scheme.print.certificate
    award = entry.term(scheme.award.key) if scheme.award else None
    words = words | {dimension.key: entry.term(dimension.key) or UNPUBLISHED for dimension in scheme.dimensions}
    words |= {
        "id": entry.id,
        "serial": entry.id.partition("-")[2],
        "title": entry.title,
        "unit": entry.unit or UNPUBLISHED,
        "people": "、".join(entry.people) or UNPUBLISHED,
        "lead": entry.people[0] if entry.people else UNPUBLISHED,
    }
    return Certificate(
        id=entry.id,
        number=filled(told.number, words),
        people=entry.people,
        unit=entry.unit,
        text=paragraphs(filled(told.text, words)),
        award=award or filled(told.unranked, words),
        closing=paragraphs(filled(told.closing, words)),
        qr=qr,
        address=address,
    )
