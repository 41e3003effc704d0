"""What a museum decides about its screen: `kiosk.yml` beside the scheme, as checked data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from generator.checking.diagnostics import Diagnostic, has_errors, nearest
from generator.checking.fields import Address, Flag, Key, Line, Model, OneOf, RecordId, Year, described
from generator.checking.files import check_file
from generator.checking.raw import Raw, Step
from generator.records.library import KIOSK_FILE, Library, shown_name
from generator.scheme.model import METHOD, Scheme

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
PICTURES = ("any", "first", "only")

Site = Annotated[Address, AfterValidator(lambda address: address.rstrip("/") + "/")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Pixels = Annotated[int, Field(ge=320, le=16_384)]
Inches = Annotated[float, Field(ge=7, le=300)]
Millimetres = Annotated[int, Field(ge=0, le=5000)]
Seconds = Annotated[int, Field(ge=1, le=3600)]


class Screen(Model):
    """The screen as it hangs. lower_edge: of the picture, above the floor."""

    width: Pixels = described("横向像素", default=1080)
    height: Pixels = described("纵向像素", default=1920)
    diagonal: Inches = described("对角线", "英寸", default=55.0)
    lower_edge: Millimetres = described("下边离地", "毫米", default=600)


class Idle(Model):
    """When a visit that nobody continues ends."""

    after: Seconds = described("多久没人碰就询问", "秒", default=60)
    countdown: Seconds = described("询问多久就回到轮播", "秒", default=20)


class Hours(Model):
    """When the screen shows the loop; outside, it is dark and still answers a touch."""

    open: Clock = described("开馆", "例如 09:00", need="required")
    close: Clock = described("闭馆", "例如 17:00", need="required")
    closed: tuple[Annotated[str, OneOf(WEEKDAYS)], ...] = described("不开馆的日子", default=())


class Playlist(Model):
    """What the loop shows: the ids, in their order, or what a rule finds."""

    ids: tuple[RecordId, ...] = described("按编号", "写了就只放这些，按写的顺序", default=())
    awards: tuple[Annotated[str, Line(60)], ...] = described("只放这些奖项", default=())
    years: tuple[Year, ...] = described("只放这些届次", default=())
    pictures: Annotated[str, OneOf(PICTURES)] = described(
        "图片", "first 有图片的优先，only 只放有图片的，any 不看图片", default="first"
    )
    spread: tuple[Key, ...] | None = described("各取一些", "按哪些维度分散", default=None)
    count: Annotated[int, Field(ge=1, le=200)] = described("放几个案例", default=24)
    seconds: Annotated[int, Field(ge=4, le=120)] = described("一屏几秒", default=11)
    numbers: Flag = described("穿插数字、类别和地图", default=True)


class SecondTitle(Model):
    """A text field of the scheme that holds the title in another language."""

    field: Key = described("字段名", need="required")
    lang: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = described(
        "语言", "例如 en", need="required"
    )


class Story(Model):
    """Which sections of a case tell the problem, the idea and the effect."""

    problem: tuple[Key, ...] = described("问题", default=())
    idea: tuple[Key, ...] = described("办法", default=())
    effect: tuple[Key, ...] = described("效果", default=())


class KioskSettings(Model):
    """The content of kiosk.yml; every part has a default."""

    screen: Screen = described("屏幕", default=Screen())
    idle: Idle = described("无人时", default=Idle())
    hours: Hours | None = described("开放时间")
    playlist: Playlist = described("轮播", default=Playlist())
    title: SecondTitle | None = described("第二种语言的名称")
    story: Story | None = described("三屏各讲什么")
    site: Site | None = described("网站的公开网址", "带回家的二维码和网址通向这里；不写时用 mkdocs.yml 的 site_url")
    problem: Key | None = described("按问题看的维度", "不写时用方案里第一个 role 为 method 的维度")


def read_settings(library: Library, base: Path) -> tuple[KioskSettings | None, list[Diagnostic]]:
    """The settings of the library, the defaults where it has no kiosk.yml, and every finding; None with an error.

    base: folder that file names in messages are relative to.
    """
    path = library.folder / KIOSK_FILE
    file = shown_name(path, base)
    if not path.exists():
        return KioskSettings(), []
    settings, raw, found = check_file(KioskSettings, path, file)
    if settings is not None and raw is not None:
        found += _references(settings, library.scheme, raw)
        found += _hours(settings, raw)
        found += _cases(settings, library, raw)
    return (None if has_errors(found) else settings), sorted(found)


def _references(settings: KioskSettings, scheme: Scheme, raw: Raw) -> Iterator[Diagnostic]:
    """Terms, dimensions, sections and fields that the scheme has not."""

    def unknown(values: Sequence[str], names: Sequence[str], path: tuple[Step, ...], what: str) -> Iterator[Diagnostic]:
        for place, value in enumerate(values):
            if value not in names:
                line, column = raw.at((*path, place))
                allowed = f"可用值：{'、'.join(names)}" if names else "方案里没有可用的值"
                close = nearest(value, names)
                yield Diagnostic(raw.file, line, column, "scheme-reference", f"{what}「{value}」不存在", allowed, close)

    playlist = settings.playlist
    awards = scheme.award.names if scheme.award else []
    yield from unknown(playlist.awards, awards, ("playlist", "awards"), "奖项")
    years = [str(year) for year in scheme.by_year]
    yield from unknown([str(year) for year in playlist.years], years, ("playlist", "years"), scheme.words.rounds)
    yield from unknown(playlist.spread or (), list(scheme.by_key), ("playlist", "spread"), "维度")
    sections = [section.key for section in scheme.sections]
    for part in ("problem", "idea", "effect"):
        keys = getattr(settings.story, part) if settings.story else ()
        yield from unknown(keys, sections, ("story", part), "简介的部分")
    if settings.problem is not None:
        methods = [dimension.key for dimension in scheme.method_dimensions]
        yield from unknown([settings.problem], methods, ("problem",), f"role 为 {METHOD} 的维度")
    if settings.title is not None:
        texts = [extra.key for extra in scheme.fields if extra.type == "text"]
        yield from unknown([settings.title.field], texts, ("title", "field"), "type 为 text 的字段")


def _hours(settings: KioskSettings, raw: Raw) -> Iterator[Diagnostic]:
    hours = settings.hours
    if hours is not None and hours.open >= hours.close:
        line, column = raw.at(("hours", "close"))
        message = f"闭馆时间 {hours.close} 不在开馆时间 {hours.open} 之后"
        yield Diagnostic(raw.file, line, column, "field-format", message, "写 24 小时制，例如 09:00 和 17:00")


def _cases(settings: KioskSettings, library: Library, raw: Raw) -> Iterator[Diagnostic]:
    """Cases of the playlist that cannot be shown; the loop goes on without them."""
    word = library.scheme.words.case
    for place, case_id in enumerate(settings.playlist.ids):
        entry = library.by_id.get(case_id)
        if entry is not None and entry.is_public:
            continue
        line, column = raw.at(("playlist", "ids", place))
        if entry is None:
            message, close = f"没有{word}「{case_id}」", nearest(case_id, sorted(library.by_id))
        else:
            message, close = f"{word}「{case_id}」没有公布，或者已经撤销", ""
        yield Diagnostic(raw.file, line, column, "kiosk-case", message, "轮播跳过它，请删去或换一个", close)
