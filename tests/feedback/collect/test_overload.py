"""K4 and overload: too many ballots wait, or no connection to the database is free. Told with 503 and when to come back; what was
filled in is kept; and it goes on by itself."""

import contextlib

import pytest

from feedback.collect import intake, queries
from heard.kit import db
from polls.kinds.kind import Draft
from tests.feedback.voting import n_of

OPTIONS = ("Red", "Green", "Blue")


@pytest.fixture
def poll(world):
    return world.open_poll(
        [Draft("single", "Which?", OPTIONS), Draft("long_text", "Why?")], voter_rule="open", results_rule="always"
    )


def sent(poll):
    """By each surface: address, what is sent, the status of success."""
    single, text = poll.questions
    option = single.options[1].id
    form = {"submission": "n" * 22, single.name: str(option), text.name: "A long thought"}
    answers = [{"question": single.id, "option": option}]
    return {
        "page": (f"/p/{poll.slug}", {"data": form}, 303),
        "frame": (f"/e/{poll.slug}", {"data": {**form, "submission": "m" * 22}}, 200),
        "api": (f"/api/v1/polls/{poll.slug}/responses", {"json": {"submission_id": "s1", "answers": answers}}, 201),
    }


def is_told(poll, way, answer):
    """In words, with a time, without our insides; a form comes back as it was filled in."""
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True), answer.text[:500]
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()
    if way == "api":
        told = answer.json()["error"]
        assert (told["code"], bool(told["message"]), bool(told["hint"])) == ("unavailable", True, True)
    else:
        option = poll.questions[0].options[1].id
        chosen = answer.text.split(f'value="{option}"')[1].split(">")[0]
        assert ("checked" in chosen, answer.text.count(" checked")) == (True, 1)
        assert "A long thought" in answer.text


@contextlib.contextmanager
def taken(engine):
    """Every connection of a pool is somebody else's."""
    with contextlib.ExitStack() as others:
        for _n in range(engine.pool.size() + engine.pool._max_overflow):
            others.enter_context(engine.connect())
        yield


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(db, "POOL_SECONDS", 0.05)
    db.close()
    db.engines.cache_clear()


@pytest.mark.parametrize("way", ["page", "frame", "api"])
def test_a_full_queue_is_told_and_keeps_what_was_filled_in(poll, client, monkeypatch, way):
    path, body, fine = sent(poll)[way]
    with monkeypatch.context() as full:
        full.setattr(intake, "WAITING", 0)
        is_told(poll, way, client.post(path, **body))
    assert n_of(poll) == 0
    assert client.post(path, **body).status_code == fine
    assert n_of(poll) == 1


@pytest.mark.both
@pytest.mark.parametrize("way", ["page", "frame", "api"])
def test_when_no_connection_is_free_for_writing_it_is_told_and_goes_on_later(poll, client, impatient, way):
    path, body, fine = sent(poll)[way]
    with taken(db.engines().write):
        is_told(poll, way, client.post(path, **body))
    assert client.post(path, **body).status_code == fine
    assert n_of(poll) == 1


@pytest.mark.both
def test_a_poll_that_cannot_be_read_any_more_gives_back_the_form_as_it_was_last_seen(
    poll, client, impatient, monkeypatch
):
    path, body, fine = sent(poll)["page"]
    assert client.post(path, data={**body["data"], "submission": "o" * 22}).status_code == fine
    monkeypatch.setattr(queries, "REMEMBERED_SECONDS", 0)
    with taken(db.engines().read):
        is_told(poll, "page", client.post(path, **body))
    assert client.post(path, **body).status_code == fine
    assert n_of(poll) == 2


@pytest.mark.both
def test_when_no_connection_is_free_for_reading_pages_say_so_and_readiness_too(poll, client, impatient):
    paths = (f"/p/{poll.slug}?lang=fr", f"/p/{poll.slug}/results", "/readyz")
    with taken(db.engines().read):
        answers = [client.get(path) for path in paths]
        assert client.get("/healthz").status_code == 200
    assert [answer.status_code for answer in answers] == [503] * 3
    assert [path for path, answer in zip(paths, answers, strict=True) if "Traceback" in answer.text] == []
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert [client.get(path).status_code for path in paths] == [200] * 3
