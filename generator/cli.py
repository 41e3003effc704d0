"""The command `caselib` and its group."""

from __future__ import annotations

import click

from generator import __version__
from generator.commands.build import build
from generator.commands.check import check
from generator.commands.duplicates import duplicates
from generator.commands.fmt import fmt
from generator.commands.forms import forms
from generator.commands.import_records import import_records
from generator.commands.new import new
from generator.commands.print_documents import print_documents
from generator.commands.schema import schema
from generator.commands.search import search
from generator.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="caselib")
def caselib() -> None:
    """案例库：检查记录、生成网站、检索案例。"""


for command in (check, build, serve, search, import_records, new, fmt, forms, duplicates, schema, print_documents):
    caselib.add_command(command)


def main() -> None:
    """Entry point of the installed script."""
    caselib()
