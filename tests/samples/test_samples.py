"""The generated library is what benches, demo and tests take it for."""

import hashlib
import re
from collections import Counter
from pathlib import Path
from statistics import mean, median

import pytest
from PIL import Image
from ruamel.yaml import YAML

from tests.samples import sample_records, write_library
from tests.samples.library import to_yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
FORBIDDEN = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)"  # mobile telephone
    r"|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"  # telephone of a place
    r"|(?<!\d)\d{17}[\dXx](?!\d)"  # identity card
    r"|[\w.]+@[\w-]+\.\w+"  # e-mail
    r"|(?:电话|手机|邮箱|身份证|年龄|性别|住址|通讯地址)[^，。]{0,4}[:：]"
)


@pytest.fixture(scope="module")
def first_round() -> list[dict]:
    return list(sample_records(394))


@pytest.fixture(scope="module")
def many() -> list[dict]:
    return list(sample_records(4000))


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_library(tmp_path / name, 200, seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


def test_394_records_are_66_and_131_and_197_over_some_years_in_all_categories_and_most_districts(first_round):
    assert Counter(r["award"] for r in first_round) == {"一等奖": 66, "二等奖": 131, "三等奖": 197}
    assert len({r["year"] for r in first_round}) == 3
    assert len({r["category"] for r in first_round if "category" in r}) == 8
    assert len({r["kind"] for r in first_round if "kind" in r}) == 3
    assert 30 <= len({r["district"] for r in first_round}) < 41


def test_ids_are_unique_in_order_and_name_their_round(many):
    ids = [r["id"] for r in many]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"\d{4}-\d{5}", r["id"]) and r["id"].startswith(str(r["year"])) for r in many)


def test_every_record_is_marked_as_a_sample(many):
    assert all(r["sample"] is True for r in many)


def test_titles_are_as_long_and_as_odd_as_published_ones(many):
    titles = [r["title"] for r in many]
    assert all(4 <= len(t) <= 34 for t in titles)
    assert 11 <= median(map(len, titles)) <= 15
    assert 0.15 <= sum(t.startswith("一种") for t in titles) / len(titles) <= 0.25
    assert len(set(titles)) > 0.98 * len(titles)
    for quirk in ("^《.+》$", "》《", "^“.+”$", "——", "[（(]", "[A-Z]{3}", r"\d", "[A-Z] ", "[,，、]", "“‘"):
        assert any(re.search(quirk, t) for t in titles), quirk


def test_texts_have_the_size_of_real_ones(many):
    assert all(len(r.get("summary", "")) <= 100 for r in many)
    bodies = ["".join(r["body"].values()) for r in many if "body" in r]
    assert 800 <= mean(map(len, bodies)) <= 880
    assert all(len(r["body"]) == 5 for r in many if "body" in r)
    everything = "".join(bodies)
    assert len(set(everything)) > 1500
    assert len({everything[k : k + 2] for k in range(len(everything) - 1)}) > 40_000
    assert "\n- " in everything and "**" in everything and "| --- |" in everything


def test_people_are_one_to_five_with_one_lead_or_rarely_nobody(many):
    crews = [r.get("people", []) for r in many]
    assert {len(c) for c in crews} == {0, 1, 2, 3, 4, 5}
    assert sum(not c for c in crews) < 0.01 * len(crews)
    assert all([p["role"] for p in c] == ["lead"] + ["member"] * (len(c) - 1) for c in crews if c)
    assert any("·" in p["name"] for c in crews for p in c)


def test_nothing_private_is_ever_made(many):
    for record in many:
        text = to_yaml(record)
        assert not FORBIDDEN.search(text), FORBIDDEN.search(text)


def test_files_are_yaml_1_2_and_say_what_the_record_says(tmp_path, first_round):
    cases = write_library(tmp_path, 394)
    files = sorted(cases.glob("*/*.yml"))
    assert [f.stem for f in files] == [r["id"] for r in first_round]
    for record in first_round[::5]:
        path = cases / str(record["year"]) / f"{record['id']}.yml"
        read = YAML(typ="safe").load(path)
        read["sources"] = [{**row, "date": str(row["date"])} for row in read["sources"]]
        assert {**read, "body": None} == {**record, "body": None}
        assert {key: text.rstrip("\n") for key, text in read.get("body", {}).items()} == record.get("body", {})


def test_the_sample_scheme_announces_what_its_records_hold(tmp_path, first_round):
    scheme = YAML(typ="safe").load(write_library(tmp_path, 394) / "scheme.yml")
    assert scheme["sample"] is True and "示例" in scheme["name"]
    for entry in scheme["rounds"]:
        held = Counter(r["award"] for r in first_round if r["year"] == entry["year"])
        assert entry["announced"] == {"award": held}


def test_pictures_are_real_described_files_and_leave_the_texts_alone(tmp_path):
    cases = write_library(tmp_path, 12, seed=3, pictures=True)
    drawn = list(sample_records(12, seed=3, with_pictures=True))
    plain = list(sample_records(12, seed=3))
    assert [{k: v for k, v in r.items() if k != "media"} for r in drawn] == plain
    rows = [(r, row) for r in drawn for row in r.get("media", ())]
    assert len(rows) >= 3 and any("media" not in r for r in drawn)
    for record, row in rows:
        with Image.open(cases / str(record["year"]) / row["file"]) as image:
            assert image.format == {".png": "PNG", ".jpg": "JPEG"}[Path(row["file"]).suffix]
            assert min(image.size) >= 800
        assert row["alt"] and row["caption"]


def test_other_organisers_schemes_make_records_of_their_own():
    jiangxi = list(sample_records(100, scheme=EXAMPLES / "jiangxi/scheme.yml"))
    assert Counter(r["award"] for r in jiangxi) == {"一等优秀成果": 10, "二等优秀成果": 30, "三等优秀成果": 60}
    assert all({"kind", "industry", "city"} <= r.keys() for r in jiangxi)
    assert {r.get("non_public") for r in jiangxi} == {True, False, None}
    xinjiang = list(sample_records(3000, scheme=EXAMPLES / "xinjiang/scheme.yml"))
    assert Counter(r["class"] for r in xinjiang)["五小群众性"] == pytest.approx(3000 * 56082 / 57282, abs=1)
    assert sum("award" in r for r in xinjiang) == pytest.approx(3000 * 100 / 57282, abs=3)
    assert "地（州、市）" not in {r["region"] for r in xinjiang}
