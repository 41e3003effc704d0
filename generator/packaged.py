"""Where the files are that belong to the program but lie beside its packages in the repository (setup.py)."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).with_name("packaged")
ROOT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1]
THEME = ROOT / "theme"
EXAMPLES = ROOT / "examples"
