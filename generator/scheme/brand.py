"""How an organiser's site looks: colours, logo, facts of the footer. Part of the scheme, all optional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import StringConstraints

from generator.checking.diagnostics import Diagnostic
from generator.checking.fields import Address, Line, Model, described
from generator.checking.raw import Raw, Step
from generator.scheme.logo import logo_problem

COLOUR_PATTERN = r"^#[0-9A-Fa-f]{6}$"
Colour = Annotated[str, StringConstraints(pattern=COLOUR_PATTERN)]
# The colours of the theme (theme/assets/css/tokens.css), by the role that a scheme may give another colour.
LIGHT = {
    "wall": "#F6F8F5",
    "sheet": "#FFFFFF",
    "dado": "#D2E3D8",
    "dado_2": "#A8C8B6",
    "deep": "#1E4034",
    "on_deep": "#EAF3EE",
    "ink": "#12201A",
    "ink_2": "#43544B",
    "line": "#B3C4BA",
    "edge": "#5F7569",
    "lead": "#B03310",
    "on_lead": "#FFFFFF",
    "mark": "#FFD9C9",
}
DARK = {
    "wall": "#0F1814",
    "sheet": "#15211B",
    "dado": "#1D3329",
    "dado_2": "#35594A",
    "deep": "#0A110E",
    "on_deep": "#E9F1EC",
    "ink": "#E9F1EC",
    "ink_2": "#AFC1B7",
    "line": "#34463D",
    "edge": "#7B9287",
    "lead": "#FF8A62",
    "on_lead": "#1A0A04",
    "mark": "#5A2A18",
}
# Text and its ground, and the least contrast between them: WCAG 2.2 AA, 1.4.3 for text, 1.4.11 for borders.
TEXT, BORDER = 4.5, 3.0
PAIRS = (
    *(("ink", ground, TEXT) for ground in ("wall", "sheet", "dado", "dado_2", "mark")),
    *(("ink_2", ground, TEXT) for ground in ("wall", "sheet", "dado")),
    *(("lead", ground, TEXT) for ground in ("wall", "sheet")),
    *(("on_lead", "lead", TEXT), ("on_deep", "deep", TEXT), ("edge", "wall", BORDER), ("edge", "sheet", BORDER)),
)
LOGO_SUFFIXES = (".svg", ".png")


class Colours(Model):
    """Colours of one appearance; what is not said is that of the theme."""

    wall: Colour | None = described("底色")
    sheet: Colour | None = described("卡片的底色")
    dado: Colour | None = described("墙裙", "大块的浅色")
    dado_2: Colour | None = described("深一些的墙裙", "图表里填满的部分")
    deep: Colour | None = described("页脚的底色")
    on_deep: Colour | None = described("页脚的文字")
    ink: Colour | None = described("文字")
    ink_2: Colour | None = described("次要文字")
    line: Colour | None = described("装饰线")
    edge: Colour | None = described("按钮的边框")
    lead: Colour | None = described("强调色", "链接下划线、按钮")
    on_lead: Colour | None = described("强调色上的文字")
    mark: Colour | None = described("检索词的底色")

    @property
    def said(self) -> dict[str, str]:
        """The colours that are said, by role."""
        return {role: value for role in type(self).model_fields if (value := getattr(self, role)) is not None}


class FooterLine(Model):
    """A line of the footer: what it is about, what is said, perhaps an address."""

    label: Annotated[str, Line(20)] = described("栏目", need="required")
    text: Annotated[str, Line(100)] = described("文字", need="required")
    address: Address | None = described("网址")


class Brand(Model):
    """Colours, logo and footer of one organiser."""

    light: Colours = described("浅色", default=Colours())
    dark: Colours = described("深色", default=Colours())
    logo: Annotated[str, Line(100)] | None = described(
        "标志", "资料库的 brand 文件夹里的 SVG 或 PNG，例如 brand/logo.svg"
    )
    footer: tuple[FooterLine, ...] = described("页脚", "备案号、联系方式等", default=())

    @property
    def light_colours(self) -> dict[str, str]:
        """The colour of each role in the light appearance, the theme's where none is said."""
        return LIGHT | self.light.said

    @property
    def has_colours(self) -> bool:
        return bool(self.light.said or self.dark.said)

    @property
    def logo_name(self) -> str:
        """Name of the logo among the assets; empty where there is none."""
        return f"img/logo{PurePosixPath(self.logo).suffix.lower()}" if self.logo else ""


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (#RRGGBB) as WCAG reckons it: 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def brand_findings(brand: Brand, raw: Raw, folder: Path) -> Iterator[Diagnostic]:
    """Colours that cannot be read on each other, and a logo that cannot be shown. folder: of the library."""
    for name, label, usual in (("light", "浅色", LIGHT), ("dark", "深色", DARK)):
        said: dict[str, str] = getattr(brand, name).said
        colours = usual | said
        for text, ground, least in PAIRS:
            if text in said or ground in said:
                found = contrast(colours[text], colours[ground])
                if found < least:
                    yield _unreadable(raw, name, label, (text, ground), colours, said, (found, least))
    if brand.logo is not None:
        problem = logo_problem(folder, brand.logo)
        if problem:
            line_no, column = raw.at(("brand", "logo"))
            allowed = "请放一个不带脚本、不引用别处的 SVG，或不超过 2000 像素的 PNG"
            yield Diagnostic(raw.file, line_no, column, "brand-logo", f"标志 {brand.logo} {problem}", allowed)


def _unreadable(
    raw: Raw,
    name: str,
    label: str,
    pair: tuple[str, str],
    colours: Mapping[str, str],
    said: Mapping[str, str],
    numbers: tuple[float, float],
) -> Diagnostic:
    text, ground = pair
    path: tuple[Step, ...] = ("brand", name, text if text in said else ground)
    line_no, column = raw.at(path)
    called = {role: str(field.title) for role, field in Colours.model_fields.items()}
    pair_of = f"{called[text]} {colours[text]} 在{called[ground]} {colours[ground]} 上"
    message = f"{label}的{pair_of}对比度只有 {numbers[0]:.1f}，看不清"
    return Diagnostic(
        raw.file,
        line_no,
        column,
        "brand-contrast",
        message,
        f"至少 {numbers[1]:g}（WCAG 2.2 AA）；请加深或减淡其中一种",
    )


def brand_css(brand: Brand) -> bytes:
    """The style sheet that puts the colours in place of the theme's; high contrast and forced colours stay."""
    dark = ':root:is([data-theme="dark"], :has(#theme-dark:checked))'
    auto = (
        ':root:is([data-theme="auto"], :not([data-theme]))'
        ":not(:has(#theme-light:checked, #theme-contrast:checked, #theme-contrast-dark:checked))"
    )
    parts = []
    if brand.light.said:
        parts.append(f":root {{ {_declared(brand.light)} }}")
    # The theme's own dark colours stand before ours with the same weight; those that we change in light must come back.
    dark_said = {role: DARK[role] for role in brand.light.said} | brand.dark.said
    if dark_said:
        told = _declarations(dark_said)
        parts.append(f"{dark} {{ {told} }}")
        parts.append(f"@media (prefers-color-scheme: dark) {{ {auto} {{ {told} }} }}")
    return ("\n".join(parts) + "\n").encode()


def _declared(colours: Colours) -> str:
    return _declarations(colours.said)


def _declarations(said: Mapping[str, str]) -> str:
    return " ".join(f"--case-{role.replace('_', '-')}: {colour};" for role, colour in said.items())
