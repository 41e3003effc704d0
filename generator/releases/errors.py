"""What stops a release, in words for the person at the keyboard."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过允许的大小",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
}


class ReleaseError(Exception):
    """A release cannot be made, verified or published; the message says why in one line, in Chinese."""


def reason_of(error: OSError) -> str:
    """Why the system refused, in Chinese where it is common."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
