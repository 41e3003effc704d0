"""`caselib search`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from generator.commands.shared import base_of, cache_option, fail, jobs_option, library_option


@click.command()
@library_option
@cache_option
@jobs_option
@click.option(
    "--filter", "filters", multiple=True, metavar="字段=值", help="只要某一类，可多次；同一字段的几个值任一即可。"
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "award", "title"]),
    default="relevance",
    show_default=True,
    help="排序：相关、届次、奖项、名称拼音。",
)
@click.option("--limit", type=click.IntRange(0), default=10, show_default=True, help="最多列出多少项。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("words", nargs=-1, required=True)
def search(
    folder: Path,
    cache: Path,
    jobs: int,
    filters: tuple[str, ...],
    sort: str,
    limit: int,
    as_json: bool,
    words: tuple[str, ...],
) -> None:
    """在终端里检索案例，结果与网页相同；没有结果时以状态 1 结束。

    几个词都要出现；引号里的词连在一起；-词 表示不要。也可用拼音。例：caselib search 饮片 --filter year=2023
    """
    from generator.checking.diagnostics import has_errors
    from generator.pages.search import documents, search_schema
    from generator.reading import read_library
    from search import index

    library, found = read_library(folder, base_of(folder), cache=cache, jobs=jobs)
    if library is None or has_errors(found):
        fail("资料库有错误，先用 caselib check 查看", 1)
    schema = search_schema(library, library.scheme.words.phrases())
    wanted: dict[str, list[str]] = {}
    for entry in filters:
        key, _, value = entry.partition("=")
        facet = next((facet for facet in schema.facets if facet.key == key), None)
        if facet is None:
            fail(f"没有字段「{key}」；可用：{'、'.join(facet.key for facet in schema.facets)}")
        term = next((term for term in facet.terms if value in (term.key, term.label, *term.aliases)), None)
        if term is None:
            fail(f"{facet.label}没有「{value}」；可用：{'、'.join(term.label for term in facet.terms)}")
        wanted.setdefault(key, []).append(term.key)
    index.update(list(documents(library)), schema, cache / "whoosh")
    answer = index.query(cache / "whoosh", " ".join(words), wanted, sort, limit)
    if as_json:
        rows = [{"id": d.id, "title": d.texts["title"][0], "url": d.url} for d in answer.documents]
        click.echo(json.dumps({"total": answer.total, "results": rows}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{answer.total} {library.scheme.words.measure}")
        for document in answer.documents:
            found_entry = library.by_id[document.id]
            award = library.scheme.award
            facts = [
                found_entry.term(award.key) if award else None,
                str(found_entry.year),
                found_entry.unit,
                "、".join(found_entry.people),
            ]
            click.echo(f"{document.id}  {found_entry.title}\n    {'  '.join(fact for fact in facts if fact)}")
    sys.exit(0 if answer.total else 1)
