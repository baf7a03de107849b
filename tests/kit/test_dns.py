"""The DNS, asked: everything that a server may do is an answer, never an error."""

import socket

import pytest

from heard.kit import dns
from heard.kit.dns import Answer, Asking
from heard.kit.settings import settings
from tests.name_server import answering

ZONE = """
text.example. 60 IN TXT "v=spf1 -all"
split.example. 60 IN TXT "v=DKIM1; k=rsa; " "p=abc" "def"
two.example. 60 IN TXT "v=spf1 mx -all"
two.example. 60 IN TXT "v=spf1 a -all"
mail.example. 60 IN A 198.41.0.4
mail.example. 60 IN AAAA 2001:503:ba3e::2:30
mail.example. 60 IN MX 20 second.example.
mail.example. 60 IN MX 10 first.example.
alias.example. 60 IN CNAME text.example.
4.0.41.198.in-addr.arpa. 60 IN PTR Mail.Example.
quoted.example. 60 IN TXT "a \\"b\\" c"
"""


@pytest.fixture
def server(monkeypatch):
    with answering(ZONE) as made:
        monkeypatch.setattr(settings(), "dns_server", made.address)
        yield made


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("text.example", {"v=spf1 -all"}),
        ("TEXT.example.", {"v=spf1 -all"}),
        ("split.example", {"v=DKIM1; k=rsa; p=abcdef"}),
        ("two.example", {"v=spf1 mx -all", "v=spf1 a -all"}),
    ],
)
def test_texts_are_found_with_their_pieces_put_together(server, name, found):
    answer = Asking().txt(name)
    assert (answer.state, set(answer.values)) == ("found", found)


@pytest.mark.parametrize("name", ["nothing.example", "mail.example", "x" * 64 + ".example", ".".join(["x" * 60] * 5)])
def test_no_such_name_no_text_there_and_no_name_at_all_are_none(server, name):
    assert Asking().txt(name) == Answer("none")


def test_hosts_have_addresses_of_both_kinds_and_an_address_is_its_own(server):
    assert Asking().addresses("mail.example") == Answer("found", ("198.41.0.4", "2001:503:ba3e::2:30"))
    assert Asking().addresses("198.41.0.4") == Answer("found", ("198.41.0.4",))
    assert Asking().addresses("nothing.example") == Answer("none")


def test_mail_servers_come_in_their_order_and_addresses_have_names(server):
    assert Asking().mail_servers("mail.example").values == ("first.example", "second.example")
    assert Asking().names("198.41.0.4").values == ("mail.example",)


def test_a_server_that_fails_is_told_from_a_name_that_is_not_there(server):
    server.fails.add("text.example")
    assert Asking().txt("text.example") == Answer("unreachable")


def test_a_server_that_says_nothing_is_waited_for_and_then_told(server, monkeypatch):
    monkeypatch.setattr(dns, "ONE", 0.2)
    server.silent |= {"text.example", "mail.example"}
    ask = Asking()
    assert ask.txt("text.example") == Answer("unreachable")
    assert ask.addresses("mail.example") == Answer("unreachable")
    assert ask.txt("two.example").state == "found"


def test_after_the_time_for_all_nothing_more_is_asked(server, monkeypatch):
    monkeypatch.setattr(dns, "ALL", 0)
    assert Asking().txt("text.example") == Answer("unreachable")
    assert server.asked == []


def test_records_that_lead_on_and_on_are_not_followed_for_ever(server, monkeypatch):
    monkeypatch.setattr(dns, "QUESTIONS", 5)
    ask = Asking()
    assert [ask.txt(f"n{n}.example").state for n in range(7)] == ["none"] * 5 + ["unreachable"] * 2


def test_what_does_not_fit_into_a_datagram_is_asked_again_over_tcp(server):
    server.zone += "".join(f'long.example. 60 IN TXT "{letter * 250}"\n' for letter in "abc")
    assert len(Asking().txt("long.example").values) == 3
    assert server.asked == ["udp TXT long.example", "tcp TXT long.example"]


def test_the_same_question_is_asked_once(server):
    ask = Asking()
    for _again in range(3):
        ask.txt("text.example")
    assert server.asked == ["udp TXT text.example"]


@pytest.mark.parametrize("address", ["127.0.0.1:9", "no-such-host.invalid", "[::1]:9"])
def test_a_name_server_that_is_away_raises_nothing(monkeypatch, address):
    monkeypatch.setattr(dns, "ONE", 0.3)
    monkeypatch.setattr(settings(), "dns_server", address)
    assert Asking().txt("text.example") == Answer("unreachable")


def test_rubbish_for_an_answer_raises_nothing(monkeypatch):
    monkeypatch.setattr(dns, "ONE", 0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rubbish:
        rubbish.bind(("127.0.0.1", 0))
        monkeypatch.setattr(settings(), "dns_server", f"127.0.0.1:{rubbish.getsockname()[1]}")
        import threading

        def answer():
            _question, who = rubbish.recvfrom(2000)
            rubbish.sendto(b"\xff" * 40, who)

        thread = threading.Thread(target=answer)
        thread.start()
        assert Asking().txt("text.example") == Answer("unreachable")
        thread.join()
