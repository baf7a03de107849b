"""Webhooks for managers: the list, one with its deliveries, one delivery with everything that was sent."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from heard.accounts.access import Member, SignedIn, access_community, signed_in
from heard.accounts.models import AuditEntry, Webhook, WebhookDelivery
from heard.accounts.webhooks import jobs, registering, sending
from heard.accounts.webhooks.events import EVENTS, Event
from heard.accounts.webhooks.registering import State
from heard.accounts.webhooks.snippets import SNIPPETS
from heard.accounts.webhooks.words import outcome_of
from heard.kit import limits
from heard.kit.db import DbSession, Session, reading, writing
from heard.kit.errors import Refused
from heard.kit.i18n import _
from heard.kit.web import Form, first, page, read_form, see_other

router = APIRouter(prefix="/m/{community}/webhooks", include_in_schema=False)
SentForm = Annotated[Form, Depends(read_form)]
SHOWN = 25
TESTS = "10/minute"


@dataclass
class WebhooksPage:
    """All of a community, each with its state."""

    member: Member
    rows: list[tuple[Webhook, State]]


@dataclass
class WebhookForm:
    """A new webhook, or `webhook` to be changed."""

    member: Member
    events: list[Event]
    webhook: Webhook | None = None
    name: str = ""
    url: str = ""
    chosen: list[str] = field(default_factory=list)
    message: str = ""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Line:
    """A delivery in the list. `words` and `kind` of its state; `what`: what was answered, in words."""

    delivery: WebhookDelivery
    words: str
    kind: str
    what: str


@dataclass
class WebhookPage:
    """One webhook. `older`: the id to go on from; `paused`: the entry of the log that tells why."""

    member: Member
    webhook: Webhook
    state: State
    secret: str
    lines: list[Line]
    older: int | None
    first_page: bool
    paused: AuditEntry | None
    snippets: dict[str, str]


@dataclass
class DeliveryPage:
    """One delivery. `headers`: as they were sent with the last try, empty when that cannot be told any more."""

    member: Member
    webhook: Webhook
    line: Line
    headers: dict[str, str]
    secret_replaced: bool


@dataclass
class RemovalPage:
    """Before a webhook is deleted. `waiting`: how many deliveries would not be sent."""

    member: Member
    webhook: Webhook
    waiting: int


@router.get("")
def webhooks_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """The community's webhooks."""
    member = access_community(session, account, community, to="publish")
    hooks = registering.webhooks_of(session, member.community.id or 0)
    states = registering.states_of(session, hooks)
    return page(
        request, "account/webhooks.html", WebhooksPage(member, [(hook, states[hook.id or 0]) for hook in hooks])
    )


@router.get("/new")
def new_webhook_page(request: Request, account: SignedIn, session: Session, community: str) -> HTMLResponse:
    """What a webhook needs, and what it can be told of."""
    return _form(request, WebhookForm(access_community(session, account, community, to="publish"), [*EVENTS.values()]))


@router.post("/new")
def make_webhook(request: Request, community: str, form: SentForm) -> Response:
    """Make it. Its address is looked at between two transactions: a name can take seconds."""
    with reading() as session:  # see above
        member = access_community(session, signed_in(request, session), community, to="publish")
    shown = _filled(WebhookForm(member, [*EVENTS.values()]), form)
    try:
        limits.spend("webhook", str(member.account.id), TESTS)
        wish = registering.wish_of(shown.name, shown.url, shown.chosen)
        with writing() as session:  # see above
            member = access_community(session, signed_in(request, session), community, to="publish")
            made = registering.make(session, member.community, wish, by=member.account)
    except Refused as refusal:
        return _form(request, shown, refusal)
    return see_other(_at(member, made), flash=_("The webhook is made. Send a test to try it."))


@router.get("/{webhook_id}")
def webhook_page(
    request: Request, account: SignedIn, session: Session, community: str, webhook_id: int, before: int | None = None
) -> HTMLResponse:
    """Its state, its secret, its deliveries."""
    member, webhook = _access(session, account, community, webhook_id)
    found = registering.deliveries_of(session, webhook_id, before=before, limit=SHOWN + 1)
    older = found[SHOWN - 1].id if len(found) > SHOWN else None
    state = registering.states_of(session, [webhook])[webhook_id]
    paused = registering.last_deed(session, webhook, "webhook.paused") if webhook.paused_at else None
    shown = WebhookPage(
        member, webhook, state, registering.secret_of(webhook), [_line(d) for d in found[:SHOWN]], older, before is None,
        paused, SNIPPETS,
    )  # fmt: skip
    return page(request, "account/webhook.html", shown)


@router.get("/{webhook_id}/settings")
def webhook_settings_page(
    request: Request, account: SignedIn, session: Session, community: str, webhook_id: int
) -> HTMLResponse:
    """Name, address and events, to be changed."""
    member, webhook = _access(session, account, community, webhook_id)
    shown = WebhookForm(member, [*EVENTS.values()], webhook, webhook.name, webhook.url, webhook.events)
    return _form(request, shown)


@router.post("/{webhook_id}/settings")
def change_webhook(request: Request, community: str, webhook_id: int, form: SentForm) -> Response:
    """Change them. As for a new one, the name is asked for between two transactions."""
    with reading() as session:  # see above
        member, webhook = _access(session, signed_in(request, session), community, webhook_id)
    shown = _filled(WebhookForm(member, [*EVENTS.values()], webhook), form)
    try:
        limits.spend("webhook", str(member.account.id), TESTS)
        wish = registering.wish_of(shown.name, shown.url, shown.chosen)
        with writing() as session:  # see above
            member, webhook = _access(session, signed_in(request, session), community, webhook_id)
            registering.change(session, webhook, wish, by=member.account)
    except Refused as refusal:
        return _form(request, shown, refusal)
    return see_other(_at(member, webhook), flash=_("Saved."))


@router.post("/{webhook_id}/tests")
def send_test(request: Request, community: str, webhook_id: int) -> RedirectResponse:
    """Send a delivery that says nothing, the way all of them go, and show what came of it."""
    with writing() as session:  # committed before the network is asked
        member, webhook = _access(session, signed_in(request, session), community, webhook_id)
        limits.spend("webhook", str(member.account.id), TESTS)
        made = registering.queue_test(session, webhook)
    jobs.try_now(webhook_id, made.id or 0)
    return see_other(f"{_at(member, webhook)}/deliveries/{made.id}")


@router.post("/{webhook_id}/pause")
def pause_webhook(account: SignedIn, session: Session, community: str, webhook_id: int) -> RedirectResponse:
    """Nothing is sent until it is resumed."""
    member, webhook = _access(session, account, community, webhook_id)
    registering.pause(session, webhook, by=account)
    return see_other(_at(member, webhook), flash=_("The webhook is paused."))


@router.post("/{webhook_id}/resumption")
def resume_webhook(account: SignedIn, session: Session, community: str, webhook_id: int) -> RedirectResponse:
    """Send again, what waited first."""
    member, webhook = _access(session, account, community, webhook_id)
    registering.resume(session, webhook, by=account)
    return see_other(_at(member, webhook), flash=_("The webhook is told again of what happens."))


@router.post("/{webhook_id}/secret")
def replace_secret(account: SignedIn, session: Session, community: str, webhook_id: int) -> RedirectResponse:
    """A new secret, at once."""
    member, webhook = _access(session, account, community, webhook_id)
    registering.replace_secret(session, webhook, by=account)
    return see_other(
        f"{_at(member, webhook)}#secret", flash=_("There is a new secret. The old one signs nothing any more.")
    )


@router.get("/{webhook_id}/removal")
def removal_page(
    request: Request, account: SignedIn, session: Session, community: str, webhook_id: int
) -> HTMLResponse:
    """Delete it? Says what goes with it."""
    member, webhook = _access(session, account, community, webhook_id)
    return _removal(request, session, member, webhook)


@router.post("/{webhook_id}/removal")
def delete_webhook(
    request: Request, account: SignedIn, session: Session, community: str, webhook_id: int, form: SentForm
) -> Response:
    """Delete it with its deliveries, after a yes."""
    member, webhook = _access(session, account, community, webhook_id)
    if first(form, "delete") != "1":
        return _removal(request, session, member, webhook, status=422)
    registering.delete(session, webhook, by=account)
    return see_other(_at(member), flash=_("The webhook is deleted."))


@router.get("/{webhook_id}/deliveries/{delivery_id}")
def delivery_page(
    request: Request, account: SignedIn, session: Session, community: str, webhook_id: int, delivery_id: int
) -> HTMLResponse:
    """What was sent, and what was answered: the status, never the answer's words."""
    member, webhook = _access(session, account, community, webhook_id)
    delivery = registering.delivery_of(session, webhook, delivery_id)
    headers = sending.headers_as_sent(session, webhook, delivery)
    replaced = bool(delivery.sent_at and delivery.body and not headers)
    return page(
        request, "account/webhook_delivery.html", DeliveryPage(member, webhook, _line(delivery), headers, replaced)
    )


@router.post("/{webhook_id}/deliveries/{delivery_id}/tries")
def send_again(request: Request, community: str, webhook_id: int, delivery_id: int) -> RedirectResponse:
    """One more try of the same id, now."""
    with writing() as session:  # committed before the network is asked
        member, webhook = _access(session, signed_in(request, session), community, webhook_id)
        limits.spend("webhook", str(member.account.id), TESTS)
        registering.queue_again(session, registering.delivery_of(session, webhook, delivery_id))
    jobs.try_now(webhook_id, delivery_id)
    return see_other(f"{_at(member, webhook)}/deliveries/{delivery_id}")


def _access(session: DbSession, account: SignedIn, community: str, webhook_id: int) -> tuple[Member, Webhook]:
    member = access_community(session, account, community, to="publish")
    return member, registering.webhook_of(session, member.community.id or 0, webhook_id)


def _filled(shown: WebhookForm, form: Form) -> WebhookForm:
    shown.name, shown.url, shown.chosen = first(form, "name"), first(form, "url"), form.get("events", [])
    return shown


def _form(request: Request, shown: WebhookForm, refusal: Refused | None = None) -> HTMLResponse:
    if refusal:
        shown.message, shown.hint, shown.errors = refusal.message, refusal.hint, refusal.fields
    return page(request, "account/webhook_form.html", shown, status=refusal.status if refusal else 200)


def _removal(
    request: Request, session: DbSession, member: Member, webhook: Webhook, *, status: int = 200
) -> HTMLResponse:
    waiting = registering.states_of(session, [webhook])[webhook.id or 0].waiting
    return page(request, "account/webhook_removal.html", RemovalPage(member, webhook, waiting), status=status)


def _line(delivery: WebhookDelivery) -> Line:
    return Line(delivery, *outcome_of(delivery))


def _at(member: Member, webhook: Webhook | None = None) -> str:
    return f"/m/{member.community.slug}/webhooks{f'/{webhook.id}' if webhook else ''}"
