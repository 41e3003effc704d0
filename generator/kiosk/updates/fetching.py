"""Where a screen fetches updates from: a web server, or a folder on a USB stick; neither is trusted.

Nothing may go on for ever: every file has a limit of size (python-tuf counts), every read one of time, and what
trickles below a lowest speed is given up.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import urllib3
from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface

from generator import __version__

CHUNK = 1 << 16
# Seconds without a byte; seconds before the speed is judged; bytes a second.
SILENCE, GRACE, SLOWEST = 20.0, 30.0, 2_000


class FolderFetcher(FetcherInterface):
    """Fetches `file:` addresses: plain files only, so that no device, pipe or link of a stick is opened for long."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = Path(unquote(urlsplit(url).path))
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise DownloadHTTPError(f"{path.name} is not there", 404) from None
        except OSError as error:
            raise DownloadError(f"{path.name}: {error.strerror}") from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise DownloadError(f"{path.name} is no plain file")
        return self._parts(handle)

    @staticmethod
    def _parts(handle: int) -> Iterator[bytes]:
        with os.fdopen(handle, "rb") as stream:
            try:
                while part := stream.read(CHUNK):
                    yield part
            except OSError as error:
                # The stick was pulled out.
                raise DownloadError(f"reading stopped: {error.strerror}") from error


class WebFetcher(FetcherInterface):
    """Fetches `https:` and `http:` addresses. silence, grace, slowest: the limits of the module, for tests."""

    def __init__(self, silence: float = SILENCE, grace: float = GRACE, slowest: float = SLOWEST) -> None:
        self._grace, self._slowest = grace, slowest
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=silence, read=silence),
            retries=urllib3.Retry(2, redirect=3, status=0, backoff_factor=0.5),
            headers={"User-Agent": f"caselib/{__version__}", "Accept-Encoding": "identity"},
        )

    def _fetch(self, url: str) -> Iterator[bytes]:
        started = time.monotonic()
        try:
            answer = self._pool.request("GET", url, preload_content=False)
        except urllib3.exceptions.MaxRetryError as error:
            if isinstance(error.reason, urllib3.exceptions.ReadTimeoutError):
                raise SlowRetrievalError from error
            raise DownloadError(str(error.reason)) from error
        if answer.status >= 400:
            answer.close()
            raise DownloadHTTPError(f"status {answer.status}", answer.status)
        return self._parts(answer, started)

    def _parts(self, answer: urllib3.response.BaseHTTPResponse, started: float) -> Iterator[bytes]:
        read = 0
        try:
            # One read of the socket at a time, so that a trickle comes up for judgement.
            while part := answer.read1(CHUNK):
                read += len(part)
                spent = time.monotonic() - started
                if spent > self._grace and read < spent * self._slowest:
                    raise SlowRetrievalError(f"{read} bytes in {spent:.0f} s")
                yield part
        except urllib3.exceptions.TimeoutError as error:
            raise SlowRetrievalError from error
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(str(error)) from error
        finally:
            answer.close()


def fetcher_for(address: str) -> FetcherInterface:
    """What fetches from this address."""
    return FolderFetcher() if address.startswith("file:") else WebFetcher()
