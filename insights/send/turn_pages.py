"""What was missed or has failed: a person sends it late, or leaves it. (Its list stands on the page of the briefs.)"""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from heard.accounts.access import SignedIn, access_community
from heard.kit.db import Session
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from heard.kit.web import Form, first, see_other
from insights.send import turns
from polls.write.forms import TypedForm

router = APIRouter(prefix="/m/{community}/turns", include_in_schema=False)


@router.post("/sending", status_code=303)
def send_missed(community: str, account: SignedIn, session: Session, typed: TypedForm) -> RedirectResponse:
    """Send now what was missed."""
    member = access_community(session, account, community, to="publish")
    n = turns.send_missed(session, member.community.id or 0, *_which(typed.form), by=account)
    words = ngettext(
        "On its way to %(n)s reader. Where it is set to wait for approval, it waits.",
        "On its way to %(n)s readers. Where it is set to wait for approval, it waits.",
        n,
    )
    return see_other(f"/m/{community}/briefs", flash=words % {"n": number(n)})


@router.post("/leaving", status_code=303)
def leave_missed(community: str, account: SignedIn, session: Session, typed: TypedForm) -> RedirectResponse:
    """Leave it at that."""
    member = access_community(session, account, community, to="publish")
    n = turns.leave_missed(session, member.community.id or 0, *_which(typed.form), by=account)
    words = ngettext(
        "Left: %(n)s reader gets no brief about these days.",
        "Left: %(n)s readers get no brief about these days.",
        n,
    )
    return see_other(f"/m/{community}/briefs", flash=words % {"n": number(n)})


def _which(form: Form) -> tuple[str, date, date]:
    try:
        return (
            first(form, "audience"),
            date.fromisoformat(first(form, "since")),
            date.fromisoformat(first(form, "until")),
        )
    except ValueError:
        raise BadInput(
            _("The days of the brief are missing."), hint=_("Open the page of the briefs and press the button there.")
        ) from None
