"""A small world for tests: the community "garden" with Ines, Maya, Ravi and Vic, and Olu, who belongs elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from sqlmodel import select

from heard.accounts import api_tokens, communities, signin
from heard.accounts.models import Account, Community
from heard.client import Heard
from heard.kit.db import DbSession, reading, writing
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import Draft, FrozenQuestion
from polls.models import Link, Poll
from polls.publish import links, publishing
from polls.publish.links import Target
from polls.write import authoring
from tests.browser_client import PASSWORD, Bridge

ROLES = {"ines": "owner", "maya": "manager", "ravi": "analyst", "vic": "viewer"}


@cache
def password_hash() -> str:
    """Argon2 is slow by design: once is enough."""
    return signin.hash_password(PASSWORD)


@dataclass(frozen=True)
class PollHandle:
    """What a test wants of a poll."""

    id: int
    slug: str
    page: str
    questions: tuple[FrozenQuestion, ...]
    frozen: FrozenPoll


class World:
    """Makes people, polls and votes, in the database that the settings point to."""

    community = "garden"

    def __init__(self) -> None:
        with reading() as session:
            self.people = {a.name.lower(): a for a in session.exec(select(Account))}
        if not self.people:
            self._settle()

    def _settle(self) -> None:
        with writing() as session:
            for person in (*ROLES, "olu"):
                self.people[person] = signin.create_account(
                    session, f"{person}@garden.example", person.title(), password_hash()
                )
            garden = communities.create_community(session, "garden", "The Quiet Garden", self.people["ines"])
            for person, role in ROLES.items():
                signin.join(session, self.people[person], garden, role)
            communities.create_community(session, "outside", "Outside", self.people["olu"])

    def the_community(self, session: DbSession, slug: str = "garden") -> Community:
        """The community's row."""
        return session.exec(select(Community).where(Community.slug == slug)).one()

    def draft_poll(
        self,
        questions: Sequence[Draft] = (),
        *,
        options: Sequence[str] = ("Yes", "No"),
        title: str = "Best day",
        community: str = "garden",
        opened: bool = False,
        **rules: Any,
    ) -> PollHandle:
        """A poll; without questions, one single choice with these options."""
        drafts = list(questions) or [Draft("single", "Which one suits you?", tuple(options))]
        with writing() as session:
            by = self.people["maya" if community == "garden" else "olu"]
            poll = authoring.create_poll(session, self.the_community(session, community), title, drafts, by=by, **rules)
            if opened:
                publishing.open_now(session, poll, by=by)
            return self._handle(session, poll, community)

    def open_poll(self, questions: Sequence[Draft] = (), **more: Any) -> PollHandle:
        """The same, open for voting."""
        return self.draft_poll(questions, opened=True, **more)

    def close(self, poll: PollHandle) -> None:
        """Close it now."""
        with writing() as session:
            publishing.close_now(session, session.get_one(Poll, poll.id), by=self.people["maya"])

    def link(self, poll: PollHandle, place: str) -> Link:
        """The poll's tracked link for a place."""
        with reading() as session:
            made = links.links_of(session, Target(session.get_one(Poll, poll.id)))
        return next(link for link in made if link.place == place)

    def vote(self, poll: PollHandle, values: Mapping[str, Any], *, client: Any = None, path: str = "") -> str:
        """Vote through the ballot's page, or another `path` to it: {"q1": "Yes"} by number of the question and label (or
        value). The receipt."""
        from tests.browser_client import Client

        browser, path = client or Client(), path or f"/p/{poll.slug}"
        shown = browser.get(path).text
        sent: dict[str, Any] = {"submission": _submission(shown), **_along(shown)}
        for number, question in enumerate(poll.questions, 1):
            wanted = values.get(f"q{number}")
            if wanted is not None:
                sent[question.name] = [_value(question, w) for w in (wanted if isinstance(wanted, list) else [wanted])]
        answer = browser.post(path.partition("?")[0], data=sent)
        assert answer.status_code == (303 if path.startswith("/p/") else 200), (
            f"{answer.status_code}: {answer.text[:500]}"
        )
        if client is None:
            browser.__exit__()
        return re.split(r"[?\"]", (answer.headers.get("location") or answer.text).split("/r/")[1])[0]

    def token(self, person: str, *, read_only: bool = False, community: str = "garden", **more: Any) -> str:
        """A token of the API; `more`: scopes, ends_at, name."""
        with writing() as session:
            home = self.the_community(session, community)
            return api_tokens.create_token(session, self.people[person], home, read_only=read_only, **more)

    def heard(self, person: str, transport: httpx.BaseTransport | None = None, **more: Any) -> Heard:
        """The API through its client, as this person."""
        token = self.token(person, **more) if person else ""
        return Heard("http://127.0.0.1:8000", token, transport=transport or Bridge())

    def frozen(self, poll: PollHandle) -> FrozenPoll:
        """The poll as its voters see it now."""
        with reading() as session:
            return freeze(session, session.get_one(Poll, poll.id))

    def _handle(self, session: DbSession, poll: Poll, community: str) -> PollHandle:
        frozen = freeze(session, poll)
        return PollHandle(frozen.id, poll.slug, f"/m/{community}/polls/{poll.slug}", frozen.questions, frozen)


def _value(question: FrozenQuestion, wanted: Any) -> str:
    return next((str(o.id) for o in question.options if o.label == wanted), str(wanted))


def _along(page: str) -> dict[str, str]:
    """Of the personal and the tracked link that somebody came by."""
    return dict(re.findall(r'name="(t|via|seen|member)" value="([^"]+)"', page))


def _submission(page: str) -> str:
    found = re.search(r'name="submission"[^>]*value="([^"]+)"', page)
    assert found, "the ballot page has a hidden field named submission"
    return found[1]
