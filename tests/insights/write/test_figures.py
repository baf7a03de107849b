"""Every figure of both mails and of the PDF, parsed back: each is one that its sentence bears, and the facts are counted again."""

import re
from datetime import timedelta
from html import unescape
from random import Random

import pytest
from sqlmodel import select

from feedback.collect import intake
from feedback.collect.ballots import Ballot
from feedback.collect.voters import key_for_submission
from feedback.groups import refreshing
from feedback.models import Action, Assignment, Theme
from heard.kit.clock import now, today
from heard.kit.db import writing
from insights.write import briefs, rendering
from insights.write.support import figures_in
from polls.kinds.kind import Draft, Value
from tests.feedback.groups import voting
from tests.insights.recounting import Recount
from tests.insights.scene import answer, library, sort_into_themes, write
from tests.pdf_text import text_of
from tests.polls.trying import trial_in


@pytest.fixture
def house(world, client):
    """A library poll over two months, a trial of two rounds, opinion groups, two questions that hang together, promises."""
    poll = library(world, 90, at=now() - timedelta(days=3), themed=False)
    answer(poll, 70, at=now() - timedelta(days=40))
    sort_into_themes(poll)
    refreshing.refresh(voting.poll_of(world, voting.camps(30, 24)).id)
    _two_questions(world)
    trial = trial_in(world)
    people = [f"p{n}@home.example" for n in range(8)]
    trial.sign_up(*people)
    trial.ask()
    for person, step in zip(people, (1, 2, 3, 2, 3, 4, 2, 1), strict=True):
        trial.answer(client, person, step)
    trial.next_version()
    for person, step in zip(people, (3, 4, 4, 4, 5, 4, 3, 3), strict=True):
        trial.answer(client, person, step)
    with writing() as session:
        theme = session.exec(select(Theme).where(Theme.label == "Cold rooms")).one()
        for at, assignment in enumerate(session.exec(select(Assignment).order_by(Assignment.comment_id))):  # type: ignore[arg-type]
            assignment.urgent = at % 9 == 0
        action = Action(
            poll_id=poll.id,
            theme_id=theme.id or 0,
            title="New boiler",
            public_note="It comes.",
            status="doing",
            created_at=now(),
        )
        action.due_on, action.owner_id = today() - timedelta(days=1), world.people["maya"].id
        session.add(action)
    return world


def _two_questions(world):
    poll = world.open_poll(
        [
            Draft("single", "How old are you?", ("Under 30", "Older")),
            Draft("single", "Does it suit you?", ("Yes", "No")),
        ],
        title="Who",
    )
    age, suits = poll.questions
    draw, made = Random(7), []
    for n in range(120):
        old = draw.random() < 0.5
        yes = draw.random() < (0.75 if old else 0.35)
        answers = {age.id: [Value(option=age.options[old].id)], suits.id: [Value(option=suits.options[not yes].id)]}
        made.append(
            Ballot(poll.frozen, f"w{n}", key_for_submission(poll.id, f"w{n}"), answers, "page", submitted_at=now())
        )
    assert not [o for o in intake.submit_many(made) if isinstance(o, Exception)]


def shown(html):
    """What a reader of the mail sees, without addresses."""
    plain = re.sub(r"<style.*?</style>|<title.*?</title>|<!--.*?-->", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", plain))


@pytest.mark.parametrize("spoken", ["en", "fr"])
def test_every_figure_of_mails_and_pdf_is_counted_again_from_the_rows(house, spoken):
    made = {audience: write(house, audience, locale=spoken) for audience in ("leadership", "product")}
    facts = made["product"].facts
    assert facts["trials"]
    assert facts["groups"]
    assert [s for p in facts["polls"] for s in p["segments"]]
    counted = list(Recount(facts).all_())
    assert [one for one in counted if one[1] != pytest.approx(one[2], abs=1e-4)] == []
    printed = 0
    for brief in made.values():
        tree = sorted(figures_of(texts_of(brief.text)))
        with writing() as session:
            community = house.the_community(session)
        texts = {
            "text": briefs.plain_text(brief), "html": shown(rendering.html_of(brief, community)),
            "pdf": text_of(rendering.pdf_of(brief, community)),
        }  # fmt: skip
        for name, text in texts.items():
            there = figures_of([text.replace(brief.facts_hash, " ")])
            printed += len(there)
            assert [f for f in there if f not in tree and f not in frame(brief, text)] == [], name
            if name != "html":
                assert {f for f in figures_of(texts_of(brief.text, all_=False)) if f not in there} == set(), name
    assert len(counted) > 80
    assert printed > 500
    print(f"{printed} figures printed in six texts, {len(counted)} figures of the facts counted again: all equal")


def frame(brief, text):
    """Figures of the page around a brief: places in a list, the period, the parts of an address."""
    places = re.findall(r"(?m)^\s*(\d+)\. ", text)
    days = [str(d) for day in (brief.since, brief.until) for d in (day.day, day.year)]
    return [*places, *days, *re.findall(r"\d+", briefs.address_of(brief))]


def texts_of(tree, *, all_=True):
    """Every text of a brief's wording; without `all_`, of its sentences alone."""
    if isinstance(tree, dict):
        if "position" in tree:
            return [tree["text"]]
        return [t for child in tree.values() for t in texts_of(child, all_=all_)]
    if isinstance(tree, list):
        return [t for child in tree for t in texts_of(child, all_=all_)]
    return [tree] if isinstance(tree, str) and all_ else []


def figures_of(texts):
    """As they are printed; a line break in a PDF is a blank."""
    return [figure for text in texts for figure in figures_in(" ".join(text.split(" ")))]
