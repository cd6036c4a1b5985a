"""The shared store as the server looks at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vaelab import settings
from vaelab.checkpoints import publish, read_checkpoint
from vaelab.web.server import shared_store


def test_what_others_publish_appears_and_trouble_is_said_until_it_has_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    theirs, ours, url = tmp_path / "theirs", tmp_path / "ours", f"file://{tmp_path}/store"
    shutil.copytree(settings.PROJECT / "checkpoints" / "digits-cvae", theirs / "digits-cvae")
    publish(read_checkpoint(theirs / "digits-cvae"), url)
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(ours))
    shared_store.look("nonsense://models")
    assert "nonsense://models cannot be used" in shared_store.store_trouble()[0]
    shared_store.look(url)
    assert shared_store.store_trouble() == ()
    assert read_checkpoint(ours / "digits-cvae").model_config.n_classes == 10


def test_without_a_store_there_is_nothing_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAELAB_REMOTE", raising=False)
    assert shared_store.watch_store() is None
