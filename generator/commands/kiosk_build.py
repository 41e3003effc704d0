"""`caselib kiosk build`: the content of a showcase."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.commands.shared import FOLDER, config_option, fail, json_option, print_diagnostics, quiet_option

NO_ADDRESS = (
    "没有网站的公开网址，“带回家”没有二维码，只出编号；请在 cases/kiosk.yml 写 site（例如 site: https://example.org/），"
    "或者在 mkdocs.yml 写 site_url"
)


@click.command()
@config_option
@click.option("--output", type=FOLDER, default=Path("kiosk"), show_default=True, help="写到哪个文件夹。")
@click.option("--release", default="", help="来自哪一次正式发布，例如 2023.1；写进 kiosk.json。")
@quiet_option
@json_option
def build(config: Path, output: Path, release: str, quiet: bool, as_json: bool) -> None:
    """生成触摸屏的内容：一个自成一体的文件夹，不连网，放在任何静态网页服务器上都能用。

    有错误时已有的内容不变。例：caselib kiosk build --output kiosk
    """
    from generator.kiosk.building import KioskOptions, build_kiosk
    from generator.kiosk.settings import read_settings
    from generator.progress import progress
    from generator.shell import Shell, ShellError
    from generator.store import StoreError

    shell = Shell(config)
    try:
        with progress(quiet=quiet, as_json=as_json) as show:
            library, site = shell.ready(show)
            settings, found = read_settings(library, shell.base)
            if settings is not None:
                address = settings.site or site.site.url
                options = KioskOptions(
                    output=output.absolute(),
                    theme=site.theme,
                    cache=site.cache,
                    site=address,
                    language=site.site.language,
                    release=release,
                    jobs=site.jobs,
                    keep=site.keep,
                )
                report = build_kiosk(library, settings, options, show)
    except (ShellError, StoreError) as error:
        fail(str(error), 1)
    if found and not (quiet and settings is not None):
        print_diagnostics(found)
    if settings is None:
        fail("kiosk.yml 有错误，没有生成，已有的内容不变", 1)
    if not address and not quiet:
        click.echo(NO_ADDRESS, err=True)
    if as_json:
        names = ("files", "size", "cases", "playing", "version", "number")
        click.echo(json.dumps({name: getattr(report, name) for name in names}))
    elif not quiet:
        size = f"{report.size / 1e6:.1f} MB"
        told = "触摸屏内容共 {files} 个文件、{size}，{case} {cases} {measure}，轮播 {playing} {measure}"
        facts = {"files": report.files, "size": size, "cases": report.cases, "playing": report.playing}
        click.echo(library.scheme.words.said(told, **facts))
        click.echo(f"版本 {report.version}；在 {output} 里，放到任何静态网页服务器上就能打开")
