"""The client that is written out of the OpenAPI document: it is the document's, and it walks the whole loop."""

import httpx
import pytest
from sqlmodel import func, select

import feedback.jobs  # noqa: F401  (registers its jobs)
from feedback.models import Response
from heard import client as written_client
from heard import client_writer
from heard.client import Heard, HeardError
from heard.kit import work
from heard.kit.db import reading
from polls.models import Poll
from tests.browser_client import Bridge

EVENINGS = {"kind": "single", "wording": "Which evening suits you?", "options": ["Tuesday", "Thursday"]}
WHY = {"kind": "long_text", "wording": "What should we change?"}
SAID = [
    *(f"the opening hours are too short in the evening, said number {n}" for n in range(8)),
    *(f"parking near the library costs too much money, said number {n}" for n in range(8)),
]


def test_the_client_is_what_the_document_says():
    from heard.app import app

    with open(written_client.__file__, encoding="utf-8") as file:
        assert file.read() == client_writer.written(app.openapi()), "python -m heard.client_writer"


@pytest.mark.both
def test_from_the_question_to_the_brief(world):
    with world.heard("maya") as heard, world.heard("") as anybody:
        poll = heard.create_poll("garden", {
            "title": "Which evening?", "questions": [EVENINGS, WHY], "voter_rule": "open", "results_rule": "always",
        })  # fmt: skip
        assert heard.open_poll(poll["slug"]) == {"status": "open"}
        which, why = poll["questions"]
        for n, words in enumerate(SAID):
            option = which["options"][n % 4 == 0]["id"]
            answers = [{"question": which["id"], "option": option}, {"question": why["id"], "text": words}]
            receipt = anybody.respond(poll["slug"], {"answers": answers})["receipt"]
        assert [o["count"] for o in anybody.results(poll["slug"])["questions"][0]["options"]] == [12, 4]
        heard.run_themes(poll["slug"], {"full": True})
        work.run_due()
        themes = heard.themes(poll["slug"])["themes"]
        assert themes
        action = heard.publish_action(
            themes[0]["id"], {"title": "Till eight", "public_note": "We stay open.", "status": "planned"}
        )
        assert [a["id"] for a in heard.pages(heard.list_actions, "garden")] == [action["id"]]
        assert anybody.read_ballot(receipt)["mark"]
        brief = heard.write_brief("garden", {"audience": "leadership"})
        assert "Which evening?" in heard.read_brief(brief["id"])["text"]


def test_a_refusal_is_told_with_its_code_and_what_to_do(world):
    with world.heard("vic") as heard, pytest.raises(HeardError) as refused:
        heard.create_poll("garden", {"questions": [EVENINGS]})
    assert (refused.value.status, refused.value.code, bool(refused.value.hint)) == (403, "forbidden", True)


def test_a_list_in_parts_is_walked_to_its_end(world):
    made = [world.draft_poll(title=f"Poll {n}").slug for n in range(5)]
    with world.heard("vic") as heard:
        assert [p["slug"] for p in heard.pages(heard.list_polls, "garden", limit=2)] == made[::-1]


class Breaks(httpx.BaseTransport):
    """Does what is asked, and loses the first `n` answers."""

    def __init__(self, n: int) -> None:
        self.left, self.through = n, Bridge()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.through.handle_request(request)
        if self.left:
            self.left -= 1
            raise httpx.ReadError("the line broke", request=request)
        return answer


@pytest.mark.both
def test_when_the_answer_is_lost_the_deed_is_done_once(world, session):
    with world.heard("maya", Breaks(2)) as heard:
        made = heard.create_poll("garden", {"title": "Once", "questions": [EVENINGS], "voter_rule": "open"})
    assert session.exec(select(Poll.slug)).all() == [made["slug"]]


def test_a_ballot_whose_answer_is_lost_is_counted_once(world):
    poll = world.open_poll(voter_rule="open")
    answers = [{"question": poll.questions[0].id, "option": poll.questions[0].options[0].id}]
    with Heard("http://127.0.0.1:8000", transport=Breaks(1)) as heard:
        assert heard.respond(poll.slug, {"answers": answers})["receipt"]
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Response)).one() == 1
