"""Pictures drawn batch by batch, each written to the file before the next is drawn."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from vaelab.checkpoints import Checkpoint, load_mixture
from vaelab.generate.request import SampleRequest
from vaelab.latent import CodeMixture
from vaelab.latent.draw import draw_codes, source_of_codes
from vaelab.models import Model
from vaelab.pictures import grid, png_bytes, to_picture

BATCH = 128
SHEET_COLUMNS = 10
MOST_SHEET_ROWS = 20
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same pictures make the same file

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Samples:
    """What was drawn.

    Attributes:
        path: the file.
        n: pictures in it.
        sheet: PNG of some of them, for a conditional model a class a row.
    """

    path: Path
    n: int
    sheet: bytes


@dataclass(frozen=True, eq=False)
class _Batch:
    """x uint8 (B, C, H, W), z float32 (B, K), labels int64 (B,) or None."""

    x: npt.NDArray[np.uint8]
    z: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64] | None


def write_samples(
    checkpoint: Checkpoint,
    model: Model,
    request: SampleRequest,
    path: Path,
    progress: Progress = lambda done, total: None,
) -> Samples:
    """Draw the pictures into the file `path`, which appears when all of them are in it.

    Pixels are the decoder's means. Beside them lie the contact sheet and what was asked for.

    Args:
        checkpoint: of the model.
        model: on the CPU.
        request: how many, of what.
        path: is replaced if it is there.
        progress: is told of the pictures drawn and of all.

    Raises:
        ValueError: if the request does not fit the model.
        CheckpointError: if an autoencoder's mixture is damaged.
        OSError: if the disk refuses.
    """
    total = request.total(model.config)
    sheet = _Sheet(request, model.config.n_classes)
    temporary = path.with_name(f".{path.name}.part")
    write = {"png": _write_png, "npz": _write_npz}[request.format]
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            batches = _told(
                _batches(model, load_mixture(checkpoint), request), sheet, total, progress
            )
            write(archive, checkpoint, batches, total)
            picture = sheet.png()
            _put(archive, "contact-sheet.png", picture)
            _put(archive, "samples.json", _about(checkpoint, model, request))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return Samples(path, total, picture)


def _batches(model: Model, mixture: CodeMixture | None, request: SampleRequest) -> Iterator[_Batch]:
    generator = torch.Generator().manual_seed(request.seed)
    labels, total = request.labels(model.config), request.total(model.config)
    for start in range(0, total, BATCH):
        y = None if labels is None else labels[start : start + BATCH]
        n = min(BATCH, total - start)
        z = draw_codes(model, mixture, n, generator, y, request.temperature)
        with torch.inference_mode():
            classes = None if y is None else torch.from_numpy(y)
            mean = model.decode(torch.from_numpy(z), classes).mean.numpy()
        yield _Batch(np.rint(mean.clip(0, 1) * 255).astype(np.uint8), z, y)


def _told(
    batches: Iterator[_Batch], sheet: _Sheet, total: int, progress: Progress
) -> Iterator[_Batch]:
    done = 0
    for batch in batches:
        sheet.take(batch)
        yield batch
        done += len(batch.x)
        progress(done, total)


def _write_png(
    archive: zipfile.ZipFile, checkpoint: Checkpoint, batches: Iterator[_Batch], total: int
) -> None:
    folders = class_folders(checkpoint.class_names)
    digits = max(5, len(str(total - 1)))
    at = 0
    for batch in batches:
        for i, image in enumerate(batch.x):
            folder = "" if batch.labels is None else f"{folders[batch.labels[i]]}/"
            _put(archive, f"{folder}{at:0{digits}d}.png", png_bytes(to_picture(image)))
            at += 1


def _write_npz(
    archive: zipfile.ZipFile, checkpoint: Checkpoint, batches: Iterator[_Batch], total: int
) -> None:
    """One array after the other, the pictures as they come; codes and labels are small."""
    codes, labels = [], []
    shape = checkpoint.model_config.image_shape
    with archive.open(_info("x.npy"), "w", force_zip64=True) as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (total, *shape)}
        np.lib.format.write_array_header_1_0(file, header)
        for batch in batches:
            file.write(batch.x.tobytes())
            codes.append(batch.z)
            if batch.labels is not None:
                labels.append(batch.labels)
    _put(archive, "z.npy", _npy(np.concatenate(codes)))
    if labels:
        _put(archive, "labels.npy", _npy(np.concatenate(labels)))


class _Sheet:
    """Some of the pictures, kept as they pass: the first ones, or of each class its first ones."""

    def __init__(self, request: SampleRequest, n_classes: int) -> None:
        self._rows = min(n_classes, MOST_SHEET_ROWS)
        most = request.n if request.per_class else SHEET_COLUMNS
        self._each = min(most, SHEET_COLUMNS)
        self._kept: dict[int, list[npt.NDArray[np.uint8]]] = {}

    def take(self, batch: _Batch) -> None:
        for i, image in enumerate(batch.x):
            row = 0 if batch.labels is None else int(batch.labels[i])
            kept = self._kept.setdefault(row, [])
            room = self._each if self._rows else SHEET_COLUMNS * SHEET_COLUMNS
            if len(kept) < room and (not self._rows or row < self._rows):
                kept.append(image)

    def png(self) -> bytes:
        rows = [row for row in self._kept.values() if row]
        each = min(len(row) for row in rows)
        if self._rows:
            chosen = [image for row in rows for image in row[:each]]
            return png_bytes(grid(np.stack(chosen), columns=each))
        return png_bytes(grid(np.stack(rows[0]), columns=min(SHEET_COLUMNS, each)))


def class_folders(names: tuple[str, ...]) -> list[str]:
    """A folder's name for each class: its own where that is safe in a zip and the only one."""
    safe = [re.sub(r"[^\w .-]+", "_", name).strip(" .")[:60] for name in names]
    alone = len({name.lower() for name in safe}) == len(safe) and all(safe)
    return safe if alone else [f"{i:03d}-{name}" for i, name in enumerate(safe)]


def _about(checkpoint: Checkpoint, model: Model, request: SampleRequest) -> bytes:
    about = {
        "model": checkpoint.id,
        "weights_sha256": checkpoint.weights_sha256,
        "drawn_from": source_of_codes(model),
        "pixels": "means of p(x | z), 0 to 255",
        "class_names": list(checkpoint.class_names) if model.config.is_conditional else [],
        **asdict(request),
    }
    return (json.dumps(about, indent=1) + "\n").encode()


def _npy(array: npt.NDArray[np.generic]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_info(name), content)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr = 0o644 << 16
    return info
