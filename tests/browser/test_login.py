"""A login through a provider, in a real browser; and what the server refuses before one."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.browser.conftest import PROJECT, App, free_port
from tests.browser.oidc import CLIENT, running

pytestmark = pytest.mark.browser
ATTEMPTS, PATIENCE_S = 3, 150
PREVIEW = "/checkpoints/digits-vae-2d/preview.png"
SECRETS = """
[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "a secret of this test that is long enough"
client_id = "{client}"
client_secret = "shared with the provider"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def app_with_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("login")
    checkpoints = home / "checkpoints"
    shutil.copytree(PROJECT / "checkpoints" / "digits-vae-2d", checkpoints / "digits-vae-2d")
    started = App(home, checkpoints)
    with running(free_port()) as issuer, pytest.MonkeyPatch.context() as patch:
        secrets = Path(home) / "secrets.toml"
        secrets.write_text(SECRETS.format(url=started.url, client=CLIENT, issuer=issuer))
        patch.setenv("STREAMLIT_SECRETS_FILES", str(secrets))
        patch.setenv("VAELAB_ALLOWED_USERS", "@example.org")
        started.start()
        yield started
        started.kill()


@pytest.mark.timeout(600)
def test_who_logs_in_is_let_in_and_who_logs_out_is_not(app_with_login: App) -> None:
    said = ""
    for _ in range(ATTEMPTS):
        said = danced(app_with_login)
        if "danced" in said:
            return
    pytest.fail(said)


def danced(app: App) -> str:
    """What a browser in a process of its own says; ended with all that it started."""
    command = [sys.executable, "-m", "tests.browser.login_dance", app.url, PREVIEW]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=PATIENCE_S)[0]
    except subprocess.TimeoutExpired:
        return f"not done after {PATIENCE_S} s"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost:{port}"}, 101),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://evil.example:{port}", "Host": "evil.example:{port}"}, 403),
    ],
)
def test_a_websocket_is_opened_to_this_sites_pages_alone(
    app_with_login: App, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.format(port=app_with_login.port) for name, value in headers.items()}
    upgrade = {
        **{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"},
        **{"Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Protocol": "streamlit"},
    }
    assert _status(app_with_login, "GET", "/_stcore/stream", {**upgrade, **sent}) == status


def test_an_upload_needs_the_pages_token_and_a_strangers_name_is_refused(
    app_with_login: App,
) -> None:
    assert _status(app_with_login, "PUT", "/_stcore/upload_file/a/b", {}) == 403
    assert _status(app_with_login, "GET", "/", {"Host": "evil.example"}) == 421
    assert _status(app_with_login, "GET", "/", {}) == 200


def _status(app: App, method: str, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("localhost", app.port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
