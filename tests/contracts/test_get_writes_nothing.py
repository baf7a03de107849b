"""Scanners, previews and crawlers open every address; the database stays as it was, row for row."""

import pytest

from heard.kit.settings import settings
from tests.contracts import full_house

AGENTS = (
    {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0.0.0", "sec-purpose": "prefetch;prerender"},
)


@pytest.mark.both
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
            assert "heard-voter" not in answer.headers.get("set-cookie", ""), path
    assert full_house.contents() == before
    assert sorted(settings().data_folder.rglob("*.eml")) == files


def link(house):
    """The first personal link's token."""
    from polls.publish.invitations import token_of

    return token_of(house.by_link.id, 1)
