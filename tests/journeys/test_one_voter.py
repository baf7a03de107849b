"""V1: one voter in eight threads, each with another option, at a server of several processes: one ballot is counted, and nothing
fails."""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import select

from feedback.collect import voters
from feedback.integrity.verifying import verify
from feedback.models import Answer, Response
from heard.kit.db import reading
from tests.journeys.voting import sharing

THREADS = 8


def by_page(http, poll, voter, option):
    """A browser with its cookie."""
    form = {"submission": uuid.uuid4().hex[:22], f"q{poll.question}": str(poll.options[option])}
    headers = {"sec-fetch-site": "same-origin", "cookie": f"{voters.cookie_name()}={voter}"}
    return http.post(poll.page, data=form, headers=headers).status_code


def by_api(http, poll, voter, option):
    """A program that names the voter."""
    sent = poll.body(option, str(uuid.uuid4()), voter=voter)
    return http.post(poll.api, json=sent, headers=poll.headers).status_code


def voted(poll, rounds):
    """The status of every answer, sorted."""
    at_once = threading.Barrier(THREADS)

    def client(option):
        with httpx.Client(timeout=60) as http:
            for number in range(rounds):
                at_once.wait(60)
                way = (by_page, by_api)[number % 2]
                yield way(http, poll, f"{way.__name__}-{number}", option)

    with ThreadPoolExecutor(THREADS) as crowd:
        return Counter(
            status for told in crowd.map(lambda option: list(client(option)), range(THREADS)) for status in told
        )


def one_each(world, folder, workers, rounds):
    """Votes, and what must be stored then."""
    options = [f"Option {n}" for n in range(THREADS)]
    with sharing(world, folder, workers=workers, voter_rule="browser", options=options) as poll:
        told = voted(poll, rounds)
        print(f"{workers} processes, {rounds} rounds of {THREADS}: answered {dict(told)}")
        assert "Traceback" not in poll.server.log()
    with reading() as session:
        keys = session.exec(select(Response.voter_key)).all()
        chosen = Counter(session.exec(select(Answer.response_id).where(Answer.question_id == poll.question)).all())
    assert told.keys() <= {200, 201, 303}
    assert told[201] == rounds // 2, "of each round by API one is told that its ballot is new; all others changed it"
    assert len(keys) == len(set(keys)) == rounds
    assert (len(chosen), set(chosen.values())) == (rounds, {1})
    assert verify(poll.slug).differences == []


def test_one_voter_in_eight_threads_and_two_processes_is_one_ballot(world, tmp_path):
    one_each(world, tmp_path, 2, 10)


@pytest.mark.long
@pytest.mark.both
def test_one_voter_in_eight_threads_and_four_processes_is_one_ballot_in_each_of_a_hundred_rounds(world, tmp_path):
    one_each(world, tmp_path, 4, 100)
