"""Checkpoints through a store that several folders share."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
import torch

from vaelab.checkpoints import (
    Checkpoint,
    Refreshed,
    RemoteError,
    load_model,
    publish,
    read_checkpoint,
    refresh,
    remote,
)
from vaelab.models import Model

Save = Callable[..., tuple[Model, Checkpoint]]


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url = "memory://models" if request.param == "memory" else f"file://{tmp_path}/store/models"
    fsspec.core.url_to_fs("memory://models")[0].store.clear()
    return url


def hidden(folder: Path) -> list[str]:
    """What a fetch left behind beside the checkpoints, but for the marks."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".remote-")]


def test_published_here_is_found_there_once(
    save: Save, store: str, tmp_path: Path, z: torch.Tensor
) -> None:
    model, checkpoint = save("one")
    there = tmp_path / "there"
    assert refresh(there, store) == Refreshed()
    publish(checkpoint, store)
    assert refresh(there, store) == Refreshed(fetched=("one",))
    assert refresh(there, store) == Refreshed()
    fetched = read_checkpoint(there / "one")
    assert fetched.weights_sha256 == checkpoint.weights_sha256
    torch.testing.assert_close(
        load_model(fetched).decode(z).mean, model.decode(z).mean, rtol=0, atol=0
    )
    assert not hidden(there)
    assert refresh(checkpoint.path.parent, store) == Refreshed()  # it is its own


def test_what_was_trained_again_takes_the_old_ones_place(
    save: Save, store: str, tmp_path: Path
) -> None:
    _, checkpoint = save("one")
    there = tmp_path / "there"
    publish(checkpoint, store)
    refresh(there, store)
    _, again = save("one", latent_dim=2)
    publish(again, store)
    assert refresh(there, store).fetched == ("one",)
    assert read_checkpoint(there / "one").model_config.latent_dim == 2
    assert not hidden(there)


def test_nobody_s_work_is_replaced(save: Save, store: str, tmp_path: Path) -> None:
    _, mine = save("one")
    publish(mine, store)
    _, again = save("one", latent_dim=2)
    shutil.copytree(again.path, tmp_path / "there" / "one")
    other = read_checkpoint(tmp_path / "there" / "one")
    with pytest.raises(RemoteError, match="holds another checkpoint named one"):
        publish(other, store)
    said = refresh(other.path.parent, store)
    assert not said.fetched
    assert "the one here stays" in said.refused[0]
    assert read_checkpoint(other.path).model_config.latent_dim == 2


def test_what_is_no_checkpoint_is_named_and_left(save: Save, store: str, tmp_path: Path) -> None:
    _, checkpoint = save("one")
    publish(checkpoint, store)
    files, root = fsspec.core.url_to_fs(store)
    files.pipe_file(f"{root}/broken.zip", b"PK\x03\x04 and no more")
    files.pipe_file(f"{root}/.._.zip", b"")
    files.pipe_file(f"{root}/notes.txt", b"hello")
    there = tmp_path / "there"
    said = refresh(there, store)
    assert said.fetched == ("one",)
    assert len(said.refused) == 1
    assert said.refused[0].startswith("broken from ")
    assert sorted(path.name for path in there.iterdir()) == [".remote", "one"]
    assert refresh(there, store) == Refreshed()  # and not fetched again and again


@pytest.mark.parametrize("url", ["nonsense://models", "s3a//x y"])
def test_an_address_that_cannot_be_used_is_a_sentence(
    save: Save, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "://" in url:
        with pytest.raises(RemoteError, match="cannot be used as a store"):
            refresh(tmp_path, url)
    else:  # a plain path is a folder that is not there yet
        assert refresh(tmp_path, url) == Refreshed()


def test_a_store_that_refuses_is_a_sentence(save: Save, tmp_path: Path) -> None:
    _, checkpoint = save("one")
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RemoteError, match="does not answer as it should"):
        publish(checkpoint, f"file://{tmp_path}/file/models")
    assert not (checkpoint.path.parent / ".remote").exists()


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["unpack_checkpoint", "take_place", "_remember"])
def test_a_full_disk_here_is_not_the_stores_fault_and_is_tried_again(
    save: Save, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    _, checkpoint = save("one")
    publish(checkpoint, store)
    there = tmp_path / "there"
    with monkeypatch.context() as patch:
        patch.setattr(remote, step, full_disk)
        with pytest.raises(RemoteError) as caught:
            refresh(there, store)
    assert str(caught.value) == f"{there} cannot be written: No space left on device."
    assert not hidden(there)
    if step != "_remember":
        assert refresh(there, store).fetched == ("one",)


def test_a_disk_that_fills_up_while_it_downloads_is_the_disks_fault(
    save: Save, store: str, tmp_path: Path
) -> None:
    """The real device of Linux that is always full, in the place of the file that is fetched."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    _, checkpoint = save("one")
    publish(checkpoint, store)
    files, root = fsspec.core.url_to_fs(store)
    with (
        pytest.raises(RemoteError, match=f"^{tmp_path} cannot be written: No space left"),
        remote._here(tmp_path),
        Path("/dev/full").open("wb") as here,
    ):
        here.writelines(remote._pieces(files, store, f"{root}/one.zip"))


def test_no_room_to_pack_is_not_the_stores_fault(
    save: Save, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, checkpoint = save("one")
    monkeypatch.setattr(remote, "pack_checkpoint", full_disk)
    with pytest.raises(RemoteError, match=r"^/.* cannot be written: No space left on device\.$"):
        publish(checkpoint, store)
    assert not (checkpoint.path.parent / ".remote").exists()


def test_a_store_that_breaks_off_is_the_stores_fault(
    save: Save, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, checkpoint = save("one")
    publish(checkpoint, store)
    files, _ = fsspec.core.url_to_fs(store)

    def breaks_off(*_: object, **__: object) -> None:
        raise ConnectionResetError("Connection reset by peer")

    monkeypatch.setattr(files, "open", breaks_off)
    with pytest.raises(RemoteError, match=f"^{store} does not answer as it should: Connection"):
        refresh(tmp_path / "there", store)
    assert not hidden(tmp_path / "there")
