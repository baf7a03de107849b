"""Mails that came back, as servers write them; each about a mail with `message_id` to `to`."""

from textwrap import dedent

EXIM_LIKE_TEXT = "This message was created automatically by mail delivery software.\n"


def report(
    message_id: str,
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <claire> no such user",
    original: str = "message/rfc822",
    kind: str = "delivery-status",
    form: str = "message/delivery-status",
    boundary: str = "=_cut",
    also: str = "",
) -> bytes:
    """RFC 3464: for people, for programs, and the mail that came back."""
    head = dedent(f"""\
        From: MAILER-DAEMON@mx.board.example
        To: heard@garden.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type={kind};
        \tboundary="{boundary}"

        This is a MIME-encapsulated message.

        --{boundary}
        Content-Type: text/plain; charset=us-ascii

        {EXIM_LIKE_TEXT}
        --{boundary}
        Content-Type: {form}

        Reporting-MTA: dns; mx.board.example
        X-Postfix-Queue-ID: 4Rk2

        Final-Recipient: rfc822; {to}
        Original-Recipient: rfc822;{to}
        Action: {action}
        Status: {status}
        Diagnostic-Code: {said}
        """)
    back = dedent(f"""\
        --{boundary}
        Content-Type: {original}

        From: heard@garden.example
        To: {to}
        Message-ID: {message_id}
        Subject: A brief

        Its text.
        --{boundary}--
        """)
    return (head + also + "\n" + back).replace("\n", "\r\n").encode()


def complaint(message_id: str, to: str, *, kind: str = "abuse") -> bytes:
    """RFC 5965."""
    return dedent(f"""\
        From: feedback@mx.board.example
        Subject: FW: A brief
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary=cut

        --cut
        Content-Type: text/plain

        This is an abuse report.
        --cut
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Rcpt-To: <{to}>

        --cut
        Content-Type: message/rfc822

        From: heard@garden.example
        To: {to}
        Message-ID: {message_id}

        Its text.
        --cut--
        """).encode()


ABSENT = b"""From: claire@board.example
To: heard@garden.example
Subject: Out of office: A brief
Auto-Submitted: auto-replied
In-Reply-To: %s
Content-Type: text/plain

I am away until Monday. Action: failed
Status: 5.1.1
Final-Recipient: rfc822; claire@board.example
"""
