import os
import threading

import numpy as np
import psutil
import pytest

from tests.runs.child_processes import children_that_run
from vaelab.latent import project
from vaelab.runs.apart import StoppedApartError
from vaelab.runs.map_apart import draw_apart

CODES = np.random.default_rng(0).normal(size=(80, 3)).astype(np.float32)


def children():
    return children_that_run("vaelab.runs.map_worker")


def ignore(fraction, message):
    pass


def test_a_map_from_another_process_is_the_same_map():
    heard = []
    drawn = draw_apart("tsne", CODES, 3, lambda f, m: heard.append((f, m)), threading.Event())
    expected = project("tsne", CODES, seed=3)
    np.testing.assert_array_equal(drawn.points, expected.points)
    assert drawn.points.dtype == np.float32
    assert drawn.title == expected.title
    assert heard == sorted(heard, key=lambda said: said[0])
    assert children() == []


def test_the_method_s_sentence_comes_back():
    with pytest.raises(ValueError, match="t-SNE needs 5 or more codes, got 2"):
        draw_apart("tsne", CODES[:2], 0, ignore, threading.Event())


def test_a_map_that_is_stopped_leaves_no_process_and_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stop = threading.Event()
    with pytest.raises(StoppedApartError):
        draw_apart("umap", CODES, 0, lambda *_: stop.set(), stop)
    assert children() == []
    assert list(tmp_path.iterdir()) == []


def test_the_process_ends_when_its_parent_does(eventually):
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:  # starts a map, says which process draws it, and is killed
        os.close(reading)
        tell = threading.Event()

        def progress(*_):
            if not tell.is_set():
                tell.set()
                os.write(writing, str(children()[0].pid).encode())

        draw_apart("umap", np.tile(CODES, (50, 1)), 0, progress, threading.Event())
        os._exit(0)
    os.close(writing)
    pid = int(os.read(reading, 100))
    os.close(reading)
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")
