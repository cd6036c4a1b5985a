"""Checkpoints of the shared store, fetched into the folder while the server lives."""

from __future__ import annotations

import logging
import threading

from vaelab import settings
from vaelab.checkpoints import RemoteError, refresh

log = logging.getLogger(__name__)

EVERY_SECONDS = 30.0

_trouble: tuple[str, ...] = ()


def watch_store() -> threading.Event | None:
    """Look now and then, in a thread, until the event is set; None where no store is named."""
    url = settings.remote_store()
    if not url:
        return None
    ended = threading.Event()
    threading.Thread(target=_watch, args=(url, ended), name="shared store", daemon=True).start()
    return ended


def store_trouble() -> tuple[str, ...]:
    """What was wrong at the last look, a sentence each."""
    return _trouble


def _watch(url: str, ended: threading.Event) -> None:
    while not ended.is_set():
        look(url)
        ended.wait(EVERY_SECONDS)


def look(url: str) -> None:
    """Fetch what is new; remember and log what is wrong."""
    global _trouble
    try:
        said = refresh(settings.checkpoints_dir(), url)
        trouble = said.refused
        for name in said.fetched:
            log.info("fetched %s from the shared store", name)
    except (RemoteError, OSError) as error:
        trouble = (str(error),)
    for sentence in trouble:
        if sentence not in _trouble:
            log.warning("shared store: %s", sentence)
    _trouble = trouble
