"""`heard demo`: the readers of an invented library, from the question to the answer, to look at and to try.

Everything goes the way that real data goes: polls by authoring, ballots through intake, themes and briefs as work
due. The same demo comes out each time: choices are seeded, and times are counted back from now.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlmodel import col, select

import feedback.jobs  # noqa: F401  (registers its jobs)
import heard.accounts.api_jobs
import heard.accounts.bounce_jobs
import heard.accounts.webhooks.jobs  # noqa: F401  (registers its jobs)
import insights.jobs  # noqa: F401  (registers its jobs)
import polls.announce.trial_jobs
import polls.jobs
import polls.publish.mailing_jobs  # noqa: F401  (registers its jobs)
from feedback.answer import actions
from feedback.models import Response, Theme
from feedback.themes import edits as theme_edits
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from heard import demo_asks, demo_mails
from heard.accounts import communities, contacts, signin, signin_links
from heard.accounts.models import Account, Community
from heard.kit import clock, mail, tokens, work
from heard.kit.db import DbSession, reading, writing
from heard.kit.errors import Refused
from heard.kit.i18n import _
from heard.kit.settings import settings
from heard.migrations.run import migrate
from insights.send import deliveries
from insights.write import briefs, quoting
from polls.frozen import FrozenPoll
from polls.kinds.kind import Draft, Value
from polls.models import Poll
from polls.publish import publishing
from polls.write import authoring

SLUG = "port-ansel"
VOICES = Path(__file__).with_name("demo_voices.txt")
PEOPLE = {"maya": "manager", "ravi": "analyst", "ines": "owner"}
READER = "claire@demo.example"
RECOMMEND = "Would you recommend the library?"


MOSTLY = 0.65
# What the poll offers, and what its writers speak about.
FIRST = {
    "A late evening": "hours", "A silent room": "noise", "More desks": "seats",
    "A better app": "app", "More new books": "waiting",
}  # fmt: skip


class DemoExists(Refused):
    """The demo is a thing to look at once; a second one would double every answer."""

    code, status = "demo_exists", 409


class Voice(NamedTuple):
    """What one invented reader says. `about` is the author's word for it and is not stored."""

    about: str
    language: str
    rating: int
    text: str


def build() -> str:
    """Put the sample community into an empty or existing database; returns where to look and how to sign in.

    Raises DemoExists.
    """
    migrate()
    password = tokens.fresh(9)
    now = clock.now()
    community, people = _people(signin.hash_password(password))
    keep, receipts = _library_poll(community, people["maya"], now)
    _evening_poll(community, people["maya"], now)
    _nps_poll(community, people["maya"], now)
    _draft(community, people["maya"])
    demo_asks.build(community, people["maya"], now)
    demo_mails.build(community, people["maya"], RECOMMEND, now)
    work.run_due()
    _close_the_loop(keep, receipts, people["ravi"])
    mailed = _briefs(community, people["maya"], now)
    work.run_due()
    with writing() as session:
        link = signin_links.make_link(session, people["maya"])
    return _words(password, link, keep, receipts["hours"][0], mailed)


def voices() -> list[Voice]:
    """The texts of demo_voices.txt, in its order."""
    said, about = [], ""
    for line in VOICES.read_text("utf-8").splitlines():
        if line.startswith("# "):
            about = line[2:]
        elif about and line:
            language, rating, text = line.split(" ", 2)
            said.append(Voice(about, language, int(rating), text))
    return said


def _people(password_hash: str) -> tuple[Community, dict[str, Account]]:
    with writing() as session:
        if session.exec(select(Community.id).where(Community.slug == SLUG)).first() is not None:
            raise DemoExists(
                _("The demo is in this database already; nothing was added."),
                hint=_("Look at it at %(url)s, or make another one with: heard demo --serve")
                % {"url": f"{settings().base_url}/c/{SLUG}"},
            )
        people = {
            name: signin.create_account(session, f"{name}@demo.example", name.title(), password_hash) for name in PEOPLE
        }
        community = communities.create_community(session, SLUG, "Port-Ansel Library", people["ines"])
        community.mission = "A town library that belongs to its readers, on the quay since 1911."
        community.audience = "3,400 card holders, in English and French."
        community.sender = "maya@demo.example"
        for name, role in PEOPLE.items():
            signin.join(session, people[name], community, role, by=people["ines"])
    return community, people


def _library_poll(community: Community, maya: Account, now: datetime) -> tuple[FrozenPoll, dict[str, list[str]]]:
    """The poll with the open question; returns it with the receipts, by what their writers spoke about."""
    poll = demo_asks.opened(
        community,
        maya,
        "What should the library keep, fix or try?",
        [
            Draft("single", "What should come first next year?", tuple(FIRST)),
            Draft("rating", "How was your last visit?", settings={"low": 1, "high": 5, "low_label": "poor", "high_label": "very good"}),
            Draft("long_text", "What should we keep, fix or try next?", help="English ou français, comme vous voulez."),
        ],
        now - timedelta(days=24),
        intro="Three questions, one minute. Every answer is read, and within a month we say what we will do about it.",
        results_rule="always",
    )  # fmt: skip
    first, visit, words = poll.questions
    chance = random.Random(1911)
    said: list[Voice] = [*voices(), *(Voice("", "en", r, "") for r in chance.choices((3, 4, 5), (2, 5, 3), k=64))]
    chance.shuffle(said)
    ballots = []
    for number, (voice, at) in enumerate(
        zip(said, demo_asks.moments(len(said), now - timedelta(days=24), now), strict=True)
    ):
        own = next((wish for wish, about in FIRST.items() if about == voice.about), "")
        likely = (5, 15, 30, 20, 30) if voice.text else (75, 7, 5, 5, 8)
        wish = own if own and chance.random() < 0.95 else chance.choices(list(FIRST), likely)[0]
        answers = {
            first.id: [demo_asks.option(first, wish)],
            visit.id: [Value(number=voice.rating)],
            words.id: [Value(text=voice.text)] if voice.text else [],
        }
        ballots.append(demo_asks.ballot(poll, number, answers, at, voice.language))
    receipts: dict[str, list[str]] = {}
    for voice, receipt in zip(said, demo_asks.submitted(ballots), strict=True):
        receipts.setdefault(voice.about, []).append(receipt)
    return poll, receipts


def _evening_poll(community: Community, maya: Account, now: datetime) -> None:
    """A finished poll: one choice, and one with several."""
    opened, ended = now - timedelta(days=58), now - timedelta(days=44)
    evenings = ("Tuesday", "Wednesday", "Thursday", "Friday", "No late evening")
    reasons = ("Borrow and return", "Study", "Read the papers", "Talks and events", "Use a computer")
    poll = demo_asks.opened(
        community,
        maya,
        "Which evening should we open late?",
        [
            Draft("single", "Which evening suits you best?", evenings),
            Draft("multiple", "What would you come for?", reasons),
        ],
        opened,
        intro="We can pay for one late evening a week.",
        results_rule="always",
    )
    evening, reason = poll.questions
    chance = random.Random(1912)
    ballots = []
    for number, at in enumerate(demo_asks.moments(112, opened, ended)):
        chosen = chance.choices(evenings, (14, 17, 50, 20, 11))[0]
        wanted = [
            r for r, likely in zip(reasons, (0.7, 0.45, 0.2, 0.35, 0.15), strict=True) if chance.random() < likely
        ]
        answers = {
            evening.id: [demo_asks.option(evening, chosen)],
            reason.id: [demo_asks.option(reason, r) for r in wanted],
        }
        ballots.append(demo_asks.ballot(poll, number, answers, at, chance.choice(("en", "en", "fr"))))
    demo_asks.submitted(ballots)
    with clock.stopped_at(ended), writing() as session:
        publishing.close_now(session, session.get_one(Poll, poll.id), by=maya)


def _nps_poll(community: Community, maya: Account, now: datetime) -> None:
    """An open poll with a recommendation from 0 to 10."""
    opened = now - timedelta(days=9)
    poll = demo_asks.opened(
        community,
        maya,
        RECOMMEND,
        [
            Draft("nps", "How likely are you to recommend Port-Ansel Library to a friend?"),
            Draft(
                "single", "How often do you come?", ("Every week", "Every month", "A few times a year", "Almost never")
            ),
        ],
        opened,
    )
    recommend, often = poll.questions
    chance = random.Random(1913)
    ballots = []
    for number, at in enumerate(demo_asks.moments(94, opened, now)):
        answers = {
            recommend.id: [Value(number=chance.choices(range(11), (1, 0, 1, 2, 2, 6, 8, 16, 24, 20, 20))[0])],
            often.id: [demo_asks.option(often, chance.choices([o.label for o in often.options], (4, 4, 2, 1))[0])],
        }
        ballots.append(demo_asks.ballot(poll, number, answers, at, chance.choice(("en", "fr"))))
    demo_asks.submitted(ballots)


def _draft(community: Community, maya: Account) -> None:
    with writing() as session:
        authoring.create_poll(
            session,
            community,
            "Desks for the first floor",
            [
                Draft("yes_no", "Shall we replace eight armchairs by twelve small desks?"),
                Draft("short_text", "Which corner is yours?"),
            ],
            by=maya,
            intro="A trial for the exam weeks.",
        )


def _close_the_loop(poll: FrozenPoll, receipts: dict[str, list[str]], ravi: Account) -> None:
    """Name two themes and answer three."""
    with reading() as session:
        ready = theme_queries.run_of(session, poll.id) is not None
    if not ready:  # a worker beside us took the work and has not finished it
        themes.refresh(poll.id)
    told = {
        "app": (
            "You stay signed in to the app", "done",
            "The app asked for your card number every time. Since this week it keeps you signed in for 90 days, "
            "and the crash after the update is mended. If it still asks, tell the front desk: they have a list.",
        ),
        "hours": (
            "Late Thursday comes back", "doing",
            "From next month the main building stays open until 20:00 on Thursdays, for half a year. Then we ask "
            "again whether it helped. Sundays are not paid for yet; the town council decides with the next budget.",
        ),
        "waiting": (
            "A second copy of every new book", "declined",
            "Not now: it would cost more than all the books we buy for children. From this month a new book with more "
            "than ten people waiting is lent for two weeks instead of four, so that the list moves twice as fast.",
        ),
    }  # fmt: skip
    named = {"hours": "Opening hours", "waiting": "Waiting for new books"}
    with writing() as session:
        for about, (title, status, note) in told.items():
            theme = _theme_of(session, receipts[about])
            if about in named:
                theme_edits.rename(session, theme, named[about], by=ravi)
            actions.publish_action(session, theme, title, note, status, by=ravi)


def _theme_of(session: DbSession, receipts: Sequence[str]) -> Theme:
    """The theme that most of these responses speak to: a coarse one that is mostly theirs, or else a fine one."""
    hashes = [tokens.hashed(r) for r in receipts]
    responses = session.exec(select(Response.id).where(col(Response.receipt_hash).in_(hashes))).all()
    spoken = Counter(theme for r in responses for theme in theme_queries.themes_spoken_to(session, r))
    found = [(session.get_one(Theme, theme), n) for theme, n in spoken.most_common()]
    return next(
        theme
        for theme, n in found
        if theme.parent_id is not None or n >= MOSTLY * theme_queries.count_of(session, theme)
    )


def _briefs(community: Community, maya: Account, now: datetime) -> bool:
    """Both briefs over the last month; the leadership one goes to Claire, unless a real mail server would carry it."""
    since, until = (now - timedelta(days=30)).date(), now.date()
    with writing() as session:
        reader = contacts.contact_for(session, community, READER)
        contacts.confirm(session, reader, contacts.BRIEFS, "Yes, send me the briefs of Port-Ansel Library.")
        briefs.write_brief(session, community, "product", since, until, by=maya)
        leadership = briefs.write_brief(session, community, "leadership", since, until, by=maya)
        if settings().smtp_url:
            return False
        quoting.choose(session, leadership, "all", by=maya)
        deliveries.send_to(session, leadership, [READER], by=maya)
    return True


def _words(password: str, link: str, poll: FrozenPoll, receipt: str, mailed: bool) -> str:
    url = settings().base_url
    outbox = mail.outbox_file("x").parent
    lines = [
        _("The demo is ready: %(community)s, with its polls, a trial, themes, two briefs and three answers.")
        % {"community": "Port-Ansel Library"},
        "",
        _("Sign in as Maya, once, within an hour:") + f"  {url}{link}",
        _("or at any time:") + f"  {url}/sign-in",
        f"    maya@demo.example  {password}",
        "    " + _("(ravi@demo.example and ines@demo.example have the same password)"),
        "",
        _("Public page:") + f"  {url}/c/{SLUG}",
        _("A ballot:") + f"  {url}/p/{poll.slug}",
        _("The receipt of somebody who asked for longer hours:") + f"  {url}/r/{receipt}",
        _("The mail to Claire:") + f"  {outbox}"
        if mailed
        else _("A mail server is set, so nothing was mailed to the invented readers."),
    ]
    return "\n".join(lines)
