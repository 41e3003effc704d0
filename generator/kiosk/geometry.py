"""Sizes of the real world in pixels of one screen: what a hand reaches and an eye reads."""

from __future__ import annotations

from math import hypot

from generator.kiosk.settings import Screen

MM_PER_INCH = 25.4
# Least side of what a finger touches, and of a character that is read at 70 cm (30 minutes of arc).
TARGET, TEXT = 15, 6.2
# What a child and somebody in a wheelchair reach, above the floor.
REACH = (380, 1220)
# The line that parts what is looked at from what is touched, in parts of the height of the screen.
LOWEST_LINE, HIGHEST_LINE = 0.46, 0.58


def pixels_per_mm(screen: Screen) -> float:
    return hypot(screen.width, screen.height) / (screen.diagonal * MM_PER_INCH)


def reach(screen: Screen) -> tuple[float, float]:
    """Lower and upper end of what is within reach, in pixels above the lower edge of the screen."""
    scale = pixels_per_mm(screen)
    low, high = ((mm - screen.lower_edge) * scale for mm in REACH)
    return max(0.0, low), min(float(screen.height), high)


def style_sheet(screen: Screen) -> bytes:
    """Custom properties for the client's styles.

    --k-mm: pixels of a millimetre. --k-low: what stays free below, --k-line: the height of the wainscot line.
    """
    scale = pixels_per_mm(screen)
    low, high = reach(screen)
    low = min(low, screen.height * 0.3)
    line = min(max(high / screen.height, LOWEST_LINE), HIGHEST_LINE)
    rules = {
        "--k-mm": f"{scale:.4f}px",
        "--k-target": f"{TARGET * scale:.2f}px",
        "--k-text": f"{TEXT * scale:.2f}px",
        "--k-low": f"{low:.1f}px",
        "--k-line": f"{line * 100:.2f}vh",
    }
    return (":root { " + " ".join(f"{name}: {value};" for name, value in rules.items()) + " }\n").encode()
