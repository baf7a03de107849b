"""A reader's answer, through the page that the mail leads to."""

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

import insights.jobs  # noqa: F401  (registers the job)
from feedback.models import Assignment, Theme
from heard.accounts import contacts
from heard.accounts.models import AuditEntry, Community, WebhookDelivery
from heard.kit import clock, mail, work
from heard.kit.clock import today
from heard.kit.db import writing
from heard.kit.mail import Outcome
from insights.decide.asked import part_of_address
from insights.models import Brief, Decision, Delivery
from insights.send import deliveries, mails
from insights.write import briefs, edits
from tests.accounts.webhook_scene import hook
from tests.insights.scene import library, write

CLAIRE = "claire@board.example"


@pytest.fixture
def brief(world):
    """A brief for leadership that Maya has sent to Claire."""
    library(world)
    return sent(write(world))


def sent(brief):
    with writing() as session:
        row = session.get_one(Brief, brief.id)
        reader = contacts.contact_for(session, session.get_one(Community, row.community_id), CLAIRE)
        contacts.confirm(session, reader, contacts.BRIEFS, "Yes.")
        deliveries.send_to(session, row, [CLAIRE], by=None)
    return brief


def at(brief, to=CLAIRE):
    return f"/b/{deliveries.token_of(brief.id, to)}"


def decided(session):
    session.rollback()
    return session.exec(select(Decision).order_by(Decision.id)).all()


def answer(client, brief, **form):
    return client.post(f"{at(brief)}/decisions", data=form)


def mailed(session):
    """The mail to Claire, as plain text."""
    session.rollback()
    message = mails.brief_mail(session, session.exec(select(Delivery).where(Delivery.recipient == CLAIRE)).one())
    return message


def test_the_mail_has_a_link_for_each_answer_and_no_form(brief, session):
    message = mailed(session)
    for part in ("plain", "html"):
        body = message.get_body((part,)).get_content()
        for kind in ("agree", "decide", "ask"):
            assert f"{at(brief)}?answer={kind}#answer" in body
        assert "<form" not in body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?answer=agree", "?answer=ask", "?answer=" + "x" * 900])
def test_opening_the_links_records_nothing(brief, client, session, method, query):
    assert client.request(method, at(brief) + query).status_code in (200, 405)
    assert decided(session) == []


def test_the_link_opens_its_form_and_says_for_whom_the_page_is(brief, client):
    page = client.get(f"{at(brief)}?answer=decide").text
    assert page.count('class="answer-form" open') == 1
    assert part_of_address(CLAIRE) in page
    assert CLAIRE not in page, "a mail that is passed on does not show the whole address"


@pytest.mark.both
def test_agreeing_keeps_the_decision_that_was_proposed(world, client, session):
    library(world)
    brief = sent(write(world))
    assert answer(client, brief, kind="agree", note="something else").status_code == 303
    (row,) = decided(session)
    asked = brief.text["decision"]["sentence"]["text"]
    assert (row.kind, row.note, row.who) == ("agree", asked, "Leadership")
    assert row.due_on == today() + timedelta(days=14)
    assert session.get_one(Theme, row.theme_id).label in asked
    assert "You agreed" in client.get(at(brief)).text


def test_deciding_keeps_the_readers_words_who_and_by_when(brief, client, session):
    day = (today() + timedelta(days=40)).isoformat()
    assert answer(client, brief, kind="decide", note=" Open on Sundays. ", who="Priya", due_on=day).status_code == 303
    (row,) = decided(session)
    assert (row.note, row.who, row.due_on.isoformat()) == ("Open on Sundays.", "Priya", day)


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "decide"}, {"kind": "ask", "note": "  "}, {"kind": "decide", "note": "x", "due_on": "soon"},
        {"kind": "shout", "note": "x"},
        {"kind": "decide", "note": "x", "due_on": "2020-01-01"}, {"kind": "decide", "note": "x" * 2001}, {},
        {"kind": "decide", "note": "x", "who": "y" * 201}, {"kind": "ask", "note": "a\0b"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_what_was_typed(brief, client, session, form):
    refused = answer(client, brief, **form)
    assert refused.status_code == 422
    assert decided(session) == []


@pytest.mark.both
def test_twice_or_in_two_tabs_it_is_one_answer_and_another_one_takes_its_place(world, client, session):
    library(world)
    brief = sent(write(world))
    for note in ("Open on Sundays.", "Open on Sundays.", "Open later."):
        assert answer(client, brief, kind="decide", note=note).status_code == 303
    (row,) = decided(session)
    assert row.note == "Open later."
    entries = session.exec(select(AuditEntry).where(AuditEntry.action == "decision.recorded")).all()
    assert [entry.details["changed"] for entry in entries] == [False, True]
    assert "Open" not in str([entry.details for entry in entries]), "the log holds no words of readers"


def test_once_it_was_taken_up_it_stays(brief, client, session):
    answer(client, brief, kind="ask", note="Why?")
    maya = client.sign_in("maya")
    maya.post(f"/m/garden/decisions/{decided(session)[0].id}/poll")
    again = answer(client, brief, kind="ask", note="Why not?")
    assert (again.status_code, decided(session)[0].note) == (409, "Why?")
    assert "It was taken up." in client.get(at(brief)).text


@pytest.fixture
def box(monkeypatch):
    """Mails about answers, in place of a mail server: (to, subject, words)."""
    told = []

    def take(message):
        if "/decisions/" in (words := message.get_body(("plain",)).get_content()):
            told.append((str(message["To"]), str(message["Subject"]), words))
        return Outcome("sent")

    monkeypatch.setattr(mail, "send", take)
    return told


def work_after(minutes):
    with writing() as session:
        session.execute(delete(work.WorkDue).where(col(work.WorkDue.kind).not_in(work.HANDLERS)))  # no matter here
    with clock.stopped_at(clock.now() + timedelta(minutes=minutes)):
        work.run_due()


def test_whoever_approved_it_is_told_and_told_again_of_each_change(brief, client, box):
    answer(client, brief, kind="agree")
    answer(client, brief, kind="agree")
    work_after(0)
    answer(client, brief, kind="agree")
    work_after(20)
    assert [(to, subject.partition(":")[0]) for to, subject, _words in box] == [("maya@garden.example", "Agreed")]
    answer(client, brief, kind="decide", note="Open later.")
    answer(client, brief, kind="decide", note="Open on Sundays.")
    work_after(5)
    assert len(box) == 1, "who is still changing it is let finish"
    work_after(15)
    assert box[1][1].startswith("Decided otherwise, changed: ")
    assert "Open on Sundays." in box[1][2]
    assert "It takes the place of what this reader answered before." in box[1][2]
    assert len(box) == 2


def test_a_change_that_is_taken_back_tells_nobody(brief, client, box):
    answer(client, brief, kind="ask", note="Why?")
    work_after(0)
    answer(client, brief, kind="ask", note="Why not?")
    answer(client, brief, kind="ask", note="Why?")
    work_after(20)
    assert len(box) == 1


def test_only_whom_the_mail_did_not_reach_gets_it_again(world, brief, client, monkeypatch):
    tries = []
    with writing() as acting:  # sent over the API by nobody in particular: all who may approve are told
        row = acting.get_one(Brief, brief.id)
        row.approved_by = row.created_by = None
    work_after(0)

    def send(message):
        tries.append(str(message["To"]))
        return Outcome("later", "450 busy") if tries.count("maya@garden.example") == 1 else Outcome("sent")

    monkeypatch.setattr(mail, "send", send)
    answer(client, brief, kind="ask", note="Why?")
    work_after(0)
    work_after(31)
    assert sorted(tries) == ["ines@garden.example", "maya@garden.example", "maya@garden.example"]


@pytest.mark.both
def test_a_reader_has_one_decision_however_often_it_changes(world, client, session):
    library(world)
    brief = sent(write(world))
    for kind, note in (("agree", ""), ("decide", "Open later."), ("ask", "Why?"), ("agree", "")):
        assert answer(client, brief, kind=kind, note=note).status_code == 303
    assert [row.kind for row in decided(session)] == ["agree", "ask"]


def test_webhooks_are_told_without_an_address(brief, world, client, session):
    hook(world, "https://x.example/h", "decision.recorded")
    answer(client, brief, kind="ask", note="Why?")
    session.rollback()
    (told,) = session.exec(select(WebhookDelivery)).all()
    assert '"note": "Why?"' in told.body.replace('":"', '": "')
    assert "claire" not in told.body


def test_the_briefs_own_address_reads_and_does_not_answer(brief, client, session):
    own = f"/b/{briefs.token_of(brief)}"
    page = client.get(f"{own}?answer=agree").text
    assert "Open it from the mail that was sent to you." in page
    assert "/decisions" not in page
    assert client.post(f"{own}/decisions", data={"kind": "agree"}).status_code == 403
    assert client.post("/b/nothing/decisions", data={"kind": "agree"}).status_code == 404
    assert decided(session) == []


def test_another_site_cannot_answer(brief, client, session):
    crossed = client.post(f"{at(brief)}/decisions", data={"kind": "agree"}, headers={"sec-fetch-site": "cross-site"})
    assert (crossed.status_code, decided(session)) == (403, [])


def test_where_no_decision_is_asked_one_can_only_ask(world, client, session):
    library(world)
    brief = write(world)
    with writing() as acting:
        row = acting.get_one(Brief, brief.id)
        place = edits.position_of_decision(row.text)
        row.text = {**row.text, "decision": {**row.text["decision"], "needed": False}}
        acting.add(row)
        acting.flush()
        edits.edit(acting, row, place, "Nothing to decide this time.", by=None)
    sent(brief)
    page = client.get(at(brief)).text
    assert page.count('class="answer-form"') == 1
    assert answer(client, brief, kind="agree").status_code == 422
    assert answer(client, brief, kind="ask", note="Why?").status_code == 303


def test_a_product_brief_can_be_asked_back(world, client, session):
    library(world)
    brief = sent(write(world, "product"))
    page = client.get(f"{at(brief)}?answer=ask").text
    assert brief.text["ask"][0]["text"][:20] in page
    assert answer(client, brief, kind="ask", note=brief.text["ask"][0]["text"]).status_code == 303


def test_a_theme_that_is_gone_leaves_the_answer_without_one(brief, client, session):
    with writing() as acting:
        acting.execute(delete(Assignment))
        acting.execute(delete(Theme).where(col(Theme.parent_id).is_not(None)))
        acting.execute(delete(Theme))
    assert answer(client, brief, kind="agree").status_code == 303
    assert decided(session)[0].theme_id is None


def test_a_reader_who_left_can_still_answer_what_they_got(brief, client, session):
    with writing() as acting:
        row = acting.exec(select(Delivery)).one()
        row.status, row.contact_id = "suppressed", None
        acting.add(row)
    assert client.get(at(brief)).status_code == 200
    assert answer(client, brief, kind="agree").status_code == 303


def test_a_day_that_has_passed_is_said_and_the_answer_still_counts(brief, client, session):
    with clock.stopped_at(clock.now() + timedelta(days=60)):
        page = client.get(at(brief)).text
        assert "The day named in the brief is past." in page
        assert answer(client, brief, kind="agree").status_code == 303
    assert len(decided(session)) == 1


def test_a_brief_that_was_taken_away_answers_plainly(brief, client):
    with writing() as acting:
        acting.delete(acting.get_one(Brief, brief.id))
    assert client.get(at(brief)).status_code == 404
    assert answer(client, brief, kind="agree").status_code == 404


def test_a_french_brief_is_answered_in_french_words(world, client, session):
    library(world)
    brief = sent(write(world, locale="fr"))
    assert answer(client, brief, kind="agree").status_code == 303
    (row,) = decided(session)
    assert row.note == brief.text["decision"]["sentence"]["text"]
    assert row.due_on == today() + timedelta(days=14)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("claire@board.example", "cl•••@bo•••.example"),
        ("jo@a.example", "j•••@a•••.example"),
        ("x@mail.sub.example", "x•••@ma•••.example"),
    ],
)
def test_part_of_an_address_is_known_to_its_owner_alone(address, shown):
    assert part_of_address(address) == shown
