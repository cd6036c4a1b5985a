"""Pictures as people have them, made by code: photographs of digits, screenshots, odd files."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Points = list[tuple[float, float]]


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Degrees run clockwise from the right, as y goes down."""
    turns = np.radians(np.linspace(start, end, 40))
    return [(x + rx * math.cos(t), y + ry * math.sin(t)) for t in turns]


# Strokes as a hand makes them, in a box of 1 x 1.
STROKES: dict[int, list[Points]] = {
    0: [_arc(0.5, 0.5, 0.3, 0.45, -80, 290)],
    1: [[(0.42, 0.2), (0.56, 0.05), (0.5, 0.95)]],
    2: [[*_arc(0.48, 0.28, 0.26, 0.24, -170, 40), (0.2, 0.93), (0.82, 0.9)]],
    3: [[*_arc(0.46, 0.27, 0.25, 0.22, -160, 80), *_arc(0.46, 0.71, 0.29, 0.23, -85, 150)]],
    4: [[(0.35, 0.07), (0.2, 0.58), (0.85, 0.56)], [(0.68, 0.25), (0.6, 0.95)]],
    5: [[(0.75, 0.08), (0.33, 0.1), (0.29, 0.45), *_arc(0.46, 0.67, 0.28, 0.26, -110, 140)]],
    6: [
        [
            (0.66, 0.06),
            *_arc(0.5, 0.6, 0.3, 0.5, -125, -180),
            *_arc(0.48, 0.69, 0.27, 0.25, 180, -150),
        ]
    ],
    7: [[(0.2, 0.13), (0.8, 0.1), (0.45, 0.95)]],
    8: [[*_arc(0.5, 0.28, 0.22, 0.22, 90, 440), *_arc(0.49, 0.72, 0.26, 0.23, -85, 275)]],
    9: [[*_arc(0.47, 0.3, 0.24, 0.24, -10, -370), (0.66, 0.5), (0.56, 0.95)]],
}


def digit_mask(digit: int, side: int, width: float, turn: float = 0.0) -> Image.Image:
    """A digit's strokes, `L`, bright on black, within a square of `side` pixels."""
    image = Image.new("L", (side, side))
    draw = ImageDraw.Draw(image)
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    for stroke in STROKES[digit]:
        points = [
            (
                side * (0.5 + 0.9 * (c * (x - 0.5) - s * (y - 0.5))),
                side * (0.5 + 0.9 * (s * (x - 0.5) + c * (y - 0.5))),
            )
            for x, y in stroke
        ]
        draw.line(points, fill=255, width=round(width), joint="curve")
        for x, y in points:
            r = width / 2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    return image.filter(ImageFilter.GaussianBlur(side / 400))


@dataclass(frozen=True)
class Photo:
    """How a digit on paper is photographed."""

    size: tuple[int, int] = (800, 600)
    digit_side: int = 260
    place: tuple[int, int] = (180, 120)
    pen: float = 14.0
    turn: float = 0.0
    ink: tuple[int, int, int] = (45, 45, 70)
    light: float = 0.35
    shadow: float = 0.0
    ruled: int = 0
    ruled_turn: float = 0.0
    squared: bool = False
    noise: float = 4.0
    desk: bool = False
    dim: float = 1.0


def photo(digit: int, how: Photo = Photo(), seed: int = 0) -> Image.Image:
    """A digit on paper, `RGB`: ink and printed lines on it, then light, shadow and noise."""
    rng = np.random.default_rng(seed)
    width, height = how.size
    y, x = np.mgrid[0:height, 0:width].astype(float)
    paper = np.empty((height, width, 3))
    paper[:] = (238, 233, 222)
    if how.ruled:
        slope = math.tan(math.radians(how.ruled_turn))
        across = [y - slope * x, *([x + slope * y] if how.squared else [])]
        for along in across:
            line = np.clip(1.4 - np.abs(np.mod(along, how.ruled) - how.ruled / 2), 0, 1)[..., None]
            paper = paper * (1 - 0.6 * line) + np.array((120, 150, 205)) * 0.6 * line
    mask = np.zeros((height, width))
    drawn = np.asarray(digit_mask(digit, how.digit_side, how.pen, how.turn)) / 255
    px, py = how.place
    mask[py : py + how.digit_side, px : px + how.digit_side] = drawn
    paper = paper * (1 - mask[..., None]) + np.array(how.ink) * mask[..., None]
    if how.desk:
        away = (np.abs(x - width / 2 + 0.04 * y) > 0.40 * width) | (y > 0.9 * height)
        paper[away] = (70, 50, 38)
    light = 1 - how.light * (0.6 * x / width + 0.4 * y / height)
    if how.shadow:
        edge = np.clip((x + 0.55 * y - 0.52 * width) / 12, 0, 1)
        light = light * (1 - how.shadow * edge)
    lit = paper * light[..., None] * how.dim + rng.normal(0, how.noise, (height, width, 1))
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@dataclass(frozen=True)
class OddPicture:
    """A file as a person might give it: what it is, its bytes, and the digit on it, if one is."""

    what: str
    name: str
    make: Callable[[], bytes]
    digit: int | None = None


def _screenshot() -> Image.Image:
    image = Image.new("RGB", (1200, 760), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1200, 64), fill=(234, 236, 240))
    for x in (28, 56, 84):
        draw.ellipse((x, 24, x + 16, 40), fill=(190, 193, 200))
    image.paste((20, 22, 30), (420, 220), digit_mask(5, 360, 30))
    return image


def _animated() -> bytes:
    frames = [Image.eval(digit_mask(d, 200, 18), lambda v: 255 - v) for d in (7, 1, 0)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200)


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # degrees of latitude
    stored = photo(4, Photo(size=(600, 800))).transpose(Image.Transpose.ROTATE_90)
    return encoded(stored, "JPEG", quality=90, exif=exif)


def _transparent(colour: tuple[int, int, int]) -> bytes:
    layers = Image.new("RGBA", (400, 400), (*colour, 0))
    layers.putalpha(digit_mask(3, 400, 34))
    return encoded(layers, "PNG")


def _deep() -> bytes:
    values = np.asarray(digit_mask(8, 300, 26)).astype(np.uint16) * 200 + 500
    return encoded(Image.fromarray(values), "TIFF")


def _huge() -> bytes:
    image = Image.new("L", (8000, 6000), 250)
    image.paste(30, (2500, 1200), digit_mask(6, 3200, 240))
    return encoded(image, "PNG")


def _exact() -> Image.Image:
    image = Image.new("L", (28, 28))
    image.paste(digit_mask(2, 200, 22).resize((20, 20), Image.Resampling.BOX), (4, 4))
    return image


def _scene() -> Image.Image:
    """No digit at all: a landscape."""
    y, x = np.mgrid[0:480, 0:640] / 480
    sky = np.stack([120 + 90 * y, 160 + 60 * y, 220 - 10 * y], -1)
    hills = y > 0.6 + 0.08 * np.sin(5 * x) + 0.05 * np.sin(13 * x)
    sky[hills] = (60, 110, 60)
    return Image.fromarray(sky.astype(np.uint8))


def _photo(digit: int, how: Photo, kind: str = "JPEG") -> Callable[[], bytes]:
    return lambda: encoded(photo(digit, how), kind, quality=88)


def _plain(image: Callable[[], Image.Image], kind: str, **options: Any) -> Callable[[], bytes]:
    return lambda: encoded(image(), kind, **options)


RULED = Photo(ruled=46, ruled_turn=2.5, turn=6, light=0.3)
ODD_PICTURES: tuple[OddPicture, ...] = (
    OddPicture("photo, uneven light", "two.jpg", _photo(2, Photo()), 2),
    OddPicture("photo, hard shadow", "three.jpg", _photo(3, Photo(shadow=0.5)), 3),
    OddPicture("photo, ruled, turned 6°", "five.jpg", _photo(5, RULED), 5),
    OddPicture(
        "photo, squared paper, shadow",
        "eight.jpg",
        _photo(8, Photo(ruled=40, squared=True, ruled_turn=-1.5, shadow=0.35)),
        8,
    ),
    OddPicture(
        "photo, dim, noisy, thin pencil",
        "nine.jpg",
        _photo(9, Photo(dim=0.45, noise=6, pen=7, ink=(70, 70, 75))),
        9,
    ),
    OddPicture("photo, paper on a desk", "six.webp", _photo(6, Photo(desk=True), "WEBP"), 6),
    OddPicture("photo stored turned, GPS in EXIF", "four.jpg", _turned, 4),
    OddPicture("screenshot", "screenshot.png", _plain(_screenshot, "PNG"), 5),
    OddPicture("transparent PNG, black ink", "dark.png", lambda: _transparent((0, 0, 0)), 3),
    OddPicture("transparent PNG, white ink", "light.png", lambda: _transparent((255,) * 3), 3),
    OddPicture("16-bit TIFF", "deep.tif", _deep, 8),
    OddPicture("animated GIF", "moving.gif", _animated, 7),
    OddPicture(
        "CMYK JPEG",
        "print.jpg",
        lambda: encoded(photo(0, Photo()).convert("CMYK"), "JPEG", quality=90),
        0,
    ),
    OddPicture(
        "BMP, palette", "palette.bmp", lambda: encoded(photo(1, Photo()).convert("P"), "BMP"), 1
    ),
    OddPicture(
        "chalk on a blackboard",
        "chalk.png",
        lambda: encoded(Image.eval(photo(7, Photo(ink=(20, 20, 20))), lambda v: 255 - v), "PNG"),
        7,
    ),
    OddPicture("8000x6000 PNG", "huge.png", _huge, 6),
    OddPicture("28x28, as the data", "exact.png", _plain(_exact, "PNG"), 2),
    OddPicture("1x1", "dot.png", _plain(lambda: Image.new("RGB", (1, 1), (90, 20, 20)), "PNG")),
    OddPicture("1x300", "line.png", _plain(lambda: Image.new("L", (1, 300), 200), "PNG")),
    OddPicture("blank page", "blank.jpg", _plain(lambda: Image.new("L", (500, 400), 240), "JPEG")),
    OddPicture("a landscape", "scene.jpg", _plain(_scene, "JPEG", quality=85)),
    OddPicture("text that claims to be PNG", "notes.png", lambda: b"these are notes"),
    OddPicture("cut-off JPEG", "cut.jpg", lambda: encoded(photo(2), "JPEG")[:9000]),
)
