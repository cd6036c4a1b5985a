"""A finished checkpoint goes into the store that the settings name."""

from __future__ import annotations

import logging

from vaelab import settings
from vaelab.checkpoints import Checkpoint, RemoteError, publish

log = logging.getLogger(__name__)


def published(checkpoint: Checkpoint) -> str:
    """Publish it; a sentence for the run's record, nothing where no store is named.

    A store that refuses does not fail the run: the checkpoint is here, and can be pushed later.
    """
    url = settings.remote_store()
    if not url:
        return ""
    try:
        publish(checkpoint, url)
    except (RemoteError, OSError) as error:
        log.warning("%s is not published: %s", checkpoint.id, error)
        return f" It is not published: {error}"
    return f" Published in {url}."
