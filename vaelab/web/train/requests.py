"""What a page asks of a run: the answer is a message on the next run of the page."""

from __future__ import annotations

from collections.abc import Callable

from vaelab.runs import DatabaseError, RunError
from vaelab.web import notices, words


def ask(request: Callable[..., object], *arguments: object) -> None:
    """Pause, resume, stop, move or delete; for callbacks. The run may have changed meanwhile."""
    try:
        request(*arguments)
    except (RunError, DatabaseError, OSError) as error:
        notices.leave(words.sentence(error), ":material/error:")
