import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.web.server import hosts, routes
from vaelab.web.server.hosts import is_known_host
from vaelab.web.server.middleware import middleware


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8501", "LOCALHOST.", "app.localhost", "127.0.0.1:8501"),
        *("[::1]:8501", "192.168.1.7:80", "labbox", "labbox.local:8501", "lab.home.arpa", ""),
    ],
)
def test_names_that_no_stranger_can_own_are_known(host):
    assert is_known_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8501"),
        *("a@localhost", "localhost/x", "localhost:port", "[::1", "localhost#x", "evil.example."),
    ],
)
def test_a_strangers_name_is_not(host):
    assert not is_known_host(host)


def test_names_that_are_set_are_the_only_ones(monkeypatch):
    options = {"server.allowedHosts": ["lab.example.org", "*.lab.internal"]}
    monkeypatch.setattr(hosts.st, "get_option", options.get)
    assert [is_known_host(h) for h in ("lab.example.org:443", "a.lab.internal")] == [True, True]
    assert [is_known_host(h) for h in ("localhost", "example.org", "")] == [False] * 3


def test_the_servers_own_names_are_known(monkeypatch):
    options = {"server.address": "lab.example.org", "browser.serverAddress": "www.example.org"}
    monkeypatch.setattr(hosts.st, "get_option", options.get)
    assert is_known_host("lab.example.org")
    assert is_known_host("www.example.org:443")
    assert not is_known_host("example.org")


def test_a_strangers_name_gets_a_sentence_that_says_what_to_do():
    client = TestClient(Starlette(routes=routes.routes(), middleware=middleware()))
    assert client.get("/api/health").status_code == 200
    answer = client.get("/api/health", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "--server.allowedHosts" in answer.text
