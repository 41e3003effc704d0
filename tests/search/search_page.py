# ruff: noqa: E501
"""The search page of a test site: theme/search.html in a plain frame, under the content policy that the site promises."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

from site_server import copy_client

from generator.scheme.words import Words
from generator.theming.render import environment

THEME = Path(__file__).parents[2] / "theme"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
FRAME = """<!doctype html><html lang="zh-CN" data-theme="light" data-size="normal"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{policy}<title>检索</title>
{styles}</head><body class="case-body case-frame"><main id="main">{article}</main></body></html>"""


def write_page(folder: Path, *, policy: bool = True) -> None:
    """search.html with the client and the styles of the theme; `policy` is left out for file://, where 'self' is nothing."""
    copy_client(folder / "assets/search")
    shutil.copytree(THEME / "assets/css", folder / "assets/css", dirs_exist_ok=True)
    term = SimpleNamespace(name="2023", url="years/2023.html", count=3, mark="")
    article = (
        environment([THEME], Words().phrases())
        .get_template("search.html")
        .render(
            groups=[SimpleNamespace(label="届次", terms=[term])],
            index_url="search/manifest.json",
            total=260,
            root="",
            no_script=[],
            asset=lambda path: f"assets/{path}",
        )
    )
    sheets = ["tokens.css", "base.css", "parts.css", "view.css", "search.css"]
    styles = "".join(
        f'<link rel="stylesheet" href="assets/css/{s}">' for s in sheets if (folder / "assets/css" / s).exists()
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' if policy else ""
    (folder / "search.html").write_text(FRAME.format(policy=meta, styles=styles, article=article), encoding="utf-8")
