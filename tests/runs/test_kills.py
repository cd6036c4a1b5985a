"""Workers killed at random moments: eager and compiled steps, and convolutions; see the script."""

import re
import subprocess
import sys

import pytest

from vaelab import settings

SCRIPT = settings.PROJECT / "benchmarks" / "kill_resume.py"
COMPILED = ["--compile", "on", "--epochs", "8", "--batch-size", "32"]
VARIANTS = {
    "eager": ["3", "--kills", "2"],
    "convolutions": ["1", "--kills", "3", "--network", "conv", "--width", "8", "--epochs", "4"],
    "compiled": ["1", "--kills", "3", *COMPILED],
    "compiled, paused": ["1", "--kills", "2", "--by", "pause", *COMPILED],
}


@pytest.fixture(scope="module")
def compiler_cache(tmp_path_factory):
    return str(tmp_path_factory.mktemp("compiled"))


@pytest.mark.timeout(900)  # the first compilation is long where others want the cores
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_disturbed_at_random_moments_ends_as_one_that_was_not(
    variant, compiler_cache, monkeypatch
):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", compiler_cache)
    options = [*VARIANTS[variant], "--in-the-middle"]
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{options[0]} of {options[0]} ended as the undisturbed run" in done.stdout
    assert re.search(r"in epoch [0-9]+, step", done.stdout), done.stdout
