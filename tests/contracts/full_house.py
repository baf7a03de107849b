"""A garden with one of everything, for tests that walk all routes; and the routes themselves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from sqlmodel import select

from feedback.answer import actions, hearing
from feedback.imports import uploads
from feedback.imports.models import ImportRefusal
from feedback.models import Assignment, Suggestion, Theme, ThemeRefit
from feedback.themes import edits, refits
from heard.accounts import contact_lists, contacts, setup, signin_links, unsubscribing
from heard.accounts.contact_files import Person
from heard.accounts.models import ApiToken, Contact, WebhookDelivery
from heard.accounts.webhooks import events, registering
from heard.accounts.webhooks.registering import Wish
from heard.kit.clock import now
from heard.kit.db import reading, writing
from insights import jobs
from insights.decide import answers as decide
from insights.models import Brief, Turn
from insights.send import deliveries, readers
from polls.announce import participants, trial_jobs, trials
from polls.kinds.kind import Draft
from polls.models import Announcement, Poll
from polls.publish import invitations, links, mailing_jobs, mailing_plans, mailings
from polls.publish.links import Target
from tests.insights.scene import library, write
from tests.polls.trying import TrialHandle, trial_in
from tests.world import PollHandle, World

READER = "claire@board.example"
# The text fields of every form that takes any.
FIELDS = {
    "/p/{slug}": ("submission", "t", "via", "language", "shown", "page", "do", "topic", "seen", "member"),
    "/e/{slug}": ("submission", "via", "language", "shown", "topic", "seen"),
    "/r/{receipt}": ("submission", "shown"),
    "/sign-in": ("email", "password", "next"),
    "/language": ("language", "next"),
    "/account": ("name", "locale"),
    "/t/{slug}": ("email", "name", "agreed"),
    "/m/{community}/announcements/new": (
        "kind",
        "title",
        "what",
        "audience",
        "how",
        "starts_on",
        "ends_on",
        "places",
        "consent",
        "locale",
    ),
    "/m/{community}/announcements/{slug}/text": ("kind", "title", "what", "revision", "places"),
    "/m/{community}/announcements/{slug}/versions/{number}": ("name", "heard", "changed", "revision", "themes"),
    "/m/{community}/announcements/{slug}/end": ("outcome", "reason"),
    "/m/{community}/settings": (
        "name",
        "mission",
        "brand_story",
        "audience",
        "locale",
        "zone",
        "accent",
        "mails_per_week",
    ),
    "/m/{community}/settings/members": ("key", "member_url"),
    "/m/{community}/polls/{slug}/integrity/decisions": ("act", "group", "reason"),
    "/m/{community}/polls/{slug}/integrity/limit": ("limit",),
    "/m/{community}/people": ("email", "role"),
    "/m/{community}/tokens": ("name",),
    "/m/{community}/webhooks/new": ("url", "name", "events"),
    "/m/{community}/webhooks/{webhook_id}/settings": ("url", "name", "events"),
    "/m/{community}/contacts": ("name",),
    "/m/{community}/contacts/{list_id}/people": ("email", "name", "locale", "consent"),
    "/m/{community}/contacts/{list_id}/upload": ("rows", "consent"),
    "/m/{community}/contacts/{list_id}/people/upload": ("rows", "consent"),
    "/u/{token}": ("stop",),
    "/m/{community}/polls/new": (
        "title",
        "intro",
        "locale",
        "voter_rule",
        "revision",
        "question",
        "q-0-wording",
        "q-0-options",
        "q-0-section",
        "q-0-keep_last",
        "q-0-if",
        "opens_at",
        "closes",
        "closes_in_days",
        "removed",
        "quiet",
    ),
    "/m/{community}/polls/new/preview": ("title", "locale", "q-0-kind", "q-0-options", "q-0-set-rating-low"),
    "/m/{community}/polls/{slug}/framing": ("who", "sites"),
    "/m/{community}/polls/{slug}/invitations": ("count",),
    "/m/{community}/polls/{slug}/mailings": ("list", "of", "subject", "words", "count"),
    "/m/{community}/polls/{slug}/mailings/check": ("list", "of", "subject", "words"),
    "/m/{community}/polls/{slug}/mailings/test": ("list", "of", "subject", "words"),
    "/m/{community}/polls/{slug}/links": ("name",),
    "/m/{community}/announcements/{slug}/links": ("name",),
    "/m/{community}/announcements/{slug}/versions/{number}/links": ("name",),
    "/m/{community}/actions/{action_id}/links": ("name",),
    "/m/{community}/polls/{slug}/statements/{statement_id}/acceptance": ("words",),
    "/m/{community}/polls/{slug}/translations/{locale}": ("revision", "do"),
    "/m/{community}/polls/{slug}/schedule": ("opens_at", "closes_at", "closes_in_days"),
    "/m/{community}/polls/{slug}/corrections": ("part", "text"),
    "/m/{community}/polls/files": ("text",),
    "/m/{community}/polls/imports": ("title", "poll"),
    "/m/{community}/polls/imports/{import_id}": ("format", "hash", "do", "wording-0", "kind-0", "to-0"),
    "/m/{community}/polls/{slug}/themes/refit": ("what",),
    "/m/{community}/themes/{theme_id}": ("label", "from"),
    "/m/{community}/themes/{theme_id}/actions": ("title", "public_note", "status"),
    "/m/{community}/themes/{theme_id}/edits": ("kind", "new_label", "into", "comment", "on"),
    "/m/{community}/polls/{slug}/themes/answers": ("q", "kind", "new_label", "into", "comment"),
    "/m/{community}/polls/{slug}/themes/alone": ("q", "kind", "new_label", "into", "comment"),
    "/m/{community}/comments/{comment_id}": ("kind", "new_label", "into"),
    "/m/{community}/briefs": ("audience", "since", "until", "locale"),
    "/m/{community}/briefs/{brief_id}/deliveries": ("to",),
    "/m/{community}/briefs/{brief_id}/sentences/{position}": ("text", "began"),
    "/m/{community}/briefs/{brief_id}/quotes": ("comment", "as_written"),
    "/m/{community}/decisions/{decision_id}/action": ("theme", "title", "public_note", "status", "owner", "due_on"),
    "/b/{token}/decisions": ("kind", "note", "who", "due_on"),
    "/m/{community}/readers": ("to", "audience", "rhythm", "hour", "zone"),
    "/m/{community}/readers/{audience}/{contact_id}": ("rhythm", "weekday", "day", "hour", "zone"),
    "/m/{community}/turns/sending": ("audience", "since", "until"),
    "/m/{community}/turns/leaving": ("audience", "since", "until"),
}


@dataclass
class House:
    """What stands in it. `values`: for each placeholder of a route's address, something of the garden that exists."""

    poll: PollHandle  # open, with themes, an answer and a brief
    draft: PollHandle
    closed: PollHandle
    by_link: PollHandle
    anonymous: PollHandle
    stated: PollHandle  # with statements to vote on
    trial: TrialHandle  # with participants, a check-in, a published and a draft version
    values: dict[str, str]

    def path(self, route: str, **other: object) -> str:
        """The route's address with its placeholders filled in."""
        of_trial = "/announcements/" in route or route.startswith("/t/")
        filled = self.values | {
            "token": self.values.get(route.split("/")[1], ""), "slug": (self.trial if of_trial else self.poll).slug,
            **{k: str(v) for k, v in other.items()},
        }  # fmt: skip
        if route.startswith("/api/v1/communities"):
            filled["slug"] = other.get("slug", "garden")
        if "/options/" in route or route.endswith("/groups"):
            filled["slug"] = other.get("slug", self.stated.slug)
        if "/webhooks/" in route:
            filled["delivery_id"] = self.values["told_id"]
        if route.startswith("/sitemap-"):
            filled["number"] = "1"
        return route.format_map(filled)


def build(world: World, *, title: str = "Library hours", questions: list[Draft] | None = None) -> House:
    """Fill the garden."""
    poll = library(world, 12, title=title, results_rule="always")
    draft = world.draft_poll(questions or [], title=f"Draft: {title}")
    closed = world.open_poll(questions or [], title=f"Closed: {title}", results_rule="always")
    by_link = world.open_poll(voter_rule="link", title=f"By link: {title}")
    anonymous = world.open_poll(anonymous=True, title=f"Anonymous: {title}")
    stated = world.open_poll(
        [Draft("statements", title[:300], (title[:280], "More benches"))],
        title=f"Statements: {title}",
        results_rule="always",
    )
    receipt = world.vote(poll, {"q1": "Yes", "q3": "the opening hours are too short in the evening"})
    world.close(closed)
    world.token("olu", community="outside")
    world.token("ines")
    with writing() as session:
        invitations.invite(session, session.get_one(Poll, by_link.id), 2, by=None)
        theme = session.exec(select(Theme).where(Theme.poll_id == poll.id)).first()
        edit = edits.pin(session, theme, on=True, by=world.people["maya"])
        comment_id = session.exec(select(Assignment.comment_id).where(Assignment.poll_id == poll.id)).first()
        action = actions.publish_action(session, theme, "Longer hours", "Open till nine.", "done", by=None)
        session.add(proposal(session, poll.id, theme, title))
        sign_in = signin_links.make_link(session, world.people["vic"])
        asked = poll.questions[0].id
        added = Suggestion(id=2**62, poll_id=poll.id, question_id=asked, text=title[:280], text_hash="x", said_at=now())
        session.add(added)
    brief, made = write(world), []
    with writing() as session:
        row = session.get_one(Brief, brief.id)
        made = deliveries.send_to(session, row, [READER, "maya@garden.example"], by=world.people["maya"])
        asked = decide.record(session, made[1], "ask", note=title[:2000])
    jobs.deliver(brief.id)  # mails become files
    jobs.ask_to_confirm(next(d.contact_id for d in made if d.recipient == READER), brief.id)
    with reading() as session:
        tracked = links.links_of(session, Target(session.get_one(Poll, poll.id)))[0]
        contact = session.exec(select(Contact).where(Contact.address == READER)).one()
        member = next(d for d in made if d.recipient.startswith("maya"))
        token_id = session.exec(select(ApiToken.id).where(ApiToken.account_id == world.people["ines"].id)).one()
    with writing() as session:
        home = world.the_community(session)
        the_list = contact_lists.new_list(session, home, title[:120], by=world.people["maya"])
        people = [Person(f"{name}@readers.example", title[:120]) for name in ("ada", "bo", "cleo")]
        contact_lists.put(session, home, the_list, people, consent=title[:2000])
        row = session.get_one(Poll, poll.id)
        planned = mailing_plans.Round(row, home, the_list)
        plan = mailing_plans.plan(session, planned)
        mailing = mailings.begin(
            session, planned, plan, subject=title[:120], words=title[:600], by=world.people["maya"]
        )
        ada = session.exec(select(Contact).where(Contact.address == "ada@readers.example")).one()
        of_file = uploads.begin(
            session, home, f"{title[:120]}.csv", poll=None, title=title[:120], by=world.people["maya"]
        )
        of_file.status, of_file.rows, of_file.refused = (
            "running",
            3,
            1,
        )  # so that nobody's removal takes it from the next
        session.add(ImportRefusal(import_id=of_file.id, number=1, line=2, reason=title[:200]))
        import_id = of_file.id
        readers.subscribe(session, ada, "leadership")
        readers.subscribe(session, ada, "product")
        session.flush()
        for audience in ("leadership", "product"):  # missed, so that there is something to send late, or to leave
            session.add(
                Turn(
                    community_id=home.id,
                    contact_id=ada.id,
                    audience=audience,
                    until=date(2026, 11, 8),
                    period_since=date(2026, 11, 2),
                    drafts_at=now(),
                    due_at=now(),
                    state="missed",
                    done_at=now(),
                )
            )
    mailing_jobs.queue(mailing.id, 0)
    mailing_jobs.send(mailing.id)
    trial = trial_in(world, title=f"Trial: {title}", what=title, audience=title, how=title, consent=title)
    trial.sign_up("dora@home.example", "emil@home.example")
    trial.ask()
    trial.next_version(title, title)
    with writing() as session:
        row = session.get_one(Announcement, trial.id)
        hearing.link_themes(session, row, trials.version_of(session, row, 2), [theme.id or 0], by=None)
        version_id = trials.version_of(session, row, 2).id or 0
        trials.begin_version(session, row, by=None)
        person_id = participants.joined_of(session, trial.id)[1]
    trial_jobs.welcome(person_id)
    trial_jobs.tell_of_version(version_id)
    with writing() as session:
        home = world.the_community(session)
        wish = Wish(title[:120], f"http://127.0.0.1/{title[:60]}", ["poll.opened"])  # an address that is never called
        webhook = registering.make(session, home, wish, by=world.people["maya"])
        events.tell(session, home.id or 0, "poll.opened", "x", {"title": title})
        told = session.exec(select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)).one()
    values = {
        "community": "garden", "audience": "leadership", "form": "csv",
        "question": poll.questions[0].name, "locale": "fr", "anchor": actions.anchor_of(action),
        "ending": "txt", "position": 2, "version": "x", "name": "app.css", "receipt": receipt,
        "theme_id": theme.id, "edit_id": edit.id, "comment_id": comment_id,
        "action_id": action.id, "brief_id": brief.id, "delivery_id": member.id, "token_id": token_id,
        "statement_id": 2**62, "option_id": stated.questions[0].options[0].id,
        "account_id": world.people["vic"].id, "b": deliveries.token_of(brief.id, "maya@garden.example"),
        "decision_id": asked.id, "u": unsubscribing.token_of(contact, contacts.BRIEFS),
        "subscriptions": readers.confirm_token(contact), "sign-in": sign_in.rpartition("/")[2], "setup": setup.setup_token(),
        "t": trial.tokens["dora@home.example"], "l": tracked.token, "number": 3, "participant_id": person_id,
        "list_id": the_list.id, "mailing_id": mailing.id, "import_id": import_id, "contact_id": ada.id,
        "webhook_id": webhook.id, "told_id": told.id,
    }  # fmt: skip
    return House(
        poll, draft, closed, by_link, anonymous, stated, trial, {name: str(value) for name, value in values.items()}
    )


def proposal(session, poll_id: int, theme: Theme, label: str) -> ThemeRefit:
    """What finding all themes anew would change, invented: some answers of a theme go to a new one."""
    stays = {"id": theme.id, "parent": None, "label": theme.label, "n": 9}
    opens = {"id": -1, "parent": None, "label": label[:120], "n": 4}
    words = {"keywords": [label[:40]], "quotes": theme.quotes, "summary": "", "fresh": 0}
    result = {
        "stand": refits.stand_of(session, poll_id), "engine": "words", "n": 13, "moves": 4, "held": 0,
        "now": [stays | {"n": 13, "to": [[-1, 4]]}],
        "then": [stays | words | {"stay": 9, "from": []}, opens | words | {"stay": 0, "from": [[theme.id, 4]]}],
    }  # fmt: skip
    return ThemeRefit(poll_id=poll_id, base=1, result=result, made_at=now())


def routes() -> list[str]:
    """Every route of the app as "GET /m/{community}"; HEAD is answered like GET."""
    from heard.app import app

    found = [(c.methods or c.original_route.methods, c.path) for c in iter_route_contexts(app.routes)]
    return sorted(f"{method} {path}" for methods, path in found for method in methods - {"HEAD"})


def contents() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with reading() as session:
        found: dict[str, list[str]] = {}
        from heard.kit.db import metadata

        for table in metadata.sorted_tables:
            found[table.name] = sorted(repr(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table.name}")))
    return found


def anything() -> dict[str, Any]:
    """A form that no page takes whole: who may write gets 422 or has it done, who may not is refused before."""
    return {"nothing": "at all", "role": "viewer"}
