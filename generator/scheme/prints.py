"""Words of the printed pages: the list of awards, certificates, the yearbook. Part of the scheme, all optional."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from generator.checking.diagnostics import Diagnostic
from generator.checking.fields import Line, Model, Prose, described
from generator.checking.raw import Raw, Step
from generator.scheme.layouts import LayoutColumn, column_findings, word_findings

# What can stand in braces in the texts: of every page, and of the certificate of one case beside its dimensions.
SCHEME_WORDS = ("case", "item", "measure", "awarded")
ROUND_WORDS = ("name", "programme", "organiser", "year", "round", *SCHEME_WORDS, "total", "counts")
CASE_WORDS = ("id", "serial", "title", "unit", "people", "lead")


class PrintedList(Model):
    """The list of awards (公布名单)."""

    mark: Annotated[str, Line(20)] | None = described("版头左上角", "例如 附件")
    title: Annotated[str, Line(100)] = described("标题", default="{programme}{awarded}{item}名单")
    intro: Annotated[str, Prose(2000)] = described(
        "正文", default="{round}{programme}共有{awarded}{item}{total}{measure}，其中{counts}。现将名单公布如下。"
    )
    columns: tuple[LayoutColumn, ...] = described("栏目", "不写时为序号、项目名称、单位、完成人、地区", default=())
    closing: Annotated[str, Prose(2000)] | None = described("名单之后的文字")
    signed: Annotated[str, Line(60)] = described("署名", default="{organiser}")


class PrintedCertificate(Model):
    """The certificate (证书) of one project."""

    title: Annotated[str, Line(20)] = described("标题", default="荣誉证书")
    number: Annotated[str, Line(60)] = described("编号", default="{id}")
    text: Annotated[str, Prose(600)] = described(
        "奖项之前的文字", default="在{organiser}{year}年{programme}中，完成的{item}“{title}”荣获"
    )
    unranked: Annotated[str, Line(20)] = described("没有等级的奖项", default="{awarded}{item}")
    closing: Annotated[str, Prose(600)] = described("奖项之后的文字", default="特发此证，以资鼓励。")
    signed: Annotated[str, Line(60)] = described("署名", default="{organiser}")


class PrintedYearbook(Model):
    """The yearbook (年鉴) of a round."""

    title: Annotated[str, Line(60)] = described("书名", default="{programme}优秀{case}集")
    preface: Annotated[str, Prose(5000)] | None = described("前言", "用 Markdown 书写")
    signed: Annotated[str, Line(60)] = described("署名", default="{organiser}")


class Printed(Model):
    """Words of the three printed documents."""

    list: PrintedList = described("公布名单", default=PrintedList())
    certificate: PrintedCertificate = described("证书", default=PrintedCertificate())
    yearbook: PrintedYearbook = described("年鉴", default=PrintedYearbook())


def print_findings(printed: Printed, dimensions: list[str], fields: list[str], raw: Raw) -> Iterator[Diagnostic]:
    """What is wrong with the words of the printed pages. dimensions, fields: keys that the scheme has."""
    start: tuple[Step, ...] = ("print",)
    of_case = (*ROUND_WORDS[:-2], *CASE_WORDS, *dimensions)
    for part, words in (("list", ROUND_WORDS), ("certificate", of_case), ("yearbook", ROUND_WORDS)):
        model = getattr(printed, part)
        for key in model.model_fields_set:
            text = getattr(model, key)
            if isinstance(text, str):
                yield from word_findings(text, words, raw, (*start, part, key))
    yield from column_findings(printed.list.columns, dimensions, fields, raw, (*start, "list", "columns"))
