"""Every parser of bytes from outside by name: a new one is one function and one line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fuzzing import checkpoint_targets, data_targets, link_targets, login_target, web_targets
from tests.fuzzing.campaign import Target

PARSERS: dict[str, Callable[[Path], Target]] = {
    **data_targets.PARSERS,
    **checkpoint_targets.PARSERS,
    **web_targets.PARSERS,
    **link_targets.PARSERS,
    **login_target.PARSERS,
}
