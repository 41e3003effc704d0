"""`caselib schema`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.shared import base_of, fail, library_option


@click.command()
@library_option
@click.option("--write", is_flag=True, help="写入资料库文件夹里的 schema.json，而不是显示出来。")
@click.option("--scheme", "of_scheme", is_flag=True, help="输出方案（scheme.yml）的，而不是记录的。")
@click.option("--reference", is_flag=True, help="输出方案写法的说明（Markdown）。")
def schema(folder: Path, write: bool, of_scheme: bool, reference: bool) -> None:
    """输出记录或方案的 JSON Schema，供编辑器补全和提示（VS Code 等）。

    例：caselib schema --write
    """
    from generator.exports.json_schema import record_schema, schema_file, scheme_schema
    from generator.records.library import SCHEME_FILE, shown_name
    from generator.scheme.reading import read_scheme

    if reference:
        from generator.scheme_reference import scheme_reference

        click.echo(scheme_reference(), nl=False)
        return
    if of_scheme:
        told = schema_file(scheme_schema())
        if write:
            (folder / "scheme.schema.json").write_bytes(told)
            click.echo(f"已写入 {folder / 'scheme.schema.json'}")
        else:
            click.echo(told.decode(), nl=False)
        return
    path = folder / SCHEME_FILE
    scheme, found = read_scheme(path, shown_name(path, base_of(folder)))
    if scheme is None:
        fail("\n".join(diagnostic.text() for diagnostic in found), 1)
    text = schema_file(record_schema(scheme))
    if write:
        (folder / "schema.json").write_bytes(text)
        click.echo(f"已写入 {folder / 'schema.json'}")
    else:
        click.echo(text.decode(), nl=False)
