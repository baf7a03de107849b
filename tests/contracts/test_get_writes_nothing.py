"""Scanners, previews and crawlers open every address; the database stays as it was, row for row."""

import pytest

from heard.kit.settings import settings
from tests.contracts import full_house
from tests.contracts.test_permissions import PUBLIC_ROWS

AGENTS = (
    {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0.0.0", "sec-purpose": "prefetch;prerender"},
    {"user-agent": "facebookexternalhit/1.1"},
    {"user-agent": "Mastodon/4.3.0 (http.rb/5.2.0; +https://social.example/)"},
    {"user-agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
    {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36", "sec-fetch-site": "cross-site", "purpose": "prefetch"},
)  # fmt: skip


@pytest.mark.both(long=True)
def test_no_get_and_no_head_changes_a_row(world, client):
    house = full_house.build(world)
    gets = [route.removeprefix("GET ") for route in full_house.routes() if route.startswith("GET ")]
    paths = [house.path(route) for route in gets] + [f"/p/{p.slug}" for p in vars(house).values() if hasattr(p, "slug")]
    with_link = f"/p/{house.by_link.slug}?t={link(house)}"
    before, files = full_house.contents(), sorted(settings().data_folder.rglob("*.eml"))
    for method, person, agent in (("HEAD", None, AGENTS[0]), ("GET", None, AGENTS[1]), ("GET", "ines", {})):
        browser = client.sign_in(person) if person else client
        if person:
            before = full_house.contents()  # signing in is a row
        for path in [*paths, with_link]:
            answer = browser.request(method, path, headers=agent)
            assert answer.status_code < 500, path
            assert person or "set-cookie" not in answer.headers, path
            assert "heard-voter" not in answer.headers.get("set-cookie", ""), path
    assert full_house.contents() == before
    assert sorted(settings().data_folder.rglob("*.eml")) == files


@pytest.mark.both(long=True)
def test_however_often_scanners_come_public_pages_set_no_cookie_and_stay_as_they_are(world, client):
    house = full_house.build(world)
    paths = [house.path(row.removeprefix("GET ")) for row in PUBLIC_ROWS if row.startswith("GET ")]
    paths += [f"/{door}/{poll.slug}" for poll in vars(house).values() if hasattr(poll, "slug") for door in ("p", "e")]
    paths += [f"/p/{house.by_link.slug}?t={link(house)}", f"/p/{house.poll.slug}?via={house.values['l']}&q1=1"]
    before = full_house.contents()
    for agent in AGENTS:
        for path in paths:
            head, got = (client.request(method, path, headers=agent) for method in ("HEAD", "GET"))
            assert (head.status_code, head.content) == (got.status_code, b""), path
            assert head.headers.get("cache-control") == got.headers.get("cache-control"), path
            assert not {"set-cookie"} & {*head.headers, *got.headers}, path
    assert not client.cookies
    assert full_house.contents() == before


def link(house):
    """The first personal link's token."""
    from polls.publish.invitations import token_of

    return token_of(house.by_link.id, 1)
