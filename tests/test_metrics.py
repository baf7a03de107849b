"""/metrics: for programs of this machine, in the text format of Prometheus."""

import re

import pytest

from heard.kit import work
from heard.kit.answered import kind_of
from heard.kit.db import writing
from heard.metrics import escaped, metric

LINE = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+]+)')


@pytest.mark.both
def test_it_tells_requests_work_mails_and_size(world, client):
    with writing() as session:
        work.due(session, "themes", "poll:1", poll_id=1)
    client.get("/p/nobody")
    shown = client.get("/metrics")
    assert shown.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert [line for line in shown.text.splitlines() if not LINE.fullmatch(line)] == []
    assert re.search(r'heard_requests_total\{about="voters",status="404"\} [1-9]', shown.text)
    assert 'heard_work_waiting{kind="themes"} 1' in shown.text
    assert "heard_deliveries_waiting 0" in shown.text
    assert int(float(re.search(r"^heard_database_bytes (\S+)", shown.text, re.M)[1])) > 10_000


@pytest.mark.parametrize(
    "header",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "heard.example.org"},
    ],
)
def test_a_proxy_gets_nothing(world, client, header):
    answer = client.get("/metrics", headers=header)
    assert (answer.status_code in (400, 404), "heard_requests" in answer.text) == (True, False)


@pytest.mark.parametrize(
    ("peer", "host", "here"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True), ("127.0.0.9", "localhost:8000", True), ("::1", "[::1]:8000", True),
        ("203.0.113.9", "127.0.0.1:8000", False), ("10.0.0.2", "localhost", False), ("", "127.0.0.1", False),
        ("127.0.0.1", "polls.example.org", False), ("::ffff:203.0.113.9", "localhost", False), ("testclient", "localhost", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_told(peer, host, here):
    from fastapi import Request

    from heard.metrics import is_here

    scope = {"type": "http", "headers": [(b"host", host.encode())], "client": (peer, 1) if peer else None}
    assert is_here(Request(scope)) is here


def test_labels_cannot_break_a_line():
    assert escaped('a"b\\c\nd') == 'a\\"b\\\\c\\nd'
    assert list(metric("x", "gauge", "y", [({"kind": "a\nb"}, 1)]))[1] == 'x{kind="a\\nb"} 1\n'


@pytest.mark.parametrize(
    ("method", "path", "about"),
    [
        ("POST", "/p/best-day", "vote"), ("POST", "/api/v1/polls/best-day/responses", "vote"), ("GET", "/p/best-day", "voters"),
        ("POST", "/p/best-day/x/y", "voters"), ("GET", "/m/garden", "managers"), ("GET", "/healthz", "others"), ("GET", "/", "others"),
    ],
)  # fmt: skip
def test_requests_are_told_apart_by_few_words(method, path, about):
    assert kind_of(method, path) == about
