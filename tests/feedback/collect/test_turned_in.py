"""An anonymous poll by mail: the database knows who was invited and who has voted, and must not know what."""

import pytest
from sqlalchemy import text

from feedback import jobs
from feedback.integrity import verifying
from heard.kit import mail
from heard.kit.db import reading
from heard.kit.mail import Outcome
from polls.kinds.kind import Draft
from tests.feedback.voting import rows
from tests.polls.publish.inbox import a_list, invite, links_in

COLOURS = ("Red", "Green", "Blue", "Grey", "Pink", "Gold")


@pytest.fixture
def asked(world, client, monkeypatch):
    """An anonymous poll, and a link for each of 13 people who were mailed."""
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))

    def ask(**rules):
        drafts = [Draft("single", "Which?", COLOURS), Draft("long_text", "Why?")]
        poll = world.open_poll(drafts, anonymous=True, results_rule="always", **rules)
        people = a_list(world, *(f"r{n}@readers.example" for n in range(13)))
        invite(client.sign_in("maya"), poll, people, people=13)
        return poll, [next(at for at in links_in(m) if at.startswith("/p/") and "q1" not in at) for m in box]

    return ask


def pairs(table, which="true"):
    """How many rows of the other table stand in the transaction of each invitation, or of each key of `turnout`."""
    with reading() as session:
        return {
            who: session.execute(
                text(
                    f"SELECT w.{key}, count(*) FROM {who} w JOIN {table} r ON r.xmin::text = w.xmin::text"
                    f" WHERE {which} GROUP BY w.{key}"
                )
            ).all()
            for who, key in (("invitations", "number"), ("turnout", "voter_key"))
        }


@pytest.mark.both
@pytest.mark.parametrize("rule", ["link", "browser", "open", "sign_in"])
def test_no_transaction_of_an_invitation_holds_fewer_than_five_ballots(world, client, database, asked, rule):
    poll, links = asked(voter_rule=rule)
    if rule == "sign_in":
        voters = [client.fresh().sign_in(name) for name in ("maya", "ravi", "vic", "olu")]
        links = links[:4]
    else:
        voters = [client.fresh() for _link in links]
    for i, (voter, link) in enumerate(zip(voters, links, strict=True)):
        world.vote(poll, {"q1": COLOURS[i % 6], "q2": f"words {i}"}, client=voter, path=link)
    world.close(poll)
    jobs.read_the_rest(poll.id)
    assert verifying.verify(poll.slug).sound
    assert {r["source"] for r in rows("responses")} == {"page"}, "of few who were mailed, it would say whose they are"
    if database == "sqlite":
        return
    least = min(5, len(links))
    for table in ("responses", "answers", "comments"):
        for who, found in pairs(table).items():
            assert all(n >= least for _one, n in found), (table, who)
    for who, found in pairs("tallies", "r.cell LIKE '%o%' AND r.cell NOT LIKE 'p%'").items():
        assert all(n >= least for _one, n in found), who
    with reading() as session:
        turned = "SELECT number FROM invitations WHERE turned_in ORDER BY ctid"
        groups = session.scalars(text("SELECT count(*) FROM turnout GROUP BY xmin::text")).all()
        assert len(session.scalars(text(turned)).all()) == len(links)
    assert sum(groups) == (len(links) if rule != "open" else 0)
