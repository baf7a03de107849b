"""Who may open which page and call: Maya manages, Ravi analyses, Vic views, Olu belongs to another community."""

import pytest

PAGES = [
    # method, address, the form, then maya, ravi, vic, olu, nobody
    ("GET", "/m/garden/polls", {}, (200, 200, 200, 404, 302)),
    ("GET", "/m/garden/polls/new", {}, (200, 403, 403, 404, 302)),
    ("POST", "/m/garden/polls/new", {"title": "x"}, (303, 403, 403, 404, 401)),
    ("GET", "/m/garden/polls/new/preview", {}, (200, 403, 403, 404, 302)),
    ("POST", "/m/garden/polls/new/preview", {}, (200, 403, 403, 404, 401)),
    ("GET", "{page}", {}, (200, 200, 200, 404, 302)),
    ("POST", "{page}", {"title": "x", "revision": "1"}, (303, 403, 403, 404, 401)),
    ("GET", "{page}/preview", {}, (200, 200, 200, 404, 302)),
    ("POST", "{page}/preview", {}, (200, 403, 403, 404, 401)),
    ("POST", "{page}/opening", {}, (303, 403, 403, 404, 401)),
    ("POST", "{page}/closing", {}, (409, 403, 403, 404, 401)),
    ("POST", "{page}/reopening", {}, (409, 403, 403, 404, 401)),
    ("GET", "{page}/closing", {}, (303, 403, 403, 404, 302)),
    ("GET", "{page}/schedule", {}, (409, 403, 403, 404, 302)),
    ("POST", "{page}/schedule", {}, (409, 403, 403, 404, 401)),
    ("POST", "{page}/archiving", {}, (303, 403, 403, 404, 401)),
    ("POST", "{page}/restoring", {}, (303, 403, 403, 404, 401)),
    ("POST", "{page}/editions", {}, (303, 403, 403, 404, 401)),
    ("POST", "{page}/copies", {}, (303, 403, 403, 404, 401)),
    ("GET", "{page}/corrections", {}, (200, 403, 403, 404, 302)),
    ("POST", "{page}/corrections", {"part": "title", "text": "Best dai"}, (422, 403, 403, 404, 401)),
    ("GET", "{page}/file.json", {}, (200, 200, 200, 404, 302)),
    ("GET", "{page}/file.yaml", {}, (200, 200, 200, 404, 302)),
    ("GET", "/m/garden/polls/templates", {}, (200, 403, 403, 404, 302)),
    ("GET", "/m/garden/polls/files", {}, (200, 403, 403, 404, 302)),
    ("POST", "/m/garden/polls/files", {"text": "heard_poll: 1\ntitle: x"}, (303, 403, 403, 404, 401)),
    ("GET", "{page}/qr.svg", {}, (200, 200, 200, 404, 302)),
    ("GET", "{page}/qr.png", {}, (200, 200, 200, 404, 302)),
    ("GET", "{page}/invitations.csv", {}, (200, 403, 403, 404, 302)),
]
PEOPLE = ("maya", "ravi", "vic", "olu", "nobody")


@pytest.mark.parametrize(("method", "address", "form", "statuses"), PAGES, ids=[f"{m} {a}" for m, a, *_ in PAGES])
def test_pages_are_for_the_people_of_the_community_and_their_roles(world, client, method, address, form, statuses):
    poll = world.draft_poll(voter_rule="link")
    found = []
    for person in reversed(PEOPLE):
        browser = client.fresh() if person == "nobody" else client.sign_in(person)
        found.append(
            browser.request(method, address.format(page=poll.page), data=form if method == "POST" else None).status_code
        )
    assert dict(zip(reversed(PEOPLE), found, strict=True)) == dict(zip(PEOPLE, statuses, strict=True))


def test_every_page_of_the_router_is_in_the_table_above():
    from polls import pages
    from polls.preview import preview_pages
    from polls.publish import editions_pages, sharing_pages
    from polls.write import editor_pages, transfer_pages

    routers = (
        pages.router,
        *(p.router for p in (editor_pages, preview_pages, editions_pages, sharing_pages, transfer_pages)),
    )
    routes = {(m, r.path) for router in routers for r in router.routes for m in getattr(r, "methods", ())}
    told = {
        (m, a.replace("{page}", "/m/{community}/polls/{slug}").replace("/m/garden", "/m/{community}"))
        for m, a, *_ in PAGES
    }
    assert routes == told


@pytest.mark.parametrize("address", ["", "/sharing", "/preview", "/qr.svg", "/invitations.csv"])
def test_the_address_of_another_community_opens_nothing(world, client, address):
    theirs = world.open_poll(community="outside", title="Secret plans")
    answer = client.sign_in("maya").get(f"/m/garden/polls/{theirs.slug}{address}")
    assert answer.status_code == 404
    assert "Secret" not in answer.text


CALLS = [
    # method, address, body, then maya, maya's read-only token, ravi, olu, a wrong token
    ("POST", "/communities/garden/polls", {"title": "x", "questions": []}, (201, 403, 403, 404, 401)),
    ("GET", "/communities/garden/polls", None, (200, 200, 200, 404, 401)),
    ("GET", "/polls/{slug}", None, (200, 200, 200, 404, 401)),
    ("PATCH", "/polls/{slug}", {"title": "y"}, (200, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/opening", None, (200, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/closing", None, (409, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/reopening", None, (409, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/schedule", {}, (409, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/archiving", None, (200, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/restoring", None, (200, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/editions", None, (201, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/copies", None, (201, 403, 403, 404, 401)),
    ("POST", "/polls/{slug}/corrections", {"part": "title", "text": "x"}, (422, 403, 403, 404, 401)),
    ("GET", "/polls/{slug}/file", None, (200, 200, 200, 404, 401)),
    ("POST", "/communities/garden/polls/files", {"text": "heard_poll: 1\ntitle: x"}, (201, 403, 403, 404, 401)),
]


@pytest.mark.parametrize(("method", "address", "body", "statuses"), CALLS, ids=[f"{m} {a}" for m, a, *_ in CALLS])
def test_calls_need_a_token_of_the_community_that_may(world, client, method, address, body, statuses):
    poll = world.draft_poll()
    tokens = {
        "wrong": "wrong" * 8,
        "olu": world.token("olu", community="outside"),
        "ravi": world.token("ravi"),
        "maya, read only": world.token("maya", read_only=True),
        "maya": world.token("maya"),
    }
    found = [
        client.request(
            method, "/api/v1" + address.format(slug=poll.slug), json=body, headers={"Authorization": f"Bearer {token}"}
        ).status_code
        for token in tokens.values()
    ]
    assert dict(zip(tokens, found, strict=True)) == dict(zip(tokens, reversed(statuses), strict=True))


def test_every_call_of_the_router_is_in_the_table_above():
    from polls import api
    from polls.publish import editions_api

    every = [*api.router.routes, *editions_api.router.routes]
    routes = {(m, r.path.removeprefix("/api/v1")) for r in every for m in getattr(r, "methods", ())}
    assert routes == {(m, a.replace("garden", "{slug}")) for m, a, *_ in CALLS}


@pytest.mark.both
@pytest.mark.parametrize(
    "path", ["/m/garden/polls/a%00b", "/m/a%00b/polls", "/api/v1/polls/a%00b", "/m/garden/polls/%ED%A0%80"]
)
def test_an_address_with_what_no_database_holds_leads_nowhere(world, client, path):
    headers = {"Authorization": f"Bearer {world.token('maya')}"}
    assert client.sign_in("maya").get(path, headers=headers).status_code == 404
