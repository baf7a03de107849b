"""Readers, their answers, and what goes out, in a real browser: each page for accessibility, light and dark, and without sideways
scrolling at 320 px (PICTURES=folder keeps pictures of them); and two tasks by keyboard alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from feedback.collect import intake
from heard.accounts import access, contacts, signin, unsubscribing
from heard.accounts.contacts import BRIEFS
from heard.kit import pausing
from heard.kit.clock import now
from heard.kit.db import reading, writing
from insights.decide import answers
from insights.models import Brief, Decision, Delivery, Subscription, Turn
from insights.send import deliveries, readers, schedules
from insights.send.schedules import Wish
from tests.browser.test_loop import Walk
from tests.conftest import pointing_to
from tests.insights.scene import library, write
from tests.journeys.server import Server, serving
from tests.world import World

pytestmark = pytest.mark.browser
CLAIRE = "claire@board.example"
LONG = "anne-sophie.de-la-rochefoucauld-montmorency@direction.generale.mediatheque.example"


class House(NamedTuple):
    """A served garden: Claire has a brief, which Paul has answered; turns of each kind ask for Maya. `at`: addresses by page."""

    server: Server
    world: World
    at: dict[str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("readers")
    with serving(folder, HEARD_WORK="0", HEARD_SECRET="test" * 16) as server:
        with pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
            world = World()
            yield House(server, world, furnish(world))
            intake.stop()


def furnish(world: World, locale: str = "en") -> dict[str, str]:
    """Fill it; the paths of its pages."""
    library(world)
    brief = write(world, locale=locale)
    with writing() as session:
        home = world.the_community(session)
        session.delete(world.the_community(session, "outside"))  # so that Maya may end a pause
        for address in (CLAIRE, "paul@board.example", LONG, "lost@board.example"):
            contacts.confirm(session, contacts.contact_for(session, home, address, locale=locale), BRIEFS, "Yes.")
        wishes = {
            CLAIRE: Wish(zone="Europe/Paris"), "paul@board.example": Wish("daily", unapproved="wait"),
            LONG: Wish("monthly", day=31, hour=17, zone="America/Argentina/ComodRivadavia", nothing_new="skip"),
            "lost@board.example": Wish(), "new@board.example": Wish(), "sometimes@board.example": Wish(""),
        }  # fmt: skip
        for address, wish in wishes.items():
            schedules.add(session, home, [address], "leadership", wish, by=world.people["maya"])
        contacts.no_such_address(session, contacts.contact_for(session, home, "lost@board.example"), BRIEFS)
        row = session.get_one(Brief, brief.id)
        made = deliveries.send_to(session, row, [CLAIRE, "paul@board.example", LONG], by=world.people["maya"])
        answers.record(session, made[1], "decide", note="Open on Sundays.\nNo later.", who=LONG, due_on=now().date())
        answers.record(session, made[1], "ask", note="مرحبا 🦉 " + "Why? " * 60)
        answers.record(session, made[2], "agree")
        claire = contacts.contact_for(session, home, CLAIRE)
        token = deliveries.token_of(row.id, CLAIRE)
        decided = {one.kind: one.id for one in session.exec(select(Decision))}
    unread = write(world, locale=locale)
    with writing() as session:
        for days, state, error in (
            (7, "waiting", ""),
            (14, "skipped", "overtaken"),
            (21, "missed", ""),
            (28, "failed", "ValueError: x"),
        ):
            reader = session.exec(select(Subscription).where(Subscription.rhythm == "weekly")).first()
            assert reader
            until = date(2026, 11, 22) - timedelta(days=days)
            session.add(
                Turn(
                    community_id=reader.community_id, contact_id=reader.contact_id, audience="leadership", until=until,
                    period_since=until - timedelta(days=6), drafts_at=now() - timedelta(days=days + 1), state=state,
                    due_at=now() - timedelta(days=days), brief_id=unread.id, error=error,
                )
            )  # fmt: skip
    return {
        "briefs": "/m/garden/briefs", "readers": "/m/garden/readers",
        "reader": f"/m/garden/readers/leadership/{claire.id}", "sending": "/m/garden/sending",
        "decision": f"/m/garden/decisions/{decided['decide']}", "question": f"/m/garden/decisions/{decided['ask']}",
        "asked": f"/b/{token}?answer=decide", "answered": f"/b/{deliveries.token_of(row.id, LONG)}?answer=ask",
        "confirm": f"/subscriptions/{readers.confirm_token(claire)}",
        "rhythm": f"/subscriptions/{readers.confirm_token(claire)}/rhythm",
        "unsubscribe": f"/u/{unsubscribing.token_of(claire, BRIEFS)}",
    }  # fmt: skip


def signed_in(walk: Walk, house: House, person: str = "maya") -> Page:
    page = walk.page()
    with writing() as session:
        token = signin.start_session(session, house.world.people[person])
    page.context.add_cookies([{"name": access.session_cookie(), "value": token, "url": house.server.url}])
    return page


def test_every_page_of_readers_is_fine_light_and_dark_and_at_320_px(chromium: Browser, house: House) -> None:
    walk = Walk(chromium, house.server)
    maya, reader = signed_in(walk, house), walk.page()
    for name, path in house.at.items():
        page = maya if path.startswith("/m/") else reader
        shown = page.goto(house.server.url + path)
        assert shown, path
        assert shown.status == 200, path
        walk.look(page, name)
    with writing() as session:
        pausing.pause(session, "restored")
    maya.goto(f"{house.server.url}/m/garden/sending")
    walk.look(maya, "sending-paused")
    with writing() as session:
        pausing.go_on(session)
    assert walk.faults == []


def test_a_reader_agrees_by_keyboard(chromium: Browser, house: House) -> None:
    page = Walk(chromium, house.server).page(script=False)
    page.goto(house.server.url + house.at["asked"].replace("?answer=decide", ""))
    page.get_by_text("Agree", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Agree with this")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your answer is recorded")
    with reading() as session:
        mine = select(Decision).join(Delivery).where(Delivery.recipient == CLAIRE)
        assert [one.kind for one in session.exec(mine)] == ["agree"]


def test_a_manager_changes_the_rhythm_of_a_reader_by_keyboard(chromium: Browser, house: House) -> None:
    page = signed_in(Walk(chromium, house.server), house)
    page.goto(house.server.url + house.at["reader"])
    page.get_by_label("How often").focus()
    page.keyboard.press("Home")  # every day
    for _field in ("weekday", "day", "hour"):
        page.keyboard.press("Tab")
    page.keyboard.press("End")  # 23:00
    for _field in ("zone", "unapproved", "nothing new", "save"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("Saved")
    with reading() as session:
        home = house.world.the_community(session)
        _contact, row = schedules.subscription_of(session, home, CLAIRE, "leadership")
        assert schedules.wish_of(row) == Wish("daily", hour=23, zone="Europe/Paris")
