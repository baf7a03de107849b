"""What Heard refuses, and how it says so.

    Refused                     409  the base: happened, what was kept, what to do
    ├── BadInput                422  the request cannot be understood; `fields` says where
    ├── NotSignedIn             401  no session or token, or one that ended
    ├── Forbidden               403  the role does not allow it
    ├── NotFound                404  not there, or not for this person (never says which)
    ├── TooMany                 429  slow down
    ├── Unavailable             503  a disk, a lock or a peer is away; try again
    └── Misconfigured           503  a setting must be mended by the operator

An HTML page shows message, hint and link; JSON shows them as {"error": {...}}; the command line prints message and
hint and exits 2. Domain packages add classes beside the rules that raise them.
"""

from heard.kit.i18n import _, language


class Refused(Exception):
    """A request we understood and decline. `message` says what happened, `hint` what to do."""

    code, status = "refused", 409
    retry_after = 0  # seconds, where the same request may do better later

    def __init__(self, message: str, *, hint: str = "", link: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.link, self.fields = message, hint, link, fields or {}
        self.language = language()  # of its words: the page around them speaks it too

    def as_json(self) -> dict[str, dict[str, object]]:
        """The one shape of every error of the API."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "hint": self.hint,
                "link": self.link,
                "fields": self.fields,
            }
        }


class BadInput(Refused):
    """Something in the request is missing, foreign or malformed. Nothing was written."""

    code, status = "bad_input", 422


class NotSignedIn(Refused):
    """No session, no token, or one that ended."""

    code, status = "not_signed_in", 401

    def __init__(self, message: str = "", *, hint: str = "", link: str = "/sign-in") -> None:
        super().__init__(message or _("Please sign in first."), hint=hint or _("Then open this page again."), link=link)


class Forbidden(Refused):
    """The person is known, the role does not allow it."""

    code, status = "forbidden", 403


class NotFound(Refused):
    """Not there, or not for this person: the answer is the same, so that nothing is revealed."""

    code, status = "not_found", 404

    def __init__(self, message: str = "", *, hint: str = "", link: str = "") -> None:
        super().__init__(
            message or _("There is nothing at this address."),
            hint=hint or _("Check the address, or ask the person who sent it for a new link."),
            link=link,
        )


class TooMany(Refused):
    """More requests than a person makes."""

    code, status, retry_after = "too_many", 429, 5


class Unavailable(Refused):
    """Something we need is away for the moment; what was sent was not stored."""

    code, status, retry_after = "unavailable", 503, 5


class Misconfigured(Refused):
    """A setting does not work; the hint names it and shows a value that does."""

    code, status, retry_after = "misconfigured", 503, 60
