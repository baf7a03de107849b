"""A draft at the manager's desk: quotes, approval, the mail as it will look, what changed since the last brief."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from feedback.models import Assignment, Theme
from heard.accounts.models import AuditEntry
from heard.kit.clock import now, today
from heard.kit.db import writing
from insights.models import Brief, BriefQuote, Delivery
from insights.send import mails
from insights.write import quoting
from insights.write.shown import quotes_in
from tests.insights.scene import library, write


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


def comments(brief):
    return list(dict.fromkeys(quote["comment"] for quote in quotes_in(brief.text)))


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("vic", 403), ("olu", 404)])
@pytest.mark.parametrize("act", ["quotes", "approval"])
def test_only_managers_choose_and_approve(brief, client, session, person, status, act):
    answer = client.sign_in(person).post(f"/m/garden/briefs/{brief.id}/{act}", data={"comment": comments(brief)[:1]})
    assert answer.status_code == status
    done = session.exec(select(BriefQuote)).all() if act == "quotes" else session.get_one(Brief, brief.id).approved_by
    assert bool(done) == (status == 303)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
@pytest.mark.parametrize("path", ["mail", "mail/frame", "charts"])
def test_members_see_the_charts_and_the_mail_as_it_will_look(brief, client, path, person, status):
    assert client.sign_in(person).get(f"/m/garden/briefs/{brief.id}/{path}").status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("vic", 403), ("olu", 404)])
@pytest.mark.parametrize("path", ["quotes", "words"])
def test_only_managers_see_what_they_may_change(brief, client, path, person, status):
    assert client.sign_in(person).get(f"/m/garden/briefs/{brief.id}/{path}").status_code == status


def test_the_evidence_of_a_draft_leads_to_its_words(brief, client):
    at, place = f"/m/garden/briefs/{brief.id}", brief.text["bottom"]["position"]
    link = f"{at}/words#sentence-{place}"
    assert link in client.sign_in("maya").get(f"{at}/evidence/{place}").text
    assert link not in client.sign_in("ravi").get(f"{at}/evidence/{place}").text
    assert "/words#" not in client.sign_in("maya").get(f"{at}/evidence/{brief.text['measured'][0]['position']}").text


def test_of_an_approved_brief_there_is_nothing_to_change(brief, client):
    maya, at = client.sign_in("maya"), f"/m/garden/briefs/{brief.id}"
    maya.post(f"{at}/approval")
    for path in ("quotes", "words"):
        assert maya.get(f"{at}/{path}").headers["location"] == at
        assert f"{at}/{path}" not in maya.get(at).text


def test_the_frames_take_nothing_from_elsewhere_and_show_light_and_dark(brief, client):
    maya = client.sign_in("maya")
    around = maya.get(f"/m/garden/briefs/{brief.id}/mail?scheme=dark")
    assert around.text.count('sandbox=""') == 2
    assert "frame-src 'self'" in around.headers["content-security-policy"]
    assert "-- " in around.text, "the plain text is there as well"
    light, dark = (maya.get(f"/m/garden/briefs/{brief.id}/mail/frame?scheme={s}") for s in ("light", "dark"))
    assert "sandbox" in dark.headers["content-security-policy"]
    assert ("@media not all" in light.text, "@media all" in dark.text) == (True, True)
    assert "prefers-color-scheme" not in light.text + dark.text
    assert "<img" not in light.text
    assert maya.get(f"/m/garden/briefs/{brief.id}/mail/frame?scheme=blue").status_code == 422


def quotes_sent(session, brief):
    """The quotes in the mail to a reader."""
    session.rollback()
    message = mails.brief_mail(session, session.exec(select(Delivery)).one())
    text = message.get_body(("plain",)).get_content()
    return [
        c
        for quote in quotes_in(brief.text)
        for c in [quote["comment"]]
        if f"“{quote['text']}”" in " ".join(text.split())
    ]


def test_no_quote_is_sent_unless_somebody_ticked_it(brief, client, session):
    maya, at = client.sign_in("maya"), f"/m/garden/briefs/{brief.id}"
    first = comments(brief)[0]
    page = maya.get(f"{at}/quotes").text
    assert page.count('name="comment"') == len(comments(brief))
    assert " checked" not in page
    maya.post(f"{at}/quotes", data={"comment": comments(brief)})
    maya.post(f"{at}/quotes", data={"comment": [first]})
    maya.post(f"{at}/deliveries", data={"to": "maya@garden.example"})
    assert quotes_sent(session, brief) == [first]
    assert session.exec(select(BriefQuote.comment)).all() == [first]


def test_without_a_tick_the_mail_has_none(brief, client, session):
    client.sign_in("maya").post(f"/m/garden/briefs/{brief.id}/deliveries", data={"to": "maya@garden.example"})
    assert quotes_sent(session, brief) == []


def test_a_strange_quote_is_refused(brief, client, session):
    answer = client.sign_in("maya").post(f"/m/garden/briefs/{brief.id}/quotes", data={"comment": "999999"})
    assert answer.status_code == 422
    assert session.exec(select(BriefQuote)).all() == []


def first_quote_says(brief, words):
    """Its comment. As facts are: numbers masked, names not."""
    with writing() as session:
        row = session.get_one(Brief, brief.id)
        text = {**row.text, "copied": 1}
        quote = next(quotes_in(text))
        for other in quotes_in(text):
            if other["comment"] == quote["comment"]:
                other["text"] = words
        row.text = text
        session.add(row)
    return quote["comment"]


def test_what_of_a_person_stands_in_a_quote_is_masked_and_named_beside_it(brief, client, session):
    first_quote_says(brief, "ask Sarah Okafor at the desk, [phone]")
    assert quoting.quotes_of(session, session.get_one(Brief, brief.id))[0].found == ("number", "name")
    maya, at = client.sign_in("maya"), f"/m/garden/briefs/{brief.id}"
    maya.post(f"{at}/quotes", data={"comment": comments(brief)})
    assert "a telephone or card number, a name?" in maya.get(f"{at}/quotes").text
    assert "Okafor" not in maya.get(at).text
    assert "Okafor" not in maya.get(f"{at}/mail").text


def test_what_only_looks_like_a_name_is_shown_as_it_was_written_once_a_person_says_so(brief, client, session):
    late = first_quote_says(brief, "on the Late Thursday, [phone], it is full")
    maya, at = client.sign_in("maya"), f"/m/garden/briefs/{brief.id}"

    def mail():
        return " ".join(maya.get(f"{at}/mail").text.split())

    maya.post(f"{at}/quotes", data={"comment": comments(brief)})
    assert "on the [name], [phone], it is full" in mail()
    maya.post(f"{at}/quotes", data={"comment": comments(brief), "as_written": late})
    assert "on the Late Thursday, [phone], it is full" in mail()
    assert session.exec(select(BriefQuote.comment).where(BriefQuote.as_written)).all() == [late]
    maya.post(f"{at}/quotes", data={"comment": [c for c in comments(brief) if c != late], "as_written": late})
    assert "Thursday" not in mail(), "it is not let in"


def test_approving_is_kept_told_and_done_once(brief, client, session, world):
    maya, ines = client.sign_in("maya"), client.sign_in("ines")
    maya.post(f"/m/garden/briefs/{brief.id}/approval")
    first = session.get_one(Brief, brief.id).approved_at
    ines.post(f"/m/garden/briefs/{brief.id}/approval")
    session.rollback()
    row = session.get_one(Brief, brief.id)
    assert (row.approved_at, row.approved_by) == (first, world.people["maya"].id)
    assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "brief.approved")).all()) == 1
    assert f"/briefs/{brief.id}/approval" not in maya.get(f"/m/garden/briefs/{brief.id}").text


def test_the_draft_says_what_changed_since_the_last_approved_brief(world, client, session):
    library(world)
    old = write(world, until=today() - timedelta(days=1), since=today() - timedelta(days=30))
    with writing() as acting:
        row = acting.get_one(Brief, old.id)
        row.approved_at = now()
        acting.add(row)
    new = write(world)
    maya = client.sign_in("maya")
    assert "New: “Cold rooms”, 30 of 60 comments." in maya.get(f"/m/garden/briefs/{new.id}").text
    assert "since the last brief" not in maya.get(f"/m/garden/briefs/{old.id}").text


def test_a_theme_that_was_deleted_after_freezing_changes_nothing_in_the_draft(brief, client):
    with writing() as session:
        session.execute(delete(Assignment))
        session.execute(delete(Theme).where(col(Theme.parent_id).is_not(None)))
        session.execute(delete(Theme))
    maya = client.sign_in("maya")
    assert maya.get(f"/m/garden/briefs/{brief.id}").status_code == 200
    place = brief.text["bottom"]["position"]
    words = {"text": f"So: {brief.text['bottom']['text']}"}
    assert maya.post(f"/m/garden/briefs/{brief.id}/sentences/{place}", data=words).status_code == 303
