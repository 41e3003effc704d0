"""Tells systemd that the service is ready and alive (the protocol of sd_notify)."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(message: str) -> None:
    """Sends `message`, for example "READY=1"; nothing where no systemd listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.sendto(message.encode(), address)
