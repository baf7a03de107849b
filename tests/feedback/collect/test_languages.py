"""A poll that speaks two languages, as its voters meet it: whose wish comes first, and that all votes count together."""

import re

import pytest

from polls.kinds.kind import Draft
from tests.feedback.voting import counts, n_of, rows

DAYS = Draft("single", "Which day?", ("Mon", "Tue"), settings={"other": True}, required=True)
FRENCH = {"Best day": "Le meilleur jour", "Which day?": "Quel jour ?", "Mon": "Lundi", "Tue": "Mardi"}
FR = {"accept-language": "fr-CH, en;q=0.5"}


@pytest.fixture
def poll(world):
    return world.open_poll([DAYS], translations={"fr": FRENCH}, results_rule="always")


def voted(client, poll, label, language, **options):
    option = next(o.id for o in poll.questions[0].options if o.label == label)
    form = {poll.questions[0].name: str(option), "language": language, "submission": f"{label}{language}" * 4}
    return client.fresh().post(f"/p/{poll.slug}", data=form, **options)


@pytest.mark.parametrize(
    ("query", "cookie", "header", "language"),
    [
        ("?lang=fr", "en", "en", "fr"),
        ("", "fr", "en", "fr"),
        ("", "", "fr-CA, en;q=0.8", "fr"),
        ("", "", "de", "en"),
        ("", "", "", "en"),
        ("?lang=de", "", "fr", "fr"),
        ("?lang=en", "fr", "fr", "en"),
        ("?lang=%ED%A0%80", "x", "en", "en"),
    ],
)
@pytest.mark.parametrize("place", ["p", "e"])
def test_address_then_cookie_then_browser_then_the_poll_s_own(client, poll, place, query, cookie, header, language):
    if cookie:
        client.cookies.set("heard-language", cookie)
    page = client.get(f"/{place}/{poll.slug}{query}", headers={"accept-language": header})
    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language
    assert ("Lundi" in page.text, "Autre" in page.text) == (language == "fr", language == "fr")
    assert f'name="language" value="{language}"' in page.text


def test_a_poll_without_a_translation_speaks_its_own_language(world, client):
    poll = world.open_poll([DAYS], locale="fr")
    page = client.get(f"/p/{poll.slug}?lang=en")
    assert '<html lang="fr">' in page.text
    assert 'class="languages' not in page.text
    assert 'name="language"' not in page.text


def test_the_links_between_languages_keep_what_else_stands_in_the_address(client, poll):
    page = client.get(f"/p/{poll.slug}?t=abc&lang=fr").text
    links = re.findall(r'<a href="([^"]*)" lang="(\w\w)" hreflang="\w\w"( aria-current="true")?>([^<]*)</a>', page)
    assert links == [
        ("?t=abc&amp;lang=en", "en", "", "English"), ("?t=abc&amp;lang=fr", "fr", ' aria-current="true"', "Français"),
    ]  # fmt: skip
    assert f'href="/p/{poll.slug}/results?lang=fr"' in page


@pytest.mark.both
def test_votes_in_both_languages_land_in_the_same_counters(client, session, poll):
    assert voted(client, poll, "Mon", "fr").status_code == 303
    assert voted(client, poll, "Mon", "en").status_code == 303
    assert voted(client, poll, "Tue", "fr").status_code == 303
    assert counts(session, poll) == {"Mon": 2, "Tue": 1, "Other": 0}
    assert sorted(r["language"] for r in rows("responses")) == ["en", "fr", "fr"]
    french, english = (client.get(f"/p/{poll.slug}/results?lang={code}").text for code in ("fr", "en"))
    assert "Lundi" in french
    assert "Lundi" not in english
    assert "Mon" in english


@pytest.mark.parametrize("place", ["p", "e"])
def test_a_refused_ballot_is_told_in_the_language_of_its_form(client, poll, place):
    page = client.post(f"/{place}/{poll.slug}", data={"language": "fr", "submission": "s" * 22})
    assert page.status_code == 422
    assert '<html lang="fr">' in page.text
    assert "Cette question demande une réponse" in page.text
    assert "Quel jour ?" in page.text
    assert 'name="language" value="fr"' in page.text
    assert n_of(poll) == 0


def test_the_receipt_speaks_the_language_of_the_ballot_later_too(client, poll):
    answer = voted(client, poll, "Mon", "fr")
    receipt = answer.headers["location"]
    for path in (receipt, f"{receipt}/change", f"{receipt}/withdrawal", f"{receipt}/results"):
        page = client.fresh().get(path, headers={"accept-language": "en"}).text
        assert '<html lang="fr">' in page, path
    assert "Lundi" in client.get(receipt).text
    english = client.get(f"{receipt}?lang=en").text
    assert ">Mon<" in english
    assert f'href="{receipt}/change?lang=en"' in english


@pytest.mark.both
def test_an_answer_is_changed_in_the_language_of_its_form(client, session, poll):
    receipt = voted(client, poll, "Mon", "en").headers["location"]
    other = next(o.id for o in poll.questions[0].options if o.label == "Tue")
    empty = client.post(receipt, data={"language": "fr"})
    assert '<html lang="fr">' in empty.text
    changed = client.post(receipt, data={"language": "fr", poll.questions[0].name: str(other)})
    assert changed.headers["location"] == f"{receipt}?lang=fr"
    assert "Mardi" in client.follow(changed).text
    assert counts(session, poll) == {"Mon": 0, "Tue": 1, "Other": 0}


def test_an_anonymous_ballot_does_not_keep_its_language(world, client):
    poll = world.open_poll([DAYS], translations={"fr": FRENCH}, anonymous=True)
    answer = voted(client, poll, "Mon", "fr")
    assert answer.headers["location"].endswith("?lang=fr")
    assert "Lundi" in client.follow(answer).text
    assert [r["language"] for r in rows("responses")] == [""]


def test_caches_are_told_that_the_results_depend_on_who_asks(world, client, poll):
    page = client.get(f"/p/{poll.slug}/results", headers=FR)
    assert '<html lang="fr">' in page.text
    assert (page.headers["cache-control"], page.headers["vary"]) == ("public, max-age=60", "Accept-Language, Cookie")
    one = world.open_poll([DAYS], results_rule="always", title="One language")
    assert "vary" not in client.get(f"/p/{one.slug}/results").headers


def test_managers_and_exports_read_the_poll_s_own_words(client, poll):
    voted(client, poll, "Mon", "fr")
    maya = client.sign_in("maya")
    assert "Lundi" not in maya.get(f"{poll.page}/results", headers=FR).text
    table = maya.get(f"{poll.page}/responses.csv", headers=FR).text
    assert "Mon" in table
    assert "Lundi" not in table


def test_a_frame_says_thank_you_in_the_language_of_its_form(client, poll):
    option = poll.questions[0].options[0].id
    form = {poll.questions[0].name: str(option), "language": "fr", "submission": "f" * 22}
    thanks = client.post(f"/e/{poll.slug}", data=form)
    assert '<html lang="fr">' in thanks.text
    assert "?lang=fr" in thanks.text
    assert [r["language"] for r in rows("responses")] == ["fr"]
