"""The mails as our readers' programs draw them: nothing in them that one of these lacks, and never so long that it is cut."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from sqlmodel import select

from heard.accounts import contacts
from heard.accounts.models import Account, Community
from heard.kit.db import writing
from heard.kit.i18n import speaking
from insights.decide.asked import Button
from insights.models import Brief
from insights.send import deliveries, mails, shortening
from insights.write import composing
from tests import mail_lint
from tests.insights.scene import library, write
from tests.insights.some_facts import any_facts, library_facts

DAY = date(2026, 12, 12)
WHOLE = "https://heard.example.org/b/TOKENTOKENTOKENTOKEN22"


def of(world, brief):
    """The mail of a brief to Maya."""
    with writing() as session:
        row = session.get_one(Brief, brief.id)
        (delivery,) = deliveries.send_to(session, row, ["maya@garden.example"], by=world.people["maya"])
        return mails.brief_mail(session, delivery)


def html_of(message):
    return message.get_body(("html",)).get_content()


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("audience", ["leadership", "product"])
def test_no_program_of_our_readers_lacks_what_a_brief_needs(world, audience, locale):
    library(world)
    message = of(world, write(world, audience, locale=locale))
    assert mail_lint.faults(html_of(message)) == []
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["Auto-Submitted"], str(message["Reply-To"])) == ("auto-generated", "maya@garden.example")
    assert message["List-Id"].startswith("<briefs.garden.")
    assert (message["List-Unsubscribe-Post"], message["Content-Language"]) == ("List-Unsubscribe=One-Click", locale)
    why = {"en": "You get this because you are a reader", "fr": "Vous recevez cet e-mail parce que"}[locale]
    for part in message.iter_parts():
        assert why in " ".join(part.get_content().split())


def test_the_question_to_a_reader_and_the_first_mail_of_a_schedule_too(world):
    with writing() as session:
        home = session.exec(select(Community)).first()
        contact = contacts.contact_for(session, home, "claire@board.example")
        by = session.exec(select(Account)).first()
        assert mail_lint.faults(html_of(mails.confirm_mail(session, contact, 0, by))) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<h1 ", "<img src='https://x.example/1.png'><h1 ", "<img>"),
        ("<h1 ", "<form></form><svg></svg><h1 ", "<form>"),
        ("<h1 ", "<h1 onclick='x' ", "<h1 onclick>"),
        ("padding: 0 24px", "display: flex", "display: flex"),
        ("padding: 0 24px", "position: absolute", "position"),
        ("padding: 0 24px", "padding: 1rem", "padding: 1rem"),
        ("padding: 0 24px", "width: 500px", "width: 500px"),
        ("color: #56615f", "color: #b0b8b6", "light:"),
        (".muted, .num, .aside { color: #a4afac !important; }", ".muted { color: #444c4a !important; }", "dark:"),
        ("font-size: 14px", "font-size: 11px", "in 11.0 px"),
        ("font-weight: bold", "font-weight: 650", "font-weight: 650"),
        ("</style>\n</head>", ".x{color:red}" * 800 + "</style>\n</head>", "a style element of"),
        ('align="center" width="600"', 'align="center"', "Word has no width"),
        ("href=\"http", "href=\"javascript:x", "href"),
        ("<!DOCTYPE html>", "<!DOCTYPE html>" + "<!-- -->" * 9_000, "bytes"),
    ],
)  # fmt: skip
def test_the_linter_sees_what_is_wrong(before, after, told):
    html = a_mail(library_facts(), "leadership", "en")
    at = max(
        html.find(before, html.index("<body")), html.find(before)
    )  # what a program without styles sees, if it is there
    assert at >= 0
    assert mail_lint.faults(html) == []
    broken = html[:at] + after + html[at + len(before) :]
    assert any(told in fault for fault in mail_lint.faults(broken)), mail_lint.faults(broken)


def a_mail(facts, audience, locale):
    """The HTML of a mail with these facts."""
    brief = Brief(community_id=1, audience=audience, locale=locale, facts=facts, facts_hash="a" * 64)
    home = Community(slug="garden", name="ليلى 🌱 <b>", locale=locale)
    with speaking(locale):
        tree = composing.frozen(composing.worded(facts, audience, DAY), [])
    return html_of(
        mails.composed(
            brief, home, tree, to="a@b.example", message_id="<a@b>", address=WHOLE, unsubscribe=WHOLE, rhythm=WHOLE
        )
    )


def mail_of_tree(tree):
    """The mail of a brief for product with this wording."""
    brief = Brief(community_id=1, audience="product", locale="en", facts={}, facts_hash="a" * 64)
    home = Community(slug="garden", name="The Quiet Garden", locale="en")
    buttons = [Button("agree", word, WHOLE) for word in ("Ask a question", "Decide otherwise", "Agree to all of this")]
    return mails.composed(
        brief, home, tree, to="a@b.example", message_id="<a@b>", address=WHOLE, unsubscribe=WHOLE, answers=buttons
    )


def a_large_tree(polls=60, questions=20, options=30):
    """More than anybody asks in a month."""

    def sentence(i):
        return {"position": i, "text": f"Sentence {i} says «é» of 1,234 people, and a little more than that."}

    option = {"label": "Ein langer Name für eine Antwort " * 4, "count": "1,234", "figure": "12%", "share": 0.12}
    question = {
        "sentence": sentence(7), "wording": "?", "n": 9, "confidence": "indicative", "moved": None,
        "statements": [sentence(8)] * 10, "options": [option] * options,
    }  # fmt: skip
    quote = {"text": "“Quoted” " * 20, "comment": "1"}
    theme = {
        "sentence": sentence(9), "share": 0.4, "inside": sentence(10), "finer": [{"label": "Finer", "count": "5"}] * 6,
        "finer_words": "Finer 5",
        "quotes": [quote] * 3, "praise": False,
    }  # fmt: skip
    return {
        "subject": sentence(1), "bottom": sentence(2), "themes": [theme] * 25, "more": None, "actions": [sentence(3)] * 50,
        "polls": [{"title": "A poll", "n": "9 answers", "questions": [question] * questions, "segments": [sentence(4)] * 9}] * polls,
        "ask": [sentence(5)] * 9, "measured": [sentence(6)] * 120, "words": {"wishes": "Wishes", "praise": "Praise"},
    }  # fmt: skip


@pytest.mark.parametrize("polls", [1, 6, 60])
def test_a_brief_of_any_size_fits_into_a_mail_and_says_where_the_rest_is(polls):
    tree = a_large_tree(polls)
    made = mail_of_tree(tree)
    html = html_of(made)
    assert mail_lint.faults(html) == []
    for part in made.iter_parts():
        assert "This mail is shortened. The whole brief stands on its page." in part.get_content()
    assert "cut" not in tree
    assert len(tree["polls"]) == polls
    assert html.count("<tr>") > 100, "shortened, not emptied"


@given(any_facts())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_was_asked_the_mail_can_be_drawn(facts):
    for audience in ("product", "leadership"):
        assert mail_lint.faults(a_mail(facts, audience, "fr")) == []


def test_the_shorter_it_gets_the_less_it_holds():
    sizes = [str(tree) for tree in shortening.shorter(a_large_tree())]
    assert [len(one) for one in sizes] == sorted((len(one) for one in sizes), reverse=True)
