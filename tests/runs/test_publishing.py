"""Where a finished run's checkpoint goes beside its folder."""

import shutil

from vaelab import settings
from vaelab.checkpoints import read_checkpoint, refresh
from vaelab.runs.publishing import published

BUNDLED = settings.PROJECT / "checkpoints" / "digits-cvae"


def test_it_goes_into_the_store_that_is_named(monkeypatch, tmp_path):
    shutil.copytree(BUNDLED, tmp_path / "here" / "digits-cvae")
    checkpoint = read_checkpoint(tmp_path / "here" / "digits-cvae")
    monkeypatch.delenv("VAELAB_REMOTE", raising=False)
    assert published(checkpoint) == ""
    url = f"file://{tmp_path}/store"
    monkeypatch.setenv("VAELAB_REMOTE", url)
    assert published(checkpoint) == f" Published in {url}."
    assert refresh(tmp_path / "there", url).fetched == ("digits-cvae",)
    monkeypatch.setenv("VAELAB_REMOTE", "nonsense://models")
    assert published(checkpoint).startswith(" It is not published: nonsense://models cannot be")
