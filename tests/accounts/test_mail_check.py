"""The page that says whether a community's mail will be believed; the DNS is a real server on 127.0.0.1."""

import html
import re

import pytest
from sqlmodel import update

from heard.accounts.mail_lines import sending_of, spf_line
from heard.accounts.models import Community
from heard.kit import dkim, dns
from heard.kit.db import writing
from heard.kit.settings import settings
from tests.mail_server import receiving
from tests.name_server import answering
from tests.rsa_key import key_file

PAGE = "/m/garden/mail"
HOST = "mail.garden.example"
ZONE = """
mail.garden.example. 60 IN A 198.41.0.4
4.0.41.198.in-addr.arpa. 60 IN PTR mail.garden.example.
garden.example. 60 IN MX 10 mail.garden.example.
"""
SPF = 'garden.example. 60 IN TXT "v=spf1 a:mail.garden.example ~all"\n'
DMARC = '_dmarc.garden.example. 60 IN TXT "v=DMARC1; p=none"\n'


@pytest.fixture
def server(monkeypatch, world):
    """A name server; Heard is set up to sign and to send through mail.garden.example."""
    with answering(ZONE) as made:
        for name, value in {
            "dns_server": made.address,
            "smtp_url": f"smtps://maya:hush@{HOST}",
            "mail_from": "The Garden <post@garden.example>",
            "dkim_key": str(key_file(2048)),
        }.items():
            monkeypatch.setattr(settings(), name, value)
        yield made


def key_line(public="", extra=""):
    value = f"v=DKIM1; k=rsa; {extra}p={public or dkim.key().public}"
    pieces = " ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255))
    return f"heard._domainkey.garden.example. 60 IN TXT {pieces}\n"


def shown(answer):
    """The rows: {"SPF": (state, the value to add or "")}; text of the page without tags."""
    assert answer.status_code == 200, answer.text[:500]
    found = {}
    for section in answer.text.split('<section class="record"')[1:]:
        head = re.search(r"<h2[^>]*>(\w+): ", section)
        state = re.search(r'class="badge[^"]*">([^<]*)<', section)
        value = re.search(r'id="value-\d"[^>]*?(?:value="([^"]*)"|>\s*([^<]*)</textarea>)', section)
        if head:
            found[head[1]] = (state[1] if state else "", html.unescape((value[1] or value[2]).strip()) if value else "")
    return found


def said(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.mark.parametrize(
    ("person", "get", "post"),
    [("maya", 200, 200), ("ines", 200, 200), ("ravi", 403, 403), ("vic", 403, 403), ("olu", 404, 404)],
)
def test_only_who_may_publish_sees_and_checks_it(client, server, monkeypatch, person, get, post):
    monkeypatch.setattr(settings(), "smtp_url", "")
    someone = client.sign_in(person)
    assert someone.get(PAGE).status_code == get
    assert [someone.post(f"{PAGE}/{what}").status_code for what in ("checks", "tests")] == [post, post]
    assert (someone.get("/m/garden/polls").text.count(f'href="{PAGE}"') if get == 200 else 0) == (get == 200)


def test_the_page_shows_the_lines_and_asks_nobody(client, server):
    rows = shown(answer := client.sign_in("maya").get(PAGE))
    assert rows == {
        "SPF": ("", "v=spf1 a:mail.garden.example ~all"),
        "DKIM": ("", dkim.record()),
        "DMARC": ("", "v=DMARC1; p=none"),
    }
    assert server.asked == []
    assert answer.headers["cache-control"] == "private, no-store"
    text = said(answer)
    assert "mail.garden.example:465" in text
    assert "hush" not in answer.text
    assert "maya:" not in answer.text


def test_a_long_value_is_there_in_strings_that_a_zone_file_takes(client, server):
    page = client.sign_in("maya").get(PAGE).text
    zone = html.unescape(re.search(r'<textarea id="zone"[^>]*>\s*([^<]*)<', page)[1])
    line = next(
        line for line in zone.splitlines() if line.startswith("heard._domainkey.garden.example. 3600 IN TXT ( ")
    )
    strings = re.findall(r'"([^"]*)"', line)
    assert max(map(len, strings)) <= 255
    assert "".join(strings) == dkim.record()
    server.zone += zone.replace("\n\n", "\n")  # and a name server reads them
    assert {state for state, _line in shown(client.sign_in("maya").post(f"{PAGE}/checks")).values()} == {"fine"}


def test_a_domain_with_nothing_gets_three_lines(client, server):
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert [rows[name][0] for name in ("SPF", "DKIM", "DMARC", "MX", "PTR")] == ["missing"] * 3 + ["fine"] * 2
    assert "3 lines are to be added at garden.example" in said(answer)
    assert answer.headers["cache-control"] == "private, no-store"


def test_all_is_well_when_all_is_there(client, server):
    server.zone += SPF + DMARC + key_line()
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert set(rows.values()) == {("fine", "")}
    assert "All is well" in said(answer)


@pytest.mark.parametrize(
    ("records", "state", "line", "words"),
    [
        (['v=spf1 ip4:198.41.0.4 -all'], "fine", "", "198.41.0.4"),
        (["v=spf1 include:other.example ~all"], "differs", "", "other.example, which has no SPF record"),
        (["v=spf1 ip4:8.8.8.8 -all"], "differs", "v=spf1 ip4:8.8.8.8 a:mail.garden.example -all", "does not name"),
        (["v=spf1 mx -all", "v=spf1 ip4:8.8.8.8 ~all"], "differs", "v=spf1 mx ip4:8.8.8.8 a:mail.garden.example -all", "more than one"),
        (["v=spf1 +all"], "differs", "v=spf1 a:mail.garden.example ~all", "everybody"),
        (["v=spf1 a:mail.garden.example"], "differs", "v=spf1 a:mail.garden.example ~all", "does not say"),
        (["v=spf1 a:mail.garden.example ?all"], "differs", "v=spf1 a:mail.garden.example ~all", "does not say"),
        (["v=spf1 ipv4:1.2.3.4 -all"], "differs", "", "no receiver understands"),
        (["v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " -all"], "differs", "", "more than 10"),
        (["v=spf1 include:spf.garden.example ~all"], "fine", "", "belongs to your mail server"),
        (["v=spf1 exists:%{i}.x.example -all"], "unknown", "", "could not be found out"),
        (["v=spf1 redirect=spf.garden.example"], "fine", "", "belongs to your mail server"),
        (["site=x"], "missing", "v=spf1 a:mail.garden.example ~all", "no SPF record"),
    ],
)  # fmt: skip
def test_what_is_said_of_spf(client, server, records, state, line, words):
    server.zone += "".join(f'garden.example. 60 IN TXT "{record}"\n' for record in records)
    server.zone += 'spf.garden.example. 60 IN TXT "v=spf1 ip4:8.8.8.8 -all"\n'
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert rows["SPF"] == ("could not be asked" if state == "unknown" else state, line)
    assert words in said(answer)


@pytest.mark.parametrize(
    ("record", "state", "words"),
    [
        (lambda: key_line(), "fine", "The key fits."),
        (lambda: key_line().replace("k=rsa; ", ""), "fine", "The key fits."),
        (lambda: key_line(extra="t=y; "), "fine", "t=y"),
        (lambda: key_line("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ"), "differs", "Another key"),
        (lambda: 'heard._domainkey.garden.example. 60 IN TXT "v=DKIM1; k=rsa; p="\n', "differs", "withdrawn"),
        (lambda: key_line() + key_line("AAAA"), "differs", "more than one key"),
        (lambda: key_line().replace("k=rsa", "k=dsa"), "differs", "Another key"),
        (lambda: 'heard._domainkey.garden.example. 60 IN TXT "hello"\n', "missing", "not there"),
        (lambda: "", "missing", "not there"),
    ],
)  # fmt: skip
def test_what_is_said_of_dkim(client, server, record, state, words):
    server.zone += record()
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert rows["DKIM"] == (state, "" if state == "fine" else dkim.record())
    assert words in said(answer)


def test_a_small_key_fits_and_its_size_is_told(client, server, monkeypatch):
    monkeypatch.setattr(settings(), "dkim_key", str(key_file(1024)))
    server.zone += key_line()
    answer = client.sign_in("maya").post(f"{PAGE}/checks")
    assert shown(answer)["DKIM"][0] == "fine"
    assert "1024 bits" in said(answer)


@pytest.mark.parametrize(
    ("sender", "records", "state", "words"),
    [
        ("", {"_dmarc.garden": "v=DMARC1; p=reject"}, "fine", "Until SPF or DKIM is in order"),
        ("", {"_dmarc.garden": "v=DMARC1; p=none; rua=mailto:x@y.example"}, "fine", "p=none"),
        ("", {"_dmarc.garden": "v=DMARC1; rua=mailto:x@y.example"}, "differs", "does not say what to do"),
        ("", {"_dmarc.garden": "v=DMARC1; p=never"}, "differs", "does not say what to do"),
        ("", {"_dmarc.garden": "something else"}, "missing", "no DMARC record"),
        (
            "a@news.garden.example",
            {"_dmarc.garden": "v=DMARC1; p=reject; sp=none"},
            "fine",
            "garden.example counts here too",
        ),
        ("a@news.garden.example", {"_dmarc.garden": "v=DMARC1; p=quarantine"}, "fine", "quarantine"),
        ("a@news.garden.example", {"_dmarc.garden": "v=DMARC1; p=none; adkim=s"}, "differs", "adkim=s"),
        ("a@news.garden.example", {"_dmarc.news.garden": "v=DMARC1; p=none"}, "fine", "p=none"),
    ],
)
def test_what_is_said_of_dmarc(client, server, sender, records, state, words):
    with writing() as session:
        session.execute(update(Community).values(sender=sender))
    server.zone += "".join(f'{name}.example. 60 IN TXT "{text}"\n' for name, text in records.items())
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert rows["DMARC"][0] == state
    assert words in said(answer)


def test_two_policies_are_none(client, server):
    server.zone += DMARC + DMARC.replace("none", "reject")
    assert shown(client.sign_in("maya").post(f"{PAGE}/checks"))["DMARC"] == ("differs", "v=DMARC1; p=none")


def test_a_machine_without_a_name_and_a_domain_without_a_mail_server(client, server):
    server.zone = "mail.garden.example. 60 IN A 198.41.0.4\n"
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert (rows["MX"][0], rows["PTR"][0]) == ("missing", "missing")
    assert "198.41.0.4 has no name" in said(answer)


@pytest.mark.parametrize("how", ["fails", "silent"])
def test_a_dns_that_is_away_is_told_and_no_line_is_called_missing(client, server, monkeypatch, how):
    monkeypatch.setattr(dns, "ONE", 0.05)
    names = getattr(server, how)
    names |= {
        "garden.example",
        "heard._domainkey.garden.example",
        "_dmarc.garden.example",
        HOST,
        "4.0.41.198.in-addr.arpa",
    }
    rows = shown(answer := client.sign_in("maya").post(f"{PAGE}/checks"))
    assert set(rows.values()) == {("could not be asked", "")}
    assert "missing" not in said(answer)


def test_nothing_is_locked_while_the_dns_is_asked(client, server):
    """Each question waits until somebody else has written; with a transaction open it would wait for ever."""

    def write():
        with writing() as session:
            session.execute(update(Community).values(audience="neighbours"))

    maya = client.sign_in("maya")
    server.meanwhile = write
    assert maya.post(f"{PAGE}/checks").status_code == 200
    assert server.asked


def test_localhost_has_no_lines_and_the_setting_is_named(client):
    maya = client.sign_in("maya")
    for answer in (maya.get(PAGE), maya.post(f"{PAGE}/checks")):
        assert shown(answer) == {}
        assert "HEARD_MAIL_FROM=" in answer.text
        assert "HEARD_SMTP_URL=" in answer.text


def test_without_a_key_the_page_says_how_to_make_one(client, server, monkeypatch):
    monkeypatch.setattr(settings(), "dkim_key", "")
    answer = client.sign_in("maya").get(PAGE)
    assert shown(answer)["DKIM"] == ("missing", "")
    assert "openssl genrsa" in answer.text


def test_a_key_that_cannot_be_read_is_told(client, server, monkeypatch, tmp_path):
    monkeypatch.setattr(settings(), "dkim_key", str(tmp_path / "gone.pem"))
    answer = client.sign_in("maya").post(f"{PAGE}/checks")
    assert shown(answer)["DKIM"] == ("differs", "")
    assert "gone.pem" in said(answer)


def test_mail_from_another_domain_than_the_keys_is_not_signed_and_that_is_said(client, server):
    with writing() as session:
        session.execute(update(Community).values(sender="maya@other.example"))
    answer = client.sign_in("maya").get(PAGE)
    assert shown(answer)["DKIM"] == ("missing", "")
    assert "Mail from maya@other.example is not signed by Heard" in said(answer)
    assert shown(answer)["SPF"][1] == "v=spf1 a:mail.garden.example ~all"


def test_a_domain_in_other_letters_is_shown_as_people_and_as_the_dns_write_it(client, server, monkeypatch):
    monkeypatch.setattr(settings(), "mail_from", "post@bücher.example")
    answer = client.sign_in("maya").post(f"{PAGE}/checks")
    assert "3 lines are to be added at bücher.example" in said(answer)
    assert 'value="_dmarc.xn--bcher-kva.example"' in answer.text
    assert "udp TXT heard._domainkey.xn--bcher-kva.example" in server.asked


@pytest.mark.parametrize(
    ("smtp", "base", "line"),
    [
        ("smtp://127.0.0.1", "https://heard.garden.example", "v=spf1 a:heard.garden.example ~all"),
        ("smtp://postfix", "https://heard.garden.example", "v=spf1 a:heard.garden.example ~all"),
        ("smtp://10.0.0.3:2525", "https://heard.garden.example", "v=spf1 a:heard.garden.example ~all"),
        ("smtp://198.41.0.4", "https://heard.garden.example", "v=spf1 ip4:198.41.0.4 ~all"),
        ("smtp://[2001:503:ba3e::2:30]", "https://heard.garden.example", "v=spf1 ip6:2001:503:ba3e::2:30 ~all"),
        ("smtp://127.0.0.1", "http://127.0.0.1:8000", ""),
        ("", "https://heard.garden.example", ""),
    ],
)
def test_the_machine_that_receivers_see_is_named(monkeypatch, smtp, base, line):
    for name, value in {"smtp_url": smtp, "base_url": base, "mail_from": "post@garden.example"}.items():
        monkeypatch.setattr(settings(), name, value)
    made = spf_line(sending_of(Community(slug="garden", name="Garden")), [])
    assert (made.value if made else "") == line


def test_a_test_mail_goes_to_oneself_signed_and_the_servers_words_are_shown(client, server, monkeypatch):
    with receiving() as mailbox:
        monkeypatch.setattr(settings(), "smtp_url", mailbox.url)
        answer = client.sign_in("maya").post(f"{PAGE}/tests")
        (to, message), *others = mailbox.taken
        assert (to, others) == (["maya@garden.example"], [])
        assert message["Subject"] == "A test mail of The Quiet Garden"
        assert message["DKIM-Signature"]
        assert "took the test mail" in said(answer)
        assert "250 kept" in said(answer)
        mailbox.answers["RCPT"] = "550 5.7.1 <b>not here</b>"
        answer = client.sign_in("maya").post(f"{PAGE}/tests")
        assert "550 5.7.1 &lt;b&gt;not here&lt;/b&gt;" in answer.text


def test_five_test_mails_an_hour(client, server, monkeypatch, tmp_path):
    monkeypatch.setattr(settings(), "smtp_url", "")
    maya = client.sign_in("maya")
    assert [maya.post(f"{PAGE}/tests").status_code for _ in range(6)] == [200] * 5 + [429]
    assert len(list((tmp_path / "outbox").iterdir())) == 5
    assert client.sign_in("ines").post(f"{PAGE}/tests").status_code == 200


def test_in_french_too(client, server):
    answer = client.sign_in("maya").post(f"{PAGE}/checks", headers={"accept-language": "fr"})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "fr"
