"""Monthly rankings by number of entries, as a scheme asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from generator.checking.diagnostics import Diagnostic, nearest
from generator.checking.fields import Key, Line, Model, Prose, Slug, described
from generator.checking.raw import Raw

UNIT = "unit"


class Ranking(Model):
    """Who has how many cases in each month. The month comes from a field of the record, never from a clock."""

    key: Slug = described("网址中的写法", need="required")
    label: Annotated[str, Line(40)] = described("名称", need="required")
    by: Key = described("排什么", "维度的字段名，或 unit 工作单位", need="required")
    date: Key = described("按哪一天计月", "类型为 date 的字段", need="required")
    about: Annotated[str, Prose(600)] | None = described("说明")
    most: Annotated[int, Field(ge=1, le=1000)] = described("网页上最多几名", "表格里是全部", default=100)


def ranking_findings(
    rankings: Sequence[Ranking], dimensions: Sequence[str], types: Mapping[str, str], raw: Raw
) -> Iterator[Diagnostic]:
    """What is wrong with the rankings. dimensions: keys. types: of each further field of the scheme, by its key."""
    seen: set[str] = set()
    for number, ranking in enumerate(rankings):

        def found(code: str, key: str, message: str, allowed: str, close: str = "", n: int = number) -> Diagnostic:
            line, column = raw.at(("rankings", n, key))
            return Diagnostic(raw.file, line, column, code, message, allowed, close)

        if ranking.key in seen:
            yield found("scheme-clash", "key", f"排名「{ranking.key}」与前面的重复", "每个排名用自己的网址")
        seen.add(ranking.key)
        groups, days = [UNIT, *dimensions], [key for key, kind in types.items() if kind == "date"]
        if ranking.by not in groups:
            message, allowed = f"排名的维度「{ranking.by}」不存在", f"可用值：{'、'.join(groups)}"
            yield found("scheme-reference", "by", message, allowed, nearest(ranking.by, groups))
        if ranking.date not in days:
            what = "不是日期" if ranking.date in types else "不存在"
            allowed = f"可用值：{'、'.join(days)}" if days else "方案里没有类型为 date 的字段"
            message = f"排名的字段「{ranking.date}」{what}"
            yield found("scheme-reference", "date", message, allowed, nearest(ranking.date, days))
