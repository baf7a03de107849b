"""Visits: counted without ids, told apart by what the visitor says of itself."""

import threading

import pytest

from heard.kit import visits
from heard.kit.db import reading

BROWSER = {"accept": "text/html,*/*", "accept-language": "fr", "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}


@pytest.mark.parametrize(
    ("method", "headers", "kind"),
    [
        ("GET", BROWSER, "person"),
        ("HEAD", BROWSER, "scanner"),
        ("GET", {}, "scanner"),
        ("GET", BROWSER | {"sec-purpose": "prefetch;prerender"}, "preview"),
        ("GET", {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, "preview"),
        ("GET", {"user-agent": "Mastodon/4.4 (http.rb/5.2)"}, "preview"),
        ("GET", BROWSER | {"user-agent": "Mozilla/5.0 HeadlessChrome/140.0"}, "scanner"),
        ("GET", {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"}, "scanner"),
        ("GET", BROWSER | {"user-agent": "BarracudaCentral"}, "scanner"),
    ],
)
def test_a_visit_is_of_a_person_only_where_it_looks_like_one(method, headers, kind):
    assert visits.kind_of_visit(method, headers) == kind


@pytest.mark.both
def test_a_tracked_link_counts_each_kind_and_its_poll_is_not_touched(world, client):
    poll = world.open_poll()
    link = world.link(poll, "mastodon")
    for headers in [BROWSER, BROWSER, {"user-agent": "Slackbot 1.0"}]:
        answer = client.get(f"/l/{link.token}", headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{poll.slug}?via={link.token}")
        assert "set-cookie" not in answer.headers
    client.request("HEAD", f"/l/{link.token}", headers=BROWSER)
    visits.flush()
    visits.flush()
    with reading() as session:
        counted = visits.visits_of(session, [f"link:{link.id}", "link:0"])
    assert counted == {f"link:{link.id}": {"person": 2, "preview": 1, "scanner": 1}, "link:0": {}}


def test_whatever_happens_while_they_are_written_they_are_kept_and_the_next_round_comes(world, client, monkeypatch):
    link = world.link(world.open_poll(), "x")
    client.get(f"/l/{link.token}", headers=BROWSER)
    real, tries, again = visits.writing, [], threading.Event()

    def writing():
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("nothing that a database would say")
        again.set()
        return real()

    monkeypatch.setattr(visits, "writing", writing)
    monkeypatch.setattr(visits, "FLUSH_SECONDS", 0.01)
    visits.start()
    assert again.wait(30)
    visits.stop()
    with reading() as session:
        assert visits.visits_of(session, [f"link:{link.id}"])[f"link:{link.id}"] == {"person": 1}
