"""Many small pictures of stored codes as one, for a map that is zoomed in."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vaelab.checkpoints import Checkpoint
from vaelab.pictures import to_picture
from vaelab.web.loaders import latents_of
from vaelab.web.map.kept import Kept
from vaelab.web.map.projections import choose_rows
from vaelab.web.stored_images import pictures_of

MOST = 4096  # pictures
SIDE = 32  # pixels of a picture at most
LOSSLESS_BELOW = 16  # pixels: lossy compression takes 16x16 blocks, and would mix neighbours
QUALITY = 85


@dataclass(frozen=True, eq=False)
class Atlas:
    """Square tiles, row by row.

    Attributes:
        content: a WebP file.
        columns: tiles a row.
        side: pixels of a tile.
        count: tiles.
        step: tile j shows the point at position step * j.
        are_data: whether they are the data's own images, or what the decoder makes of the codes.
    """

    content: bytes
    columns: int
    side: int
    count: int
    step: int
    are_data: bool

    @property
    def tiles(self) -> str:
        """How to find a tile, as JSON."""
        spaced = f"evenly spaced: position {self.step} j for tile j of {self.count}"
        return json.dumps(
            {
                "columns": self.columns,
                "side": self.side,
                "count": self.count,
                "step": self.step,
                "positions": spaced,
            }
        )


_atlases: Kept[Atlas] = Kept(8)


def atlas_of(checkpoint: Checkpoint, split: str, n: int) -> Atlas:
    """Pictures of the codes that a map of at most n codes of a split draws, at most `MOST`.

    Raises:
        ValueError: if the split has no codes.
        CheckpointError: if the checkpoint's files are damaged.
    """
    latents = latents_of(checkpoint)
    key = (str(checkpoint.path), checkpoint.weights_sha256, len(latents), split, n)
    atlas = _atlases.get(key)
    if atlas is None:
        rows, _ = choose_rows(latents, split, n)
        if not len(rows):
            raise ValueError(f"split must be one that has codes, got {split!r}.")
        step = math.ceil(len(rows) / MOST)
        stored = pictures_of(checkpoint, rows[::step])
        atlas = _assembled(stored.images, step, stored.are_data)
        _atlases.put(key, atlas)
    return atlas


def _assembled(images: np.ndarray, step: int, are_data: bool) -> Atlas:
    side = min(SIDE, max(images.shape[2:]))
    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    sheet = Image.new("RGB", (columns * side, rows * side))
    for i, image in enumerate(images):
        tile = to_picture(image)
        if max(tile.size) > side:
            tile.thumbnail((side, side), Image.Resampling.BOX)
        margin = ((side - tile.width) // 2, (side - tile.height) // 2)
        sheet.paste(tile, ((i % columns) * side + margin[0], (i // columns) * side + margin[1]))
    buffer = io.BytesIO()
    sheet.save(buffer, "WEBP", quality=QUALITY, lossless=side < LOSSLESS_BELOW, method=2)
    return Atlas(buffer.getvalue(), columns, side, len(images), step, are_data)
