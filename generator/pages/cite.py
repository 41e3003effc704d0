"""A case as a reference: GB/T 7714-2015 (electronic database entry) and BibTeX. Dates come from the record."""

from __future__ import annotations

import re

from generator import urls
from generator.records.model import Case
from generator.scheme.model import Scheme
from generator.theming.case_contexts import Citation

MOST_AUTHORS = 3


def cite(case: Case, scheme: Scheme, site_url: str) -> Citation:
    """Both forms. site_url: public address of the site with a final slash, empty where there is none."""
    names = [person.name for person in case.people]
    authors = ", ".join(names[:MOST_AUTHORS]) + (", 等" if len(names) > MOST_AUTHORS else "")
    holder = authors or case.unit or scheme.organiser
    address = f"{site_url}{urls.case_url(case.id)}" if site_url else ""
    place = f"（{case.unit}）" if case.unit and authors else ""
    entry = f"{holder}. {case.title}{place}[DB/OL]. {scheme.organiser}：{scheme.name}, {case.year}: {case.id}."
    if address:
        entry += f" {address}."
    fields = [
        ("title", case.title),
        ("author", " and ".join(f"{{{name}}}" for name in names) or f"{{{holder}}}"),
        ("organization", case.unit or scheme.organiser),
        ("howpublished", f"{scheme.name}（{scheme.organiser}）"),
        ("year", str(case.year)),
        ("note", case.id),
        ("url", address),
    ]
    lines = [f"  {name} = {{{_bibtex(value, name)}}}" for name, value in fields if value]
    return Citation(entry, f"@misc{{case-{case.id},\n" + ",\n".join(lines) + "\n}")


def _bibtex(value: str, name: str) -> str:
    """`value` with the characters that BibTeX reads as commands escaped; authors and addresses as they are."""
    return value if name in ("author", "url") else re.sub(r"([&%$#_{}])", r"\\\1", value)
