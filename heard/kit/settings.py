"""Settings from the environment. Each name is documented in docs/install.md (a test compares the two)."""

import os
import secrets
from functools import cached_property, lru_cache
from ipaddress import ip_network
from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set, as HEARD_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="HEARD_", extra="ignore")

    database_url: str = "sqlite:///heard-data/heard.db"
    data: Path | None = None
    secret: str = ""
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""
    mail_from: str = ""
    work: bool = True
    allow_private_targets: str = ""
    llm_url: str = ""

    @field_validator("base_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("allow_private_targets")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            ip_network(part.strip())
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
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def secret_key(self) -> bytes:
        """HEARD_SECRET, or the one made once in HEARD_DATA with mode 0600 (part of the backup)."""
        if self.secret:
            return self.secret.encode()
        file = self.data_folder / "secret"
        try:
            # "x": of two processes that start together, one makes it and the other reads it
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
                f.write(secrets.token_hex(32))
                f.flush()
                os.fsync(f.fileno())
        except FileExistsError:
            pass
        return file.read_text().strip().encode()

    @property
    def https(self) -> bool:
        """Secure cookies and __Host- names hang on this."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """host[:port] of the base URL."""
        return self.base_url.split("://", 1)[-1].split("/")[0]


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
