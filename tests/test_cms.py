"""The page of a Git-based CMS and its configuration, as the plugin, the build and nginx give them."""

from __future__ import annotations

import dataclasses
import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Browser
from pydantic import BaseModel
from ruamel.yaml import YAML

from generator.cms import cms_config, cms_policy, cms_problem, cms_widget
from generator.editing.form_schema import FIXED, form_groups
from generator.record_fields import KINDS, RecordField, record_fields
from generator.records.model import record_model
from generator.scheme.model import Scheme
from generator.scheme.reading import read_scheme
from generator.server import POLICY
from generator.site_options import CmsOptions, SiteOptions
from tests.conftest import LibraryFolder
from tests.nginx import nginx
from tests.test_shell import CONFIG, ROOT, run
from tests.test_site import fill, tree

SCHEMES = ["cases/scheme.yml", "examples/jiangxi/scheme.yml", "examples/xinjiang/scheme.yml"]
OPTIONS = CmsOptions(
    "https://cdn.example.org/cms@1.2.3/cms.js",
    {"name": "github", "repo": "some/library", "branch": "main"},
    ("https://api.example.org", "https://*.files.example.org"),
    "sha384-AAAA",
)


def scheme_at(path: str) -> Scheme:
    scheme, found = read_scheme(ROOT / path, path)
    assert scheme is not None, found
    return scheme


def config_of(scheme: Scheme) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(cms_config(scheme, OPTIONS))
    return found


def model_keys(model: type[BaseModel]) -> dict[str, Any]:
    """Every key of a record as the model has it, with those of its parts."""

    def part(annotation: Any) -> Any:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return model_keys(annotation)
        return next((found for inner in get_args(annotation) if (found := part(inner))), None)

    return {name: part(entry.annotation) for name, entry in model.model_fields.items()}


def widget_keys(widgets: list[dict[str, Any]]) -> dict[str, Any]:
    return {widget["name"]: widget_keys(widget["fields"]) if "fields" in widget else None for widget in widgets}


def field_keys(fields: tuple[RecordField, ...]) -> dict[str, Any]:
    return {field.key: field_keys(field.parts) if field.parts else None for field in fields}


@pytest.mark.parametrize("path", SCHEMES)
def test_every_field_of_the_model_has_a_widget_and_a_place_in_the_form(path: str) -> None:
    scheme = scheme_at(path)
    keys = model_keys(record_model(scheme))
    collections = config_of(scheme)["collections"]
    assert [entry["folder"] for entry in collections] == [f"cases/{year}" for year in sorted(scheme.by_year)[::-1]]
    for collection in collections:
        assert widget_keys(collection["fields"]) == keys
    form: dict[str, Any] = {}
    for group in form_groups(scheme):
        form |= field_keys(group.fields)
    assert form == {key: parts for key, parts in keys.items() if key not in FIXED}


def test_a_kind_of_field_without_a_widget_fails() -> None:
    for kind in KINDS:
        assert cms_widget(RecordField("key", "名称", kind, "optional"))["widget"]
    with pytest.raises(ValueError, match="no widget for the field key"):
        cms_widget(RecordField("key", "名称", "map", "optional"))


def test_a_type_of_the_model_that_no_form_can_show_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = scheme_at(SCHEMES[0])
    for schema in ({"type": "array", "items": {"type": "number"}}, {"type": "string", "format": "duration"}):
        made = {"properties": {"new": schema}, "$defs": {}}
        monkeypatch.setattr("generator.record_fields.record_schema", lambda _, made=made: made)
        with pytest.raises(ValueError, match="no form can show the field new"):
            record_fields(scheme)


def test_labels_are_chinese_and_choices_are_those_of_the_scheme() -> None:
    scheme = scheme_at(SCHEMES[0])
    collection = config_of(scheme)["collections"][0]
    widgets = {widget["name"]: widget for widget in collection["fields"]}
    for dimension in scheme.dimensions:
        assert widgets[dimension.key]["label"] == dimension.label
        assert [option["value"] for option in widgets[dimension.key]["options"]] == dimension.names
    assert {option["value"]: option["label"] for option in widgets["status"]["options"]}["revoked"] == "撤销"
    assert widgets["body"]["fields"][0]["widget"] == "markdown"
    assert all(not widget["label"].isascii() for widget in collection["fields"])


def test_a_file_is_named_by_the_id_and_its_pictures_stand_beside_it() -> None:
    collection = config_of(scheme_at(SCHEMES[0]))["collections"][0]
    identity = collection["fields"][0]
    assert (collection["identifier_field"], collection["slug"], identity["name"]) == ("id", "{{fields.id}}", "id")
    assert identity["pattern"][0] == "^2023-[0-9]{5,7}$"
    assert (collection["extension"], collection["media_folder"], collection["public_folder"]) == (
        "yml",
        "{{slug}}",
        "{{slug}}",
    )


def test_a_site_has_no_page_of_a_cms_unless_one_is_configured(library: LibraryFolder) -> None:
    fill(library)
    plain = tree(library.build())
    assert not any(path.startswith("admin/") for path in plain)
    with_cms = tree(library.build(site=SiteOptions(cms=OPTIONS)))
    added = {path for path in with_cms if path not in plain}
    assert {path for path in added if not path.startswith("assets/")} == {"admin/config.yml", "admin/index.html"}
    elsewhere = [path for path, content in with_cms.items() if b"cdn.example.org" in content]
    assert elsewhere == ["admin/index.html"]
    assert {path: content for path, content in with_cms.items() if path in plain} == plain


def test_the_policy_of_the_page_names_the_configured_origins_and_no_others() -> None:
    policy = cms_policy(OPTIONS)
    words = {word.rstrip(";") for word in policy.split() if word.startswith("http")}
    assert words == {"https://cdn.example.org", "https://api.example.org", "https://*.files.example.org"}
    own = cms_policy(dataclasses.replace(OPTIONS, script="cms.js", origins=()))
    assert "http" not in own


@pytest.mark.parametrize(
    ("script", "backend", "origins", "word"),
    [
        ("javascript:alert(1)", {"name": "github"}, [], "script"),
        ("http://cdn.example.org/cms.js", {"name": "github"}, [], "script"),
        ('https://cdn.example.org/"><script>.js', {"name": "github"}, [], "script"),
        ("https://cdn.example.org/cms.js", {}, [], "backend"),
        ("https://cdn.example.org/cms.js", {"name": "github", "x": [1]}, [], "backend"),
        ("https://cdn.example.org/cms.js", {"name": "github"}, ["*"], "origins"),
        ("https://cdn.example.org/cms.js", {"name": "github"}, ["https://a.example.org; script-src *"], "origins"),
    ],
)
def test_a_configuration_that_would_open_the_page_is_refused(
    script: str, backend: dict[str, Any], origins: list[str], word: str
) -> None:
    assert cms_problem(script, backend, origins).startswith(word)
    assert cms_problem(OPTIONS.script, OPTIONS.backend, OPTIONS.origins) == ""


def test_mkdocs_yml_switches_it_on_and_says_what_is_wrong(library: LibraryFolder) -> None:
    fill(library)
    (library.base / "docs").mkdir()
    (library.base / "docs/about.md").write_text("# 关于\n")
    (library.base / "docs/admin").mkdir()
    (library.base / "docs/admin/cms.js").write_text("// the CMS\n")
    text = CONFIG.format(url="''", theme=ROOT / "theme")
    cms = 'cms: {script: "cms.js", backend: {name: github, repo: a/b}}'
    (library.base / "mkdocs.yml").write_text(text.replace("footer:", f"{cms}, footer:"))
    assert run(library.base, "generator", "build").returncode == 0
    assert (library.base / "site/admin/cms.js").read_text() == "// the CMS\n"
    assert b"repo: a/b" in (library.base / "site/admin/config.yml").read_bytes()
    (library.base / "mkdocs.yml").write_text(text.replace("footer:", f"{cms.replace('name: github, ', '')}, footer:"))
    done = run(library.base, "generator", "build")
    assert done.returncode == 1
    assert "backend 要写明 name 和 repo" in done.stderr + done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = LibraryFolder(tmp_path_factory.mktemp("cms"))
    fill(library)
    return library.build(site=SiteOptions(cms=dataclasses.replace(OPTIONS, script="cms.js", integrity="")))


def headers_of(port: int, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    return connection.getresponse().headers


@pytest.fixture(scope="module")
def port(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with nginx(site, tmp_path_factory.mktemp("nginx"), cms=True) as port:
        yield port


def test_nginx_gives_the_page_a_policy_of_its_own_and_leaves_the_sites(port: int) -> None:
    assert headers_of(port, "/cases/2023-00001.html")["Content-Security-Policy"] == POLICY
    headers = headers_of(port, "/admin/")
    assert headers["Content-Security-Policy"] != POLICY
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers_of(port, "/admin/config.yml")["Content-Type"].startswith("text/yaml")
    assert headers_of(port, "/administrator.html")["Content-Security-Policy"] == POLICY


def test_without_its_part_nginx_keeps_the_page_under_the_sites_policy(site: Path, tmp_path: Path) -> None:
    with nginx(site, tmp_path) as port:
        assert headers_of(port, "/admin/")["Content-Security-Policy"] == POLICY


def test_the_page_asks_no_origin_that_is_not_configured(port: int, browser: Browser) -> None:
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.route(
        re.compile("^https://"),
        lambda route: route.fulfill(status=200, body="x", headers={"Access-Control-Allow-Origin": "*"}),
    )
    page.goto(f"http://127.0.0.1:{port}/admin/")
    ask = "address => fetch(address).then(() => true, () => false)"
    assert page.evaluate(ask, "https://api.example.org/user"), refused
    assert page.evaluate(ask, "https://eu.files.example.org/user")
    assert not page.evaluate(ask, "https://elsewhere.example.com/user")
    assert any("elsewhere.example.com" in text for text in refused)
    page.close()
