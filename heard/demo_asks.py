"""What the demo's library asks besides: a trial in two versions, a poll page by page in two languages, one that opens next week.

And how all polls of the demo are opened and answered.
"""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import select

from feedback.collect import intake, voters
from feedback.collect.ballots import Ballot, check
from heard.accounts import contacts
from heard.accounts.models import Account, Community
from heard.kit import clock
from heard.kit.db import DbSession, writing
from polls.announce import announcing, participants, trials
from polls.announce.announcing import AnnouncementForm
from polls.frozen import FrozenPoll, freeze
from polls.kinds.kind import Draft, FrozenQuestion, Value
from polls.logic import Condition, ShowIf
from polls.models import Announcement, Participant, Poll
from polls.publish import publishing
from polls.write import authoring

TRIED_BY = (
    "Ana",
    "Bruno",
    "Chloé",
    "Dele",
    "Emil",
    "Fatou",
    "Gaëlle",
    "Hugo",
    "Ida",
    "Jonas",
    "Kaya",
    "Lina",
    "Malo",
    "Noor",
)
WELL_BEFORE = (2, 1, 3, 2, 2, 3, 1, 2, 4, 3, 2, 2)  # steps from 0 of the check-in's scale; two did not answer each time
WELL_AFTER = (3, 3, 3, 4, 2, 4, 3, 3, 4, 4, 2, 3)
IN_THE_WAY = {
    0: "The lamps over the long table hum, and it is the only thing that one hears.",
    3: "Les gens téléphonent encore dans le couloir, juste derrière la porte.",
    5: "There are eight seats and at eleven they are all taken.",
}
OUVERT = {
    "Your reading room": "Votre salle de lecture",
    "We rebuild the reading room in spring. Two minutes, and you only see what concerns you.":
        "Nous rénovons la salle de lecture au printemps. Deux minutes, et vous ne voyez que ce qui vous concerne.",
    "You and the room": "Vous et la salle",
    "How often do you use the reading room?": "À quelle fréquence venez-vous dans la salle de lecture ?",
    "Every week": "Chaque semaine", "Now and then": "De temps en temps", "Never": "Jamais",
    "Not for you yet": "Pas encore pour vous",
    "In the room": "Dans la salle",
    "What keeps you away?": "Qu’est-ce qui vous retient ?", "What do you do there?": "Qu’y faites-vous ?",
    "Read": "Lire", "Study": "Étudier", "Work on a laptop": "Travailler sur mon ordinateur",
    "What comes next": "La suite", "Three things that readers have asked us.": "Trois demandes de lecteurs.",
    "Do you agree?": "Êtes-vous d’accord ?", "Phones stay outside.": "Les téléphones restent dehors.",
    "Children are welcome in the mornings.": "Les enfants sont bienvenus le matin.",
    "Coffee is allowed, with a lid.": "Le café est permis, avec un couvercle.",
    "How many evenings a month would you come?": "Combien de soirs par mois viendriez-vous ?",
}  # fmt: skip


def build(community: Community, maya: Account, now: datetime) -> None:
    """All three, between last month and next week."""
    _trial(community, maya, now)
    _reading_room_poll(community, maya, now)
    _scheduled(community, maya, now)


def opened(
    community: Community, maya: Account, title: str, questions: Sequence[Draft], at: datetime, **rules: Any
) -> FrozenPoll:
    """A poll that was opened at that moment."""
    with clock.stopped_at(at), writing() as session:
        poll = authoring.create_poll(session, community, title, questions, by=maya, **rules)
        publishing.open_now(session, poll, by=maya)
        return freeze(session, poll)


def moments(count: int, begin: datetime, end: datetime) -> Iterator[datetime]:
    """`count` moments from begin to end: many at first, fewer later, as after an announcement."""
    for number in range(count):
        yield begin + (end - begin) * ((number + 0.5) / count) ** 1.7


def option(question: FrozenQuestion, label: str) -> Value:
    """The value that chooses the option with this label."""
    return Value(option=next(o.id for o in question.options if o.label == label))


def ballot(
    poll: FrozenPoll, number: int, answers: dict[int, list[Value]], at: datetime, language: str, key: str = ""
) -> Ballot:
    """A checked ballot of somebody who is known by a number, or by a voter key."""
    submission = f"demo-{poll.slug}-{number}"[:200]
    key = key or voters.key_of(poll.id, "browser", submission)
    return Ballot(poll, submission, key, check(poll, answers), "page", language, at)


def submitted(ballots: Sequence[Ballot]) -> list[str]:
    """Through intake, as every ballot; returns the receipts, in order."""
    receipts = []
    for outcome in intake.submit_many(ballots):
        if isinstance(outcome, Exception):
            raise outcome
        receipts.append(outcome.receipt)
    return receipts


def _trial(community: Community, maya: Account, now: datetime) -> None:
    begun, changed = now - timedelta(days=27), now - timedelta(days=8)
    form = AnnouncementForm(
        title="A silent room on the second floor",
        what="For two months the room of the old maps is a silent room: no phones, no talk, no keyboards that click.",
        audience="Everybody who came to read and found it too loud.",
        how="Sit in it at least twice. After each change we ask you the same three questions.",
        starts_on=begun.date().isoformat(), ends_on=_day(now + timedelta(days=34)), places="20",
        consent="I take part in this trial of Port-Ansel Library. You may write to me about it by e-mail. "
        "I can leave at any time, with one click.",
    )  # fmt: skip
    with clock.stopped_at(begun), writing() as session:
        trial = announcing.create(session, community, form, by=maya)
        announcing.publish(session, trial, by=maya)
        for name in TRIED_BY:
            _takes_part(session, trial, community, name)
        first = trials.version_of(session, trial, 1)
        poll = trials.make_check_in(session, trial, first, by=maya)
        trials.ask_now(session, trial, first, by=maya)
        asked = freeze(session, poll)
        keys = _keys_of(session, trial)
    _checked_in(asked, keys[: len(WELL_BEFORE)], WELL_BEFORE, begun, changed, IN_THE_WAY)
    with clock.stopped_at(changed), writing() as session:
        trial = session.get_one(Announcement, trial.id)
        second = trials.begin_version(session, trial, by=maya)
        trials.edit_version(
            session, trial, second, name="Quiet lamps", revision=trial.revision, by=maya,
            heard="The lamps hum, the corridor is heard through the door, and eight seats are too few before noon.",
            changed="New lamps, felt on the door, and four more seats. The corridor stays a corridor.",
        )  # fmt: skip
        trials.publish_version(session, trial, second, ask=True, by=maya)
        again = freeze(session, session.get_one(Poll, second.poll_id))
    _checked_in(again, keys[2:], WELL_AFTER, changed, now, {})


def _takes_part(session: DbSession, trial: Announcement, community: Community, name: str) -> None:
    """Signed up and confirmed; marked as told, for nobody is behind these addresses."""
    address = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode() + "@demo.example"
    participants.sign_up(session, trial, community, address=address, name=name, agreed=True)
    contact = contacts.contact_for(session, community, address)
    person = session.exec(select(Participant).where(Participant.contact_id == contact.id)).one()
    participants.confirm(session, trial, person)
    for what in (*(f"welcome:{day}" for day in _days_about_now()), "version:1", "version:2"):
        participants.was_mailed(session, person.id or 0, what)


def _days_about_now() -> list[date]:
    """The days on which the work of this demo may be done; its clock is stopped, that of the work is not."""
    today = clock.today()
    return [today, today + timedelta(days=1)]


def _keys_of(session: DbSession, trial: Announcement) -> list[str]:
    return [participants.voter_key(trial.id or 0, person) for person in participants.joined_of(session, trial.id or 0)]


def _checked_in(
    poll: FrozenPoll, keys: Sequence[str], steps: Sequence[int], begin: datetime, end: datetime, words: dict[int, str]
) -> None:
    how_well, compared, in_the_way = poll.questions
    ballots = []
    for number, (key, step, at) in enumerate(zip(keys, steps, moments(len(keys), begin, end), strict=True)):
        answers = {
            how_well.id: [Value(number=step + 1)],
            compared.id: [Value(option=compared.options[min(step, 4)].id)],
            in_the_way.id: [Value(text=words[number])] if number in words else [],
        }
        ballots.append(ballot(poll, number, answers, at, "fr" if number % 3 == 0 else "en", key))
    submitted(ballots)


def _reading_room_poll(community: Community, maya: Account, now: datetime) -> None:
    """Page by page, with sections and conditions, in English and French; two members added a statement."""
    often = ("Every week", "Now and then", "Never")
    comes = ShowIf((Condition(0, "is_not", ("Never",)),))
    poll = opened(
        community,
        maya,
        "Your reading room",
        [
            Draft("single", "How often do you use the reading room?", often, required=True, section="You and the room"),
            Draft("long_text", "What keeps you away?", section="Not for you yet", show_if=ShowIf((Condition(0, "is", ("Never",)),))),
            Draft(
                "multiple", "What do you do there?", ("Read", "Study", "Work on a laptop"), shuffled=True,
                section="In the room", show_if=comes,
            ),
            Draft(
                "statements", "Do you agree?",
                ("Phones stay outside.", "Children are welcome in the mornings.", "Coffee is allowed, with a lid."),
                settings={"members_add": True}, section="What comes next",
                section_intro="Three things that readers have asked us.",
            ),
            Draft("number", "How many evenings a month would you come?", show_if=comes),
        ],
        now - timedelta(days=3),
        intro="We rebuild the reading room in spring. Two minutes, and you only see what concerns you.",
        paged=True, closes_in_days=14, translations={"fr": OUVERT},
    )  # fmt: skip
    use, away, done, agree, evenings = poll.questions
    chance = random.Random(1914)
    own = {4: "Laptops sit at one end, readers at the other.", 9: "On laisse une table pour les jeux d’échecs."}
    retained = ["I read at home, where there is tea.", "Je ne savais pas qu’il y en avait une."]
    ballots = []
    for number, at in enumerate(moments(31, now - timedelta(days=3), now)):
        chosen = chance.choices(often, (5, 4, 2))[0]
        stances = [Value(o.id, number=chance.choices((1, 0, -1), (6, 2, 3))[0]) for o in agree.options]
        answers = {
            use.id: [option(use, chosen)],
            agree.id: [*stances, *([Value(text=own[number])] if number in own else [])],
        }
        if chosen != "Never":
            answers[done.id] = [option(done, chance.choice(("Read", "Study", "Work on a laptop")))]
            answers[evenings.id] = [Value(number=chance.randint(0, 8))]
        elif retained:
            answers[away.id] = [Value(text=retained.pop())]
        ballots.append(ballot(poll, number, answers, at, chance.choice(("en", "fr"))))
    submitted(ballots)


def _scheduled(community: Community, maya: Account, now: datetime) -> None:
    with writing() as session:
        poll = authoring.create_poll(
            session, community, "Which book shall we read together in winter?",
            [
                Draft("single", "Which book shall we read together in winter?", (
                    "The Lighthouse at Low Tide", "Une saison au port", "Letters from the Salt Road",
                ), shuffled=True),
            ],
            by=maya, opens_at=_whole_hour(now + timedelta(days=6)), closes_in_days=7,
        )  # fmt: skip
        publishing.publish(session, poll, by=maya)


def _whole_hour(at: datetime) -> datetime:
    return at.replace(hour=9, minute=0, second=0, microsecond=0)


def _day(at: datetime) -> str:
    return at.date().isoformat()
