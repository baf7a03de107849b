"""A trial for tests: made, published, signed up for, walked from version to version."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlmodel import col, select

import feedback.jobs  # noqa: F401  (registers its jobs)
import polls.announce.trial_jobs  # noqa: F401  (registers its jobs)
from heard.kit import work
from heard.kit.db import reading, writing
from heard.kit.settings import settings
from polls.announce import announcing, participants, trials
from polls.announce.announcing import AnnouncementForm
from polls.frozen import FrozenPoll, freeze
from polls.models import Announcement, Participant, Poll, Version
from tests.world import World

CONSENT = "I take part. You may write to me."


@dataclass
class TrialHandle:
    """What a test wants of a trial."""

    world: World
    id: int
    slug: str
    tokens: dict[str, str] = field(default_factory=dict)  # of participants' pages, by address

    @property
    def page(self) -> str:
        """Its public page."""
        return f"/t/{self.slug}"

    @property
    def at(self) -> str:
        """Its manager page."""
        return f"/m/garden/announcements/{self.slug}"

    def row(self) -> Announcement:
        """As it is stored now."""
        with reading() as session:
            return session.get_one(Announcement, self.id)

    def states(self) -> dict[str, int]:
        """How many joined, wait, left."""
        with reading() as session:
            found = [p.state for p in session.exec(select(Participant).where(Participant.announcement_id == self.id))]
        return {state: found.count(state) for state in ("joined", "waiting", "left") if state in found}

    def sign_up(self, *addresses: str, confirmed: bool = True) -> None:
        """Sign up, in this order."""
        with writing() as session:
            trial = session.get_one(Announcement, self.id)
            home = self.world.the_community(session)
            for address in addresses:
                participants.sign_up(session, trial, home, address=address, name="", agreed=True)
                person = session.exec(select(Participant).order_by(col(Participant.id).desc())).first()
                self.tokens[address] = participants.token_of(self.id, person.contact_id or 0)  # type: ignore[union-attr]
                if confirmed:
                    participants.confirm(session, trial, person)  # type: ignore[arg-type]

    def check_in(self) -> FrozenPoll:
        """The newest check-in."""
        with reading() as session:
            poll = trials.last_check_in(session, session.get_one(Announcement, self.id))
            assert poll
            return freeze(session, poll)

    def ask(self, **rules: Any) -> FrozenPoll:
        """Make the check-in of version 1 and ask it."""
        with writing() as session:
            trial = session.get_one(Announcement, self.id)
            version = trials.version_of(session, trial, 1)
            poll = trials.make_check_in(session, trial, version, by=None)
            for name, value in rules.items():
                setattr(poll, name, value)
            trials.ask_now(session, trial, version, by=None)
        return self.check_in()

    def next_version(
        self, heard: str = "It was too short.", changed: str = "It is longer.", *, ask: bool = True
    ) -> int:
        """Write and publish the next version; its number."""
        with writing() as session:
            trial = session.get_one(Announcement, self.id)
            version = trials.begin_version(session, trial, by=None)
            trials.edit_version(
                session, trial, version, name="", heard=heard, changed=changed, revision=trial.revision, by=None
            )
            trials.publish_version(session, trial, version, ask=ask, by=None)
            return version.number

    def answer(self, client: Any, address: str, step: int, words: str = "") -> Any:
        """Answer the open check-in by the participant's own link: this step of its scale (1 to 5)."""
        poll, token = self.check_in(), self.tokens[address]
        scale, _compared, text = poll.questions
        page = client.get(f"/p/{poll.slug}?t={token}").text
        nonce = re.search(r'name="submission"[^>]*value="([^"]+)"', page)
        form = {"submission": nonce[1] if nonce else "x" * 22, "t": token, scale.name: str(scale.options[step - 1].id)}
        return client.post(f"/p/{poll.slug}", data=form | ({text.name: words} if words else {}))


def trial_in(world: World, *, published: bool = True, **fields: str) -> TrialHandle:
    """A trial of the garden."""
    form = AnnouncementForm(
        **{"kind": "trial", "title": "Late evenings", "what": "We stay open till ten.", "consent": CONSENT, **fields}
    )
    with writing() as session:
        made = announcing.create(session, world.the_community(session), form, by=world.people["maya"])
        if published:
            announcing.publish(session, made, by=world.people["maya"])
        return TrialHandle(world, made.id or 0, made.slug)


def versions(trial: TrialHandle) -> list[Version]:
    """Its versions in order."""
    with reading() as session:
        return trials.versions_of(session, session.get_one(Announcement, trial.id))


def polls_of_trial(trial: TrialHandle) -> list[Poll]:
    """Its check-ins in order."""
    with reading() as session:
        return list(session.exec(select(Poll).where(Poll.trial_id == trial.id).order_by(col(Poll.edition))))


def mails() -> list[EmailMessage]:
    """Run what is due; every mail in the outbox, by address."""
    work.run_due()
    files = (settings().data_folder / "outbox").glob("*.eml")
    found = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return sorted(found, key=lambda m: (str(m["To"]), str(m["Subject"])))  # type: ignore[arg-type, return-value]


def subjects() -> list[str]:
    """To and subject of each."""
    return [f"{m['To']}: {m['Subject']}" for m in mails()]
