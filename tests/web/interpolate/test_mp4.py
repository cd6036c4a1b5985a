import re
import subprocess

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from vaelab.web.interpolate.mp4 import film_mp4


def read(film, tmp_path):
    """Its pictures (N, H, W, 3) and what ffmpeg says of it."""
    path = tmp_path / "film.mp4"
    path.write_bytes(film)
    command = [get_ffmpeg_exe(), "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    found = subprocess.run(command, capture_output=True, check=True)
    about = found.stderr.decode()
    width, height = map(int, re.search(r"Video: h264.* (\d+)x(\d+)", about).groups())
    return np.frombuffer(found.stdout, np.uint8).reshape(-1, height, width, 3), about


@pytest.mark.parametrize(("channels", "side"), [(1, 8), (3, 8), (1, 9)])
def test_a_film_runs_there_and_back_at_its_rate(channels, side, tmp_path):
    levels = (0, 80, 160, 240)
    images = np.stack([np.full((channels, side, side), level, np.uint8) for level in levels])
    film = film_mp4(images, rate=10, side=16)
    assert film[4:8] == b"ftyp"
    assert film.index(b"moov") < film.index(b"mdat")  # plays before it is there to its end
    pictures, about = read(film, tmp_path)
    assert " 10 fps" in about
    assert "yuv420p" in about  # what every browser plays
    assert [round(float(p.mean()) / 80) for p in pictures] == [0, 1, 2, 3, 2, 1]
    assert pictures.shape[1] >= 16
    assert not pictures.shape[1] % 2


def test_one_way_films_end_at_the_end(tmp_path):
    images = np.stack([np.full((1, 8, 8), level, np.uint8) for level in (0, 120, 240)])
    assert len(read(film_mp4(images, back=False, side=16), tmp_path)[0]) == 3


def test_what_is_no_film_is_refused():
    with pytest.raises(ValueError, match="frames must be"):
        film_mp4(np.zeros((1, 1, 8, 8)))
    with pytest.raises(ValueError, match="rate"):
        film_mp4(np.zeros((2, 1, 8, 8)), rate=0)
