"""One table for all: every route of the app and who may use it. A route without a row fails."""

from datetime import timedelta

import pytest
from sqlmodel import select

from heard.accounts.models import ApiToken
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import writing
from tests.contracts import full_house

PEOPLE = ("vic", "ravi", "maya", "ines")
MAY = {"read": PEOPLE, "export": PEOPLE[1:], "work": PEOPLE[1:], "publish": PEOPLE[2:], "people": PEOPLE[3:]}

# Pages of a community and its API: the right that each needs ("work": themes and answers). Olu gets 404 on all of them.
COMMUNITY = {
    "read": """
        GET /m/{community}
        GET /m/{community}/announcements
        GET /m/{community}/announcements/{slug}
        GET /m/{community}/polls
        GET /m/{community}/polls/{slug}
        GET /m/{community}/polls/{slug}/file.json
        GET /m/{community}/polls/{slug}/file.yaml
        GET /m/{community}/polls/{slug}/framing
        GET /m/{community}/polls/{slug}/integrity
        GET /m/{community}/polls/{slug}/preview
        GET /m/{community}/actions/{action_id}/qr.png
        GET /m/{community}/actions/{action_id}/qr.svg
        GET /m/{community}/actions/{action_id}/sharing
        GET /m/{community}/announcements/{slug}/qr.png
        GET /m/{community}/announcements/{slug}/qr.svg
        GET /m/{community}/announcements/{slug}/sharing
        GET /m/{community}/announcements/{slug}/versions/{number}/qr.png
        GET /m/{community}/announcements/{slug}/versions/{number}/qr.svg
        GET /m/{community}/announcements/{slug}/versions/{number}/sharing
        GET /m/{community}/polls/{slug}/qr.png
        GET /m/{community}/polls/{slug}/qr.svg
        GET /m/{community}/polls/{slug}/results
        GET /m/{community}/polls/{slug}/results/live
        GET /m/{community}/polls/{slug}/sharing
        GET /m/{community}/polls/{slug}/groups
        GET /m/{community}/polls/{slug}/themes
        GET /m/{community}/polls/{slug}/themes/alone
        GET /m/{community}/polls/{slug}/themes/answers
        GET /m/{community}/comments/{comment_id}
        GET /m/{community}/polls/{slug}/themes/runs
        GET /m/{community}/sharing
        GET /m/{community}/themes
        GET /m/{community}/themes/{theme_id}
        GET /m/{community}/answers
        GET /m/{community}/briefs
        GET /m/{community}/briefs/{brief_id}
        GET /m/{community}/briefs/{brief_id}/brief.{ending}
        GET /m/{community}/briefs/{brief_id}/charts
        GET /m/{community}/briefs/{brief_id}/evidence/{position}
        GET /m/{community}/briefs/{brief_id}/mail
        GET /m/{community}/briefs/{brief_id}/mail/frame
        GET /m/{community}/decisions/{decision_id}
        GET /m/{community}/tokens
        POST /m/{community}/tokens
        GET /api/v1/actions/{action_id}/links
        GET /api/v1/announcements/{slug}
        GET /api/v1/announcements/{slug}/links
        GET /api/v1/announcements/{slug}/versions/{number}/links
        GET /api/v1/briefs/{brief_id}
        GET /api/v1/briefs/{brief_id}/deliveries
        GET /api/v1/briefs/{brief_id}/evidence/{position}
        GET /api/v1/briefs/{brief_id}/quotes
        GET /api/v1/briefs/{brief_id}/sentences
        GET /api/v1/communities/{slug}/decisions
        GET /api/v1/communities/{slug}
        GET /api/v1/communities/{slug}/actions
        GET /api/v1/communities/{slug}/announcements
        GET /api/v1/communities/{slug}/briefs
        GET /api/v1/communities/{slug}/polls
        GET /api/v1/communities/{slug}/turns
        GET /api/v1/communities/{slug}/unanswered
        GET /api/v1/polls/{slug}
        GET /api/v1/polls/{slug}/file
        GET /api/v1/polls/{slug}/integrity
        GET /api/v1/polls/{slug}/framing
        GET /api/v1/polls/{slug}/groups
        GET /api/v1/polls/{slug}/links
        GET /api/v1/polls/{slug}/comments
        GET /api/v1/polls/{slug}/themes
        GET /api/v1/comments/{comment_id}
        GET /api/v1/polls/{slug}/themes/runs
        GET /api/v1/themes/{theme_id}
        GET /api/v1/themes/{theme_id}/comments
    """,
    "export": """
        GET /m/{community}/polls/{slug}/responses.{form}
        GET /m/{community}/polls/{slug}/codebook
        GET /m/{community}/polls/{slug}/crossing
        GET /m/{community}/themes/{theme_id}/trend
        GET /m/{community}/polls/{slug}/crossing.csv
        GET /m/{community}/polls/{slug}/results/all.csv
        GET /m/{community}/polls/{slug}/results/{question}.{form}
        GET /api/v1/polls/{slug}/crossing
        GET /api/v1/polls/{slug}/view
        GET /api/v1/polls/{slug}/exports/{form}
        GET /api/v1/polls/{slug}/responses
    """,
    "work": """
        POST /m/{community}/polls/{slug}/themes/runs
        POST /m/{community}/polls/{slug}/themes/runs/stop
        GET /m/{community}/polls/{slug}/themes/refit
        POST /m/{community}/polls/{slug}/themes/refit
        POST /m/{community}/themes/{theme_id}
        POST /m/{community}/themes/{theme_id}/actions
        POST /m/{community}/decisions/{decision_id}/action
        POST /m/{community}/themes/{theme_id}/edits
        POST /m/{community}/polls/{slug}/themes/edits/{edit_id}/undoing
        POST /m/{community}/polls/{slug}/themes/alone
        POST /m/{community}/polls/{slug}/themes/answers
        POST /m/{community}/comments/{comment_id}
        POST /m/{community}/actions/{action_id}/withdrawal
        POST /api/v1/polls/{slug}/themes/runs
        DELETE /api/v1/polls/{slug}/themes/runs
        GET /api/v1/polls/{slug}/themes/refit
        POST /api/v1/polls/{slug}/themes/refit
        DELETE /api/v1/polls/{slug}/themes/refit
        PATCH /api/v1/themes/{theme_id}
        POST /api/v1/themes/{theme_id}/actions
        POST /api/v1/decisions/{decision_id}/action
        POST /api/v1/themes/{theme_id}/edits
        GET /api/v1/polls/{slug}/themes/edits
        POST /api/v1/polls/{slug}/themes/edits
        POST /api/v1/polls/{slug}/themes/edits/{edit_id}/undoing
        POST /api/v1/actions/{action_id}/withdrawal
    """,
    "publish": """
        GET /m/{community}/announcements/new
        POST /m/{community}/announcements/new
        GET /m/{community}/announcements/{slug}/text
        POST /m/{community}/announcements/{slug}/text
        POST /m/{community}/announcements/{slug}/participants/{participant_id}/removal
        POST /m/{community}/announcements/{slug}/versions
        GET /m/{community}/announcements/{slug}/versions/{number}
        POST /m/{community}/announcements/{slug}/versions/{number}
        POST /m/{community}/announcements/{slug}/versions/{number}/asking
        POST /m/{community}/announcements/{slug}/versions/{number}/check-in
        POST /m/{community}/announcements/{slug}/end
        GET /m/{community}/mail
        POST /m/{community}/mail/checks
        POST /m/{community}/mail/tests
        POST /m/{community}/actions/{action_id}/links
        POST /m/{community}/actions/{action_id}/sharing
        POST /m/{community}/announcements/{slug}/links
        POST /m/{community}/announcements/{slug}/sharing
        POST /m/{community}/announcements/{slug}/versions/{number}/links
        POST /m/{community}/announcements/{slug}/versions/{number}/sharing
        GET /m/{community}/webhooks
        GET /m/{community}/webhooks/new
        POST /m/{community}/webhooks/new
        GET /m/{community}/webhooks/{webhook_id}
        GET /m/{community}/webhooks/{webhook_id}/settings
        POST /m/{community}/webhooks/{webhook_id}/settings
        GET /m/{community}/webhooks/{webhook_id}/deliveries/{delivery_id}
        POST /m/{community}/webhooks/{webhook_id}/deliveries/{delivery_id}/tries
        POST /m/{community}/webhooks/{webhook_id}/tests
        POST /m/{community}/webhooks/{webhook_id}/pause
        POST /m/{community}/webhooks/{webhook_id}/resumption
        POST /m/{community}/webhooks/{webhook_id}/secret
        GET /m/{community}/webhooks/{webhook_id}/removal
        POST /m/{community}/webhooks/{webhook_id}/removal
        GET /m/{community}/polls/new
        GET /m/{community}/polls/new/preview
        GET /m/{community}/polls/files
        GET /m/{community}/polls/imports
        POST /m/{community}/polls/imports
        GET /m/{community}/polls/imports/new
        GET /m/{community}/polls/imports/{import_id}
        POST /m/{community}/polls/imports/{import_id}
        POST /m/{community}/polls/imports/{import_id}/file
        GET /m/{community}/polls/imports/{import_id}/progress
        GET /m/{community}/polls/imports/{import_id}/refused.csv
        POST /m/{community}/polls/imports/{import_id}/removal
        POST /m/{community}/polls/imports/{import_id}/stopping
        GET /m/{community}/polls/templates
        GET /m/{community}/polls/{slug}/closing
        GET /m/{community}/polls/{slug}/corrections
        GET /m/{community}/polls/{slug}/mailings
        POST /m/{community}/polls/{slug}/mailings
        GET /m/{community}/polls/{slug}/mailings/new
        GET /m/{community}/polls/{slug}/mailings/preview
        POST /m/{community}/polls/{slug}/mailings/check
        POST /m/{community}/polls/{slug}/mailings/test
        GET /m/{community}/polls/{slug}/mailings/{mailing_id}
        POST /m/{community}/polls/{slug}/mailings/{mailing_id}/resumption
        POST /m/{community}/polls/{slug}/mailings/{mailing_id}/stopping
        GET /m/{community}/polls/{slug}/schedule
        GET /m/{community}/polls/{slug}/invitations.csv
        GET /m/{community}/polls/{slug}/statements
        POST /m/{community}/polls/{slug}/statements/{statement_id}/acceptance
        POST /m/{community}/polls/{slug}/statements/{statement_id}/rejection
        POST /m/{community}/polls/{slug}/options/{option_id}/moderation
        POST /m/{community}/polls/{slug}/options/{option_id}/readmission
        GET /m/{community}/polls/{slug}/translations
        GET /m/{community}/polls/{slug}/translations/{locale}
        GET /m/{community}/briefs/{brief_id}/deliveries/{delivery_id}.eml
        GET /m/{community}/briefs/{brief_id}/quotes
        GET /m/{community}/briefs/{brief_id}/words
        GET /m/{community}/contacts
        POST /m/{community}/contacts
        GET /m/{community}/contacts/{list_id}
        POST /m/{community}/contacts/{list_id}/people
        POST /m/{community}/contacts/{list_id}/people/upload
        GET /m/{community}/contacts/{list_id}/upload
        POST /m/{community}/contacts/{list_id}/upload
        GET /m/{community}/contacts/people/{contact_id}/erasure
        POST /m/{community}/briefs
        GET /m/{community}/readers
        POST /m/{community}/readers
        GET /m/{community}/readers/{audience}/{contact_id}
        POST /m/{community}/readers/{audience}/{contact_id}
        POST /m/{community}/readers/{audience}/{contact_id}/removal
        POST /m/{community}/turns/sending
        POST /m/{community}/turns/leaving
        GET /m/{community}/sending
        POST /m/{community}/sending
        POST /m/{community}/briefs/{brief_id}/deliveries
        POST /m/{community}/briefs/{brief_id}/sentences/{position}
        POST /m/{community}/briefs/{brief_id}/quotes
        POST /m/{community}/briefs/{brief_id}/approval
        POST /m/{community}/briefs/{brief_id}/rewording
        POST /m/{community}/briefs/{brief_id}/rewording/undoing
        POST /m/{community}/briefs/{brief_id}/poll
        POST /m/{community}/decisions/{decision_id}/poll
        POST /m/{community}/polls/new
        POST /m/{community}/polls/new/preview
        POST /m/{community}/polls/{slug}
        POST /m/{community}/polls/files
        POST /m/{community}/polls/{slug}/archiving
        POST /m/{community}/polls/{slug}/closing
        POST /m/{community}/polls/{slug}/copies
        POST /m/{community}/polls/{slug}/corrections
        POST /m/{community}/polls/{slug}/editions
        POST /m/{community}/polls/{slug}/framing
        POST /m/{community}/polls/{slug}/integrity/decisions
        POST /m/{community}/polls/{slug}/integrity/limit
        POST /m/{community}/polls/{slug}/invitations
        POST /m/{community}/polls/{slug}/links
        POST /m/{community}/polls/{slug}/opening
        POST /m/{community}/polls/{slug}/preview
        POST /m/{community}/polls/{slug}/reopening
        POST /m/{community}/polls/{slug}/translations/{locale}
        POST /m/{community}/polls/{slug}/translations/{locale}/removal
        POST /m/{community}/polls/{slug}/restoring
        POST /m/{community}/polls/{slug}/schedule
        POST /m/{community}/contacts/{list_id}/people/{contact_id}/removal
        POST /m/{community}/contacts/people/{contact_id}/erasure
        POST /m/{community}/polls/{slug}/sharing
        GET /api/v1/communities/{slug}/webhooks
        POST /api/v1/communities/{slug}/webhooks
        GET /api/v1/webhooks/{webhook_id}
        PATCH /api/v1/webhooks/{webhook_id}
        GET /api/v1/webhooks/{webhook_id}/deliveries
        GET /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}
        POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/tries
        POST /api/v1/webhooks/{webhook_id}/tests
        POST /api/v1/webhooks/{webhook_id}/pause
        POST /api/v1/webhooks/{webhook_id}/resumption
        POST /api/v1/webhooks/{webhook_id}/secret
        POST /api/v1/briefs/{brief_id}/deliveries
        PATCH /api/v1/briefs/{brief_id}/sentences/{position}
        POST /api/v1/briefs/{brief_id}/quotes
        POST /api/v1/briefs/{brief_id}/approval
        POST /api/v1/decisions/{decision_id}/poll
        POST /api/v1/communities/{slug}/briefs
        POST /api/v1/communities/{slug}/polls
        POST /api/v1/communities/{slug}/polls/files
        PATCH /api/v1/polls/{slug}
        POST /api/v1/polls/{slug}/archiving
        POST /api/v1/polls/{slug}/closing
        POST /api/v1/polls/{slug}/copies
        POST /api/v1/polls/{slug}/corrections
        POST /api/v1/polls/{slug}/editions
        POST /api/v1/polls/{slug}/integrity/decisions
        PUT /api/v1/polls/{slug}/integrity/limit
        GET /api/v1/communities/{slug}/imports
        POST /api/v1/communities/{slug}/imports
        GET /api/v1/imports/{import_id}
        PATCH /api/v1/imports/{import_id}
        GET /api/v1/imports/{import_id}/refusals
        POST /api/v1/imports/{import_id}/recording
        POST /api/v1/imports/{import_id}/stopping
        DELETE /api/v1/imports/{import_id}
        POST /api/v1/polls/{slug}/opening
        POST /api/v1/polls/{slug}/reopening
        POST /api/v1/polls/{slug}/restoring
        POST /api/v1/polls/{slug}/schedule
        DELETE /api/v1/webhooks/{webhook_id}
        POST /api/v1/actions/{action_id}/links
        PATCH /api/v1/announcements/{slug}
        POST /api/v1/announcements/{slug}/links
        GET /api/v1/announcements/{slug}/participants
        DELETE /api/v1/announcements/{slug}/participants/{participant_id}
        POST /api/v1/announcements/{slug}/publication
        GET /api/v1/announcements/{slug}/versions
        POST /api/v1/announcements/{slug}/versions
        GET /api/v1/announcements/{slug}/versions/{number}
        PATCH /api/v1/announcements/{slug}/versions/{number}
        POST /api/v1/announcements/{slug}/versions/{number}/asking
        POST /api/v1/announcements/{slug}/versions/{number}/check-in
        POST /api/v1/announcements/{slug}/versions/{number}/links
        POST /api/v1/announcements/{slug}/versions/{number}/publication
        POST /api/v1/announcements/{slug}/end
        POST /api/v1/communities/{slug}/announcements
        GET /api/v1/communities/{slug}/lists
        POST /api/v1/communities/{slug}/lists
        GET /api/v1/communities/{slug}/readers
        PUT /api/v1/communities/{slug}/readers
        GET /api/v1/communities/{slug}/readers/{audience}
        DELETE /api/v1/communities/{slug}/readers/{audience}/{contact_id}
        POST /api/v1/communities/{slug}/turns/sending
        POST /api/v1/communities/{slug}/turns/leaving
        GET /api/v1/communities/{slug}/templates
        GET /api/v1/lists/{list_id}
        GET /api/v1/lists/{list_id}/people
        POST /api/v1/lists/{list_id}/people
        DELETE /api/v1/lists/{list_id}/people/{contact_id}
        POST /api/v1/lists/{list_id}/uploads
        POST /api/v1/lists/{list_id}/uploads/plans
        DELETE /api/v1/contacts/{contact_id}
        PUT /api/v1/polls/{slug}/framing
        GET /api/v1/polls/{slug}/invitations
        POST /api/v1/polls/{slug}/invitations
        POST /api/v1/polls/{slug}/links
        GET /api/v1/polls/{slug}/mailings
        POST /api/v1/polls/{slug}/mailings
        POST /api/v1/polls/{slug}/mailings/plans
        POST /api/v1/polls/{slug}/mailings/tests
        GET /api/v1/polls/{slug}/mailings/{mailing_id}
        POST /api/v1/polls/{slug}/mailings/{mailing_id}/resumption
        POST /api/v1/polls/{slug}/mailings/{mailing_id}/stopping
        GET /api/v1/polls/{slug}/statements
        POST /api/v1/polls/{slug}/statements/{statement_id}/acceptance
        POST /api/v1/polls/{slug}/statements/{statement_id}/rejection
        POST /api/v1/polls/{slug}/options/{option_id}/moderation
        POST /api/v1/polls/{slug}/options/{option_id}/readmission
        GET /api/v1/polls/{slug}/translations
        GET /api/v1/polls/{slug}/translations/{locale}
        PUT /api/v1/polls/{slug}/translations/{locale}
        DELETE /api/v1/polls/{slug}/translations/{locale}
    """,
    # the removals come last: they take Vic away
    "people": """
        GET /m/{community}/people
        POST /m/{community}/people
        POST /m/{community}/people/{account_id}/role
        GET /m/{community}/settings
        POST /m/{community}/settings
        POST /m/{community}/settings/members
        POST /m/{community}/sending/pause
        POST /m/{community}/people/{account_id}/removal
        PATCH /api/v1/communities/{slug}
        GET /api/v1/communities/{slug}/log
        GET /api/v1/communities/{slug}/people
        POST /api/v1/communities/{slug}/people
        PUT /api/v1/communities/{slug}/people/{account_id}
        DELETE /api/v1/communities/{slug}/people/{account_id}
    """,
}
ROWS = {row.strip(): right for right, rows in COMMUNITY.items() for row in rows.strip().splitlines()}
# One's own: whoever is signed in. A token belongs to one person, so everybody else's is 404, members included.
SIGNED_IN = ("GET /account", "POST /account", "POST /account/password", "GET /communities")
OWN = "POST /m/{community}/tokens/{token_id}/revocation"
TOKEN = "GET /api/v1/token"  # what the token of the call may do, wherever it belongs
# Everybody, without an account. What stands behind a secret address is for whoever has the address.
PUBLIC = """
    GET /
    GET /api/openapi.json
    GET /assets/plotly.min.js
    GET /assets/{version}/{name}
    GET /b/{token}
    GET /b/{token}/evidence/{position}
    POST /b/{token}/decisions
    GET /c/{community}
    GET /c/{community}/answers/{anchor}
    GET /c/{community}/answers/{anchor}/card.png
    GET /c/{community}/card.png
    GET /c/{community}/feed.atom
    GET /e/{slug}
    GET /embed.js
    POST /e/{slug}
    GET /healthz
    GET /metrics
    GET /l/{token}
    GET /l/{token}/results
    POST /language
    GET /oembed
    GET /p/{slug}
    POST /p/{slug}
    GET /p/{slug}/card.png
    GET /p/{slug}/groups
    GET /p/{slug}/marks
    GET /p/{slug}/marks.txt
    GET /p/{slug}/results
    GET /api/v1/polls/{slug}/results
    POST /api/v1/polls/{slug}/responses
    GET /api/v1/receipts/{receipt}
    PUT /api/v1/receipts/{receipt}
    DELETE /api/v1/receipts/{receipt}
    GET /r/{receipt}
    POST /r/{receipt}
    GET /r/{receipt}/change
    GET /r/{receipt}/groups
    GET /r/{receipt}/results
    GET /r/{receipt}/withdrawal
    POST /r/{receipt}/withdrawal
    GET /readyz
    GET /robots.txt
    GET /setup/{token}
    POST /setup/{token}
    GET /sitemap-{number}.xml
    GET /sitemap.xml
    GET /sign-in
    POST /sign-in
    GET /sign-in/{token}
    POST /sign-in/{token}
    POST /sign-out
    GET /subscriptions/{token}
    POST /subscriptions/{token}
    GET /subscriptions/{token}/rhythm
    POST /subscriptions/{token}/rhythm
    GET /t/{slug}
    POST /t/{slug}
    GET /t/{slug}/card.png
    GET /t/{slug}/me/{token}
    POST /t/{slug}/me/{token}
    POST /t/{slug}/me/{token}/leaving
    GET /t/{slug}/me/{token}/silence
    POST /t/{slug}/me/{token}/silence
    GET /u/{token}
    POST /u/{token}
    POST /u/{token}/return
    GET /welcome
"""
PUBLIC_ROWS = [row.strip() for row in PUBLIC.strip().splitlines()]


def test_every_route_has_a_row_and_every_row_a_route():
    assert sorted([*ROWS, *SIGNED_IN, OWN, TOKEN, *PUBLIC_ROWS]) == full_house.routes()


@pytest.fixture
def house(world):
    return full_house.build(world)


def asked(browser, house, row, *, headers=None, **other):
    """The answer to this route, with a form or a body that nobody takes whole."""
    method, route = row.split(" ")
    sent = {} if method == "GET" else {"json" if route.startswith("/api/") else "data": full_house.anything()}
    return browser.request(method, house.path(route, **other), headers=headers, **sent)


def test_pages_of_a_community_are_for_its_members_by_their_role(world, client, house):
    """Whoever may gets an answer, a smaller role 403, an outsider 404, nobody the door."""
    browsers = {person: client.sign_in(person) for person in ("olu", *PEOPLE)}
    wrong = []
    for row, right in ROWS.items():
        if "/api/" in row:
            continue
        seen = {person: asked(browser, house, row).status_code for person, browser in browsers.items()}
        nobody = asked(client, house, row)
        shut = (nobody.status_code, nobody.headers.get("location", "")[:8])
        if shut != ((302, "/sign-in") if row.startswith("GET") else (401, "")):
            wrong.append(f"{row}: nobody {shut}")
        wrong += [f"{row}: {person} {status}" for person, status in seen.items() if not fits(person, status, right)]
    assert wrong == []


def fits(person, status, right):
    """Whether this answer is right for this person: done, or refused for what was sent and not for who sent it."""
    if person == "olu":
        return status == 404
    return status in (200, 201, 202, 204, 302, 303, 409, 422) if person in MAY[right] else status == 403


def test_the_api_of_a_community_is_for_its_members_tokens_by_their_role(world, client, house):
    keys = {person: f"Bearer {world.token(person)}" for person in PEOPLE}
    keys |= {"olu": f"Bearer {world.token('olu', community='outside')}"}
    wrong = []
    for row, right in ROWS.items():
        if "/api/" not in row:
            continue
        seen = {p: asked(client, house, row, headers={"authorization": key}).status_code for p, key in keys.items()}
        wrong += [
            f"{row}: {person} {status}" for person, status in seen.items() if not fits_api(row, person, status, right)
        ]
        for header in ("", "Bearer ", "Bearer wrong", "Basic eDp5"):
            if (status := asked(client, house, row, headers={"authorization": header}).status_code) != 401:
                wrong.append(f"{row}: {header!r} {status}")
    assert wrong == []


def fits_api(row, person, status, right):
    """As `fits`; where the body is checked before the role, a body with an unknown field is 422 for everybody alike; what
    Maya has deleted is not there for Ines."""
    if row.startswith("DELETE") and (person, status) in (("maya", 204), ("ines", 404)):
        return True
    return fits(person, status, right) or (status == 422 and not row.startswith("GET"))


VALID = {
    "POST /api/v1/communities/{slug}/polls": {"questions": [{"kind": "long_text", "wording": "Why?"}]},
    "PATCH /api/v1/polls/{slug}": {"title": "Another"},
    "POST /api/v1/polls/{slug}/themes/runs": {"full": True},
    "DELETE /api/v1/polls/{slug}/themes/runs": None,
    "POST /api/v1/polls/{slug}/themes/refit": {"what": "make"},
    "DELETE /api/v1/polls/{slug}/themes/refit": None,
    "POST /api/v1/themes/{theme_id}/actions": {"title": "New", "public_note": "Note", "status": "done"},
    "POST /api/v1/communities/{slug}/briefs": {"audience": "product"},
    "POST /api/v1/briefs/{brief_id}/deliveries": {"to": ["somebody@board.example"]},
    "PATCH /api/v1/briefs/{brief_id}/sentences/{position}": {"text": "", "began": ""},
    "POST /api/v1/briefs/{brief_id}/quotes": {"comments": [], "as_written": []},
    "POST /api/v1/briefs/{brief_id}/approval": {"quotes": "ticked"},
    "POST /api/v1/decisions/{decision_id}/poll": None,
    "POST /api/v1/decisions/{decision_id}/action": {"title": "New", "public_note": "Note", "status": "planned"},
    "PUT /api/v1/communities/{slug}/readers": {"address": "noor@board.example", "audience": "leadership"},
    "DELETE /api/v1/communities/{slug}/readers/{audience}/{contact_id}": None,
    "POST /api/v1/communities/{slug}/turns/sending": {
        "audience": "product",
        "since": "2026-11-02",
        "until": "2026-11-08",
    },
    "POST /api/v1/communities/{slug}/turns/leaving": {
        "audience": "product",
        "since": "2026-11-02",
        "until": "2026-11-08",
    },
    "POST /api/v1/communities/{slug}/webhooks": {"url": "https://198.41.0.4/hook", "events": ["poll.opened"]},
    "PATCH /api/v1/webhooks/{webhook_id}": {"name": "Another"},
    "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/tries": None,
    "POST /api/v1/webhooks/{webhook_id}/tests": None,
    "POST /api/v1/webhooks/{webhook_id}/pause": None,
    "POST /api/v1/webhooks/{webhook_id}/resumption": None,
    "POST /api/v1/webhooks/{webhook_id}/secret": None,
    "DELETE /api/v1/webhooks/{webhook_id}": None,
    "POST /api/v1/polls/{slug}/opening": None,
    "POST /api/v1/polls/{slug}/closing": None,
    "POST /api/v1/polls/{slug}/reopening": None,
    "POST /api/v1/polls/{slug}/archiving": None,
    "POST /api/v1/polls/{slug}/restoring": None,
    "POST /api/v1/polls/{slug}/editions": None,
    "POST /api/v1/polls/{slug}/integrity/decisions": {"act": "count", "group": "bot", "reason": "Why not"},
    "PUT /api/v1/polls/{slug}/integrity/limit": {"limit": 30},
    "POST /api/v1/communities/{slug}/imports": {"file_name": "days.csv", "content": "V2h5Pwp5ZXMK"},
    "PATCH /api/v1/imports/{import_id}": {"listed": True},
    "POST /api/v1/imports/{import_id}/recording": {"hash": ""},
    "POST /api/v1/imports/{import_id}/stopping": None,
    "DELETE /api/v1/imports/{import_id}": None,
    "POST /api/v1/polls/{slug}/copies": None,
    "POST /api/v1/polls/{slug}/schedule": {"closes_at": "2040-05-01T12:00:00Z"},
    "POST /api/v1/polls/{slug}/corrections": {"part": "title", "text": "Library huors"},
    "POST /api/v1/communities/{slug}/polls/files": {"text": "heard_poll: 1\ntitle: New"},
    "PATCH /api/v1/themes/{theme_id}": {"label": "Another name"},
    "POST /api/v1/themes/{theme_id}/edits": {"kind": "pin", "on": False},
    "POST /api/v1/polls/{slug}/themes/edits/{edit_id}/undoing": None,
    "POST /api/v1/polls/{slug}/themes/edits": {"kind": "move", "into": None, "comments": [1]},
    "POST /api/v1/actions/{action_id}/withdrawal": None,
    "POST /api/v1/actions/{action_id}/links": {"name": "Notice board"},
    "PATCH /api/v1/announcements/{slug}": {"title": "Another"},
    "POST /api/v1/announcements/{slug}/links": {"name": "Notice board"},
    "DELETE /api/v1/announcements/{slug}/participants/{participant_id}": None,
    "POST /api/v1/announcements/{slug}/publication": None,
    "POST /api/v1/announcements/{slug}/versions": None,
    "PATCH /api/v1/announcements/{slug}/versions/{number}": {"heard": "Too late.", "themes": []},
    "POST /api/v1/announcements/{slug}/versions/{number}/asking": None,
    "POST /api/v1/announcements/{slug}/versions/{number}/check-in": None,
    "POST /api/v1/announcements/{slug}/versions/{number}/links": {"name": "Notice board"},
    "POST /api/v1/announcements/{slug}/versions/{number}/publication": {"ask": False},
    "POST /api/v1/announcements/{slug}/end": {"outcome": "adopt", "reason": "It works."},
    "POST /api/v1/communities/{slug}/announcements": {"title": "New"},
    "POST /api/v1/communities/{slug}/lists": {"name": "New"},
    "POST /api/v1/lists/{list_id}/people": {"email": "zoe@home.example", "consent": "At the meeting, on paper."},
    "DELETE /api/v1/lists/{list_id}/people/{contact_id}": None,
    "POST /api/v1/lists/{list_id}/uploads": {"rows": [{"email": "zoe@home.example"}], "consent": "On paper."},
    "POST /api/v1/lists/{list_id}/uploads/plans": {"rows": [{"email": "zoe@home.example"}], "consent": "On paper."},
    "DELETE /api/v1/contacts/{contact_id}": None,
    "PUT /api/v1/polls/{slug}/framing": {"who": "listed", "sites": ["https://blog.example.org"]},
    "POST /api/v1/polls/{slug}/invitations": {"count": 1},
    "POST /api/v1/polls/{slug}/links": {"name": "Notice board"},
    "POST /api/v1/polls/{slug}/mailings": {"list_id": 1, "subject": "Which?", "words": "Short.", "count": 1},
    "POST /api/v1/polls/{slug}/mailings/plans": {"list_id": 1, "subject": "Which?", "words": "Short."},
    "POST /api/v1/polls/{slug}/mailings/tests": {"list_id": 1, "subject": "Which?", "words": "Short."},
    "POST /api/v1/polls/{slug}/mailings/{mailing_id}/resumption": None,
    "POST /api/v1/polls/{slug}/mailings/{mailing_id}/stopping": None,
    "POST /api/v1/polls/{slug}/statements/{statement_id}/acceptance": {"words": "Better"},
    "POST /api/v1/polls/{slug}/statements/{statement_id}/rejection": None,
    "POST /api/v1/polls/{slug}/options/{option_id}/moderation": None,
    "POST /api/v1/polls/{slug}/options/{option_id}/readmission": None,
    "PUT /api/v1/polls/{slug}/translations/{locale}": {"texts": {"Library hours": "Horaires"}},
    "DELETE /api/v1/polls/{slug}/translations/{locale}": None,
    "PATCH /api/v1/communities/{slug}": {"mission": "Read."},
    "POST /api/v1/communities/{slug}/people": {"email": "noor@garden.example", "role": "viewer"},
    "PUT /api/v1/communities/{slug}/people/{account_id}": {"role": "analyst"},
    "DELETE /api/v1/communities/{slug}/people/{account_id}": None,
}


def test_every_write_of_the_api_has_a_valid_body_here():
    writes = [row for row in ROWS if "/api/" in row and not row.startswith("GET")]
    assert sorted(VALID) == sorted(writes)


def test_reading_tokens_small_roles_and_outsiders_write_nothing_with_a_valid_body(world, client, house):
    keys = {
        "read only": (world.token("ines", read_only=True), 403),
        "too narrow": (world.token("ines", scopes=["read", "export"]), 403),
        "ended": (ended(world, "ines"), 401),
        "revoked": (revoked(world, "ines"), 401),
        "viewer": (world.token("vic"), 403),
        "outsider": (world.token("olu", community="outside"), 404),
    }
    before, wrong = full_house.contents(), []
    for row, body in VALID.items():
        method, route = row.split(" ")
        for who, (key, status) in keys.items():
            answer = client.request(method, house.path(route), json=body, headers={"authorization": f"Bearer {key}"})
            if answer.status_code != status:
                wrong.append(f"{row}: {who} {answer.status_code}")
    assert wrong == []
    assert full_house.contents() == before


def ended(world, person):
    """A token whose last day is over."""
    token = world.token(person, ends_at=now() + timedelta(days=1))
    with writing() as session:
        row = session.exec(select(ApiToken).where(ApiToken.token_hash == tokens.hashed(token))).one()
        row.ends_at = now()
        session.add(row)
    return token


def revoked(world, person):
    """A token that its owner took back."""
    token = world.token(person)
    with writing() as session:
        session.delete(session.exec(select(ApiToken).where(ApiToken.token_hash == tokens.hashed(token))).one())
    return token


RIGHT_OF = {
    "read": {"read"},
    "export": {"export"},
    "work": {"edit_themes", "act"},
    "publish": {"publish"},
    "people": {"people"},
}


def test_a_token_with_every_right_but_the_one_that_is_needed_is_too_narrow(world, client, house):
    wrong = []
    for section, rights in RIGHT_OF.items():
        key = world.token("ines", scopes={"read", "export", "edit_themes", "act", "publish", "people"} - rights)
        for row in [row for row, right in ROWS.items() if right == section and "/api/" in row]:
            method, route = row.split(" ")
            headers = {"authorization": f"Bearer {key}"}
            status = client.request(method, house.path(route), json=VALID.get(row), headers=headers).status_code
            if status != 403:
                wrong.append(f"{row}: {status}")
    assert wrong == []


def test_a_token_says_what_it_may_and_an_ended_one_nothing(world, client):
    def asked_with(token):
        return client.get("/api/v1/token", headers={"authorization": f"Bearer {token}"})

    narrow = asked_with(world.token("maya", scopes=["read", "publish"])).json()
    assert (narrow["role"], narrow["rights"], narrow["community"]) == ("manager", ["publish", "read"], "garden")
    assert asked_with(world.token("vic")).json()["rights"] == ["read"]
    assert {asked_with(t).status_code for t in (ended(world, "maya"), revoked(world, "maya"), "wrong")} == {401}


def test_a_field_too_many_is_refused_on_every_write_and_changes_nothing(world, client, house):
    """Mass assignment: what the schema does not name cannot be set."""
    extra = {
        "id": 1,
        "community_id": 2,
        "status": "open",
        "role": "owner",
        "created_at": "2020-01-01",
        "voter_key": "x" * 43,
    }
    headers = {"authorization": f"Bearer {world.token('ines')}"}
    bodies = VALID | {"POST /api/v1/polls/{slug}/responses": {"answers": []}}
    before, wrong = full_house.contents(), []
    for row, body in bodies.items():
        method, route = row.split(" ")
        for name, value in extra.items():
            if body is None or name in body or (name == "status" and "actions" in row):
                continue
            answer = client.request(method, house.path(route), json=body | {name: value}, headers=headers)
            if answer.status_code != 422:
                wrong.append(f"{row}: {name} {answer.status_code}")
    assert wrong == []
    assert full_house.contents() == before


def test_one_communitys_things_are_not_found_under_another(world, client, house):
    """Olu's own address with the garden's ids: not there, whatever the right."""
    olu, wrong = client.sign_in("olu"), []
    for row in [*ROWS, OWN]:
        if "/m/{community}/" in row and row.count("{") > 1:
            status = asked(olu, house, row, community="outside").status_code
            if status != 404:
                wrong.append(f"{row}: {status}")
    assert wrong == []


def test_ones_own_pages_need_a_session_and_tokens_are_their_owners(world, client, house):
    for row in SIGNED_IN:
        assert asked(client, house, row).status_code == (302 if row.startswith("GET") else 401), row
    assert asked(client, house, OWN).status_code == 401
    statuses = {person: asked(client.sign_in(person), house, OWN).status_code for person in ("olu", *PEOPLE)}
    assert statuses == {"olu": 404, "vic": 404, "ravi": 404, "maya": 404, "ines": 303}


def test_public_pages_say_the_same_to_everybody(world, client, house):
    """No public page turns somebody away because of who is signed in, and none fails."""
    gets = [row for row in PUBLIC_ROWS if row.startswith("GET") and row not in ("GET /", "GET /sign-in")]
    for row in gets:
        nobody = asked(client, house, row).status_code
        assert nobody < 400 or (nobody, row) in ((404, "GET /setup/{token}"), (400, "GET /oembed")), row
        assert asked(client.sign_in("olu"), house, row).status_code == nobody, row


FROM_ANYWHERE = ("POST /e/{slug}", "POST /u/{token}")  # ballots in frames, and the one click of RFC 8058


def test_a_write_from_another_site_is_refused_whoever_is_signed_in(world, client, house):
    """Every form but two; the API is asked with a token, which no browser sends by itself."""
    ines = client.sign_in("ines")
    before, wrong = full_house.contents(), []
    for row in [*ROWS, *SIGNED_IN, OWN, *PUBLIC_ROWS]:
        if row.startswith("GET") or "/api/" in row or row in FROM_ANYWHERE:
            continue
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site", "origin": "null"}):
            if (status := asked(ines, house, row, headers=headers).status_code) != 403:
                wrong.append(f"{row}: {headers} {status}")
    assert wrong == []
    assert full_house.contents() == before


def test_a_member_who_was_removed_is_an_outsider_at_once(world, client, house):
    maya, key = client.sign_in("maya"), world.token("maya")
    path = f"/m/garden/people/{world.people['maya'].id}/removal"
    assert client.sign_in("ines").post(path).status_code == 303
    assert maya.get("/m/garden/polls").status_code == 404
    answer = client.get("/api/v1/communities/garden/polls", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 401
