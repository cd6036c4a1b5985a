"""Files that take a while to make: kept below home under what they follow from, the newest ones."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.generate import SampleRequest, write_samples
from vaelab.standalone import standalone_html
from vaelab.standalone.page import SCRIPT, TEMPLATE, WORKER
from vaelab.web.loaders import model_of
from vaelab.web.server.graphs import graph_file

MOST_FILES = 12  # of all models together


def html_path(checkpoint: Checkpoint, view: dict[str, Any]) -> Path:
    """Where the standalone page of these weights and this view is kept, made or not."""
    report = "" if checkpoint.report is None else checkpoint.report.created
    built = [path.stat().st_mtime_ns for path in (SCRIPT, WORKER, TEMPLATE) if path.is_file()]
    return _place(checkpoint, "html", checkpoint.id, view, report, built)


def make_html(checkpoint: Checkpoint, view: dict[str, Any]) -> Path:
    """The standalone page, made now if it is not there.

    Raises:
        ValueError: if it cannot be made, with the reason.
        OSError: if the disk refuses.
    """

    def write(path: Path) -> None:
        decoder, encoder = (graph_file(checkpoint, g).read_bytes() for g in ("decoder", "encoder"))
        path.write_bytes(standalone_html(checkpoint, decoder, view, encoder))

    return _made(html_path(checkpoint, view), write)


def samples_path(checkpoint: Checkpoint, request: SampleRequest) -> Path:
    """Where these pictures are kept, drawn or not."""
    suffix = "zip" if request.format == "png" else "npz"
    return _place(checkpoint, suffix, repr(request))


def make_samples(
    checkpoint: Checkpoint, request: SampleRequest, progress: Callable[[int, int], None]
) -> Path:
    """The pictures' file, drawn now if it is not there; the contact sheet lies beside it.

    Raises:
        ValueError: if the model cannot draw them, with the reason.
        OSError: if the disk refuses.
    """

    def write(path: Path) -> None:
        samples = write_samples(checkpoint, model_of(checkpoint), request, path, progress)
        sheet_path(target).write_bytes(samples.sheet)

    target = samples_path(checkpoint, request)
    return _made(target, write)


def sheet_path(samples: Path) -> Path:
    """The contact sheet of a file of pictures."""
    return samples.with_suffix(".png")


def _place(checkpoint: Checkpoint, suffix: str, *of: object) -> Path:
    told = json.dumps([checkpoint.weights_sha256, *of])
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    return settings.home() / "shared" / f"{digest}.{suffix}"


def _made(path: Path, write: Callable[[Path], None]) -> Path:
    if path.is_file():
        os.utime(path)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        write(temporary)
        temporary.replace(path)
    _forget_old(path.parent)
    return path


def _forget_old(folder: Path) -> None:
    files = [path for path in folder.iterdir() if path.is_file() and path.suffix != ".png"]
    for old in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)[MOST_FILES:]:
        old.unlink(missing_ok=True)
        sheet_path(old).unlink(missing_ok=True)
