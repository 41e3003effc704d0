"""The same library as content for the peers: the texts and facts of the records, in each peer's own form."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from tests.samples import sample_records
from tests.samples.records import SCHEME, read_scheme

TAXONOMIES = {"year": "years", "category": "categories", "district": "districts", "kind": "kinds", "award": "awards"}
PER_PAGE = 30


def labels() -> dict[str, str]:
    """The Chinese name of each taxonomy."""
    return {"years": "届次"} | {
        TAXONOMIES[d["key"]]: d["label"] for d in read_scheme(SCHEME)["dimensions"] if d["key"] in TAXONOMIES
    }


def _slugs() -> dict[str, dict[str, str]]:
    return {d["key"]: {t["name"]: t["slug"] for t in d["terms"]} for d in read_scheme(SCHEME)["dimensions"]}


def _sections() -> dict[str, str]:
    return {section["key"]: section["label"] for section in read_scheme(SCHEME)["sections"]}


def _markdown(record: Mapping[str, Any], sections: Mapping[str, str]) -> str:
    return "".join(f"## {sections[key]}\n\n{text}\n\n" for key, text in record.get("body", {}).items())


def _front(data: Mapping[str, Any]) -> str:
    """YAML front matter (JSON values are YAML)."""
    return (
        "---\n" + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in data.items()) + "---\n"
    )


def write_hugo(folder: Path, count: int) -> None:
    """content/ and the configuration of a Hugo site; its layouts are copied beside them by the caller."""
    slugs, sections, scheme = _slugs(), _sections(), read_scheme(SCHEME)
    used: dict[str, dict[str, str]] = {plural: {} for plural in TAXONOMIES.values()}
    for record in sample_records(count):
        home = folder / "content" / "cases" / str(record["year"])
        if record["id"].endswith("-00001"):
            home.mkdir(parents=True, exist_ok=True)
        data: dict[str, Any] = {"title": record["title"], "url": f"/cases/{record['id']}.html"}
        for key, plural in TAXONOMIES.items():
            if key in record:
                value = str(record[key])
                slug = slugs.get(key, {}).get(value, value)
                data[plural] = [slug]
                used[plural][slug] = value
        data |= {k: record[k] for k in ("id", "unit", "people", "summary", "patents", "sources") if k in record}
        (home / f"{record['id']}.md").write_text(_front(data) + _markdown(record, sections), encoding="utf-8")
    for plural, terms in used.items():
        for slug, name in terms.items():
            path = folder / "content" / plural / slug / "_index.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_front({"title": name}), encoding="utf-8")
    config = {
        "baseURL": "https://example.org/",
        "locale": "zh-cn",
        "title": scheme["name"],
        "uglyURLs": True,
        "disableKinds": ["RSS"],
        "pagination": {"pagerSize": PER_PAGE, "disableAliases": True},
        "taxonomies": {plural: plural for plural in TAXONOMIES.values()},
        "params": {"organiser": scheme["organiser"], "labels": labels()},
    }
    (folder / "hugo.json").write_text(json.dumps(config, ensure_ascii=False, indent=1), encoding="utf-8")


def write_material(folder: Path, count: int) -> None:
    """docs/ and mkdocs.yml of a stock mkdocs-material site: a page a case, paginated lists, its own search.

    The case pages stay out of the navigation (`not_in_nav`), as every page would else link to every other.
    """
    sections = _sections()
    lists: dict[tuple[str, str], list[str]] = {}
    docs = folder / "docs"
    (docs / "cases").mkdir(parents=True)
    for record in sample_records(count):
        rows = {labels_key: str(record[key]) for key, labels_key in _named().items() if key in record}
        facts = "".join(f"| {label} | {value} |\n" for label, value in rows.items())
        people = "".join(f"- **{p['name']}**，{p.get('post', '')}\n" for p in record.get("people", ()))
        patents = "".join(f"- {p['title']}，{p['kind']}，{p['number']}\n" for p in record.get("patents", ()))
        sources = "".join(f"- [{s['title']}]({s['address']})，{s['date']}\n" for s in record["sources"])
        text = f"# {record['title']}\n\n{record.get('summary', '')}\n\n| 项 | 值 |\n| --- | --- |\n{facts}"
        text += (
            f"\n## 完成人\n\n{people}\n"
            + _markdown(record, sections)
            + (f"## 专利\n\n{patents}\n" if patents else "")
            + f"## 来源\n\n{sources}"
        )
        (docs / "cases" / f"{record['id']}.md").write_text(text, encoding="utf-8")
        for key, plural in TAXONOMIES.items():
            if key in record:
                card = f"- [{record['title']}](../cases/{record['id']}.md) {record['award']} {record['unit']}\n"
                lists.setdefault((plural, str(record[key])), []).append(card)
    slugs = {TAXONOMIES[key]: terms for key, terms in _slugs().items() if key in TAXONOMIES}
    index: dict[str, list[str]] = {}
    for (plural, value), cards in lists.items():
        slug = slugs.get(plural, {}).get(value, value)
        index.setdefault(plural, []).append(f"- [{value}]({plural}/{slug}.md)（{len(cards)}）\n")
        for name, text in _pages(slug, value, cards):
            path = docs / plural / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    home = chain.from_iterable([f"\n## {labels()[plural]}\n\n", *rows] for plural, rows in index.items())
    (docs / "index.md").write_text("# 案例库\n" + "".join(home), encoding="utf-8")
    hidden = "".join(f"  /{name}/\n" for name in ("cases", *TAXONOMIES.values()))
    (folder / "mkdocs.yml").write_text(
        "site_name: 案例库\nsite_url: https://example.org/\nuse_directory_urls: false\n"
        "theme: {name: material, language: zh, font: false}\nplugins: [search]\n"
        f"nav: [index.md]\nnot_in_nav: |\n{hidden}",
        encoding="utf-8",
    )


def _named() -> dict[str, str]:
    return (
        {"id": "编号", "year": "届次"}
        | {d["key"]: d["label"] for d in read_scheme(SCHEME)["dimensions"]}
        | {"unit": "单位"}
    )


def _pages(slug: str, title: str, cards: list[str]) -> Iterator[tuple[str, str]]:
    """File name and text of each page of a list."""
    last = -(-len(cards) // PER_PAGE)
    for page in range(1, last + 1):
        name = slug if page == 1 else f"{slug}-{page}"
        step = f"\n[下一页]({slug}-{page + 1}.md)\n" if page < last else ""
        yield name, f"# {title}\n\n" + "".join(cards[(page - 1) * PER_PAGE : page * PER_PAGE]) + step
