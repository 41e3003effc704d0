"""What the data package says of each data file."""

from __future__ import annotations

from generator.exports import tables
from generator.exports.datapackage import Resource
from generator.exports.published import Published
from generator.scheme.layouts import Layout
from generator.views import View, Views


def layout_name(layout: Layout, view: View) -> str:
    """Name of the file of a round in an organiser's layout."""
    return f"{layout.name}-{view.label}.xlsx"


def resources_of(views: Views, published: Published, database: str) -> list[Resource]:
    """The data files of a library, in the order in which they are offered. database: name of that file."""
    scheme = views.library.scheme
    words, said = scheme.words, scheme.words.said
    return [
        Resource(
            "cases.csv",
            said("全部{case}（表格）"),
            said("每个公布的{case}一行，按编号排列。"),
            tables.case_columns(scheme),
            "编号",
        ),
        Resource("terms.csv", said("取值与{case}数"), "每个维度的每个取值一行。", tables.terms_table(views).columns),
        Resource(
            "rounds.csv",
            words.rounds,
            said("每{round}一行，公布数与入库数。"),
            tables.rounds_table(views).columns,
            words.rounds,
        ),
        Resource("changes.csv", "更正", "公布之后的每次改动一行。", tables.changes_table(published).columns),
        Resource(
            "revoked.csv", "撤销", said("撤销的{case}，不计数。"), tables.revoked_table(published).columns, "编号"
        ),
        Resource("cases.jsonl", said("全部{case}（JSON Lines）"), said("每行一个{case}的全文，按编号排列。")),
        Resource("cases.xlsx", said("全部{case}（Excel）"), said("每个{case}一行，含正文各部分，按编号排列。")),
        *(
            Resource(
                layout_name(layout, view),
                f"{layout.title}（{view.label}）",
                said("公布的{case}，按主办单位的表样。"),
            )
            for view in views.years
            for layout in scheme.layouts
        ),
        Resource(database, said("{case}数据库（SQLite）"), "全部数据、计数视图和全文索引。"),
    ]
