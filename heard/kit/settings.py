"""Settings from the environment. Each name is documented in docs/install.md (a test compares the two)."""

import fcntl
import os
import re
import secrets
from email.utils import parseaddr
from functools import cached_property, lru_cache
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from heard.kit.errors import Misconfigured
from heard.kit.headers import is_address
from heard.kit.i18n import _

SHORTEST_SECRET = 16
_LIKE = {  # a value of each setting that works
    "database_url": "HEARD_DATABASE_URL=sqlite:////var/lib/heard/heard.db, or postgresql://user:password@host/heard",
    "secret": 'HEARD_SECRET="$(openssl rand -hex 32)"',
    "base_url": "HEARD_BASE_URL=https://heard.example.org",
    "smtp_url": "HEARD_SMTP_URL=smtp://user:password@mail.example.org:587",
    "mail_from": 'HEARD_MAIL_FROM="The Book Club <news@example.org>"',
    "dkim_selector": "HEARD_DKIM_SELECTOR=heard",
    "bounces": "HEARD_BOUNCES=/var/mail/heard-bounces",
    "dns_server": "HEARD_DNS_SERVER=9.9.9.9",
    "work": "HEARD_WORK=1, or HEARD_WORK=0",
    "proxies": "HEARD_PROXIES=127.0.0.1, or HEARD_PROXIES=10.0.0.0/8,fd00::/8",
    "allow_private_targets": "HEARD_ALLOW_PRIVATE_TARGETS=10.0.0.0/8,192.168.0.0/16",
    "llm_url": "HEARD_LLM_URL=http://127.0.0.1:11434/v1",
    "llm_key": "HEARD_LLM_KEY=sk-…",
}


class Settings(BaseModel):
    """What an operator can set, as HEARD_<NAME>."""

    model_config = ConfigDict(hide_input_in_errors=True)

    database_url: str = "sqlite:///heard-data/heard.db"
    data: Path | None = None
    secret: str = ""
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""
    mail_from: str = ""
    dkim_key: str = ""
    dkim_selector: str = "heard"
    bounces: Path | None = None
    dns_server: str = ""
    work: bool = True
    proxies: str = ""  # whose X-Forwarded-For is believed
    allow_private_targets: str = ""
    llm_url: str = ""
    llm_model: str = ""  # none: the first that the server lists
    llm_key: str = ""

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        scheme = value.split(":")[0] if ":" in value else ""
        if scheme in ("postgresql", "postgres"):
            _parts(value)
        elif scheme != "sqlite":
            raise ValueError(_("it begins with sqlite:/// or postgresql://"))
        elif not value.startswith("sqlite:///") or Path(value[10:]).name in ("", ":memory:"):
            raise ValueError(_("it must name a file"))
        elif "?" in value:
            raise ValueError(_("options after “?” have no effect on SQLite"))
        return value

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < SHORTEST_SECRET:
            raise ValueError(_("it needs at least %(n)s characters") % {"n": SHORTEST_SECRET})
        return value

    @field_validator("base_url")
    @classmethod
    def _site(cls, value: str) -> str:
        parts = _parts(value, "http", "https")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise ValueError(_("it may hold nothing but scheme, host and port; a path is not supported"))
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            _parts(value, "smtp", "smtps", "smtp+starttls")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and not is_address(parseaddr(value)[1]):
            raise ValueError(_("it is not an e-mail address"))
        return value

    @field_validator("bounces")
    @classmethod
    def _maildir(cls, value: Path | None) -> Path | None:
        if value and not value.is_absolute():
            raise ValueError(_("it is the whole path of a folder"))
        return value

    @field_validator("dkim_selector")
    @classmethod
    def _selector(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", value, re.IGNORECASE):
            raise ValueError(_("it is a word of letters, digits and hyphens"))
        return value

    @field_validator("dns_server")
    @classmethod
    def _name_server(cls, value: str) -> str:
        if value and (not (parts := _parts(f"//{value}")).hostname or parts.path or parts.username):
            raise ValueError(_("it is a host or an address, and a port after a colon if need be"))
        return value

    @field_validator("allow_private_targets", "proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            ip_network(part.strip())
        return value

    @field_validator("llm_url")
    @classmethod
    def _language_model(cls, value: str) -> str:
        if value and (parts := _parts(value, "http", "https")) and (parts.username or parts.query or parts.fragment):
            raise ValueError(_("it holds scheme, host, port and path only; a key belongs in HEARD_LLM_KEY"))
        return value.rstrip("/")

    @field_validator("llm_key")
    @classmethod
    def _one_word(cls, value: str) -> str:
        if not re.fullmatch(r"[!-~]*", value):
            raise ValueError(_("it is one word of plain letters, digits and signs"))
        return value

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, or None on PostgreSQL."""
        scheme, _sep, path = self.database_url.partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @cached_property
    def data_folder(self) -> Path:
        """Where secret, engine file, model file and unsent mail live; made on first use."""
        folder = self.data or (self.sqlite_file.parent if self.sqlite_file else Path("heard-data"))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # addresses of people are in it
        except OSError as error:
            raise Misconfigured(
                _("The data folder %(path)s cannot be made: %(why)s.")
                % {"path": folder, "why": error.strerror or error},
                hint=_("Choose a folder that you may write to: HEARD_DATA=/var/lib/heard"),
            ) from error
        return folder

    @cached_property
    def secret_key(self) -> bytes:
        """HEARD_SECRET, or the one made once in HEARD_DATA with mode 0600 (part of the backup)."""
        if self.secret:
            return self.secret.encode()
        file = self.data_folder / "secret"
        try:
            key = (file.read_text() if file.exists() else "").strip() or _new_secret(file)
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(
                _("The secret %(path)s cannot be read or made: %(why)s.")
                % {"path": file, "why": getattr(error, "strerror", "") or error},
                hint=_("Check the rights of the folder and that the disk is not full, or set HEARD_SECRET."),
            ) from error
        if len(key) < SHORTEST_SECRET:
            raise Misconfigured(
                _("The secret in %(path)s is cut off.") % {"path": file},
                hint=_("Bring it back from a backup. If no link or receipt was given out yet, remove the file."),
            )
        return key.encode()

    @cached_property
    def https(self) -> bool:
        """Secure cookies and __Host- names hang on this."""
        return self.base_url.startswith("https://")

    @cached_property
    def host(self) -> str:
        """host[:port] of the base URL."""
        return self.base_url.split("://", 1)[-1].split("/")[0]


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once. Raises Misconfigured for a value that cannot work."""
    # A value that is empty is one that is not set: compose.yml hands over empty ones.
    given = {name: value for name in Settings.model_fields if (value := os.environ.get(f"HEARD_{name.upper()}"))}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        why = first.get("ctx", {}).get("error") or (_("it is 1 or 0") if name == "work" else first["msg"])
        raise Misconfigured(
            _("HEARD_%(name)s cannot be used: %(why)s.") % {"name": name.upper(), "why": why},
            hint=_LIKE.get(name, ""),
        ) from error


def unknown() -> list[str]:
    """Names in the environment that look like settings and are none: mistyped ones."""
    known = {f"HEARD_{name.upper()}" for name in Settings.model_fields} | {"HEARD_WORK_CHILD"}
    return sorted(name for name in os.environ if name.startswith("HEARD_") and name not in known)


def _parts(url: str, *schemes: str) -> SplitResult:
    """An address taken apart. ValueError says in words what is wrong, without the password that may be in it."""
    parts = urlsplit(url)
    if schemes and parts.scheme not in schemes:
        raise ValueError(_("it begins with %(schemes)s") % {"schemes": ", ".join(f"{s}://" for s in schemes)})
    try:
        parts.port  # noqa: B018  (raises)
    except ValueError:
        raise ValueError(_("the port is not a number from 0 to 65535")) from None
    if schemes and not parts.hostname:
        raise ValueError(_("the host is missing"))
    return parts


def _new_secret(file: Path) -> str:
    """Make it. Of two processes that start together one writes and the other reads; after a full disk it is tried anew."""
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        if not (key := f.read().strip()):
            key = secrets.token_hex(32)
            f.write(key)
            f.flush()
            os.fsync(f.fileno())
    return key
