"""Signing up for a trial, waiting, moving up, leaving."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

import polls.announce.bounced  # noqa: F401  (registers what is ours)
from heard.accounts import bounces
from heard.accounts.models import AuditEntry, Consent, Contact
from heard.kit import clock
from heard.kit.db import reading, writing
from polls.announce import mails as mailing
from polls.announce import participants, trial_jobs
from polls.models import Announcement, Participant
from tests.bounce_mails import complaint, report
from tests.contracts.full_house import contents
from tests.polls.trying import CONSENT, mails, subjects, trial_in


def signed_up(client, trial, address, **more):
    return client.post(trial.page, data={"email": address, "agreed": "1", **more})


def personal(address):
    """The address of the personal page, as the mail has it."""
    mail = next(m for m in mails() if m["To"] == address)
    return re.search(r"http://127.0.0.1:8000(/t/\S+/me/\S+)", mail.get_body(("plain",)).get_content())[1]


@pytest.mark.both
def test_places_are_given_in_the_order_of_asking_and_the_rest_waits(world, client):
    trial = trial_in(world, places="2")
    answers = [signed_up(client, trial, f"{name}@home.example") for name in ("ana", "ben", "cem", "dee")]
    assert [a.status_code for a in answers] == [201] * 4
    assert [re.search(r"<h1>(.*?)</h1>", a.text)[1] for a in answers] == [
        "You are in", "You are in", "You are on the waiting list, number 1.", "You are on the waiting list, number 2.",
    ]  # fmt: skip
    assert trial.states() == {"joined": 2, "waiting": 2}
    assert "set-cookie" not in client.get(trial.page).headers


def test_signing_up_needs_an_address_and_the_tick_and_loses_nothing(world, client):
    trial = trial_in(world)
    answer = client.post(trial.page, data={"email": "no address", "name": "Ana"})
    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.text
    assert "Tick that you agree" in answer.text
    assert 'value="no address"' in answer.text
    assert 'value="Ana"' in answer.text
    assert trial.states() == {}


def test_the_words_that_were_agreed_to_are_kept(world, client):
    trial = trial_in(world)
    signed_up(client, trial, "ana@home.example")
    with reading() as session:
        [consent] = session.exec(select(Consent)).all()
    assert (consent.purpose, consent.text_shown) == (f"trial:{trial.id}", CONSENT)


def test_signing_up_twice_changes_nothing_and_tells_nothing(world, client):
    trial = trial_in(world, places="1")
    signed_up(client, trial, "ana@home.example")
    before = {name: rows for name, rows in contents().items() if name != "work_due"}
    again = signed_up(client, trial, "ana@home.example", name="Somebody else")
    assert {name: rows for name, rows in contents().items() if name != "work_due"} == before
    new = signed_up(client, trial, "new@home.example")
    plain = [re.sub(r'nonce[="-]+[\w-]+', "", a.text).replace("new@", "ana@") for a in (again, new)]
    assert plain[0] == plain[1]


def test_the_first_mail_leads_to_the_personal_page_and_no_other_goes_before_the_button(world, client):
    trial = trial_in(world)
    signed_up(client, trial, "ana@home.example")
    page = personal("ana@home.example")
    trial.ask()
    assert subjects() == ["ana@home.example: You are in: Late evenings"]
    assert "Is this your address?" in client.get(page).text
    with reading() as session:
        assert session.exec(select(Contact.confirmed_at)).one() is None
    assert client.post(page).status_code == 303
    trial.next_version()
    assert subjects()[-1] == "ana@home.example: You are in: Late evenings"
    assert len(subjects()) == 2


def test_a_lost_mail_comes_again_once_a_day_at_the_most(world, client):
    trial = trial_in(world)
    for _time in range(3):
        signed_up(client, trial, "ana@home.example")
        mails()
    assert len(mails()) == 1


def test_who_waits_longest_moves_up_when_somebody_leaves_and_is_told(world, client):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example", "ben@home.example", "cem@home.example")
    assert client.post(f"{trial.page}/me/{trial.tokens['ana@home.example']}/leaving").status_code == 303
    assert trial.states() == {"joined": 1, "waiting": 1, "left": 1}
    assert "You are in" in client.get(f"{trial.page}/me/{trial.tokens['ben@home.example']}").text
    assert "ben@home.example: A place for you: Late evenings" in subjects()
    client.post(f"{trial.page}/me/{trial.tokens['ana@home.example']}/leaving")
    assert trial.states() == {"joined": 1, "waiting": 1, "left": 1}


def test_somebody_whom_we_may_tell_moves_up_before_somebody_whom_we_may_not(world, client):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example")
    trial.sign_up("ben@home.example", confirmed=False)
    trial.sign_up("cem@home.example")
    assert "number 1" in client.get(f"{trial.page}/me/{trial.tokens['cem@home.example']}").text
    client.post(f"{trial.page}/me/{trial.tokens['ana@home.example']}/leaving")
    assert "You are in" in client.get(f"{trial.page}/me/{trial.tokens['cem@home.example']}").text
    client.post(f"{trial.page}/me/{trial.tokens['cem@home.example']}/leaving")
    assert trial.states() == {"joined": 1, "left": 2}


def test_more_places_let_in_who_waits(world, client):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example", "ben@home.example", "cem@home.example")
    form = {"revision": str(trial.row().revision), "title": "Late evenings", "what": "More", "consent": CONSENT}
    assert client.sign_in("maya").post(f"{trial.at}/text", data=form | {"places": "2"}).status_code == 303
    assert trial.states() == {"joined": 2, "waiting": 1}


def test_who_left_can_sign_up_again_and_stands_at_the_end(world, client):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example", "ben@home.example")
    client.post(f"{trial.page}/me/{trial.tokens['ana@home.example']}/leaving")
    assert signed_up(client, trial, "ana@home.example").status_code == 201
    assert "number 1" in client.get(f"{trial.page}/me/{trial.tokens['ana@home.example']}").text
    assert trial.states() == {"joined": 1, "waiting": 1}


def test_mails_can_be_stopped_and_the_place_stays(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    page = f"{trial.page}/me/{trial.tokens['ana@home.example']}"
    assert client.get(f"{page}/silence").status_code == 200
    one_click = {"sec-fetch-site": "", "content-type": "application/x-www-form-urlencoded"}
    assert client.post(f"{page}/silence", content="List-Unsubscribe=One-Click", headers=one_click).status_code in (
        303,
        403,
    )
    assert client.post(f"{page}/silence").status_code == 303
    trial.ask()
    assert not [s for s in subjects() if "How is it going?" in s]
    assert trial.states() == {"joined": 1}
    assert "Send me mails again" in client.get(page).text
    client.post(page)
    assert "Stop these mails" in client.get(page).text


def test_every_mail_can_be_stopped_in_the_mail_program(world):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    [mail] = mails()
    assert mail["List-Unsubscribe"].startswith(f"<http://127.0.0.1:8000{trial.page}/me/")
    assert mail["List-Unsubscribe"].endswith("/silence>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nobody_signs_up_after_the_last_day_for_a_draft_or_for_news(world, client):
    past = trial_in(world, title="Past", starts_on="2020-01-01", ends_on="2020-01-31")
    news = trial_in(world, title="News", kind="news")
    draft = trial_in(world, title="Draft", published=False)
    assert [signed_up(client, t, "ana@home.example").status_code for t in (past, news, draft)] == [409, 409, 404]
    assert "Nobody can sign up any more" in client.get(past.page).text


def test_the_last_day_is_that_of_the_community(world, client):
    from datetime import UTC, datetime

    from heard.kit import clock
    from heard.kit.db import writing

    with writing() as session:
        home = world.the_community(session)
        home.zone = "Pacific/Auckland"
        session.add(home)
    trial = trial_in(world, ends_on="2026-06-10")
    with clock.stopped_at(datetime(2026, 6, 10, 11, 59, tzinfo=UTC)):  # 23:59 there
        assert signed_up(client, trial, "ana@home.example").status_code == 201
    with clock.stopped_at(datetime(2026, 6, 10, 12, 1, tzinfo=UTC)):  # the day after there
        assert signed_up(client, trial, "ben@home.example").status_code == 409


def test_too_many_tries_are_refused(world, client):
    trial = trial_in(world)
    statuses = [signed_up(client, trial, f"a{n}@home.example").status_code for n in range(11)]
    assert statuses == [201] * 10 + [429]


def test_a_wrong_token_is_nobodys_page(world, client):
    one, other = trial_in(world), trial_in(world, title="Other")
    one.sign_up("ana@home.example")
    token = one.tokens["ana@home.example"]
    assert client.get(f"{other.page}/me/{token}").status_code == 404
    assert client.post(f"{one.page}/me/{token}x/leaving").status_code == 404
    assert client.get(f"{one.page}/me/{token}").headers["x-robots-tag"] == "noindex, nofollow"


def test_mails_speak_the_language_of_the_person(world, client):
    trial = trial_in(world, locale="fr", title="Soirées")
    signed_up(client, trial, "ana@home.example")
    [mail] = mails()
    assert mail["Content-Language"] == "fr"


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("olu", 404)])
def test_only_the_manager_takes_somebody_out(world, client, person, status):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example", "ben@home.example")
    with reading() as session:
        first = session.exec(select(Participant.id).order_by(Participant.id)).first()
    assert client.sign_in(person).post(f"{trial.at}/participants/{first}/removal").status_code == status
    assert trial.states() == ({"joined": 1, "left": 1} if status == 303 else {"joined": 1, "waiting": 1})


def test_who_may_not_publish_sees_no_addresses(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    assert "ana@home.example" in client.sign_in("maya").get(trial.at).text
    page = client.sign_in("ravi").get(trial.at)
    assert page.status_code == 200
    assert "ana@home.example" not in page.text


def test_an_address_that_nobody_confirms_gets_few_welcomes_and_one_that_wants_none_gets_none(world, monkeypatch):
    trial = trial_in(world)
    days = iter(range(1, 20))

    def sign_up_on_another_day(address):
        day = next(days)
        monkeypatch.setattr(trial_jobs, "now", lambda: clock.now() + timedelta(days=day))
        trial.sign_up(address, confirmed=False)
        return len([m for m in mails() if m["To"] == address])

    assert [sign_up_on_another_day("stranger@garden.example") for _day in range(5)] == [1, 2, 3, 3, 3]
    assert sign_up_on_another_day("other@garden.example") == 1
    with writing() as session:
        row = session.get_one(Announcement, trial.id)
        person = participants.find(session, trial.id, trial.tokens["other@garden.example"])
        participants.stop_mails(session, row, person)
    assert sign_up_on_another_day("other@garden.example") == 1


@pytest.mark.both
def test_a_mail_of_a_trial_that_came_back_is_shown_with_who_takes_part_and_nothing_more_is_sent(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example", "ben@home.example")
    [welcome] = [m for m in mails() if m["To"] == "ana@home.example"]
    back = report(str(welcome["Message-ID"]), "ana@home.example")
    for wanted in (
        report("<guess@heard.example>", "ana@home.example"),
        report(str(welcome["Message-ID"]), "ben@home.example"),
    ):
        assert taken(wanted) == "other"
    assert [taken(back), taken(back)] == ["failed", "failed"]
    with reading() as session:
        people = participants.people_of(session, trial.row())
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "mail.bounced")).all()
    assert ([person.came_back for person in people], len(noted)) == ([True, False], 1)
    assert "mail came back" in client.sign_in("maya").get(trial.at).text
    trial_jobs._send(people[0].id, "outcome", mailing.outcome_mail)
    assert len([m for m in mails() if m["To"] == "ana@home.example"]) == 1
    assert taken(complaint(str(welcome["Message-ID"]), "ana@home.example")) == "complaint"


def taken(raw):
    with writing() as session:
        return bounces.take(session, raw)
