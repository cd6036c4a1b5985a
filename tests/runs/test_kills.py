"""Workers killed at random moments: eager and compiled steps, and convolutions; see the script."""

import re
import subprocess
import sys

import pytest

from vaelab import settings

SCRIPT = settings.PROJECT / "benchmarks" / "kill_resume.py"
COMPILED = ["--compile", "on", "--batch-size", "32"]
VARIANTS = {
    "eager": ["2", "--kills", "2"],
    "convolutions": ["1", "--kills", "3", "--network", "conv", "--width", "8", "--epochs", "4"],
    "compiled": ["2", "--kills", "2", "--by", "both", *COMPILED],
}


@pytest.mark.timeout(900)  # the first compilation is long where others want the cores
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_disturbed_at_random_moments_ends_as_one_that_was_not(variant):
    options = [*VARIANTS[variant], "--in-the-middle"]
    command = [sys.executable, str(SCRIPT), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{options[0]} of {options[0]} ended as the undisturbed run" in done.stdout
    assert len(re.findall(r"in epoch [0-9]+, step", done.stdout)) >= int(options[0]), done.stdout
    assert ("a pause took" in done.stdout) == ("--by" in options), done.stdout
