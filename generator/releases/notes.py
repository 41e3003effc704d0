"""The notes (发布说明) that go with a release, in Chinese, as Markdown that also reads as plain text."""

from __future__ import annotations

from generator.released.ledger import Ledger
from generator.releases.difference import compare, words
from generator.scheme.words import Words

# A first release adds all it has; a list that nobody reads is left to the database.
MOST_ADDED = 1000


def release_notes(before: Ledger | None, after: Ledger, called: Words) -> str:
    """What is new in `after`. before: the release before it, None for the first one. called: the scheme's words."""
    head = after.head
    lines = [f"# {head.name} {head.release}", "", f"{head.organiser}{head.programme}，{head.date} 发布。", ""]
    for line in words(compare(before, after), called, MOST_ADDED):
        if not line.strip():
            lines.append("")
        elif line.startswith("    "):
            lines.append(f"  - {line.strip()}")
        elif line.startswith("  "):
            lines.append(f"- {line.strip()}")
        else:
            lines += [line] if not lines[-1] else ["", line]
    lines += [
        "",
        "核对：`caselib verify 本文件夹 --key 公钥`。没有 caselib 时，在本版的文件夹里运行下面两条：",
        "",
        "    sha256sum -c manifest-sha256.txt",
        "    openssl pkeyutl -verify -pubin -inkey 公钥 -rawin -in manifest.json -sigfile manifest.json.sig",
        "",
    ]
    return "\n".join(lines)
