"""A login through a provider, in a real browser; and what the server refuses before one."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PROJECT, SECOND, App, free_port
from tests.browser.oidc import CLIENT, running

pytestmark = pytest.mark.browser
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


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_who_logs_in_is_let_in_and_who_logs_out_is_not(app_with_login: App, visitor: Page) -> None:
    preview = f"{app_with_login.url}{PREVIEW}"
    assert visitor.request.get(preview).status == 401
    assert visitor.request.get(f"{app_with_login.url}/api/health").status == 200

    visitor.goto(f"{app_with_login.url}/map")
    button = visitor.get_by_role("button", name="Log in")
    expect(button).to_be_visible(timeout=90 * SECOND)
    assert "digits-vae-2d" not in visitor.content()
    button.click()
    sidebar = visitor.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Ada Lovelace")).to_be_visible(timeout=90 * SECOND)
    expect(sidebar.get_by_role("link", name="Map")).to_be_visible()
    assert visitor.request.get(preview).status == 200

    sidebar.get_by_role("button", name="Log out").click()
    expect(visitor.get_by_role("button", name="Log in")).to_be_visible(timeout=90 * SECOND)
    assert visitor.request.get(preview).status == 401


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
