"""When the system asks a command to end."""

from __future__ import annotations

import os
import signal
import threading

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set, whatever the main thread does meanwhile.

    Called in the main thread, as early as possible: the first process of a container gets no signal without a handler.
    A handler must not set the event by itself, as it may interrupt the very thread that holds the event's lock.
    """
    stopping = threading.Event()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in SIGNALS:
        signal.signal(number, lambda *_: None)

    def watch() -> None:
        while not stopping.is_set():
            if set(os.read(reading, 16)) & set(SIGNALS):
                stopping.set()

    threading.Thread(target=watch, daemon=True).start()
    return stopping
