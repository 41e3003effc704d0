"""What a screen believes of an update folder: only what the keys of its own root have signed, and nothing older.

Everything here ends in a verified description of the newest content, or in an UpdateError that names the reason.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from tuf.api import exceptions as tuf
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from generator.kiosk.machine.trusted_time import TrustedTime, start_of
from generator.kiosk.updates.errors import UpdateError
from generator.kiosk.updates.folder import METADATA, SIGNED_ON, TARGETS_FOLDER
from generator.kiosk.updates.staff import ARCHIVE, LISTING

LARGEST = 50_000_000_000


class Description(msgspec.Struct, frozen=True):
    """What the signed metadata says of the content. unpacked: bytes on the disk. date: a day."""

    organiser: str
    version: str
    date: str
    unpacked: int
    release: str = ""


@dataclass(frozen=True)
class Offer:
    """The newest content of a source, as signed. expires: when the timestamp ends."""

    description: Description
    archive: TargetFile
    listing: TargetFile
    expires: datetime


class TimedUpdater(Updater):
    """The client of python-tuf, which asks the clock by itself, held to the time that is trusted."""

    def __init__(self, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._trusted_set.reference_time = now

    @property
    def timestamp_expires(self) -> datetime:
        return self._trusted_set.timestamp.expires

    @property
    def signed_on(self) -> str:
        """The day on which the newest timestamp was signed."""
        return str(self._trusted_set.timestamp.unrecognized_fields.get(SIGNED_ON, ""))


class Source:
    """One update folder, at an address or in a folder, seen by a screen. root: trusted from the start.

    metadata: folder for what was verified. download: folder for targets.
    """

    def __init__(
        self, address: str, fetcher: FetcherInterface, root: Path, metadata: Path, download: Path, time: TrustedTime
    ) -> None:
        base = address.rstrip("/")
        metadata.mkdir(parents=True, exist_ok=True)
        download.mkdir(parents=True, exist_ok=True)
        self._time = time
        try:
            anchor = root.read_bytes()
        except OSError as error:
            raise UpdateError(f"信任的起点 {root} 读不到：{error.strerror}；见维护说明", "root") from None
        config = UpdaterConfig(prefix_targets_with_hash=True)
        with _in_words(time):
            self._updater = TimedUpdater(
                time.now(),
                str(metadata),
                f"{base}/{METADATA}/",
                str(download),
                f"{base}/{TARGETS_FOLDER}/",
                fetcher,
                config,
                bootstrap=anchor,
            )

    def offer(self, organiser: str) -> Offer:
        """The newest content. organiser: whose it has to be, empty for anyone's. Raises UpdateError."""
        with _in_words(self._time):
            self._updater.refresh()
            archive = self._updater.get_targetinfo(ARCHIVE)
            listing = self._updater.get_targetinfo(LISTING)
        if archive is None or listing is None:
            raise UpdateError("签名有效，但里面没有展示内容", "empty")
        try:
            description = msgspec.convert(archive.custom, type=Description)
        except msgspec.ValidationError:
            raise UpdateError("签名有效，但没有写明内容是什么", "form") from None
        if organiser and description.organiser != organiser:
            raise UpdateError(f"这是「{description.organiser}」的内容，本机只展示「{organiser}」的", "organiser")
        if archive.length > LARGEST or description.unpacked > LARGEST:
            raise UpdateError("内容过大，不接受", "size")
        self._believe()
        return Offer(description, archive, listing, self._updater.timestamp_expires)

    def fetch(self, target: TargetFile) -> Path:
        """The file of a target, verified; what was fetched before an interruption is used again."""
        with _in_words(self._time):
            return Path(self._updater.find_cached_target(target) or self._updater.download_target(target))

    def _believe(self) -> None:
        """Raises the bound of time: to the day of the signature, and to the clock where that lies before its end."""
        with contextlib.suppress(ValueError):
            self._time.passed(start_of(datetime.fromisoformat(self._updater.signed_on).date()))
        local = self._time.local()
        if local < self._updater.timestamp_expires:
            self._time.passed(local)


@contextlib.contextmanager
def _in_words(time: TrustedTime) -> Iterator[None]:
    """Says in one line what python-tuf refused."""
    try:
        yield
    except tuf.ExpiredMetadataError as error:
        local = time.local().date()
        raise UpdateError(
            f"签名信息已过期（{_role(error)}；本机时钟 {local}）；请取新的更新，或校时", "expired"
        ) from None
    except tuf.BadVersionNumberError as error:
        raise UpdateError(f"比本机已有的更旧（{_role(error)}），不接受", "older") from None
    except tuf.UnsignedMetadataError as error:
        raise UpdateError(
            f"不是本机信任的密钥签署的（{_role(error)}），可能是别的主办单位的更新", "signature"
        ) from None
    except tuf.DownloadLengthMismatchError:
        raise UpdateError("文件比签名写明的长，不再读下去", "endless") from None
    except tuf.LengthOrHashMismatchError:
        raise UpdateError("文件与签名写明的不符，可能没有复制完整或被改动过", "mismatch") from None
    except tuf.SlowRetrievalError:
        raise UpdateError("太慢，已放弃；下次再试", "slow") from None
    except tuf.DownloadHTTPError as error:
        wrong = "缺少文件" if error.status_code == 404 else f"服务器回答 {error.status_code}"
        raise UpdateError(f"{wrong}；可能没有复制完整", "missing") from None
    except tuf.DownloadError as error:
        clock = time.wrong()
        hint = f"（{clock}）" if clock else ""
        raise UpdateError(f"连不上或读不到{hint}：{_cause(error)}", "unreachable") from None
    except tuf.RepositoryError as error:
        raise UpdateError(f"更新的写法不对：{_cause(error)}", "form") from None


def _cause(error: BaseException) -> str:
    """What lies at the bottom of an error, in one short line."""
    while error.__cause__ is not None:
        error = error.__cause__
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(mark if mark.isprintable() else "?" for mark in text[:160])


def _role(error: BaseException) -> str:
    text = str(error)
    return next((role for role in ("timestamp", "snapshot", "targets", "root") if role in text.lower()), "更新")
