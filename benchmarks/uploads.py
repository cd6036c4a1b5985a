"""Twenty odd pictures as people have them, what is done to each, and what mnist-cvae makes of it.

    python -m benchmarks.uploads

draws docs/images/uploads.png and prints the table of docs/uploads.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from tests.odd_pictures import ODD_PICTURES, OddPicture
from vaelab import settings
from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import DataError, Preparation, Prepared, prepare
from vaelab.models import Model
from vaelab.objectives import elbo_terms
from vaelab.pictures import to_uint8
from vaelab.web.decoding import decode, encode, pixels
from vaelab.web.stored_images import preparation_of

PROJECT = settings.PROJECT
MODEL = PROJECT / "checkpoints" / "mnist-cvae"
SHEET = PROJECT / "docs" / "images" / "uploads.png"
SIDE, GAP, TEXT = 84, 8, 230
PAPER, INK, FAINT = (250, 250, 252), (25, 28, 40), (110, 114, 128)
MOST_STEPS = 9
SAMPLES = 8


@dataclass(frozen=True, eq=False)
class Row:
    """One picture on the sheet; `said` is the sentence of one that cannot be used."""

    odd: OddPicture
    ready: Prepared | None
    best: int
    elbo: float
    reconstruction: np.ndarray | None
    said: str = ""


@torch.inference_mode()
def elbos_of(model: Model, image: np.ndarray) -> np.ndarray:
    """ELBO under every class, nats, over SAMPLES posterior samples."""
    n = model.config.n_classes
    x = pixels(image[None]).expand(n, -1, -1, -1)
    return elbo_terms(
        model, x, torch.arange(n), torch.Generator().manual_seed(0), SAMPLES
    ).elbo.numpy()


def row_of(model: Model, preparation: Preparation, odd: OddPicture) -> Row:
    """What is made of a picture, under the class with the highest ELBO."""
    shape = model.config.image_shape
    try:
        ready = prepare(odd.make(), preparation, shape, name=odd.name)
    except DataError as error:
        return Row(odd, None, -1, float("nan"), None, str(error))
    elbos = elbos_of(model, ready.pixels)
    best = int(elbos.argmax())
    code = encode(model, ready.pixels[None], np.array([best]))
    decoded = to_uint8(decode(model, code.mean, np.array([best])).mean)[0, 0]
    return Row(odd, ready, best, float(elbos[best]), decoded)


def thumbnail(picture: Image.Image) -> Image.Image:
    """In colour, its longer side SIDE pixels; small ones keep their squares."""
    scale = SIDE / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    how = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    flat = Image.new("RGB", picture.size, (205, 215, 230))
    flat.paste(
        picture.convert("RGB"), mask=picture.getchannel("A") if "A" in picture.mode else None
    )
    return flat.resize(size, how)


def sheet(rows: list[Row]) -> Image.Image:
    """One row a picture: what it is, its steps, and at the end its reconstruction."""
    height = SIDE + 22 + GAP
    width = TEXT + (MOST_STEPS + 1) * (SIDE + GAP) + GAP
    image = Image.new("RGB", (width, len(rows) * height + GAP), PAPER)
    draw = ImageDraw.Draw(image)
    bold, small = ImageFont.load_default(13), ImageFont.load_default(11)
    for i, row in enumerate(rows):
        top = GAP + i * height
        draw.text((GAP, top), row.odd.what, INK, bold)
        draw.text((GAP, top + 18), row.odd.name, FAINT, small)
        if row.ready is None:
            draw.text((TEXT, top), row.said, (170, 40, 40), small)
            continue
        draw.text((GAP, top + 34), f"best class {row.best}, ELBO {row.elbo:.0f} nats", FAINT, small)
        for n, step in enumerate(row.ready.steps):
            left = TEXT + n * (SIDE + GAP)
            image.paste(thumbnail(step.picture), (left, top))
            draw.text((left, top + SIDE + 2), step.name, INK, small)
        left = TEXT + MOST_STEPS * (SIDE + GAP)
        if row.reconstruction is not None:
            image.paste(thumbnail(Image.fromarray(row.reconstruction)), (left, top))
        draw.text((left, top + SIDE + 2), "reconstruction", (70, 80, 200), small)
    return image


def main(out: Path = SHEET) -> None:
    """Draw the sheet and print the table."""
    model = load_model(read_checkpoint(MODEL))
    preparation = preparation_of(read_checkpoint(MODEL))
    print(preparation)
    rows = [row_of(model, preparation, odd) for odd in ODD_PICTURES]
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet(rows).quantize(256).save(out, optimize=True)
    print("| picture | steps | digit | best class | ELBO, nats |\n|---|---|---|---|---|")
    for row in rows:
        digit = "" if row.odd.digit is None else row.odd.digit
        if row.ready is None:
            print(f"| {row.odd.what} | *{row.said}* | {digit} | | |")
            continue
        steps = ", ".join(step.name for step in row.ready.steps)
        print(f"| {row.odd.what} | {steps} | {digit} | {row.best} | {row.elbo:.0f} |")


if __name__ == "__main__":
    main()
