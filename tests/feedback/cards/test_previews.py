"""What pages tell whoever links to them: tags in the head, escaped, absolute, never empty."""

from html.parser import HTMLParser

import pytest

from heard.kit.db import writing
from heard.kit.settings import settings
from polls.kinds.kind import Draft
from tests.polls.trying import trial_in

HOSTILE = '"><script>alert(1)</script> & {{7*7}} #read("/etc/passwd")'
ASKED = (
    "og:title", "og:description", "og:url", "og:site_name", "og:type", "og:locale", "og:image", "og:image:width",
    "og:image:height", "og:image:alt", "og:image:type", "twitter:card", "twitter:title", "twitter:description",
    "twitter:image", "twitter:image:alt", "theme-color", "description",
)  # fmt: skip


class Tags(HTMLParser):
    """The meta tags of a page, by name; a name that comes twice fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name = told.get("property") or told.get("name")
        if tag == "meta" and name:
            assert name not in self.found, f"{name} stands there twice"
            self.found[name] = told["content"]


def tags(client, path: str) -> dict[str, str]:
    page = client.get(path).text
    assert len(page.encode().split(b"twitter:image:alt")[0]) < 32_000
    return Tags(page).found


@pytest.fixture
def pages(world) -> list[str]:
    """One of each page that has tags, with hostile words."""
    options = (HOSTILE, "Other words")
    poll = world.open_poll([Draft("single", HOSTILE, options)], title=HOSTILE, results_rule="always")
    trial = trial_in(world, title=HOSTILE, what=HOSTILE)
    with writing() as session:
        home = world.the_community(session)
        home.name, home.mission, home.accent = HOSTILE, HOSTILE, "#ffe94d"
        session.add(home)
    return [f"/p/{poll.slug}", f"/p/{poll.slug}/results", f"/t/{trial.slug}", "/c/garden"]


def test_every_page_has_them_all_escaped_and_absolute(world, client, pages):
    for path in pages:
        found = tags(client, path)
        assert not [name for name in ASKED if not found.get(name)], path
        assert found["og:title"] == found["twitter:title"] == HOSTILE
        assert found["og:site_name"] == HOSTILE
        assert found["og:url"] == f"{settings().base_url}{path}"
        assert found["og:image"].startswith(f"{settings().base_url}{path.removesuffix('/results')}/card.png?v=")
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["twitter:card"] == "summary_large_image"
        assert found["theme-color"].startswith("#")
        assert found["theme-color"] != "#ffe94d"  # which nobody could read on paper
        assert "<script>alert(1)" not in client.get(path).text
        assert 40 <= len(found["og:description"]) <= 200


def test_only_the_results_page_tells_the_finding_and_only_when_anybody_may_see_it(world, client):
    poll = world.open_poll(options=("Red", "Green"), results_rule="after_close", voter_rule="open", title="Colours")
    world.vote(poll, {"q1": "Red"})
    assert "leads" not in str(tags(client, f"/p/{poll.slug}"))
    world.close(poll)
    assert "“Red” leads with 1 of 1. 1 response." in tags(client, f"/p/{poll.slug}/results")["og:description"]
    ballot, results = (tags(client, f"/p/{poll.slug}{end}") for end in ("", "/results"))
    assert "leads" not in ballot["og:description"]
    assert ballot["og:image"] == results["og:image"]
    assert "“Red” leads with 1 of 1." in results["og:image:alt"]


@pytest.mark.parametrize("rule", ["after_vote", "never"])
def test_hidden_results_are_in_no_tag(world, client, rule):
    poll = world.open_poll(options=("Red", "Green"), results_rule=rule, voter_rule="browser")
    before = tags(client.fresh(), f"/p/{poll.slug}")
    world.vote(poll, {"q1": "Red"}, client=client)
    assert tags(client, f"/p/{poll.slug}") == before  # for somebody who has voted too
    assert tags(client.fresh(), f"/p/{poll.slug}") == before


def test_the_alternative_text_says_what_is_on_the_card(world, client):
    poll = world.open_poll(options=("Red", "Green"), results_rule="never")
    assert tags(client, f"/p/{poll.slug}")["og:image:alt"] == "Which one suits you? Choose one: Red, Green."


def test_a_poll_in_two_languages_has_a_card_in_each(world, client):
    french = {"Colours": "Couleurs", "Red": "Rouge", "Green": "Vert", "Which one suits you?": "Laquelle ?"}
    poll = world.open_poll(options=("Red", "Green"), title="Colours", translations={"fr": french})
    english, french = (tags(client, f"/p/{poll.slug}?lang={language}") for language in ("en", "fr"))
    assert (english["og:title"], french["og:title"]) == ("Colours", "Couleurs")
    assert "/card.png?lang=fr&v=" in french["og:image"]
    assert "Rouge" in french["og:image:alt"]
    pictures = [client.get(found["og:image"].removeprefix(settings().base_url)) for found in (english, french)]
    assert len({p.content for p in pictures}) == 2
    assert {p.headers["cache-control"] for p in pictures} == {"public, max-age=86400"}


def test_a_refused_form_has_none(world, client):
    poll = world.open_poll([Draft("single", "Which?", ("Red", "Green"), required=True)])
    refused = client.post(f"/p/{poll.slug}", data={"submission": "x" * 22})
    assert refused.status_code == 422
    assert "og:image" not in refused.text
