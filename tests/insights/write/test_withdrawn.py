"""Whoever withdraws an answer is quoted no more, in briefs written and approved before neither; the figures stay."""

import pytest
from sqlmodel import select

from feedback.models import Comment
from heard.accounts.models import Community
from heard.kit.db import writing
from insights.models import Brief, Finding
from insights.send import approving
from insights.write import briefs, quoting, rendering, shown
from tests.insights.scene import library, write

WORDS = "The reading room is far too cold to sit in before noon."


@pytest.fixture(params=["draft", "approved"])
def brief(world, request):
    """A brief with all its quotes let in, one of which was withdrawn since: its id, and that comment's."""
    library(world)
    comment = next(q["comment"] for q in shown.quotes_in(write(world, "product").text))
    with writing() as session:
        session.get_one(Comment, int(comment)).text = WORDS
    brief = write(world, "product")
    assert WORDS in str(brief.text)
    with writing() as session:
        row = session.get_one(Brief, brief.id)
        quoting.let_in(session, row, {q["comment"] for q in shown.quotes_in(row.text)}, by=None)
        if request.param == "approved":
            approving.approve(session, row, by=None)
    with writing() as session:
        session.delete(session.get_one(Comment, int(comment)))  # as withdrawing, changing and setting aside do
    return brief.id, comment


def test_no_page_mail_or_document_has_the_words(world, client, session, brief):
    row = session.get_one(Brief, brief[0])
    community = session.get_one(Community, row.community_id)
    tree = shown.to_readers(session, row)
    assert list(shown.quotes_in(tree)), "the others stay"
    for made in (rendering.html_of(row, community, tree), briefs.plain_text(row, tree)):
        assert WORDS not in made
    assert WORDS not in client.get(f"/b/{briefs.token_of(row)}").text
    maya = client.sign_in("maya")
    for path in ("", "/quotes", "/brief.txt", "/brief.eml", "/brief.html"):
        assert WORDS not in maya.get(f"/m/garden/briefs/{row.id}{path}").text


def test_the_api_gives_the_facts_without_the_words(world, client, session, brief):
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    positions = session.exec(select(Finding.position).where(Finding.brief_id == brief[0])).all()
    paths = ["", "/quotes", *(f"/evidence/{n}" for n in positions)]
    for path in paths:
        assert WORDS not in client.get(f"/api/v1/briefs/{brief[0]}{path}", headers=headers).text, path
    facts = client.get(f"/api/v1/briefs/{brief[0]}", headers=headers).json()["facts"]
    kept = [quote for quote in shown.quotes_in(facts) if quote["comment"] == brief[1]]
    assert {quote["text"] for quote in kept} == {""}
    assert facts["responses"] == 60
