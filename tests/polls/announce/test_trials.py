"""The versions of a trial, and the check-in that is asked again at each of them."""

import pytest
from sqlmodel import select

from heard.kit import work
from heard.kit.db import reading, writing
from polls.announce import trial_jobs, trials
from polls.announce.announcing import AnnouncementEnded, SavedElsewhere, conclude
from polls.models import Announcement, Poll
from polls.publish import editions, publishing
from polls.write.readiness import PollNotReady
from tests.polls.trying import mails, polls_of_trial, subjects, trial_in, versions


def test_a_trial_begins_with_its_first_version(world):
    trial = trial_in(world)
    assert [(v.number, v.published_at is not None) for v in versions(trial)] == [(1, True)]


def test_only_participants_answer_a_check_in_each_by_their_own_link(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example", "ben@home.example")
    poll = trial.ask()
    assert client.get(f"/p/{poll.slug}").status_code == 403
    assert client.get(f"/p/{poll.slug}?t={'x' * 22}").status_code == 403
    assert trial.answer(client, "ana@home.example", 4).status_code == 303
    assert trial.answer(client, "ben@home.example", 2).status_code == 303
    assert "You voted before" in client.get(f"/p/{poll.slug}?t={trial.tokens['ana@home.example']}").text


def test_who_left_or_waits_answers_no_check_in(world, client):
    trial = trial_in(world, places="1")
    trial.sign_up("ana@home.example", "ben@home.example")
    poll = trial.ask()
    assert client.get(f"/p/{poll.slug}?t={trial.tokens['ben@home.example']}").status_code == 403
    client.post(f"{trial.page}/me/{trial.tokens['ana@home.example']}/leaving")
    assert client.get(f"/p/{poll.slug}?t={trial.tokens['ana@home.example']}").status_code == 403
    assert client.get(f"/p/{poll.slug}?t={trial.tokens['ben@home.example']}").status_code == 200


def test_a_token_of_another_trial_opens_no_check_in(world, client):
    one, other = trial_in(world), trial_in(world, title="Early mornings")
    one.sign_up("ana@home.example")
    other.sign_up("ben@home.example")
    poll = one.ask()
    assert client.get(f"/p/{poll.slug}?t={other.tokens['ben@home.example']}").status_code == 403


def test_an_open_check_in_takes_votes_by_cookie_too(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    poll = trial.ask(voter_rule="browser")
    assert trial.answer(client, "ana@home.example", 4).status_code == 303
    assert client.fresh().get(f"/p/{poll.slug}").status_code == 200


def test_the_next_version_closes_the_check_in_and_asks_it_again(world):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    trial.ask()
    assert trial.next_version() == 2
    first, second = polls_of_trial(trial)
    assert (first.status, second.status) == ("closed", "open")
    assert (first.series_id, first.edition + 1) == (second.series_id, second.edition)
    assert [v.poll_id for v in versions(trial)] == [first.id, second.id]
    assert second.voter_rule == "link"


def test_a_check_in_that_got_other_words_stays_that_of_its_version(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    first = trial.ask()
    trial.answer(client, "ana@home.example", 4)
    with writing() as session:
        again = editions.again(session, session.get_one(Poll, first.id), by=None, same_series=True)
        publishing.open_now(session, again, by=None)
    assert trial.check_in().id == again.id
    assert trial.answer(client, "ana@home.example", 2).status_code == 303
    assert client.get(f"{trial.page}/me/{trial.tokens['ana@home.example']}").text.count("You have answered.") == 1
    trial.next_version()
    assert [p.status for p in polls_of_trial(trial)] == ["closed", "closed", "open"]
    with reading() as session:
        found = [trials.check_in_of(session, v) for v in versions(trial)]
    assert [p.edition for p in found if p] == [2, 3]


def test_a_version_can_be_published_without_asking(world):
    trial = trial_in(world)
    trial.ask()
    trial.next_version(ask=False)
    assert [p.status for p in polls_of_trial(trial)] == ["closed"]


def test_a_version_says_what_was_heard_and_changed(world, client):
    trial = trial_in(world)
    maya = client.sign_in("maya")
    assert maya.post(f"{trial.at}/versions").headers["location"] == f"{trial.at}/versions/2"
    answer = maya.post(f"{trial.at}/versions/2", data={"revision": "2", "name": "Longer", "do": "publish"})
    assert answer.status_code == 422
    assert "Say what you heard" in answer.text
    assert 'value="Longer"' in answer.text
    assert [v.published_at is not None for v in versions(trial)] == [True, False]


def test_a_published_versions_words_stay(world):
    trial = trial_in(world)
    trial.next_version()
    with writing() as session, pytest.raises(trials.VersionPublished):
        row = session.get_one(Announcement, trial.id)
        version = trials.version_of(session, row, 2)
        trials.edit_version(session, row, version, name="x", heard="x", changed="x", revision=row.revision, by=None)


def test_two_editors_of_a_version_never_overwrite_each_other(world, client):
    trial, maya, ines = trial_in(world), client.sign_in("maya"), client.sign_in("ines")
    maya.post(f"{trial.at}/versions")
    began = str(trial.row().revision)
    assert ines.post(f"{trial.at}/versions/2", data={"revision": began, "heard": "Theirs"}).status_code == 303
    answer = maya.post(f"{trial.at}/versions/2", data={"revision": began, "heard": "Mine"})
    assert answer.status_code == 409
    assert ">\nMine</textarea>" in answer.text
    assert versions(trial)[1].heard == "Theirs"
    with writing() as session, pytest.raises(SavedElsewhere):
        row = session.get_one(Announcement, trial.id)
        version = trials.version_of(session, row, 2)
        trials.edit_version(session, row, version, name="", heard="", changed="", revision=1, by=None)


def test_one_version_is_written_at_a_time(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    maya.post(f"{trial.at}/versions")
    assert maya.post(f"{trial.at}/versions").status_code == 409


def test_a_check_in_for_participants_only_cannot_be_anonymous(world):
    trial = trial_in(world)
    with pytest.raises(PollNotReady, match="cannot be anonymous"):
        trial.ask(anonymous=True)


def test_a_version_is_mailed_once_to_everybody_who_takes_part_and_said_yes(world):
    trial = trial_in(world, places="2")
    trial.sign_up("ana@home.example")
    trial.sign_up("ben@home.example", confirmed=False)
    trial.sign_up("cem@home.example")
    trial.ask()
    trial.next_version()
    told = [s for s in subjects() if "Version 2" in s]
    assert told == ["ana@home.example: Version 2 is here: Late evenings"]
    before = {str(m["Message-ID"]) for m in mails()}
    trial_jobs.tell_of_version(versions(trial)[1].id)
    assert {str(m["Message-ID"]) for m in mails()} == before
    poll, token = trial.check_in(), trial.tokens["ana@home.example"]
    text = next(m for m in mails() if "Version 2" in str(m["Subject"])).get_body(("plain",)).get_content()
    assert f"http://127.0.0.1:8000/p/{poll.slug}?t={token}" in text
    assert "It was too short." in text


def test_a_mail_that_went_out_is_not_sent_again(world, monkeypatch):
    from heard.kit import mail

    trial, sent = trial_in(world), []
    monkeypatch.setattr(mail, "send", lambda message: sent.append(message) or mail.Outcome("sent"))
    trial.sign_up("ana@home.example")
    trial.ask()
    work.run_due()
    count = len(sent)
    for _again in range(2):
        trial_jobs.welcome(1)
        trial_jobs.tell_of_version(versions(trial)[0].id)
    assert len(sent) == count == 2


def test_a_mail_that_the_server_puts_off_is_sent_later(world, monkeypatch):
    from heard.kit import mail
    from heard.kit.work import WorkDue

    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    monkeypatch.setattr(mail, "send", lambda message: mail.Outcome("later"))
    work.run_due()
    with reading() as session:
        assert [row.kind for row in session.exec(select(WorkDue))] == ["trial_welcome"]


def test_a_trial_ends_with_an_outcome_and_a_reason(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    trial.sign_up("ana@home.example")
    trial.ask()
    answer = maya.post(f"{trial.at}/end", data={"outcome": "adopt"})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert trial.row().status == "published"
    assert maya.post(f"{trial.at}/end", data={"outcome": "adapt", "reason": "Only on Fridays."}).status_code == 303
    assert (trial.row().status, trial.row().outcome) == ("ended", "adapt")
    assert polls_of_trial(trial)[0].status == "closed"
    page = client.get(trial.page).text
    assert page.index("Only on Fridays.") < page.index("We stay open till ten.", page.index("<main"))
    assert "ana@home.example: What became of it: Late evenings" in subjects()
    with writing() as session, pytest.raises(AnnouncementEnded):
        conclude(session, session.get_one(Announcement, trial.id), "drop", "No.", by=None)


def test_nothing_is_asked_twice_and_nothing_before_it_is_there(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    assert maya.post(f"{trial.at}/versions/1/asking").status_code == 409
    assert maya.post(f"{trial.at}/versions/9/asking").status_code == 404
    assert maya.post(f"{trial.at}/versions/1/check-in").status_code == 303
    assert maya.post(f"{trial.at}/versions/1/check-in").status_code == 409


def test_personal_links_are_not_made_for_a_check_in(world, client):
    trial = trial_in(world)
    poll = trial.ask()
    answer = client.sign_in("maya").post(f"/m/garden/polls/{poll.slug}/invitations", data={"count": "3"})
    assert answer.status_code == 422
    assert "Only the participants" in answer.text


PEOPLE = [("maya", 303), ("ravi", 403), ("olu", 404)]


@pytest.mark.parametrize(("person", "status"), PEOPLE)
def test_only_the_manager_writes_versions(world, client, person, status):
    trial = trial_in(world)
    browser = client.sign_in(person)
    assert browser.post(f"{trial.at}/versions/1/check-in").status_code == status
    assert browser.post(f"{trial.at}/versions/1/asking").status_code == status
    assert browser.post(f"{trial.at}/versions").status_code == status
    assert browser.get(f"{trial.at}/versions/1").status_code == (200 if status == 303 else status)


def test_a_check_in_that_is_asked_after_its_version_was_told_reaches_everybody_once(world):
    trial = trial_in(world)
    trial.sign_up("ada@garden.example")
    trial.next_version(ask=False)
    assert len(mails()) == 2  # welcome, version 2
    with writing() as session:
        row = session.get_one(Announcement, trial.id)
        version = trials.version_of(session, row, 2)
        trials.make_check_in(session, row, version, by=None)
        trials.ask_now(session, row, version, by=None)
    assert sum("/p/" in m.get_body(("plain",)).get_content() for m in mails()) == 1
    with writing() as session:
        trials.close_check_in(session, session.get_one(Announcement, trial.id), by=None)
        work.due(session, "trial_version", version.id, version_id=version.id)
    assert len(mails()) == 3
