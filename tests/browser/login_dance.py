"""Log in and out in a Chromium of its own: `python -m tests.browser.login_dance URL PREVIEW`.

A process apart: what a browser does between two sites has been seen to hang it for good, and then
it has to be ended from outside.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, SECOND, chromium_path


def dance(visitor: Page, url: str, preview: str) -> None:
    """Without a login nothing but the login page; with one everything; without again."""
    assert visitor.request.get(f"{url}{preview}").status == 401
    assert visitor.request.get(f"{url}/api/health").status == 200

    visitor.goto(f"{url}/map")
    button = visitor.get_by_role("button", name="Log in")
    expect(button).to_be_visible(timeout=60 * SECOND)
    assert "digits-vae-2d" not in visitor.content()
    button.click()
    sidebar = visitor.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Ada Lovelace")).to_be_visible(timeout=60 * SECOND)
    expect(sidebar.get_by_role("link", name="Map")).to_be_visible()
    assert visitor.request.get(f"{url}{preview}").status == 200

    sidebar.get_by_role("button", name="Log out").click()
    expect(visitor.get_by_role("button", name="Log in")).to_be_visible(timeout=60 * SECOND)
    assert visitor.request.get(f"{url}{preview}").status == 401


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        dance(browser.new_page(viewport={"width": 1280, "height": 900}), *sys.argv[1:3])
        print("danced", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
