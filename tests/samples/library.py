"""Writes a sample library: cases/scheme.yml and cases/<year>/<id>.yml, as the project keeps its own."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .pictures import picture
from .plan import Scheme, announced_rounds, seats
from .records import read_scheme, sample_records

# What may stand without quotes in a block; anything else is quoted. In a flow mapping less may.
PLAIN = re.compile(r"[\w《》“”‘’（）【】(·][^:#\n]*(?<! )")
PLAIN_IN_FLOW = re.compile(r"[\w《》“”‘’（）【】·][^:#\n,\[\]{}]*(?<! )")
NUMBER = re.compile(r"[\d.+-]+|true|false|null|yes|no|on|off", re.IGNORECASE)


def write_library(
    folder: Path, count: int, seed: int = 1, scheme: Path | Scheme | None = None, *, pictures: bool = False
) -> Path:
    """Writes `count` records below `folder` and returns the folder `cases` there.

    pictures: whether a part of the records gets drawings, written beside them.
    """
    chosen = read_scheme(scheme)
    cases = folder / "cases"
    cases.mkdir(parents=True, exist_ok=True)
    rounds = announced_rounds(seats(count, seed, chosen), chosen)
    write_scheme(cases / "scheme.yml", chosen, rounds)
    for entry in rounds:
        (cases / str(entry["year"])).mkdir(exist_ok=True)
    for record in sample_records(count, seed, chosen, with_pictures=pictures):
        home = f"{cases}/{record['year']}"
        with open(f"{home}/{record['id']}.yml", "wb", buffering=0) as file:
            file.write(to_yaml(record).encode())
        for row in record.get("media", ()):
            path = Path(home, row["file"])
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(picture(path.stem))
    return cases


def write_scheme(path: Path, scheme: Scheme, rounds: list[dict[str, Any]]) -> None:
    """The scheme with the rounds of the samples, marked as a library of samples."""
    data = {"name": f"{scheme['name']}（示例数据）", **{key: value for key, value in scheme.items() if key != "name"}}
    data |= {"sample": True, "rounds": rounds}
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 4000
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yaml.dump(data, file)


def to_yaml(record: Mapping[str, Any]) -> str:
    """The record as its file: the keys in their order, sections as block text, small mappings on one line."""
    lines: list[str] = []
    for key, value in record.items():
        if isinstance(value, Mapping):
            lines.append(f"{key}:")
            for part, text in value.items():
                lines += [f"  {part}: |", *(f"    {line}" if line else "" for line in text.split("\n"))]
        elif isinstance(value, list):
            lines.append(f"{key}:")
            lines += _people(value) if key == "people" else [f"  - {_flow(row)}" for row in value]
        else:
            lines.append(f"{key}: {_scalar(value, PLAIN, key)}")
    return "\n".join(lines) + "\n"


def _people(rows: list[dict[str, str]]) -> list[str]:
    return [
        f"{'    ' if place else '  - '}{key}: {_scalar(value, PLAIN, key)}"
        for row in rows
        for place, (key, value) in enumerate(row.items())
    ]


def _flow(row: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value, PLAIN_IN_FLOW, key)}" for key, value in row.items()) + "}"


def _scalar(value: Any, plain: re.Pattern[str], key: str) -> str:
    """The value as YAML; quoted where a reader could take it for something else than this text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if key in ("id", "date") or (plain.fullmatch(value) and not NUMBER.fullmatch(value)):
        return value
    return json.dumps(value, ensure_ascii=False)
