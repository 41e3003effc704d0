"""Runs MkDocs for the command line: the same build as `mkdocs build`."""

from __future__ import annotations

import logging
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from generator.plugin import CaseLibraryPlugin
from generator.site import BuildReport


class ShellError(Exception):
    """The build stopped; everything there is to say has been logged."""


def build_with_mkdocs(config_file: Path) -> BuildReport:
    """Builds the site that `config_file` describes. Raises ShellError where it cannot be built."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        config = load_config(str(config_file))
        plugins = [plugin for plugin in config.plugins.values() if isinstance(plugin, CaseLibraryPlugin)]
        if not plugins:
            raise ShellError(f"{config_file} 的 plugins 里没有 caselib")
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    except MkDocsException as error:
        raise ShellError(str(error)) from None
    report = plugins[0].report
    assert report is not None
    return report
