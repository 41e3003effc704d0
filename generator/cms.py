"""The page of a Git-based CMS (Sveltia, Decap) and its configuration, made from the same fields as every form.

The page is the only one of a site that speaks to other origins: those that the configuration names, and no others.
It is no part of the site's own policy (deploy/nginx-cms.conf).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from generator.record_fields import (
    CHOICE,
    DAY,
    FLAG,
    GROUP,
    LINE,
    LIST,
    NUMBER,
    PROSE,
    TEXTS,
    RecordField,
    record_fields,
)
from generator.records.model import PICTURES, VIDEOS
from generator.scheme.model import Round, Scheme
from generator.site_options import CmsOptions

FOLDER = "admin/"
LOCALE = "zh_Hans"

Node = dict[str, Any]


# An origin as a policy names it, perhaps with every host below a domain.
_ORIGIN = re.compile(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?")
_SCRIPT = re.compile(r"(https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?)?[A-Za-z0-9@/._-]+\.m?js")


def cms_problem(script: str, backend: Mapping[str, object], origins: Sequence[str]) -> str:
    """What is wrong with the configuration of a CMS, empty where nothing is."""
    if not _SCRIPT.fullmatch(script):
        return f"script「{script}」不是脚本的地址；应为 https:// 开头的网址或本站的路径，以 .js 结尾"
    if not isinstance(backend.get("name"), str) or not all(isinstance(v, (str, int, bool)) for v in backend.values()):
        return "backend 要写明 name 和 repo，例如 {name: github, repo: 单位/仓库, branch: main}"
    wrong = next((origin for origin in origins if not _ORIGIN.fullmatch(origin)), None)
    return f"origins 里的「{wrong}」不是来源；应为 https://域名 的样子，不带路径" if wrong is not None else ""


def cms_files(scheme: Scheme, options: CmsOptions) -> Iterator[tuple[str, bytes]]:
    """Path in the site and content of each file of the CMS."""
    yield f"{FOLDER}config.yml", cms_config(scheme, options)
    yield f"{FOLDER}index.html", cms_page(scheme, options)


def cms_config(scheme: Scheme, options: CmsOptions) -> bytes:
    """The configuration: a collection for each round, whose files are named by the id of the record."""
    config: Node = {
        "backend": dict(options.backend),
        "locale": LOCALE,
        # A change becomes a request that someone looks at, where the CMS can do that.
        "publish_mode": "editorial_workflow",
        "media_folder": options.folder,
        "public_folder": "/",
        "slug": {"encoding": "ascii", "clean_accents": True},
        "output": {"omit_empty_optional_fields": True, "encode_file_path": False},
        "media_libraries": {"default": {"config": {"slugify_filename": True, "transformations": _TRANSFORMATIONS}}},
        "collections": [_collection(entry, scheme, options) for entry in sorted(scheme.rounds, key=lambda r: -r.year)],
    }
    out = io.BytesIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 4096
    writer.dump(config, out)
    return out.getvalue()


# What a browser can do of `caselib media add`: smaller, and without what a camera wrote.
_TRANSFORMATIONS: Node = {"raster_image": {"format": "webp", "quality": 88, "width": 2400, "height": 2400}}


def _collection(entry: Round, scheme: Scheme, options: CmsOptions) -> Node:
    return {
        "name": f"round-{entry.year}",
        "label": f"{entry.year} 年",
        "label_singular": "记录",
        "description": entry.label or "",
        "folder": f"{options.folder}/{entry.year}",
        "create": True,
        "delete": False,
        "extension": "yml",
        "format": "yml",
        "identifier_field": "id",
        "slug": "{{fields.id}}",
        "summary": "{{id}} {{title}}",
        "sortable_fields": ["id", "title"],
        # Pictures stand in a folder beside the record, named by its id.
        "media_folder": "{{slug}}",
        "public_folder": "{{slug}}",
        "editor": {"preview": False},
        "fields": [_round_widget(field, entry, scheme) for field in record_fields(scheme)],
    }


def _round_widget(field: RecordField, entry: Round, scheme: Scheme) -> Node:
    """The widget of a field of the record; what a round decides is not asked for."""
    award = scheme.award
    if field.key == "id":
        widget = cms_widget(field)
        hint = f"{entry.year}-后面写五位序号，取下一个没用过的；以后永不改变"
        return widget | {"hint": hint, "pattern": [f"^{entry.year}-[0-9]{{5,7}}$", f"应为 {entry.year}-00001 的样子"]}
    if field.key == "year":
        return {"name": field.key, "label": field.label, "widget": "hidden", "default": entry.year}
    if field.key == "sample":
        hidden: Node = {"name": field.key, "label": field.label, "widget": "hidden"}
        return hidden | ({"default": True} if scheme.sample else {})
    widget = cms_widget(field, markdown=field.key == "body")
    if field.key == "status":
        widget["default"] = "nominated"
    if award is not None and field.key == award.key and award.need == "required":
        return widget | {"required": False, "hint": "公布后必填"}
    return widget


def cms_widget(field: RecordField, *, markdown: bool = False) -> Node:
    """The widget of a field. markdown: texts of several lines are Markdown. ValueError for a kind that has none."""
    widget: Node = {"name": field.key, "label": field.label, "required": field.need == "required"}
    if field.help:
        widget["hint"] = field.help
    if field.kind == LINE and field.key == "file":
        accept = ",".join((*PICTURES, *VIDEOS))
        return widget | {"widget": "file", "accept": accept, "choose_url": False, "hint": "图片或视频"}
    if field.kind == LINE:
        return widget | {"widget": "string"} | _bounds(field)
    if field.kind == PROSE:
        plain: Node = {"widget": "text"} | _bounds(field)
        rich: Node = {"widget": "markdown", "modes": ["raw", "rich_text"], "editor_components": []}
        return widget | (rich if markdown else plain)
    if field.kind == CHOICE:
        named = [{"label": name, "value": value} for value, name in field.choices]
        return widget | {"widget": "select", "options": named}
    if field.kind == FLAG:
        return widget | {"widget": "boolean"}
    if field.kind == DAY:
        form: Node = {"type": "date", "format": "YYYY-MM-DD", "date_format": "YYYY-MM-DD", "time_format": False}
        return widget | {"widget": "datetime", "default": ""} | form
    if field.kind == NUMBER:
        return widget | {"widget": "number", "value_type": "float"}
    parts = [cms_widget(part, markdown=markdown) for part in field.parts]
    if field.kind == GROUP:
        return widget | {"widget": "object", "fields": parts}
    if field.kind == LIST:
        bound = {"max": field.most} if field.most else {}
        return widget | {"widget": "list", "label_singular": field.label, "collapsed": True, "fields": parts} | bound
    if field.kind == TEXTS:
        one = RecordField(field.key, field.label, CHOICE if field.choices else LINE, "required", choices=field.choices)
        bound = {"max": field.most} if field.most else {}
        return widget | {"widget": "list", "collapsed": True, "field": cms_widget(one, markdown=markdown)} | bound
    raise ValueError(f"the CMS has no widget for the field {field.key}: {field.kind}")


def _bounds(field: RecordField) -> Node:
    """What a text may be; the pattern is for a CMS that knows no length."""
    if field.pattern:
        return {"pattern": [field.pattern, "写法不对"]}
    if not field.most:
        return {}
    return {"maxlength": field.most, "pattern": [f"^[\\s\\S]{{0,{field.most}}}$", f"最多 {field.most} 个字"]}


def cms_page(scheme: Scheme, options: CmsOptions) -> bytes:
    """The page that loads the CMS. Its own policy names the origins that it may speak to."""
    facts: Mapping[str, str] = {"src": options.script}
    if options.integrity:
        facts = {**facts, "integrity": options.integrity, "crossorigin": "anonymous"}
    script = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items())
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="{escape(cms_policy(options))}">
<title>编辑 - {escape(scheme.name)}</title>
<link href="config.yml" type="text/yaml" rel="cms-config-url">
</head>
<body>
<noscript>编辑页面要用脚本；请在浏览器里允许。</noscript>
<script {script}></script>
</body>
</html>
""".encode()


def cms_policy(options: CmsOptions) -> str:
    """What the page of the CMS may do: its own files, the script's origin, the origins that are configured."""
    parts = urlsplit(options.script)
    own = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    # A CMS checks its configuration with code that it makes, and styles its page itself.
    script = " ".join(("'self'", *own, "'unsafe-eval'"))
    others = " ".join(dict.fromkeys(("'self'", *own, *options.origins)))
    return (
        f"default-src 'none'; script-src {script}; style-src 'self' 'unsafe-inline' {' '.join(own)}; "
        f"img-src {others} blob: data:; media-src {others} blob:; font-src {others} data:; "
        f"connect-src {others} blob: data:; worker-src 'self' blob:; frame-src 'self' blob:; manifest-src 'self' data: "
        f"blob:; form-action 'self'; base-uri 'none'"
    )
