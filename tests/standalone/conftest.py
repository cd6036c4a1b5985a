"""One small conditional model of the digits for all tests of the room."""

from __future__ import annotations

import pytest

from tests.small_checkpoints import small_checkpoint
from vaelab.checkpoints import Checkpoint


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return small_checkpoint(tmp_path_factory.mktemp("checkpoints"))
