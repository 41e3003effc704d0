"""The command `caselib` and its group."""

from __future__ import annotations

import click

from generator import __version__
from generator.commands.build import build
from generator.commands.changes import changes
from generator.commands.check import check
from generator.commands.diff import diff
from generator.commands.duplicates import duplicates
from generator.commands.edit import edit
from generator.commands.explain import explain
from generator.commands.fmt import fmt
from generator.commands.forms import forms
from generator.commands.import_records import import_records
from generator.commands.init import init
from generator.commands.keys import keys
from generator.commands.kiosk import kiosk
from generator.commands.media import media
from generator.commands.new import new
from generator.commands.portal import portal
from generator.commands.preview import preview
from generator.commands.print_documents import print_documents
from generator.commands.publish import publish
from generator.commands.rebuild import rebuild
from generator.commands.release import release
from generator.commands.reviewers import reviewers
from generator.commands.revoke import revoke
from generator.commands.round_report import round_report
from generator.commands.schema import schema
from generator.commands.search import search
from generator.commands.serve import serve
from generator.commands.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="caselib")
def caselib() -> None:
    """案例库：检查记录、生成网站、检索案例。"""


COMMANDS = (
    *(init, check, explain, build, serve, edit, search, import_records, new, media, fmt, forms, duplicates, schema),
    *(changes, preview, reviewers),
    *(round_report, revoke, print_documents, keys, release, rebuild, verify, publish, diff, portal, kiosk),
)
for command in COMMANDS:
    caselib.add_command(command)


def main() -> None:
    """Entry point of the installed script."""
    caselib()
