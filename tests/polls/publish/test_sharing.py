import csv
import io
import re

import pytest
from markdown_it import MarkdownIt
from sqlmodel import select

from heard.kit import tokens
from heard.kit.db import writing
from heard.kit.errors import BadInput
from polls.models import Invitation, Poll
from polls.publish import invitations
from polls.publish.sharing import integrity_sentence, qr_svg, snippets

TITLES = [
    "Best day",
    "Tools & Sundays",
    'A "quoted" <b>bold</b> title',
    "[click](javascript:alert(1))",
    r"back\slash \] tail",
    "*bold* _it_ `code` ~~gone~~ | # !",
    "![img](x) <script>alert(1)</script> &lt;b&gt; &#60;",
    "two\nlines",
    "أين نلتقي؟",
    "snake_case and 2*3*4",
]


@pytest.mark.parametrize("title", TITLES)
def test_snippets_show_the_title_as_words_and_lead_to_the_ballot(title):
    made = snippets("http://127.0.0.1:8000", "best-day", title)
    flat = " ".join(title.split())
    for page in (made.as_html, MarkdownIt("commonmark").render(made.markdown)):
        assert re.findall(r'href="([^"]*)"', page) == ["http://127.0.0.1:8000/p/best-day"]
        assert text_of(page) == flat
        assert set(re.findall(r"<(\w+)", page)) == {"p", "a"}
    assert re.findall(r"<(\w+)", made.iframe) == ["iframe"]
    assert re.findall(r' src="([^"]*)"', made.iframe) == ["http://127.0.0.1:8000/e/best-day"]


def text_of(page):
    """What a reader sees of some HTML."""
    import html

    return html.unescape(re.sub(r"<[^>]*>", "", page)).strip()


def test_the_code_is_svg_without_styles_or_scripts():
    svg = qr_svg("http://127.0.0.1:8000/p/best-day")
    assert "<svg" in svg
    assert "style" not in svg
    assert "class" not in svg


def test_every_rule_has_a_sentence():
    from polls.models import VOTER_RULES

    assert len({integrity_sentence(rule) for rule in VOTER_RULES}) == len(VOTER_RULES)


def test_the_share_page_has_everything_to_take_along(world, client):
    poll = world.open_poll(title="Tools & Sundays")
    page = client.sign_in("maya").get(f"{poll.page}/sharing").text
    for words in (
        'value="http://127.0.0.1:8000/p/tools-sundays"',
        "&lt;iframe src=",
        "[Tools &amp; Sundays](",
        "/p/tools-sundays/results",
        f"{poll.page}/qr.svg",
    ):
        assert words in page
    assert "One ballot for each browser." in page
    assert "personal link" not in page


def test_the_code_can_be_downloaded(world, client):
    poll = world.open_poll()
    answer = client.sign_in("maya").get(f"{poll.page}/qr.svg?download=1")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="best-day.svg"'


def test_the_list_of_shares_has_open_polls_only(world, client):
    maya = client.sign_in("maya")
    assert "No poll is open" in maya.get("/m/garden/sharing").text
    world.open_poll(title="Now")
    world.draft_poll(title="Later")
    page = maya.get("/m/garden/sharing").text
    assert "Now" in page
    assert "Later" not in page


# -- personal links


@pytest.mark.both
def test_links_are_numbered_on_and_only_their_hash_is_stored(world, session):
    poll = world.open_poll(voter_rule="link")
    for count in (3, 2):
        with writing() as write:
            invitations.invite(write, write.get_one(Poll, poll.id), count, by=world.people["maya"])
    links = invitations.personal_links(session, session.get_one(Poll, poll.id))
    assert [i.number for i in links] == [1, 2, 3, 4, 5]
    secrets = [i.path.partition("?t=")[2] for i in links]
    assert len(set(secrets)) == 5
    for number, secret in enumerate(secrets, 1):
        assert len(secret) == 22
        found = invitations.find(session, poll.id, secret)
        assert (found.number, found.token_hash) == (number, tokens.hashed(secret))


def test_a_link_of_another_poll_or_of_nobody_finds_nothing(world, session):
    one, other = world.open_poll(voter_rule="link"), world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, one.id), 1, by=None)
    secret = invitations.token_of(one.id, 1)
    assert invitations.find(session, one.id, secret)
    for poll_id, token in [
        (other.id, secret),
        (one.id, secret[:-1]),
        (one.id, ""),
        (one.id, "nul\0"),
        (one.id, invitations.token_of(one.id, 2)),
    ]:
        assert invitations.find(session, poll_id, token) is None


@pytest.mark.parametrize("count", [0, -1, 1001, 10**9])
def test_too_few_and_too_many_links_are_refused(world, count):
    poll = world.open_poll(voter_rule="link")
    with writing() as write, pytest.raises(BadInput):
        invitations.invite(write, write.get_one(Poll, poll.id), count, by=None)


def test_a_poll_for_everyone_has_no_personal_links(world, client):
    poll = world.open_poll()
    assert client.sign_in("maya").post(f"{poll.page}/invitations", data={"count": "3"}).status_code == 409


def test_links_are_made_on_the_share_page_and_listed(world, client):
    poll = world.open_poll(voter_rule="link")
    maya = client.sign_in("maya")
    assert "Make personal links" in maya.get(f"{poll.page}/sharing").text
    page = maya.follow(maya.post(f"{poll.page}/invitations", data={"count": "25"})).text
    assert "25 personal links made." in page
    assert "0 of 25 links used" in page
    assert len(set(re.findall(r"/p/best-day\?t=[\w~]{22}", page))) == 25


@pytest.mark.parametrize("count", ["0", "many", "", "²", "99999999999"])
def test_a_count_that_is_none_is_told(world, client, count):
    poll = world.open_poll(voter_rule="link")
    answer = client.sign_in("maya").post(f"{poll.page}/invitations", data={"count": count})
    assert answer.status_code == 422
    assert "between 1 and 1,000" in answer.text


def test_the_file_of_links_runs_in_no_spreadsheet(world, client):
    poll = world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, poll.id), 2, by=None)
        for invitation in write.exec(select(Invitation)):
            invitation.label = "=cmd|' /C calc'!A0"
    answer = client.sign_in("maya").get(f"{poll.page}/invitations.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="links-best-day.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head == ["number", "name", "link", "used"]
    assert [r[0] for r in rows] == ["1", "2"]
    assert rows[0][1].startswith("'=")
    assert rows[0][2].startswith("http://127.0.0.1:8000/p/best-day?t=")


def test_who_may_not_publish_sees_no_personal_links(world, client):
    poll = world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, poll.id), 2, by=None)
    assert "?t=" not in client.sign_in("ravi").get(f"{poll.page}/sharing").text
