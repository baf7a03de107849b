"""Who may frame a poll: what is a site, what is stored, and that browsers are told."""

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry
from heard.kit.db import writing
from heard.kit.errors import BadInput
from polls.models import Poll
from polls.publish import editions, framing


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://blog.example.org", "https://blog.example.org"),
        ("HTTPS://Blog.Example.org/", "https://blog.example.org"),
        ("https://blog.example.org:443", "https://blog.example.org"),
        ("https://blog.example.org:8443", "https://blog.example.org:8443"),
        ("https://*.example.org", "https://*.example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),  # another domain than strasse
        ("https://blog．example.org", "https://blog.example.org"),  # as a browser reads a full-width full stop
    ],
)
def test_a_site_is_stored_as_browsers_compare_it(typed, stored):
    assert framing.site(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "x; script-src *", "https://x.org; script-src *", "https://x.org;", "https://x.org,https://y.org", "https://x.org https://y.org",
        "https://x.org\r\nSet-Cookie: a=b", "https://x.org\r", "https://x.org\x0b", "https://x.org\x85", "https://x.org\u2028",
        "https://a\x00b.org", "https://x.org/page", "https://x.org?", "https://x.org#a", "https://me@x.org", "https://me:pw@x.org",
        "'self'", '"https://x.org"', "https://'x'.org", "*", "https://*", "https://*.org", "https://x.*.org", "http://*.localhost",
        "http://x.org", "ftp://x.org", "data:", "null", "x.org", "//x.org", "https:x.org", "https://", "https:///x.org",
        "https://x.org:0", "https://x.org:99999", "https://x.org:", "https://x.org:٣", "https://1.2.3.4", "https://[::1]", "https://-x.org",
        "https://x..org", "https://x.org.", "https://" + "x" * 64 + ".org", "https://\u202ex.org", "https://ｘ；y.org", "https://x.org\\",
        "https://%78.org", "https://x.org<script>",
    ],
)  # fmt: skip
def test_whatever_else_is_refused_at_its_field(typed):
    with pytest.raises(BadInput) as refused:
        framing.site(typed)
    assert list(refused.value.fields) == ["sites"]


def setting(poll):
    with writing() as session:
        return session.get_one(Poll, poll.id).embed_on


def test_a_manager_lists_sites_and_browsers_are_told(world, client):
    poll, maya = world.open_poll(), client.sign_in("maya")
    assert client.get(f"/e/{poll.slug}").headers["content-security-policy"].endswith("frame-ancestors *")
    sites = "https://Blog.example.org/\r\n\r\n  https://*.example.com  \r\nhttps://blog.example.org\r\n"
    answer = maya.post(f"{poll.page}/framing", data={"who": "listed", "sites": sites})
    assert answer.status_code == 303
    assert setting(poll) == "https://blog.example.org https://*.example.com"
    framed = client.get(f"/e/{poll.slug}").headers
    assert framed["content-security-policy"].endswith("frame-ancestors https://blog.example.org https://*.example.com")
    assert "x-frame-options" not in framed
    shown = maya.follow(answer).text
    assert "https://blog.example.org\nhttps://*.example.com" in shown
    maya.post(f"{poll.page}/framing", data={"who": "nobody", "sites": sites})
    assert client.get(f"/e/{poll.slug}").headers["content-security-policy"].endswith("frame-ancestors 'none'")
    maya.post(f"{poll.page}/framing", data={"who": "anybody"})
    assert client.get(f"/e/{poll.slug}").headers["content-security-policy"].endswith("frame-ancestors *")


def test_each_change_is_recorded_and_none_is_not(world, client, session):
    poll, maya = world.open_poll(), client.sign_in("maya")
    for who in ("nobody", "nobody"):
        maya.post(f"{poll.page}/framing", data={"who": who})
    rows = session.exec(select(AuditEntry).where(AuditEntry.action == "poll.framing")).all()
    assert [(row.subject, row.details) for row in rows] == [(poll.slug, {"embed_on": ""})]


@pytest.mark.parametrize(
    "sent",
    [
        {"who": "listed", "sites": ""}, {"who": "listed", "sites": "x; script-src *"}, {"who": "listed", "sites": "https://x.org\0"},
        {"who": "listed", "sites": "https://x.org\nhttps://y.org/page"}, {"who": "", "sites": "https://x.org"}, {"who": "everybody"},
        {"who": "listed", "sites": "\n".join(f"https://s{n}.example.org" for n in range(51))}, {},
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_and_kept_in_the_form(world, client, sent):
    poll = world.open_poll()
    answer = client.sign_in("maya").post(f"{poll.page}/framing", data=sent)
    assert answer.status_code == 422
    assert "Please check this" in answer.text
    assert setting(poll) == "*"


def test_copies_and_new_editions_take_the_setting_along(world):
    poll = world.open_poll()
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        framing.let_frame(session, row, framing.Choice("listed", "https://x.org"), by=None)
        made = [editions.again(session, row, by=None, same_series=same) for same in (True, False)]
        assert [one.embed_on for one in made] == ["https://x.org", "https://x.org"]


@pytest.mark.parametrize(("person", "status", "form"), [("maya", 200, True), ("ravi", 200, False), ("olu", 404, False)])
def test_members_see_it_and_who_publishes_changes_it(world, client, person, status, form):
    poll, browser = world.open_poll(), client.sign_in(person)
    page = browser.get(f"{poll.page}/framing")
    assert page.status_code == status
    assert ('name="who"' in page.text) is form
    assert ("Any site may show this poll." in page.text) is (person == "ravi")
    changed = browser.post(f"{poll.page}/framing", data={"who": "nobody"})
    assert changed.status_code == {"maya": 303, "ravi": 403, "olu": 404}[person]
