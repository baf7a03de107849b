"""The frame: who may show it, that every site may post to it, and whose votes it remembers. Script is tested in tests/browser."""

import re

import pytest

from feedback.collect import voters
from heard.kit.db import writing
from heard.kit.settings import settings
from heard.kit.web import script
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import framing
from tests.feedback.collect.test_ballot_pages import OPTIONS, sent
from tests.feedback.voting import counts, n_of, rows

OWN = {"sec-fetch-site": "same-origin"}
ELSEWHERE = {"sec-fetch-site": "cross-site", "origin": "https://blog.example.org"}
SEALED = {"sec-fetch-site": "cross-site", "origin": "null"}


@pytest.fixture
def https(world, monkeypatch):
    """The same site behind https."""
    monkeypatch.setenv("HEARD_BASE_URL", "https://heard.example.org")
    settings.cache_clear()
    yield {"host": "heard.example.org"}
    monkeypatch.undo()
    settings.cache_clear()


def frame(client, poll, label="Red", *, nonce="n" * 22, cookie="", headers=OWN, **more):
    """A POST of the frame; `cookie` as a browser would send it."""
    kept = {"cookie": f"{voters.frame_cookie_name()}={cookie}"} if cookie else {}
    return client.post(f"/e/{poll.slug}", data=sent(poll, label, submission=nonce, **more), headers={**headers, **kept})


def look(client, poll, *, cookie="", **headers):
    """A GET of the frame."""
    kept = {"cookie": f"{voters.frame_cookie_name()}={cookie}"} if cookie else {}
    return client.get(f"/e/{poll.slug}", headers={"sec-fetch-site": "cross-site", **headers, **kept})


def cookie_of(answer):
    """The value it sets, or ""."""
    found = re.match(rf"{voters.frame_cookie_name()}=([\w~]+); ", answer.headers.get("set-cookie", ""))
    return found[1] if found else ""


def test_the_cookie_is_one_of_the_frame_alone(world, client):
    poll = world.open_poll(options=OPTIONS)
    answer = frame(client, poll)
    kept = answer.headers["set-cookie"].split("; ")
    assert kept[1:] == ["Max-Age=31536000", "Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"]
    assert "set-cookie" not in look(client, poll, cookie=cookie_of(answer)).headers


def test_on_https_it_is_tied_to_the_host(world, client, https):
    answer = frame(client, world.open_poll(options=OPTIONS), headers={**OWN, **https})
    assert answer.headers["set-cookie"].startswith("__Host-heard-frame=")


def test_on_plain_http_of_another_machine_there_is_none(world, client, monkeypatch):
    monkeypatch.setenv("HEARD_BASE_URL", "http://heard.example.org")
    settings.cache_clear()
    answer = frame(client, world.open_poll(options=OPTIONS), headers={**OWN, "host": "heard.example.org"})
    monkeypatch.undo()
    settings.cache_clear()
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_a_vote_is_remembered_and_changed_from_the_same_frame(world, client, session):
    poll = world.open_poll(options=OPTIONS)
    cookie = cookie_of(frame(client, poll))
    again = look(client, poll, cookie=cookie).text
    assert "You have answered." in again
    assert "Change my answer" in again
    changed = frame(client, poll, "Blue", nonce="m" * 22, cookie=cookie)
    assert "as you last changed it" in changed.text
    assert cookie_of(changed) == cookie
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}
    assert "You have answered." not in look(client, poll).text


def test_two_polls_in_one_frame_do_not_know_each_other(world, client):
    one, other = (world.open_poll(options=OPTIONS, title=t) for t in ("One", "Two"))
    cookie = cookie_of(frame(client, one))
    frame(client, other, nonce="m" * 22, cookie=cookie)
    assert len({row["voter_key"] for row in rows("responses")}) == 2


def test_without_a_change_the_frame_says_so(world, client):
    poll = world.open_poll(options=OPTIONS, may_change=False, results_rule="after_vote")
    cookie = cookie_of(frame(client, poll))
    shown = look(client, poll, cookie=cookie).text
    assert "You have answered already" in shown
    assert "<form" not in shown
    assert "leads with 1 of 1" in shown
    refused = frame(client, poll, "Blue", nonce="m" * 22, cookie=cookie)
    assert refused.status_code == 409
    assert "Your first answer stays as it is." in refused.text
    assert n_of(poll) == 1


def test_an_anonymous_poll_counts_whoever_turned_in_a_ballot(world, client):
    poll = world.open_poll(options=OPTIONS, anonymous=True)
    cookie = cookie_of(frame(client, poll))
    assert "we cannot tell which answer is yours" in look(client, poll, cookie=cookie).text
    assert frame(client, poll, "Blue", nonce="m" * 22, cookie=cookie).status_code == 409
    key = voters.key_of(poll.id, "frame", cookie)
    assert [row["voter_key"] for row in rows("turnout")] == [key]
    assert [row["voter_key"] == key for row in rows("responses")] == [False]


@pytest.mark.parametrize("headers", [ELSEWHERE, SEALED, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"}])
def test_another_site_cannot_change_its_readers_votes(world, client, session, headers):
    poll = world.open_poll(options=OPTIONS)
    cookie = cookie_of(frame(client, poll))
    answer = frame(client, poll, "Blue", nonce="m" * 22, cookie=cookie, headers=headers)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert counts(session, poll) == {"Red": 1, "Green": 0, "Blue": 1}


def test_an_open_poll_remembers_nobody(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    assert "set-cookie" not in frame(client, poll).headers
    assert "You have answered" not in look(client, poll, cookie="x" * 22).text


def test_the_page_and_the_frame_do_not_share_their_cookies(world, client):
    """A frame of the same site is sent the page's cookie too: it is not looked at."""
    poll = world.open_poll(options=OPTIONS)
    client.post(f"/p/{poll.slug}", data=sent(poll, "Red"))
    assert client.cookies.get(voters.cookie_name())
    assert "You have answered" not in look(client, poll).text


def test_a_double_click_is_one_vote(world, client):
    poll = world.open_poll(options=OPTIONS)
    twice = [frame(client, poll, label) for label in ("Red", "Blue")]
    assert len({cookie_of(answer) for answer in twice}) == 1
    assert "Red" in twice[1].text.split("What you answered")[1].split("</dl>")[0]  # what is counted is told
    assert n_of(poll) == 1


@pytest.mark.parametrize("headers", [OWN, ELSEWHERE, SEALED])
def test_who_may_read_the_answer_is_everybody_and_never_with_cookies(world, client, headers):
    poll = world.open_poll(options=OPTIONS)
    for answer in (
        look(client, poll),
        frame(client, poll, headers=headers),
        frame(client, poll, extra="\0", headers=headers),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in client.get(f"/p/{poll.slug}").headers


@pytest.mark.parametrize(("embed_on", "said"), [("*", "*"), ("", "'none'"), ("https://x.org", "https://x.org")])
def test_every_answer_of_the_frame_says_who_may_show_it(world, client, embed_on, said):
    poll = world.open_poll(options=OPTIONS, may_change=False)
    by_link = world.open_poll(voter_rule="link", title="By link")
    for one in (poll, by_link):
        with writing() as session:
            row = session.get_one(Poll, one.id)
            row.embed_on, row.revision = embed_on, row.revision + 1
            session.add(row)
    cookie = cookie_of(frame(client, poll))
    answers = [
        look(client, poll), look(client, poll, cookie=cookie), look(client, by_link), frame(client, poll, extra="\0"),
        frame(client, poll, "Blue", nonce="m" * 22, cookie=cookie), frame(client, poll, nonce="k" * 22),
        client.post(f"/e/{by_link.slug}", data={}, headers=OWN),
    ]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 200, 200, 422, 409, 200, 403]
    for answer in answers:
        assert answer.headers["content-security-policy"].endswith(f"frame-ancestors {said}")
        assert "x-frame-options" not in answer.headers


def test_nothing_else_can_be_framed(world, client):
    poll, draft = world.open_poll(options=OPTIONS, results_rule="always"), world.draft_poll()
    maya = client.sign_in("maya")
    receipt = world.vote(poll, {"q1": "Red"})
    for path in (
        f"/p/{poll.slug}",
        f"/p/{poll.slug}/results",
        f"/r/{receipt}",
        "/sign-in",
        "/c/garden",
        "/nothing",
        f"{poll.page}/framing",
    ):
        headers = (client if path == "/sign-in" else maya).get(path).headers
        assert headers["content-security-policy"].endswith("frame-ancestors 'none'"), path
        assert headers["x-frame-options"] == "DENY", path
    for path in (f"/e/{draft.slug}", "/e/nothing", f"/e/{'x' * 300}"):
        for answer in (client.get(path), client.post(path, data={}), client.request("PUT", path)):
            assert answer.status_code in (404, 405), path
            assert answer.headers["x-frame-options"] == "DENY", path


def test_after_the_vote_it_shows_what_is_counted_and_what_came_out(world, client):
    poll = world.open_poll(
        [Draft("single", "Which one?", OPTIONS), Draft("short_text", "Why?")], results_rule="after_vote"
    )
    shown = frame(client, poll, **{poll.questions[1].name: "Because it is warm"}).text
    for words in (
        "It is counted.",
        "Because it is warm",
        "“Red” leads with 1 of 1.",
        "Open your receipt",
        "one ballot for each browser",
    ):
        assert words in shown
    assert shown.count("<h2") == 1  # the first question; the others are behind a link
    assert re.search(r'href="/r/[\w~]+/results"[^>]*>See all results', shown)


@pytest.mark.parametrize("rule", ["never", "after_close"])
def test_hidden_results_stay_hidden_in_it(world, client, rule):
    poll = world.open_poll(options=OPTIONS, results_rule=rule)
    assert "leads with" not in frame(client, poll).text
    assert "leads with" not in look(client, poll).text


def test_a_closed_poll_shows_its_results_where_anybody_may_see_them(world, client):
    shown = {}
    for rule in ("after_close", "after_vote"):
        poll = world.open_poll(options=OPTIONS, results_rule=rule, title=rule)
        world.vote(poll, {"q1": "Green"})
        world.close(poll)
        shown[rule] = look(client, poll).text
    assert "“Green” leads with 1 of 1." in shown["after_close"]
    assert "leads with" not in shown["after_vote"]
    assert all("This poll is closed" in text for text in shown.values())


@pytest.mark.parametrize(("rule", "words"), [("link", "Open it on the site"), ("sign_in", "Vote on the site")])
def test_a_poll_that_must_know_its_voters_leads_to_the_site(world, client, rule, words):
    poll = world.open_poll(options=OPTIONS, voter_rule=rule)
    page = look(client, poll).text
    assert re.search(rf'<a class="button[^"]*" href="/p/{poll.slug}" target="_blank"[^>]*>{words}', page)
    assert "<form" not in page


def test_without_a_script_there_is_an_address_to_take_along(world, client):
    poll = world.open_poll(options=OPTIONS)
    address = f"http://127.0.0.1:8000/p/{poll.slug}"
    assert re.search(rf"<noscript>.*>{address}</a></p></noscript>", look(client, poll).text)


def test_a_frame_is_light(world, client):
    """With the style sheet, 50 kB; 5 kB of script, also where questions come and go; the page and its styles, nothing else."""
    from polls.logic import Condition, ShowIf

    asked = [
        Draft("single", "Which?", OPTIONS),
        Draft("rating", "How?", show_if=ShowIf((Condition(0, "is", ("Red",)),))),
    ]
    page = look(client, world.open_poll(asked)).text
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    assert sum(len(s.encode()) for s in scripts) <= 5000
    loaded = [address for address in re.findall(r'(?:src|href)="([^"]+)"', page) if "/assets/" in address]
    assert [address.rpartition("/")[2] for address in loaded] == ["app.css"]
    assert len(page.encode()) + len(client.get(loaded[0]).content) <= 50_000


def test_a_script_inside_a_page_cannot_end_it():
    for name in ("frame.js", "ballot.js", "embed.js"):
        assert not re.search(r"</script|<!--|`[^`]*\n", script(name))


def test_the_script_for_other_sites_is_small_public_and_for_all(world, client):
    answer = client.get("/embed.js")
    assert len(answer.content) <= 2000
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"].startswith("public")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers


def test_a_setting_of_nobody_and_back(world, client):
    poll = world.open_poll(options=OPTIONS)
    for who, ends in (("nobody", "'none'"), ("anybody", "*")):
        with writing() as session:
            framing.let_frame(session, session.get_one(Poll, poll.id), framing.Choice(who), by=None)
        assert look(client, poll).headers["content-security-policy"].endswith(f"frame-ancestors {ends}")


def test_our_own_sentences_keep_their_direction_around_words_of_another(world, client):
    poll = world.open_poll(options=["السبت", "الأحد"], title="يوم الحصاد", results_rule="always")
    world.vote(poll, {"q1": "السبت"})
    page = client.get(f"/p/{poll.slug}/results").text
    assert "<h1>“السبت” " in page, "an English sentence runs from left to right, whatever word it begins with"
    ballot = client.get(f"/e/{poll.slug}").text
    assert ballot.count('<label class="choice" dir="auto">') == 2, "an option stands on its own side, with its button"
