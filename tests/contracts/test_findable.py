"""What search engines may find: exactly what the sitemap names, and nothing unlisted or secret."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from feedback.answer import sitemap
from feedback.answer.sitemap import Place
from heard.kit import clock
from tests.contracts import full_house

BASE = "http://127.0.0.1:8000"
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ROUTES = full_house.routes()


@pytest.fixture
def house(world):
    """The garden, with polls that only those find who have their address, and a trial with check-ins, which are like them."""
    made = full_house.build(world)
    for name, listed in (("Findable", True), ("Only by link", False)):
        for state in ("open", "closed", "scheduled", "archived"):
            opens = {"opens_at": datetime(2090, 1, 1, tzinfo=UTC)} if state == "scheduled" else {}
            rules = {"title": f"{name} {state}", "listed": listed, "results_rule": "always", **opens}
            poll = world.draft_poll(**rules)
            move(world, poll, state)
            made.values[f"poll {name} {state}"] = poll.slug
    return made


def move(world, poll, state):
    """From a draft to this state."""
    from heard.kit.db import writing
    from polls.models import Poll
    from polls.publish import archive, publishing

    with writing() as session:
        row = session.get_one(Poll, poll.id)
        publishing.publish(session, row, by=None)
        if state in ("closed", "archived"):
            publishing.close_now(session, row, by=None)
        if state == "archived":
            archive.put_away(session, row, by=None)


def named(client, path="/sitemap.xml"):
    """{path: last change} of the sitemap."""
    found = ET.fromstring(client.get(path).content).iter(f"{NS}url")
    return {u.findtext(f"{NS}loc").removeprefix(BASE): u.findtext(f"{NS}lastmod") for u in found}


def may_be_found(path, answer):
    """Whether a search engine that obeys would list this page under this address."""
    refused = re.findall(r'<meta name="robots" content="([^"]*)">', answer.text)
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', answer.text)
    return (
        answer.status_code == 200
        and answer.headers.get("content-type", "").startswith("text/html")
        and "noindex" not in answer.headers.get("x-robots-tag", "")
        and not any("noindex" in words for words in refused)
        and canonical in ([], [BASE + path])
    )


def crawled(client, *starts):
    """Every page that is reached from here by links, with its answer."""
    seen, waiting = {}, list(starts)
    while waiting:
        path = waiting.pop().partition("#")[0].replace("&amp;", "&")
        if path in seen or path.startswith(("/m/", "/assets/")) or not path.startswith("/") or len(seen) > 300:
            continue
        seen[path] = answer = client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = re.findall(r'<a\b[^>]*\shref="([^"]+)"', answer.text)
            waiting += [
                f"{path.partition('?')[0]}{link}" if link.startswith("?") else link.removeprefix(BASE) for link in links
            ]
        if "location" in answer.headers:
            waiting.append(answer.headers["location"])
    return seen


def test_the_sitemap_names_exactly_what_may_be_found(world, client, house):
    names = named(client)
    if "GET /c/{community}/answers/{anchor}" not in ROUTES:
        names = {path: at for path, at in names.items() if "/answers/" not in path}
    seen = crawled(client, "/c/garden", "/c/garden?page=2", *names)
    assert {path for path, answer in seen.items() if may_be_found(path, answer)} == set(names)
    assert [path for path in names if "?" in path] == []


def test_what_may_be_found_is_there_and_what_may_not_is_not(world, client, house):
    names, slugs = set(named(client)), {name: slug for name, slug in house.values.items() if name.startswith("poll ")}
    for name, slug in slugs.items():
        shown = name in ("poll Findable open", "poll Findable closed")
        assert (f"/p/{slug}" in names, f"/p/{slug}/results" in names) == (shown, shown), name
    assert {"/c/garden", house.trial.page, f"/p/{house.poll.slug}"} <= names
    assert "/c/outside" not in names, "a community that tells the public nothing is not named"
    assert "noindex" in client.get("/c/outside").headers["x-robots-tag"]
    assert len([path for path in names if path.startswith("/c/garden/answers/")]) == 1
    away = (house.draft.slug, house.by_link.slug, house.trial.check_in().slug)
    assert [path for path in names if any(f"/p/{slug}" == path for slug in away)] == []


def test_a_poll_by_personal_link_may_be_found_once_it_has_closed(world, client):
    poll = world.open_poll(voter_rule="link")
    page = f"/p/{poll.slug}"
    assert page not in named(client)
    assert "noindex" in client.get(page).headers["x-robots-tag"]
    world.close(poll)
    assert page in named(client)
    assert client.get(page).headers["x-robots-tag"] == "all"


def test_every_other_page_says_that_it_may_not_be_found(world, client, house):
    """By its header, and in its head for those who read only that: managers', token, receipt and sign-in pages, frames."""
    names, wrong = set(named(client)), []
    browsers = {"nobody": client, "ines": client.sign_in("ines")}
    gets = [house.path(row.removeprefix("GET ")) for row in ROUTES if row.startswith("GET ") and "/assets/" not in row]
    polls = [slug for name, slug in house.values.items() if name.startswith("poll ")] + [house.trial.check_in().slug]
    gets += [f"/{door}/{slug}{rest}" for slug in polls for door, rest in (("p", ""), ("p", "/results"), ("e", ""))]
    gets += [f"/p/{house.poll.slug}?t=abc", "/c/garden?page=9", "/nothing/here"]
    for who, browser in browsers.items():
        for path in gets:
            answer = browser.get(path)
            head = "noindex" in answer.headers.get("x-robots-tag", "")
            page = answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html")
            meta = not page or '<meta name="robots" content="noindex' in answer.text
            if (head, meta) != ((False, False) if path in names and page else (True, True)):
                wrong.append(f"{who}: {path}: {answer.status_code} header {head}, meta {meta}")
    assert wrong == []


def test_addresses_with_a_way_or_a_language_lead_to_the_plain_one(world, client, house):
    token = world.link(house.poll, "mastodon").token
    for query in (f"?via={token}", "?lang=fr", f"?lang=en&via={token}&q1=1"):
        for path in (f"/p/{house.poll.slug}", f"/p/{house.poll.slug}/results", house.trial.page, "/c/garden"):
            page = client.get(path + query).text
            assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [BASE + path]


def test_the_last_change_is_told_from_the_data_and_the_file_stays_the_same(world, client, house):
    first = client.get("/sitemap.xml")
    times = named(client)
    assert all(datetime.fromisoformat(at).tzinfo for at in times.values())
    own = [at for path, at in times.items() if path.startswith(("/p/", "/t/", "/c/garden/"))]
    assert times["/c/garden"] == max(own)
    with clock.stopped_at(datetime(2060, 1, 1, tzinfo=UTC)):
        assert client.get("/sitemap.xml").content == first.content
        again = client.get("/sitemap.xml", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert "public" in first.headers["cache-control"]
    assert "set-cookie" not in first.headers


def test_a_large_site_has_a_list_of_files(world, client, monkeypatch):
    for n in range(5):
        world.open_poll(title=f"Poll {n}", results_rule="always")
    whole = named(client)
    monkeypatch.setattr(sitemap, "MOST", 5)
    parts = [s.findtext(f"{NS}loc") for s in ET.fromstring(client.get("/sitemap.xml").content).iter(f"{NS}sitemap")]
    assert parts == [f"{BASE}/sitemap-{n}.xml" for n in (1, 2, 3)]
    found = [named(client, part.removeprefix(BASE)) for part in parts]
    assert [len(part) for part in found] == [5, 5, 1]
    assert {path: at for part in found for path, at in part.items()} == whole
    for odd in ("0", "4", "x", "-1", "1.5", "9999999999"):
        assert client.get(f"/sitemap-{odd}.xml").status_code == 404


def test_addresses_are_escaped_in_the_file():
    at = datetime(2026, 5, 1, tzinfo=UTC)
    assert b"<loc>http://127.0.0.1:8000/p/a&amp;b</loc>" in sitemap.urlset([Place("/p/a&b", at)])


def test_robots_are_told_where_the_sitemap_is_and_read_every_noindex(world, client):
    told = client.get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in told
    assert re.findall(r"Disallow: (\S+)", told) == ["/m/", "/api/"]
