"""Invitations and reminders: to whom they go, once each, what they say, and how they end."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from heard.accounts import contact_lists, contacts, unsubscribing
from heard.accounts.contact_files import Person
from heard.accounts.models import AuditEntry, Contact, ContactList
from heard.kit import leases, mail, visits, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from polls.kinds.kind import Draft
from polls.models import Invitation, Mailing, MailingDelivery, Poll
from polls.publish import mailing_jobs, mailing_plans, mailings
from tests.contracts import full_house
from tests.polls.publish.inbox import (
    ADA,
    BO,
    CLEO,
    a_list,
    contact,
    html_of,
    invite,
    links_in,
    mailing,
    statuses,
    text_of,
)

DAY = timedelta(days=1)
PERSON = {"accept": "text/html,*/*", "accept-language": "fr", "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}


class Box(list):
    """Mails that went out; `answers`: an outcome for an address."""

    def __init__(self):
        self.answers = {}

    def of(self, address):
        return [m for m in self if m["To"] == address]


@pytest.fixture
def box(monkeypatch):
    sent = Box()

    def send(_connection, message):
        sent.append(message)
        return sent.answers.get(str(message["To"]), Outcome("sent"))

    monkeypatch.setattr(mail.Connection, "send", send)
    return sent


@pytest.fixture
def poll(world):
    return world.open_poll(options=["Soup", "Salad"], title="Lunch")


@pytest.fixture
def the_list(world):
    return a_list(world, Person(ADA, "Ada", "en"), BO, CLEO)


@pytest.fixture
def maya(client):
    return client.sign_in("maya")


def ballot(mail_to, answer=""):
    """The path of a link in a mail."""
    return next(link for link in links_in(mail_to) if link.startswith("/p/") and ("q1" in link) == bool(answer))


@pytest.mark.both
def test_each_person_gets_one_mail_with_a_link_of_their_own(world, maya, poll, the_list, box):
    made = invite(maya, poll, the_list, words="We choose for Friday.")
    assert statuses(made) == {ADA: "sent", BO: "sent", CLEO: "sent"}
    assert sorted(str(m["To"]) for m in box) == [ADA, BO, CLEO]
    assert len({ballot(m) for m in box}) == 3
    with reading() as session:
        invitations = session.exec(select(Invitation).where(Invitation.poll_id == poll.id)).all()
        assert sorted(i.number for i in invitations) == [1, 2, 3]
        assert all(i.contact_id and i.sent_at for i in invitations)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "mailing.invitation")).one()
        assert entry.details == {"mailing": made, "people": 3}


def test_the_mail_says_all_in_both_bodies(world, maya, poll, the_list, box):
    invite(maya, poll, the_list, words="We choose for Friday.")
    sent = box.of(ADA)[0]
    for body in (text_of(sent), html_of(sent)):
        for words in (
            "We choose for Friday.", "Which one suits you?", "Soup", "Salad", "A tap opens the ballot with your answer chosen",
            "You get this because you are on the list “Newsletter” of The Quiet Garden. Your consent is on record since",
            "Stop these invitations",
        ):  # fmt: skip
            assert words in body
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(sent["List-Unsubscribe"]).startswith("<http://127.0.0.1:8000/u/list:")
    assert str(sent["List-Id"]).startswith("<list-")
    assert sent["Reply-To"] == "maya@garden.example"
    assert "The Quiet Garden" in str(sent["From"])
    assert len(html_of(sent).encode()) < 70_000
    assert "http" not in html_of(sent).replace("http://127.0.0.1:8000/", ""), "nothing of anybody else's"


def test_an_inbox_shows_the_answers_behind_the_subject(world, maya, poll, the_list, box):
    invite(maya, poll, the_list, words="We choose for Friday.")
    shown = html_of(box[0]).partition("<body")[2]
    assert shown.index("Soup · Salad") < shown.index("The Quiet Garden") < shown.index("We choose for Friday.")
    assert "display: none" in shown.partition("Soup · Salad")[0]


def test_the_whole_of_a_button_is_its_link(world, maya, the_list, box):
    invite(maya, world.open_poll([Draft("long_text", "Why?")]), the_list)
    button = html_of(box[0]).partition("Answer the question</a>")[0].rpartition("<a ")[2]
    assert "padding: 12px 20px" in button, "24 px of a line, and 12 above and below: 48"


def test_the_longest_mail_stays_small(world, maya, the_list, box):
    long = world.open_poll([Draft("single", "W" * 900, tuple(f"{n} " + "o" * 480 for n in range(12)), help="h" * 1900)])
    invite(maya, long, the_list, words="ä" * 600)
    assert len(html_of(box[0]).encode()) < 70_000


@pytest.mark.parametrize(
    ("draft", "taps", "chosen"),
    [
        (Draft("single", "Which?", ("Soup", "7", "Salad"), settings={"other": True, "dont_know": True}), 5, "Soup"),
        (Draft("yes_no", "Shall we?"), 3, "Yes"),
        (
            Draft("rating", "How was it?", settings={"low": 1, "high": 5, "low_label": "bad", "high_label": "good"}),
            5,
            "1",
        ),
        (Draft("nps", "Would you recommend us?"), 11, "0"),
        (Draft("likert", "It is quiet here."), 5, "Strongly disagree"),
        (Draft("multiple", "Which?", ("Soup", "Salad")), 0, ""),
        (Draft("long_text", "Why?"), 0, ""),
        (Draft("single", "Which?", tuple(f"Option {n}" for n in range(13))), 0, ""),
    ],
)
def test_a_kind_says_itself_what_one_tap_can_answer(world, maya, client, the_list, box, draft, taps, chosen):
    poll = world.open_poll([draft])
    invite(maya, poll, the_list)
    links = [link for link in links_in(box[0]) if "q1=" in link]
    assert len(links) == taps
    for link in links:
        page = client.get(link).text
        assert page.count(" checked") == 1, "each opens the ballot with its own answer chosen"
    if chosen:
        labels = text_of(box[0])
        assert chosen in labels
    else:
        assert "Answer the question" in text_of(box[0])


def test_an_option_whose_label_is_the_id_of_another_is_chosen_all_the_same(world, maya, client, the_list, box):
    first = world.open_poll([Draft("single", "How many?", ("1", "2", "3", "4", "5", "6", "7", "8"))])
    invite(maya, first, the_list)
    for link in (link for link in links_in(box[0]) if "q1=" in link):
        page = client.get(link).text
        line = next(part for part in page.split("<label") if " checked" in part)
        in_mail = next(line for line in text_of(box[0]).split("- ") if link in line)
        assert in_mail.split()[0] in line


def test_it_speaks_the_contacts_language_where_the_poll_does(world, maya, client, the_list, box):
    from heard.kit import tokens
    from polls.models import PollTranslation

    poll = world.open_poll(options=["Soup", "Salad"], title="Lunch")
    more = a_list(world, Person("dora@readers.example", "", "fr"), name="French")
    with writing() as session:
        for source, text in (("Which one suits you?", "Que préférez-vous ?"), ("Soup", "Soupe"), ("Salad", "Salade")):
            session.add(
                PollTranslation(
                    poll_id=poll.id, locale="fr", source=source, source_hash=tokens.hashed(source), text=text
                )
            )
        session.get_one(Poll, poll.id).revision += 1
    invite(maya, poll, more, people=1)
    sent = box[0]
    assert sent["Subject"] == "Que préférez-vous ?"
    assert sent["Content-Language"] == "fr"
    assert "Soupe" in text_of(sent)
    assert "lang=fr" in ballot(sent)
    assert "Soupe" in client.get(ballot(sent, "x")).text


@pytest.mark.both
def test_who_is_held_back_is_counted_and_named_before_sending(world, maya, poll, the_list, box):
    with writing() as session:
        unsubscribing.stop(session, session.get_one(Contact, contact(ADA).id), the_list.purpose)
        home = world.the_community(session)
        home.mails_per_week = 1
        session.add(home)
    other = world.open_poll(title="Earlier")
    invite(maya, other, a_list(world, BO, name="Other"), people=1)
    looked = maya.post(f"{poll.page}/mailings/check", data={"list": the_list.id, "subject": "Which?", "words": ""})
    assert looked.status_code == 200
    assert "Send to 1 person" in looked.text
    assert "1 person has stopped these mails." in looked.text
    assert "1 person had as many mails this week as your settings allow; they get none." in looked.text
    made = invite(maya, poll, the_list, people=1)
    assert statuses(made) == {BO: "capped", CLEO: "sent"}


@pytest.mark.both
def test_looking_trying_and_previewing_store_nothing(world, maya, poll, the_list, box):
    form = {"list": the_list.id, "subject": "Which?", "words": "Hello"}
    before = full_house.contents()
    maya.get(f"{poll.page}/mailings/new")
    maya.post(f"{poll.page}/mailings/check", data=form)
    maya.post(f"{poll.page}/mailings/test", data=form)
    preview = maya.get(f"{poll.page}/mailings/preview", params=form)
    assert "Hello" in preview.text
    assert "sandbox" in preview.headers["content-security-policy"]
    assert full_house.contents() == before


def test_a_test_goes_to_the_manager_alone_and_cannot_vote(world, maya, client, poll, the_list, box):
    answer = maya.post(f"{poll.page}/mailings/test", data={"list": the_list.id, "subject": "Which?", "to": ADA})
    assert "Sent to maya@garden.example." in answer.text
    assert [m["To"] for m in box] == ["maya@garden.example"]
    assert box[0]["Subject"] == "Test: Which?"
    assert box[0]["List-Unsubscribe"] is None
    link = next(link for link in links_in_test(box[0]) if "q1=" in link)
    assert "This is the link of a test mail" in client.get(link).text
    q, option = poll.questions[0].name, poll.questions[0].options[0].id
    assert client.post(f"/p/{poll.slug}", data={"t": "test", q: option}).status_code == 403
    assert client.post(f"/p/{poll.slug}", data={"t": "test", q: option, "submission": "x"}).status_code == 403


def links_in_test(message):
    message["List-Unsubscribe"] = "<none>"
    return links_in(message)


@pytest.mark.both
def test_only_the_number_that_was_named_is_sent(world, maya, poll, the_list, box):
    form = {"list": the_list.id, "subject": "Which?", "words": "", "count": 2}
    refused = maya.post(f"{poll.page}/mailings", data=form)
    assert refused.status_code == 409
    assert "it would go to 3 now" in refused.text
    assert "Send to 3 people" in refused.text
    assert maya.post(f"{poll.page}/mailings", data={**form, "count": ""}).status_code == 409
    with reading() as session:
        assert session.exec(select(Mailing)).all() == []


def test_nobody_is_a_plain_answer(world, maya, poll, box):
    empty = a_list(world, ADA)
    with writing() as session:
        contact_lists.take_off(session, session.get_one(ContactList, empty.id), contact(ADA), by=world.people["maya"])
    form = {"list": empty.id, "subject": "Which?", "count": 0}
    answer = maya.post(f"{poll.page}/mailings", data=form)
    assert answer.status_code == 409
    assert "This would go to nobody" in answer.text
    assert "Send to" not in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {"subject": ""}, {"subject": "x" * 121}, {"words": "x" * 601}, {"list": "99"}, {"list": "x"},
        {"subject": "=?UTF-8?Q?=0ABcc:_x@y.example?="}, {"subject": "a\u2028\x1bb"},
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_goes(world, maya, poll, the_list, box, form):
    sent = {"list": the_list.id, "subject": "Which?", "words": "", "count": 3, **form}
    for path in ("mailings/check", "mailings"):
        answer = maya.post(f"{poll.page}/{path}", data=sent)
        assert answer.status_code == 422
        assert "error-summary" in answer.text
    assert box == []


def test_a_subject_and_words_reach_no_header(world, maya, poll, the_list, box):
    invite(maya, poll, the_list, subject="Lunch?\r\nBcc: all@x.example", words="Hello\r\nBcc: all@x.example")
    assert box[0]["Bcc"] is None
    assert box[0]["Subject"] == "Lunch? Bcc: all@x.example"


def test_lists_and_mailings_of_others_are_not_found(world, maya, client, poll, the_list, box):
    made = invite(maya, poll, the_list)
    for person, status in (("ravi", 403), ("olu", 404)):
        browser = client.sign_in(person)
        for path in ("", "/new", "/preview", f"/{made}"):
            assert browser.get(f"{poll.page}/mailings{path}").status_code == status
        for path in ("", "/check", "/test", f"/{made}/stopping", f"/{made}/resumption"):
            assert browser.post(f"{poll.page}/mailings{path}").status_code == status
    other = world.open_poll(title="Other")
    assert maya.get(f"{other.page}/mailings/{made}").status_code == 404
    assert maya.get(f"{other.page}/mailings/new?of={made}").status_code == 404


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_poll_that_is_not_open_takes_no_mailing(world, maya, the_list, box, state):
    poll = world.draft_poll() if state == "draft" else world.open_poll()
    if state == "closed":
        world.close(poll)
    assert "is not open, so nobody is invited" in maya.get(f"{poll.page}/mailings").text
    form = {"list": the_list.id, "subject": "Which?", "count": 3}
    assert maya.post(f"{poll.page}/mailings", data=form).status_code == 409


@pytest.mark.both
def test_an_address_that_never_existed_fails_with_the_servers_words_and_the_others_go_on(
    world, maya, poll, the_list, box
):
    box.answers[ADA] = Outcome("never", "550 5.1.1 no such user")
    made = invite(maya, poll, the_list)
    assert statuses(made) == {ADA: "failed", BO: "sent", CLEO: "sent"}
    page = maya.get(f"{poll.page}/mailings/{made}").text
    assert ADA in page
    assert "550 5.1.1 no such user" in page


@pytest.mark.both
def test_a_no_an_answer_and_a_closing_between_queue_and_send_are_heard(world, maya, client, poll, the_list, box):
    made = invite(maya, poll, the_list, people=3)
    box.clear()
    second = world.open_poll(options=["Soup", "Salad"], title="Second")
    sent = maya.post(f"{second.page}/mailings", data={"list": the_list.id, "subject": "Which?", "count": 3})
    assert sent.status_code == 303
    later = int(sent.headers["location"].rpartition("/")[2])
    mailing_jobs.queue(later, 0)
    with writing() as session:
        unsubscribing.stop(session, session.get_one(Contact, contact(ADA).id), the_list.purpose)
        his = select(Invitation).where(Invitation.poll_id == second.id, Invitation.contact_id == contact(BO).id)
        session.exec(his).one().turned_in = True
    mailing_jobs.send(later)
    assert statuses(later) == {ADA: "suppressed", BO: "answered", CLEO: "sent"}
    assert statuses(made)[ADA] == "sent"


@pytest.mark.both
@pytest.mark.parametrize("how", ["closed", "stopped", "by the clock"])
def test_what_has_not_gone_when_it_ends_never_goes(world, maya, poll, the_list, box, how, monkeypatch):
    monkeypatch.setattr(mailing_jobs, "BATCH", 1)
    made = maya.post(f"{poll.page}/mailings", data={"list": the_list.id, "subject": "Which?", "count": 3})
    made = int(made.headers["location"].rpartition("/")[2])
    mailing_jobs.queue(made, 0)
    mailing_jobs.send(made)
    assert len(box) == 1
    if how == "closed":
        world.close(poll)
    elif how == "stopped":
        assert maya.post(f"{poll.page}/mailings/{made}/stopping").status_code == 303
    else:
        with writing() as session:
            row = session.get_one(Poll, poll.id)
            row.closes_at, row.revision = now() + timedelta(minutes=1), row.revision + 1
    with stopped_at(now() + timedelta(minutes=10)):
        work.run_due()
        work.run_due()
    assert len(box) == 1
    assert sorted(statuses(made).values()) == ["sent", "stopped", "stopped"]
    page = maya.get(f"{poll.page}/mailings/{made}").text
    assert "not sent: stopped</dt><dd>2" in page


@pytest.mark.both
def test_killed_between_claim_and_record_it_is_sent_again_with_the_same_message_id(world, maya, poll, box, monkeypatch):
    one = a_list(world, ADA, name="One")
    answer = maya.post(f"{poll.page}/mailings", data={"list": one.id, "subject": "Which?", "count": 1})
    made = int(answer.headers["location"].rpartition("/")[2])

    def die(_connection, message):
        box.append(message)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(mail.Connection, "send", die)
        with pytest.raises(KeyboardInterrupt):
            work.run_due()
    work.run_due()
    assert len(box) == 1, "while the lease lasts, nobody else sends it"
    with stopped_at(now() + leases.LEASE + timedelta(seconds=1)):
        work.run_due()
    assert statuses(made) == {ADA: "sent"}
    assert box[0]["Message-ID"] == box[1]["Message-ID"]


@pytest.mark.both
def test_killed_while_its_rows_are_made_nobody_is_left_out_and_nobody_written_twice(
    world, maya, poll, box, monkeypatch
):
    many = a_list(world, *(f"r{n:03}@readers.example" for n in range(30)), name="Many")
    monkeypatch.setattr(mailing_plans, "PIECE", 10)
    answer = maya.post(f"{poll.page}/mailings", data={"list": many.id, "subject": "Which?", "count": 30})
    made = int(answer.headers["location"].rpartition("/")[2])
    with monkeypatch.context() as killed:
        killed.setattr(mailing_jobs.time, "sleep", lambda _s: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            mailing_jobs.queue(made, 0)
    assert len(statuses(made)) == 10
    for _twice in range(2):
        mailing_jobs.queue(made, 0)
    work.run_due()
    assert len(box) == len({str(m["To"]) for m in box}) == 30


@pytest.mark.both
def test_after_three_days_away_it_asks_before_it_goes_on(world, maya, poll, the_list, box):
    """U7: the same after an old copy of the database was put back."""
    answer = maya.post(f"{poll.page}/mailings", data={"list": the_list.id, "subject": "Which?", "count": 3})
    made = int(answer.headers["location"].rpartition("/")[2])
    with stopped_at(now() + 3 * DAY):
        work.run_due()
        assert box == []
        page = maya.get(f"{poll.page}/mailings/{made}").text
        assert "Send the 3 that wait" in page
        assert "waits for you" in maya.get(f"{poll.page}/mailings").text
        assert maya.post(f"{poll.page}/mailings/{made}/resumption").status_code == 303
        work.run_due()
        assert len(box) == 3
        work.run_due()
        assert len(box) == 3


@pytest.mark.both
def test_a_server_that_is_away_is_tried_again_and_nobody_is_left_out(world, maya, poll, the_list, box):
    for address in (ADA, BO, CLEO):
        box.answers[address] = Outcome("later", "connection refused", reached=False)
    made = invite(maya, poll, the_list)
    assert len(box) == 1, "one try tells enough"
    assert "sent" not in statuses(made).values()
    box.answers.clear()
    with stopped_at(now() + timedelta(minutes=2)):
        work.run_due()
    with stopped_at(now() + timedelta(minutes=8)):
        work.run_due()
    assert set(statuses(made).values()) == {"sent"}
    assert all(len(box.of(a)) == (2 if a == box[0]["To"] else 1) for a in (ADA, BO, CLEO))


@pytest.mark.both
def test_reminders_go_to_those_who_have_not_answered(world, maya, client, the_list, box):
    poll = world.open_poll(options=["Soup", "Salad"], title="Lunch", anonymous=True)
    box.answers[CLEO] = Outcome("never", "550 no")
    made = invite(maya, poll, the_list)
    world.vote(poll, {"q1": "Soup"}, path=ballot(box.of(ADA)[0]))
    form = {"of": made, "subject": "Reminder: Which?", "words": ""}
    soon = maya.post(f"{poll.page}/mailings/check", data=form)
    assert "This would go" not in soon.text
    assert "Send to" not in soon.text
    assert "1 person had a mail about this poll within 48 hours." in soon.text
    assert "1 person has answered." in soon.text
    for days in (3, 13):
        with stopped_at(now() + days * DAY):
            assert "Send to 1 person" in maya.post(f"{poll.page}/mailings/check", data=form).text
            box.clear()
            again = invite(maya, poll, the_list, of=made, people=1, subject="Reminder: Which?")
            assert statuses(again) == {BO: "sent"}
            assert "You have not answered this yet." in text_of(box[0])
            assert "1 person had a mail about this poll" in maya.post(f"{poll.page}/mailings/check", data=form).text
    with stopped_at(now() + 23 * DAY):
        assert "two reminders of this poll" in maya.post(f"{poll.page}/mailings/check", data=form).text
    assert mailing(again).kind == "reminder"


@pytest.mark.both
def test_the_cap_holds_over_two_mailings_that_wait_at_the_same_time(world, maya, poll, the_list, box):
    with writing() as session:
        home = world.the_community(session)
        home.mails_per_week = 1
        session.add(home)
    other = world.open_poll(title="Other")
    ids = []
    with writing() as session:  # both are queued before either is sent: as if two managers pressed at once
        for handle in (poll, other):
            row = session.get_one(Poll, handle.id)
            planned = mailing_plans.Round(row, home, session.get_one(ContactList, the_list.id))
            plan = mailing_plans.Plan(3, {})
            made = mailings.begin(session, planned, plan, subject="Which?", words="", by=world.people["maya"])
            ids.append(made.id)
    for made in ids:
        mailing_jobs.queue(made, 0)
    with writing() as session:
        session.execute(update(MailingDelivery).values(status="queued"))
    for made in ids:
        mailing_jobs.send(made)
    assert len(box) == 3
    assert set(statuses(ids[0]).values()) | set(statuses(ids[1]).values()) == {"sent", "capped"}
    with stopped_at(now() + 8 * DAY), reading() as session:
        third = session.get_one(Poll, world.open_poll(title="Third").id)
        home, to = world.the_community(session), session.get_one(ContactList, the_list.id)
        assert mailing_plans.plan(session, mailing_plans.Round(third, home, to)).to_send == 3


@pytest.mark.both
def test_a_second_invitation_to_the_same_poll_leaves_those_alone_who_have_it(world, maya, poll, the_list, box):
    invite(maya, poll, the_list)
    wider = a_list(world, ADA, "dora@readers.example", name="Wider")
    looked = maya.post(f"{poll.page}/mailings/check", data={"list": wider.id, "subject": "Which?"})
    assert "1 person has this invitation already." in looked.text
    made = invite(maya, poll, wider, people=1)
    assert statuses(made) == {"dora@readers.example": "sent"}


@pytest.mark.both
def test_a_forgotten_contact_gets_nothing_more_and_leaves_no_trace(world, maya, poll, the_list, box):
    box.answers[ADA] = Outcome("never", f"550 <{ADA}>: no such user")
    made = invite(maya, poll, the_list)
    maya.post(f"/m/garden/contacts/people/{contact(ADA).id}/erasure")
    assert "ada@" not in str(full_house.contents())
    assert "a contact that was forgotten" in maya.get(f"{poll.page}/mailings/{made}").text


def test_without_a_server_mails_are_files_and_forgetting_takes_them_away(world, maya, poll, the_list):
    from heard.kit.settings import settings

    invite(maya, poll, the_list)
    kept = list((settings().data_folder / "outbox").glob("*.eml"))
    assert len(kept) == 3
    assert "reached nobody" in maya.get(f"{poll.page}/mailings/1").text
    maya.post(f"/m/garden/contacts/people/{contact(ADA).id}/erasure")
    left = list((settings().data_folder / "outbox").glob("*.eml"))
    assert len(left) == 2
    assert all(ADA.encode() not in f.read_bytes() for f in left)


def test_the_pages_tell_what_is_going_on(world, maya, poll, the_list, box):
    assert maya.get(f"{poll.page}/mailings").headers["location"] == f"{poll.page}/mailings/new"
    assert "Invite by e-mail" in maya.get(poll.page).text
    assert "Invite a list by e-mail" in maya.get(f"{poll.page}/sharing").text
    assert 'value="Which one suits you?"' in maya.get(f"{poll.page}/mailings/new").text
    made = invite(maya, poll, the_list)
    world.vote(poll, {"q1": "Soup"}, path=ballot(box.of(ADA)[0]))
    for address in (f"{poll.page}/mailings/{made}", f"{poll.page}/mailings"):
        shown = maya.get(address).text
        assert "1 of 3 answered" in shown
        assert "can be reminded from" in shown
        assert f"new?of={made}" not in shown
        with stopped_at(now() + timedelta(hours=49)):
            assert f"new?of={made}" in maya.get(address).text
    assert 'value="Reminder: Which one suits you?"' in maya.get(f"{poll.page}/mailings/new?of={made}").text


def test_a_no_to_invitations_stops_neither_briefs_nor_trials(world, maya, poll, the_list, box):
    """P4"""
    invite(maya, poll, the_list)
    link = str(box.of(ADA)[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    with writing() as session:
        contacts.confirm(session, session.get_one(Contact, contact(ADA).id), contacts.BRIEFS, "Yes.")
    assert maya.fresh().post(link, data={"stop": "all"}).status_code == 200
    with reading() as session:
        ada = contact(ADA)
        assert not contacts.may_write_to(session, ada, the_list.purpose)
        assert contacts.may_write_to(session, ada, contacts.BRIEFS)
        assert contacts.may_write_to(session, ada, "trial:1")


def test_without_a_list_the_way_leads_to_one_and_from_the_list_back_to_a_poll(world, maya, poll):
    first = maya.follow(maya.get(f"{poll.page}/mailings")).text
    assert "Ask people in their inbox" in first
    assert 'href="/m/garden/contacts"' in first
    world.draft_poll()
    at = maya.post("/m/garden/contacts", data={"name": "Newsletter"}).headers["location"]
    assert "Invite this list" not in maya.get(at).text
    maya.post(f"{at}/people/upload", data={"rows": "ada@readers.example", "consent": "On paper, 3 May."})
    leads = f"/m/garden/sharing?list={at.rpartition('/')[2]}"
    assert leads in maya.get(at).text
    choice = maya.get(leads).text
    letter = f"{poll.page}/mailings/new?list={at.rpartition('/')[2]}"
    assert letter in choice
    assert "Share<" not in choice.partition("<main")[2]
    assert "selected" in maya.get(letter).text


def test_visits_by_mail_are_the_same_number_on_the_mailing_and_in_the_results(world, maya, poll, the_list, box):
    made = invite(maya, poll, the_list)
    for _twice in range(2):
        assert maya.fresh().get(ballot(box.of(ADA)[0]), headers=PERSON).status_code == 200
    world.vote(poll, {"q1": "Soup"}, path=ballot(box.of(ADA)[0]))
    visits.flush()
    with reading() as session:
        seen = visits.visits_of(session, [f"mailing:{made}"])[f"mailing:{made}"]
    row = maya.get(f"{poll.page}/results").text.partition("E-mail invitation")[2].partition("</tr>")[0]
    machines = seen["preview"] + seen["scanner"]
    assert re.findall(r">(\d+)<", row) == ["1", str(seen["person"]), str(machines)]
    assert seen["person"] >= 2
