# ruff: noqa: E501
"""The browser answers as the definition does, from the files that were written."""

from __future__ import annotations

import json
import os
import random

import corpus
import queries

from search.analyzer import Folder, fold_table
from search.answers import fold_all, scan
from search.pinyin import Reader

MANY = int(os.environ.get("CASELIB_MANY", "1"))

ASK = """async ({requests, url}) => {
  const { Engine } = await import(new URL("assets/engine.js", url))
  const engine = new Engine(new URL("search/manifest.json", url).href)
  const answers = []
  for (const request of requests) {
    const answer = await engine.search(request)
    const rows = await engine.rows(answer.documents.slice(0, 400))
    answers.push({ ids: rows.map((row) => row.id), total: answer.total, counts: await engine.counts(answer, request.filters ?? {}),
      cut: answer.query.cut, empty: answer.query.empty })
  }
  return answers
}"""


def ask(page, address, requests):
    page.goto(address)
    return page.evaluate(ASK, {"requests": requests, "url": address})


def test_answers_are_those_of_the_definition_in_order_and_number(page, address, documents):
    rng = random.Random(11)
    reader = Reader({"重钢": "chong gang"})
    requests = []
    for _ in range(220 * MANY):
        request = {"text": queries.mixed(rng, documents, corpus.SCHEMA, reader), "sort": "relevance", "filters": {}}
        if rng.random() < 0.3:
            request["sort"] = rng.choice(["newest", "award", "title"])
        if rng.random() < 0.3:
            facet = rng.choice(corpus.SCHEMA.facets)
            request["filters"] = {
                facet.key: [t.key for t in rng.sample(facet.terms, 2)],
                rng.choice(["picture", "year"]): ["1", "year-2"],
            }
        requests.append(request)
    requests += [
        {"text": t, "filters": {}}
        for t in (
            "",
            "沐浴水箱整改",
            "綦江 -小革新",
            "qj",
            "zhongyao yinpian",
            "zyyp",
            "醫療",
            "輸液架",
            "其它",
            "x" * 3000,
        )
    ]
    folded = fold_all(documents, corpus.SCHEMA)
    for request, answer in zip(requests, ask(page, address, requests), strict=True):
        wanted = scan(
            documents,
            corpus.SCHEMA,
            request["text"],
            request["filters"],
            request.get("sort", "relevance"),
            400,
            folded=folded,
        )
        assert answer["ids"] == [d.id for d in wanted.documents], request
        assert (answer["total"], answer["cut"], answer["empty"]) == (wanted.total, wanted.cut, wanted.empty), request
        assert answer["counts"] == wanted.counts, request


def test_every_run_of_every_field_finds_its_document(page, address, documents):
    rng = random.Random(5)
    wanted = [queries.runs(rng, documents, corpus.SCHEMA) for _ in range(300 * MANY)]
    answers = ask(page, address, [{"text": run} for _, _, run in wanted])
    missed = [(d.id, run) for (d, _, run), answer in zip(wanted, answers, strict=True) if d.id not in answer["ids"]]
    assert not missed


def test_both_analyses_pass_the_same_cases(page, address):
    from pathlib import Path

    cases = json.loads((Path(__file__).parent / "analyzer-cases.json").read_text(encoding="utf-8"))
    table = fold_table({"它": "他"})
    folder = Folder(table)
    assert [folder.fold(c["text"]) for c in cases["fold"]] == [c["folded"] for c in cases["fold"]]
    page.goto(address)
    folded = page.evaluate(
        """async ({texts, table, url}) => {
          const { Folder } = await import(new URL("assets/analyzer.js", url))
          const folder = new Folder(table)
          return texts.map((text) => folder.fold(text))
        }""",
        {
            "texts": [c["text"] for c in cases["fold"]],
            "table": "".join(a + b for a, b in table.items()),
            "url": address,
        },
    )
    assert folded == [c["folded"] for c in cases["fold"]]
