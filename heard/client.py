# ruff: noqa: E501, UP013  (a line for a shape reads better than ten)
# fmt: off
"""A client of Heard's API in one file that needs HTTPX only: take it along into a program of yours.

    with Heard("https://heard.example.org", TOKEN) as heard:
        poll = heard.create_poll("book-club", {"questions": [{"kind": "yes_no", "wording": "Meet in June?"}]})
        heard.open_poll(poll["slug"])
        for line in heard.pages(heard.list_polls, "book-club"):
            print(line["title"], line["url"])

Each write is sent with an Idempotency-Key and sent again, with the same key, when the connection breaks: it is done once.
Shapes and methods are written by `python -m heard.client_writer` out of the OpenAPI document.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

import httpx

TRIES = 5
LONGEST_WAIT = 10.0  # seconds


class HeardError(Exception):
    """What was refused. `code` never changes; `message` says what happened, `hint` what to do, `fields` where."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status, self.code = status, str(told.get("code", ""))
        self.message, self.hint = str(told.get("message", "")), str(told.get("hint", ""))
        self.fields: dict[str, str] = dict(told.get("fields") or {})
        super().__init__(f"{status} {self.code}: {self.message} {self.hint}".strip())


AcceptanceIn = TypedDict("AcceptanceIn", {"words": NotRequired[str | None]})
ActionIn = TypedDict("ActionIn", {
    "title": str, "public_note": str, "status": NotRequired[Literal["planned", "doing", "done", "declined"]],
    "owner": NotRequired[int | None], "due_on": NotRequired[str | None],
})
ActionOut = TypedDict("ActionOut", {
    "id": int, "theme": int, "title": str, "public_note": str, "status": str, "created_at": str, "url": str,
    "owner": int | None, "due_on": str | None, "overdue": bool,
})
ActionsPart = TypedDict("ActionsPart", {"actions": list[ActionOut], "next": str | None})
AnnouncementIn = TypedDict("AnnouncementIn", {
    "kind": NotRequired[Literal["news", "trial"]], "title": str, "what": NotRequired[str | None],
    "audience": NotRequired[str | None], "how": NotRequired[str | None], "starts_on": NotRequired[str | None],
    "ends_on": NotRequired[str | None], "places": NotRequired[int | None], "consent": NotRequired[str | None],
    "locale": NotRequired[Literal["en", "fr"] | None], "revision": NotRequired[None],
})
AnnouncementLine = TypedDict("AnnouncementLine", {
    "slug": str, "kind": str, "title": str, "status": str, "outcome": str, "starts_on": str | None,
    "ends_on": str | None, "places": int | None, "joined": int, "version": int, "url": str,
})
AnnouncementOut = TypedDict("AnnouncementOut", {
    "slug": str, "url": str, "kind": str, "status": str, "revision": int, "title": str, "what": str, "audience": str,
    "how": str, "starts_on": str | None, "ends_on": str | None, "places": int | None, "consent": str, "locale": str,
    "outcome": str, "outcome_reason": str, "published_at": str | None, "joined": int, "waiting": int,
    "left": int | None,
})
AnnouncementPatch = TypedDict("AnnouncementPatch", {
    "kind": NotRequired[Literal["news", "trial"] | None], "title": NotRequired[str | None],
    "what": NotRequired[str | None], "audience": NotRequired[str | None], "how": NotRequired[str | None],
    "starts_on": NotRequired[str | None], "ends_on": NotRequired[str | None], "places": NotRequired[int | None],
    "consent": NotRequired[str | None], "locale": NotRequired[Literal["en", "fr"] | None],
    "revision": NotRequired[int | None],
})
AnnouncementsPart = TypedDict("AnnouncementsPart", {"announcements": list[AnnouncementLine], "next": str | None})
ItemIn = TypedDict("ItemIn", {
    "item": int, "option": NotRequired[int | None], "number": NotRequired[float | None],
    "text": NotRequired[str | None],
})
AnswerIn = TypedDict("AnswerIn", {
    "question": int, "option": NotRequired[int | None], "options": NotRequired[list[int] | None],
    "number": NotRequired[float | None], "text": NotRequired[str | None], "date": NotRequired[str | None],
    "items": NotRequired[list[ItemIn] | None],
})
AnswerOut = TypedDict("AnswerOut", {"id": int, "text": str, "theme": int | None})
ValueOut = TypedDict("ValueOut", {
    "item": NotRequired[int | None], "option": NotRequired[int | None], "number": NotRequired[float | None],
    "text": NotRequired[str | None],
})
AnsweredOut = TypedDict("AnsweredOut", {"question": int, "values": list[ValueOut]})
AnswersIn = TypedDict("AnswersIn", {"answers": list[AnswerIn]})
AnswersPart = TypedDict("AnswersPart", {"comments": list[AnswerOut], "next": str | None})
ApprovalIn = TypedDict("ApprovalIn", {"quotes": NotRequired[Literal["all", "ticked", "none"]]})
ApprovalOut = TypedDict("ApprovalOut", {"approved_at": str})
ReplyOut = TypedDict("ReplyOut", {"title": str, "public_note": str, "status": str, "theme": str, "created_at": str})
BallotOut = TypedDict("BallotOut", {
    "poll": str, "url": str, "mark": str, "submitted_at": str, "changed": bool, "withdrawn": bool, "may_change": bool,
    "answers": list[AnsweredOut], "replies": list[ReplyOut],
})
BarOut = TypedDict("BarOut", {
    "label": str, "n": int | None, "of": int | None, "share": float | None, "value": float | None,
    "at_least": float | None,
})
BriefIn = TypedDict("BriefIn", {
    "audience": Literal["product", "leadership"], "since": NotRequired[str | None], "until": NotRequired[str | None],
    "locale": NotRequired[Literal["", "en", "fr"]],
})
BriefLine = TypedDict("BriefLine", {
    "id": int, "audience": str, "locale": str, "subject": str, "since": str, "until": str, "facts_hash": str,
    "created_at": str, "url": str,
})
BriefOut = TypedDict("BriefOut", {"id": int, "token": str, "url": str, "facts_hash": str})
BriefRead = TypedDict("BriefRead", {
    "id": int, "audience": str, "locale": str, "subject": str, "facts": dict[str, Any], "facts_hash": str,
    "text": str, "html": str, "approved_at": str | None,
})
BriefsPart = TypedDict("BriefsPart", {"briefs": list[BriefLine], "next": str | None})
CellOut = TypedDict("CellOut", {"n": int | None, "share": float | None, "at_least": float | None})
CommentOut = TypedDict("CommentOut", {"id": int, "text": str})
CommentsPart = TypedDict("CommentsPart", {"comments": list[CommentOut], "next": str | None})
CommunityOut = TypedDict("CommunityOut", {
    "slug": str, "url": str, "name": str, "mission": str, "brand_story": str, "audience": str, "locale": str,
    "zone": str, "accent": str, "mails_per_week": int,
})
CommunityPatch = TypedDict("CommunityPatch", {
    "name": NotRequired[str | None], "mission": NotRequired[str | None], "brand_story": NotRequired[str | None],
    "audience": NotRequired[str | None], "locale": NotRequired[Literal["en", "fr"] | None],
    "zone": NotRequired[str | None], "accent": NotRequired[str | None], "mails_per_week": NotRequired[int | None],
})
ConditionIn = TypedDict("ConditionIn", {
    "question": int, "operator": Literal["is", "is_not", "at_least", "at_most", "answered", "not_answered"],
    "options": NotRequired[list[str]], "number": NotRequired[float | None],
})
ConditionOut = TypedDict("ConditionOut", {
    "question": int, "operator": str, "options": list[str], "number": float | None,
})
ContactIn = TypedDict("ContactIn", {
    "email": str, "name": NotRequired[str], "locale": NotRequired[Literal["en", "fr"] | None], "consent": str,
})
ContactOut = TypedDict("ContactOut", {
    "id": int, "address": str, "name": str, "locale": str, "state": str, "agreed": str, "since": str | None,
})
ContactRow = TypedDict("ContactRow", {
    "email": str, "name": NotRequired[str], "locale": NotRequired[Literal["", "en", "fr"]],
})
ContactsPart = TypedDict("ContactsPart", {"people": list[ContactOut], "next": str | None})
ContrastOut = TypedDict("ContrastOut", {"v": float, "w": float, "p": float, "n": int, "exact": bool, "rough": bool})
CorrectionIn = TypedDict("CorrectionIn", {"part": str, "text": str})
CorrectionOut = TypedDict("CorrectionOut", {"at": str, "part": str, "before": str, "after": str})
SideOut = TypedDict("SideOut", {"label": str, "option": int | None, "none": bool, "n": int | None})
CrossingOut = TypedDict("CrossingOut", {
    "rows_field": str, "columns_field": str, "where": str, "n": int, "base": int, "k": int, "hidden": int,
    "rows": list[SideOut], "columns": list[SideOut], "cells": list[list[CellOut]], "test": ContrastOut | None,
    "untested": str,
})
Decided = TypedDict("Decided", {"state": str, "option": int | None})
DecisionActionIn = TypedDict("DecisionActionIn", {
    "title": str, "public_note": str, "status": NotRequired[Literal["planned", "doing", "done", "declined"]],
    "owner": NotRequired[int | None], "due_on": NotRequired[str | None], "theme": NotRequired[int | None],
})
DecisionIn = TypedDict("DecisionIn", {
    "act": Literal["count", "set_aside", "leave", "undo"], "group": str, "reason": str,
})
DecisionOut = TypedDict("DecisionOut", {"id": int, "act": str, "n": int})
DeliveriesIn = TypedDict("DeliveriesIn", {"to": list[str], "quotes": NotRequired[Literal["all", "ticked", "none"]]})
DeliveryOut = TypedDict("DeliveryOut", {"to": str, "status": str})
DeliveriesOut = TypedDict("DeliveriesOut", {"deliveries": list[DeliveryOut]})
DeliveriesPart = TypedDict("DeliveriesPart", {"deliveries": list[DeliveryOut], "next": str | None})
DraftOut = TypedDict("DraftOut", {"poll": str})
EditOut = TypedDict("EditOut", {
    "id": int, "kind": str, "theme": int | None, "label": str, "other": int | None, "other_label": str, "n": int,
    "on": bool, "by": str, "at": str, "undone_at": str | None, "newest": bool,
})
EditDone = TypedDict("EditDone", {"edit": EditOut | None})
EditIn = TypedDict("EditIn", {
    "kind": Literal["rename", "merge", "split", "move", "pin", "hide"], "label": NotRequired[str],
    "into": NotRequired[int | None], "comments": NotRequired[list[int]], "on": NotRequired[bool],
})
EditsPart = TypedDict("EditsPart", {"edits": list[EditOut], "next": str | None})
EndIn = TypedDict("EndIn", {
    "outcome": NotRequired[Literal["", "adopt", "adapt", "drop"]], "reason": NotRequired[str],
})
EntryOut = TypedDict("EntryOut", {
    "id": int, "at": str, "by": str | None, "action": str, "subject": str, "details": dict[str, Any],
})
EvidenceOut = TypedDict("EvidenceOut", {
    "sentence": str, "position": int, "last": int, "questions": list[dict[str, Any]], "themes": list[dict[str, Any]],
    "polls": list[dict[str, Any]], "actions": list[dict[str, Any]], "totals": dict[str, int], "comments": list[str],
    "of": int, "gone": int,
})
FailedOut = TypedDict("FailedOut", {"address": str, "why": str})
SplitOut = TypedDict("SplitOut", {"label": str, "bars": list[BarOut]})
FigureOut = TypedDict("FigureOut", {
    "field": str, "question": int, "wording": str, "item": str, "finding": str, "test": str, "note": str,
    "groups": list[SplitOut], "extras": dict[str, list[str]],
})
FileIn = TypedDict("FileIn", {"text": str})
FirstRows = TypedDict("FirstRows", {"heads": list[str], "rows": list[list[str]]})
FramingIn = TypedDict("FramingIn", {"who": Literal["anybody", "listed", "nobody"], "sites": NotRequired[list[str]]})
FramingOut = TypedDict("FramingOut", {"who": str, "sites": list[str]})
GatherIn = TypedDict("GatherIn", {
    "kind": Literal["split", "move"], "label": NotRequired[str], "into": NotRequired[int | None],
    "comments": list[int],
})
GroupOut = TypedDict("GroupOut", {
    "key": str, "n": int, "set_aside": bool, "first": str | None, "last": str | None, "changed": bool | None,
})
OpinionSaidOut = TypedDict("OpinionSaidOut", {
    "statement": int, "label": str, "stance": int, "value": float, "z": float,
})
OpinionGroupOut = TypedDict("OpinionGroupOut", {
    "name": str, "n": int, "share": float, "x": float, "y": float, "wide": float, "high": float,
    "representative": list[OpinionSaidOut], "people": list[OpinionSaidOut],
})
OpinionSideOut = TypedDict("OpinionSideOut", {
    "group": str, "agree": int | None, "disagree": int | None, "passed": int | None, "n": int | None,
})
OpinionStatementOut = TypedDict("OpinionStatementOut", {
    "id": int, "label": str, "x": float, "y": float, "groups": list[OpinionSideOut],
})
OpinionsOut = TypedDict("OpinionsOut", {
    "question": int, "wording": str, "n": int, "voted": int, "need": int, "why": str, "left_out": int, "apart": int,
    "silhouette": float, "explained": float, "made_at": str | None, "groups": list[OpinionGroupOut],
    "bridging": list[OpinionSaidOut], "dividing": list[OpinionSaidOut], "statements": list[OpinionStatementOut],
})
GroupsOut = TypedDict("GroupsOut", {"questions": list[OpinionsOut]})
ImportIn = TypedDict("ImportIn", {
    "file_name": str, "content": str,
    "format": NotRequired[Literal["auto", "polis", "jsonl", "long", "limesurvey", "typeform", "surveymonkey", "formbricks", "google", "csv"]],
    "poll": NotRequired[str], "title": NotRequired[str], "listed": NotRequired[bool],
})
ImportLine = TypedDict("ImportLine", {
    "id": int, "status": str, "format": str, "file_name": str, "poll": str | None, "title": str, "rows": int,
    "done": int, "taken": int, "unchanged": int, "refused": int, "created_at": str, "finished_at": str | None,
})
ImportQuestion = TypedDict("ImportQuestion", {
    "id": str, "wording": str, "kind": str, "kinds": list[str], "to": str, "answers": int, "items": int,
    "options": list[str], "examples": list[str], "problem": str,
})
ImportTarget = TypedDict("ImportTarget", {"to": str, "wording": str})
ImportOut = TypedDict("ImportOut", {
    "id": int, "status": str, "format": str, "file_name": str, "poll": str | None, "title": str, "rows": int,
    "done": int, "taken": int, "unchanged": int, "refused": int, "created_at": str, "finished_at": str | None,
    "hash": str, "listed": bool, "error": str, "notes": list[str], "questions": list[ImportQuestion],
    "first": FirstRows, "targets": list[ImportTarget],
})
QuestionChoice = TypedDict("QuestionChoice", {
    "id": str, "wording": NotRequired[str | None], "kind": NotRequired[str | None], "to": NotRequired[str | None],
})
ImportPatch = TypedDict("ImportPatch", {
    "format": NotRequired[Literal["auto", "polis", "jsonl", "long", "limesurvey", "typeform", "surveymonkey", "formbricks", "google", "csv"] | None],
    "listed": NotRequired[bool | None], "questions": NotRequired[list[QuestionChoice]],
})
ImportsPart = TypedDict("ImportsPart", {"imports": list[ImportLine], "next": str | None})
PastOut = TypedDict("PastOut", {"id": int, "who": str, "at": str, "words": str, "why": str, "undone": bool})
IntegrityOut = TypedDict("IntegrityOut", {
    "level": int, "limit": int, "counted": int, "set_aside": int, "changed": list[int], "sentence": str,
    "groups": list[GroupOut], "marks": list[str], "begun": int, "from_programs": int, "history": list[PastOut],
})
InvitationOut = TypedDict("InvitationOut", {"number": int, "label": str, "url": str, "used": bool})
InvitationsIn = TypedDict("InvitationsIn", {"count": int})
InvitationsMade = TypedDict("InvitationsMade", {"made": int})
InvitationsPart = TypedDict("InvitationsPart", {"invitations": list[InvitationOut], "next": str | None})
OptionOut = TypedDict("OptionOut", {"id": int, "label": str, "count": int, "share": float})
ItemOut = TypedDict("ItemOut", {
    "id": int, "label": str, "n": int, "options": NotRequired[list[OptionOut] | None],
    "count": NotRequired[int | None], "share": NotRequired[float | None], "mean": NotRequired[float | None],
    "score": NotRequired[float | None], "moderated": NotRequired[bool | None],
})
LetterIn = TypedDict("LetterIn", {
    "list_id": NotRequired[int | None], "of": NotRequired[int | None], "subject": str, "words": NotRequired[str],
})
LimitIn = TypedDict("LimitIn", {"limit": int})
LimitOut = TypedDict("LimitOut", {"limit": int})
LineOut = TypedDict("LineOut", {"source": str, "text": str, "settled": bool})
LinkIn = TypedDict("LinkIn", {"name": NotRequired[str | None]})
VisitsOut = TypedDict("VisitsOut", {"person": int, "preview": int, "scanner": int})
LinkOut = TypedDict("LinkOut", {
    "token": str, "place": str, "label": str, "url": str, "subject": str, "text": str, "html": str, "frame": str,
    "compose": str, "visits": VisitsOut,
})
LinksPart = TypedDict("LinksPart", {"links": list[LinkOut], "next": str | None})
ListIn = TypedDict("ListIn", {"name": str})
ListOut = TypedDict("ListOut", {"id": int, "name": str, "people": int, "writable": int})
ListsPart = TypedDict("ListsPart", {"lists": list[ListOut], "next": str | None})
LogPart = TypedDict("LogPart", {"entries": list[EntryOut], "next": str | None})
MailingIn = TypedDict("MailingIn", {
    "list_id": NotRequired[int | None], "of": NotRequired[int | None], "subject": str, "words": NotRequired[str],
    "count": int,
})
MailingOut = TypedDict("MailingOut", {
    "id": int, "kind": str, "subject": str, "words": str, "list_id": int | None, "created_at": str,
    "stopped_at": str | None, "statuses": dict[str, int], "answered": int, "visits": VisitsOut, "still": bool,
    "failed": list[FailedOut],
})
MailingPlan = TypedDict("MailingPlan", {"count": int, "held": dict[str, int], "words": list[str]})
MailingsPart = TypedDict("MailingsPart", {"mailings": list[MailingOut], "next": str | None})
Moderated = TypedDict("Moderated", {"option": int, "moderated": bool})
MovedOut = TypedDict("MovedOut", {"theme": int | None, "n": int})
NowOut = TypedDict("NowOut", {"id": int, "parent": int | None, "label": str, "n": int | None, "went": list[MovedOut]})
ParticipantOut = TypedDict("ParticipantOut", {
    "id": int, "name": str, "address": str, "state": str, "asked_at": str, "confirmed": bool,
})
ParticipantsPart = TypedDict("ParticipantsPart", {"participants": list[ParticipantOut], "next": str | None})
PersonOut = TypedDict("PersonOut", {"id": int, "email": str, "name": str, "role": str})
PeoplePart = TypedDict("PeoplePart", {"people": list[PersonOut], "next": str | None})
PersonAdded = TypedDict("PersonAdded", {"id": int, "email": str, "name": str, "role": str, "password": str | None})
PersonIn = TypedDict("PersonIn", {"email": str, "role": Literal["owner", "manager", "analyst", "viewer"]})
PointsOut = TypedDict("PointsOut", {"option": int, "score": int})
ShowIfIn = TypedDict("ShowIfIn", {
    "when": NotRequired[Literal["all", "any"]], "conditions": NotRequired[list[ConditionIn]],
})
QuestionIn = TypedDict("QuestionIn", {
    "kind": str, "wording": str, "options": NotRequired[list[str]], "rows": NotRequired[list[str]],
    "help": NotRequired[str], "required": NotRequired[bool],
    "settings": NotRequired[dict[str, int | float | bool | str | None]], "section": NotRequired[str],
    "section_intro": NotRequired[str], "shuffled": NotRequired[bool], "keep_last": NotRequired[int],
    "show_if": NotRequired[ShowIfIn], "id": NotRequired[int | None],
})
PollSettings = TypedDict("PollSettings", {"change": NotRequired[bool]})
PollIn = TypedDict("PollIn", {
    "title": NotRequired[str], "questions": list[QuestionIn], "intro": NotRequired[str],
    "locale": NotRequired[Literal["", "en", "fr"]],
    "voter_rule": NotRequired[Literal["open", "browser", "network", "link", "sign_in"]],
    "results_rule": NotRequired[Literal["always", "after_vote", "after_close", "never"]],
    "anonymous": NotRequired[bool], "listed": NotRequired[bool], "paged": NotRequired[bool],
    "opens_at": NotRequired[str | None], "closes_at": NotRequired[str | None],
    "closes_in_days": NotRequired[int | None], "translations": NotRequired[dict[str, dict[str, str]]],
    "settings": NotRequired[PollSettings],
})
PollLine = TypedDict("PollLine", {"slug": str, "title": str, "status": str, "url": str})
PollList = TypedDict("PollList", {"polls": list[PollLine], "next": str | None})
PollOption = TypedDict("PollOption", {"id": int, "label": str})
ShowIfOut = TypedDict("ShowIfOut", {"when": str, "conditions": list[ConditionOut]})
PollQuestion = TypedDict("PollQuestion", {
    "id": int, "kind": str, "wording": str, "required": bool, "options": list[PollOption], "rows": list[PollOption],
    "help": str, "settings": dict[str, Any], "section": str, "section_intro": str, "shuffled": bool, "keep_last": int,
    "show_if": ShowIfOut,
})
PollOut = TypedDict("PollOut", {
    "slug": str, "title": str, "status": str, "url": str, "revision": int, "edition": int, "frozen": bool,
    "intro": str, "locale": str, "voter_rule": str, "results_rule": str, "anonymous": bool, "listed": bool,
    "settings": PollSettings, "paged": bool, "opens_at": str | None, "closes_at": str | None,
    "closes_in_days": int | None, "translations": dict[str, dict[str, str]], "questions": list[PollQuestion],
})
PollPatch = TypedDict("PollPatch", {
    "title": NotRequired[str | None], "questions": NotRequired[list[QuestionIn] | None],
    "intro": NotRequired[str | None], "locale": NotRequired[Literal["en", "fr"] | None],
    "voter_rule": NotRequired[Literal["open", "browser", "network", "link", "sign_in"] | None],
    "results_rule": NotRequired[Literal["always", "after_vote", "after_close", "never"] | None],
    "anonymous": NotRequired[bool | None], "listed": NotRequired[bool | None], "paged": NotRequired[bool | None],
    "opens_at": NotRequired[str | None], "closes_at": NotRequired[str | None],
    "closes_in_days": NotRequired[int | None], "translations": NotRequired[dict[str, dict[str, str]] | None],
    "settings": NotRequired[PollSettings | None], "revision": NotRequired[int | None],
})
PublicationIn = TypedDict("PublicationIn", {"ask": NotRequired[bool]})
VotesOut = TypedDict("VotesOut", {"option": int, "count": int})
RoundOut = TypedDict("RoundOut", {
    "votes": list[VotesOut], "exhausted": int, "eliminated": list[int], "drawn": list[int],
})
RankedOut = TypedDict("RankedOut", {
    "method": str, "winners": list[int], "condorcet": int | None, "rounds": list[RoundOut], "borda": list[PointsOut],
    "options": list[int], "pairwise": list[list[int]], "strengths": list[list[int]], "schulze": list[list[int]],
    "seed": str,
})
QuestionOut = TypedDict("QuestionOut", {
    "id": int, "kind": str, "wording": str, "n": int, "options": NotRequired[list[OptionOut] | None],
    "items": NotRequired[list[ItemOut] | None], "mean": NotRequired[float | None], "nps": NotRequired[int | None],
    "ranked": NotRequired[RankedOut | None],
})
QuoteOut = TypedDict("QuoteOut", {
    "comment": str, "text": str, "found": list[str], "let_in": bool, "as_written": bool,
})
QuotesIn = TypedDict("QuotesIn", {"comments": list[str], "as_written": NotRequired[list[str]]})
QuotesOut = TypedDict("QuotesOut", {"quotes": list[QuoteOut]})
ReaderIn = TypedDict("ReaderIn", {
    "rhythm": NotRequired[Literal["", "daily", "weekly", "monthly"]], "weekday": NotRequired[int],
    "day": NotRequired[int], "hour": NotRequired[int], "zone": NotRequired[str],
    "unapproved": NotRequired[Literal["without_quotes", "wait"]], "nothing_new": NotRequired[Literal["say", "skip"]],
    "address": str, "audience": Literal["product", "leadership"],
})
ReaderOut = TypedDict("ReaderOut", {
    "id": int, "address": str, "audience": str, "rhythm": str, "weekday": int, "day": int, "hour": int, "zone": str,
    "unapproved": str, "nothing_new": str, "state": str, "next_at": str | None, "next_since": str | None,
    "next_until": str | None, "last": str,
})
ReadersDecisionOut = TypedDict("ReadersDecisionOut", {
    "id": int, "brief": int, "kind": str, "note": str, "who": str, "due_on": str | None, "at": str, "reader": str,
    "theme": int | None, "poll": str | None, "action": int | None,
})
ReadersDecisionsPart = TypedDict("ReadersDecisionsPart", {"decisions": list[ReadersDecisionOut], "next": str | None})
ReadersOut = TypedDict("ReadersOut", {"readers": list[ReaderOut], "next": str | None})
ReadersPart = TypedDict("ReadersPart", {"readers": list[str], "next": str | None})
ReadingOut = TypedDict("ReadingOut", {"state": str, "done": int, "total": int, "began_at": str})
ReceiptOut = TypedDict("ReceiptOut", {"receipt": str, "mark": str})
RecordingIn = TypedDict("RecordingIn", {"hash": str})
RefitAsked = TypedDict("RefitAsked", {"what": NotRequired[Literal["make", "take"]]})
ThenOut = TypedDict("ThenOut", {
    "id": int, "parent": int | None, "label": str, "keywords": list[str], "n": int | None, "stay": int | None,
    "fresh": int | None, "came": list[MovedOut],
})
RefitOut = TypedDict("RefitOut", {
    "state": str, "made_at": str, "n": int, "moves": int | None, "held": int | None, "now": list[NowOut],
    "then": list[ThenOut],
})
RefusalOut = TypedDict("RefusalOut", {"line": int, "reason": str})
RefusalsPart = TypedDict("RefusalsPart", {"refusals": list[RefusalOut], "next": str | None})
RefusedRow = TypedDict("RefusedRow", {"row": int, "email": str, "why": str})
ResponseIn = TypedDict("ResponseIn", {
    "submission_id": NotRequired[str | None], "voter": NotRequired[str | None], "answers": list[AnswerIn],
})
ResponseOut = TypedDict("ResponseOut", {
    "submission_id": str, "mark": str, "submitted_at": str, "language": str, "answers": list[AnsweredOut],
})
ResponsesPart = TypedDict("ResponsesPart", {"responses": list[ResponseOut], "next": str | None})
ResultsOut = TypedDict("ResultsOut", {"n": int, "questions": list[QuestionOut]})
RoleIn = TypedDict("RoleIn", {"role": Literal["owner", "manager", "analyst", "viewer"]})
RunAsked = TypedDict("RunAsked", {"full": NotRequired[bool]})
RunOut = TypedDict("RunOut", {"kind": str, "engine": str, "comments": int, "finished_at": str | None})
RunStarted = TypedDict("RunStarted", {"poll": str, "full": bool, "url": str})
RunsOut = TypedDict("RunsOut", {"run": RunOut | None, "reading": ReadingOut | None})
ScheduleIn = TypedDict("ScheduleIn", {
    "opens_at": NotRequired[str | None], "closes_at": NotRequired[str | None],
    "closes_in_days": NotRequired[int | None],
})
SentenceIn = TypedDict("SentenceIn", {"text": str, "began": NotRequired[str]})
SentenceOut = TypedDict("SentenceOut", {"position": int, "text": str, "original": str, "by": str, "began": str})
SentencesOut = TypedDict("SentencesOut", {"sentences": list[SentenceOut]})
StatementOut = TypedDict("StatementOut", {"id": int, "question": int, "text": str, "said_at": str | None})
StatementsPart = TypedDict("StatementsPart", {"statements": list[StatementOut], "next": str | None})
Status = TypedDict("Status", {"status": str})
TemplateOut = TypedDict("TemplateOut", {"name": str, "title": str, "why": str, "minutes": float, "file": str})
TemplatesPart = TypedDict("TemplatesPart", {"templates": list[TemplateOut], "next": str | None})
TestOut = TypedDict("TestOut", {"to": str, "state": str, "detail": str})
ThemeOut = TypedDict("ThemeOut", {
    "id": int, "label": str, "count": int, "share": float, "parent": int | None, "quotes": list[str],
    "keywords": list[str], "named_by": str, "emerged": bool, "praise": int | None, "complaint": int | None,
    "urgent": int | None, "pinned": bool, "hidden": bool,
})
ThemePatch = TypedDict("ThemePatch", {"label": str})
ThemesPart = TypedDict("ThemesPart", {"n": int, "run": RunOut | None, "themes": list[ThemeOut], "next": str | None})
TokenOut = TypedDict("TokenOut", {
    "community": str, "email": str, "role": str, "rights": list[str], "ends_at": str | None,
})
TranslationIn = TypedDict("TranslationIn", {"texts": dict[str, str], "revision": NotRequired[int | None]})
TranslationOut = TypedDict("TranslationOut", {
    "locale": str, "done": int, "missing": int, "revision": int, "lines": list[LineOut],
})
TranslationsPart = TypedDict("TranslationsPart", {"translations": list[TranslationOut], "next": str | None})
TurnOut = TypedDict("TurnOut", {
    "audience": str, "since": str, "until": str, "state": str, "readers": int, "due_at": str, "brief": int | None,
    "error": str,
})
TurnsDone = TypedDict("TurnsDone", {"readers": int})
TurnsIn = TypedDict("TurnsIn", {"audience": Literal["product", "leadership"], "since": str, "until": str})
TurnsOut = TypedDict("TurnsOut", {"turns": list[TurnOut], "next": str | None})
UnansweredOut = TypedDict("UnansweredOut", {"theme": int, "label": str, "poll": str, "count": int, "days": int})
UnansweredPart = TypedDict("UnansweredPart", {"themes": list[UnansweredOut], "next": str | None})
UploadIn = TypedDict("UploadIn", {"rows": list[ContactRow], "consent": str})
UploadPlan = TypedDict("UploadPlan", {
    "new": int, "there": int, "stopped": int, "doubled": int, "refused": list[RefusedRow],
})
Uploaded = TypedDict("Uploaded", {"new": int, "refused": list[RefusedRow]})
VersionOut = TypedDict("VersionOut", {
    "number": int, "name": str, "heard": str, "changed": str, "published_at": str | None, "check_in": str | None,
    "themes": list[int],
})
VersionPatch = TypedDict("VersionPatch", {
    "name": NotRequired[str | None], "heard": NotRequired[str | None], "changed": NotRequired[str | None],
    "themes": NotRequired[list[int] | None], "revision": NotRequired[int | None],
})
VersionsPart = TypedDict("VersionsPart", {"versions": list[VersionOut], "next": str | None})
WeightsOut = TypedDict("WeightsOut", {
    "people": int, "effective_n": float, "design_effect": float, "trimmed": float, "converged": bool,
    "furthest": float,
})
ViewOut = TypedDict("ViewOut", {
    "poll": str, "n": int, "base": int, "k": int, "where": list[str], "by": str, "margins": list[str],
    "figures": list[FigureOut], "weights": WeightsOut | None,
})
WebhookDeliveryOut = TypedDict("WebhookDeliveryOut", {
    "id": int, "event_id": str, "event": str, "state": str, "tries": int, "answered": int | None, "error": str,
    "created_at": str, "tried_at": str | None,
})
WebhookDeliveryList = TypedDict("WebhookDeliveryList", {
    "deliveries": list[WebhookDeliveryOut], "next": NotRequired[str | None],
})
WebhookDeliveryRead = TypedDict("WebhookDeliveryRead", {
    "id": int, "event_id": str, "event": str, "state": str, "tries": int, "answered": int | None, "error": str,
    "created_at": str, "tried_at": str | None, "body": dict[str, Any] | None,
})
WebhookIn = TypedDict("WebhookIn", {"url": str, "events": list[str], "name": NotRequired[str]})
WebhookOut = TypedDict("WebhookOut", {
    "id": int, "name": str, "url": str, "events": list[str], "state": str, "waiting": int, "secret": str,
    "created_at": str,
})
WebhookList = TypedDict("WebhookList", {"webhooks": list[WebhookOut], "next": NotRequired[str | None]})
WebhookPatch = TypedDict("WebhookPatch", {
    "url": NotRequired[str | None], "events": NotRequired[list[str] | None], "name": NotRequired[str | None],
})
WhyOut = TypedDict("WhyOut", {
    "id": int, "text": str, "theme": int | None, "label": str, "score": float, "alike": int, "words": list[str],
    "near": list[AnswerOut], "elsewhere": list[AnswerOut], "placed_by": Literal["machine", "person"], "by": str,
    "placed_at": str | None,
})

class Heard:
    """The API of one Heard with one token; "" for what anybody may."""

    def __init__(
        self, url: str, token: str = "", *, language: str = "en", timeout: float = 30, transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._http = httpx.Client(base_url=f"{url.rstrip('/')}/api/v1", headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> "Heard":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()

    def pages(self, operation: Callable[..., Any], *args: Any, **more: Any) -> Iterator[Any]:
        """Everything of a list, part by part: pages(heard.list_polls, "book-club")."""
        cursor = None
        while True:
            part = operation(*args, cursor=cursor, **more)
            yield from next(rows for name, rows in part.items() if isinstance(rows, list) and name != "next")
            cursor = part["next"]
            if cursor is None:
                return

    def call(self, method: str, path: str, *parts: Any, body: Any = None, **query: Any) -> Any:
        """One call; its JSON, its text, or None. Raises HeardError, and httpx.TransportError when no try got through."""
        address = path.format(*(quote(str(part), safe="") for part in parts))
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method != "GET" else {}
        if path.endswith("/responses") and method == "POST":  # ballots have a key of their own
            body = {"submission_id": str(uuid.uuid4())} | dict(body)
        asked = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items() if value is not None}
        for left in reversed(range(TRIES)):
            wait = 0.2 * 2 ** (TRIES - left)
            try:
                answer = self._http.request(method, address, params=asked, json=body, headers=headers)
            except httpx.TransportError:
                if not left:
                    raise
            else:
                if answer.is_success:
                    return _told(answer)
                refused = HeardError(answer.status_code, _told(answer, "error"))
                if not left or "retry-after" not in answer.headers:
                    raise refused
                wait = float(answer.headers["retry-after"])
            time.sleep(min(wait, LONGEST_WAIT))
        raise AssertionError("a try returns or raises")

    def results(self, slug: str) -> ResultsOut:
        """What came out."""
        return self.call("GET", "/polls/{}/results", slug)

    def list_webhooks(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> WebhookList:
        """The community's webhooks, oldest first."""
        return self.call("GET", "/communities/{}/webhooks", slug, cursor=cursor, limit=limit)

    def make_webhook(self, slug: str, body: WebhookIn) -> WebhookOut:
        """Make a webhook."""
        return self.call("POST", "/communities/{}/webhooks", slug, body=body)

    def read_webhook(self, webhook_id: int) -> WebhookOut:
        """One webhook with its secret."""
        return self.call("GET", "/webhooks/{}", webhook_id)

    def change_webhook(self, webhook_id: int, body: WebhookPatch) -> WebhookOut:
        """Change its name, address or events."""
        return self.call("PATCH", "/webhooks/{}", webhook_id, body=body)

    def delete_webhook(self, webhook_id: int) -> None:
        """Delete it with its deliveries."""
        return self.call("DELETE", "/webhooks/{}", webhook_id)

    def pause_webhook(self, webhook_id: int) -> WebhookOut:
        """Nothing is sent, and nothing new recorded for it, until it is resumed."""
        return self.call("POST", "/webhooks/{}/pause", webhook_id)

    def resume_webhook(self, webhook_id: int) -> WebhookOut:
        """Send again, what waited first."""
        return self.call("POST", "/webhooks/{}/resumption", webhook_id)

    def replace_secret(self, webhook_id: int) -> WebhookOut:
        """A new secret, at once."""
        return self.call("POST", "/webhooks/{}/secret", webhook_id)

    def send_test(self, webhook_id: int) -> WebhookDeliveryRead:
        """Send a delivery that says nothing, and wait for what comes of it."""
        return self.call("POST", "/webhooks/{}/tests", webhook_id)

    def list_webhook_deliveries(self, webhook_id: int, *, cursor: str | None = None, limit: int | None = None) -> WebhookDeliveryList:
        """Its deliveries of the last 30 days, newest first."""
        return self.call("GET", "/webhooks/{}/deliveries", webhook_id, cursor=cursor, limit=limit)

    def read_delivery(self, webhook_id: int, delivery_id: int) -> WebhookDeliveryRead:
        """One delivery with its body."""
        return self.call("GET", "/webhooks/{}/deliveries/{}", webhook_id, delivery_id)

    def send_again(self, webhook_id: int, delivery_id: int) -> WebhookDeliveryRead:
        """One more try of the same event_id, now."""
        return self.call("POST", "/webhooks/{}/deliveries/{}/tries", webhook_id, delivery_id)

    def create_poll(self, slug: str, body: PollIn) -> PollOut:
        """Make a draft."""
        return self.call("POST", "/communities/{}/polls", slug, body=body)

    def list_polls(self, slug: str, *, put_away: bool | None = None, cursor: str | None = None, limit: int | None = None) -> PollList:
        """The community's polls, newest first."""
        return self.call("GET", "/communities/{}/polls", slug, put_away=put_away, cursor=cursor, limit=limit)

    def read_poll(self, slug: str) -> PollOut:
        """One poll with its questions."""
        return self.call("GET", "/polls/{}", slug)

    def edit_poll(self, slug: str, body: PollPatch) -> PollOut:
        """Change a poll that nobody has answered."""
        return self.call("PATCH", "/polls/{}", slug, body=body)

    def open_poll(self, slug: str) -> Status:
        """Publish a draft."""
        return self.call("POST", "/polls/{}/opening", slug)

    def reschedule_poll(self, slug: str, body: ScheduleIn) -> PollOut:
        """Change when a scheduled poll opens and closes, or when an open one closes, whether somebody has voted or not."""
        return self.call("POST", "/polls/{}/schedule", slug, body=body)

    def close_poll(self, slug: str) -> Status:
        """Stop voting."""
        return self.call("POST", "/polls/{}/closing", slug)

    def reopen_poll(self, slug: str) -> Status:
        """Take votes again on a closed poll."""
        return self.call("POST", "/polls/{}/reopening", slug)

    def put_away(self, slug: str) -> Status:
        """Take a draft or a closed poll out of the lists."""
        return self.call("POST", "/polls/{}/archiving", slug)

    def bring_back(self, slug: str) -> Status:
        """Bring a poll that was put away back into the lists."""
        return self.call("POST", "/polls/{}/restoring", slug)

    def make_edition(self, slug: str) -> PollOut:
        """The next edition as a draft, with everything of this one."""
        return self.call("POST", "/polls/{}/editions", slug)

    def make_copy(self, slug: str) -> PollOut:
        """A new draft with everything of this poll, for another purpose."""
        return self.call("POST", "/polls/{}/copies", slug)

    def correct_poll(self, slug: str, body: CorrectionIn) -> list[CorrectionOut]:
        """Put a slip of the pen right after the first vote."""
        return self.call("POST", "/polls/{}/corrections", slug, body=body)

    def poll_file(self, slug: str, *, form: Literal["json", "yaml"] | None = None) -> str:
        """The poll as a file, without votes."""
        return self.call("GET", "/polls/{}/file", slug, form=form)

    def take_file(self, slug: str, body: FileIn) -> PollOut:
        """A new draft out of a file."""
        return self.call("POST", "/communities/{}/polls/files", slug, body=body)

    def take_along(self, slug: str, form: str) -> str | bytes:
        """All responses as a file."""
        return self.call("GET", "/polls/{}/exports/{}", slug, form)

    def list_imports(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ImportsPart:
        """What was brought in and what is on its way, newest first."""
        return self.call("GET", "/communities/{}/imports", slug, cursor=cursor, limit=limit)

    def begin_import(self, slug: str, body: ImportIn) -> ImportOut:
        """Keep a file and look it through."""
        return self.call("POST", "/communities/{}/imports", slug, body=body)

    def read_import(self, import_id: int) -> ImportOut:
        """What a file holds and what would become of it."""
        return self.call("GET", "/imports/{}", import_id)

    def change_import(self, import_id: int, body: ImportPatch) -> ImportOut:
        """Look at it again with other choices."""
        return self.call("PATCH", "/imports/{}", import_id, body=body)

    def remove_import(self, import_id: int) -> None:
        """Out of the list, with its file."""
        return self.call("DELETE", "/imports/{}", import_id)

    def record_import(self, import_id: int, body: RecordingIn) -> ImportOut:
        """Bring in what was looked at."""
        return self.call("POST", "/imports/{}/recording", import_id, body=body)

    def stop_import(self, import_id: int) -> ImportOut:
        """The worker ends after the batch it is in."""
        return self.call("POST", "/imports/{}/stopping", import_id)

    def list_refusals(self, import_id: int, *, cursor: str | None = None, limit: int | None = None) -> RefusalsPart:
        """Rows that were not taken, with their line and the reason."""
        return self.call("GET", "/imports/{}/refusals", import_id, cursor=cursor, limit=limit)

    def crossing(self, slug: str, *, rows: str | None = None, columns: str | None = None, where: str | None = None) -> CrossingOut:
        """Two questions against each other, with a test."""
        return self.call("GET", "/polls/{}/crossing", slug, rows=rows, columns=columns, where=where)

    def integrity(self, slug: str) -> IntegrityOut:
        """What is counted, what is set aside and why, and what was decided."""
        return self.call("GET", "/polls/{}/integrity", slug)

    def decide(self, slug: str, body: DecisionIn) -> DecisionOut:
        """Count a group, set it aside, leave it, or undo a decision."""
        return self.call("POST", "/polls/{}/integrity/decisions", slug, body=body)

    def set_limit(self, slug: str, body: LimitIn) -> LimitOut:
        """How many ballots one network counts in an hour, from the next ballot on."""
        return self.call("PUT", "/polls/{}/integrity/limit", slug, body=body)

    def list_templates(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> TemplatesPart:
        """Polls to begin with, in the community's language."""
        return self.call("GET", "/communities/{}/templates", slug, cursor=cursor, limit=limit)

    def read_framing(self, slug: str) -> FramingOut:
        """Which sites may show the poll inside their pages."""
        return self.call("GET", "/polls/{}/framing", slug)

    def choose_framing(self, slug: str, body: FramingIn) -> FramingOut:
        """Say which sites may show the poll inside their pages."""
        return self.call("PUT", "/polls/{}/framing", slug, body=body)

    def list_invitations(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> InvitationsPart:
        """The personal links of a poll, by number."""
        return self.call("GET", "/polls/{}/invitations", slug, cursor=cursor, limit=limit)

    def create_invitations(self, slug: str, body: InvitationsIn) -> InvitationsMade:
        """Make more personal links of a poll whose voter_rule is link."""
        return self.call("POST", "/polls/{}/invitations", slug, body=body)

    def list_translations(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> TranslationsPart:
        """The languages that the poll speaks beside its own, or could."""
        return self.call("GET", "/polls/{}/translations", slug, cursor=cursor, limit=limit)

    def read_translation(self, slug: str, locale: Literal["en", "fr"]) -> TranslationOut:
        """The poll's words and their translation side by side."""
        return self.call("GET", "/polls/{}/translations/{}", slug, locale)

    def translate_poll(self, slug: str, locale: Literal["en", "fr"], body: TranslationIn) -> TranslationOut:
        """Keep translations by their text."""
        return self.call("PUT", "/polls/{}/translations/{}", slug, locale, body=body)

    def remove_translation(self, slug: str, locale: Literal["en", "fr"]) -> None:
        """Take a translation out."""
        return self.call("DELETE", "/polls/{}/translations/{}", slug, locale)

    def list_mailings(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> MailingsPart:
        """What was mailed about a poll, newest first."""
        return self.call("GET", "/polls/{}/mailings", slug, cursor=cursor, limit=limit)

    def send_mailing(self, slug: str, body: MailingIn) -> MailingOut:
        """Send it to the number of people that the plan named."""
        return self.call("POST", "/polls/{}/mailings", slug, body=body)

    def plan_mailing(self, slug: str, body: LetterIn) -> MailingPlan:
        """Who would get it, and who is held back and why."""
        return self.call("POST", "/polls/{}/mailings/plans", slug, body=body)

    def try_mailing(self, slug: str, body: LetterIn) -> TestOut:
        """Send the mail to your own address, at once, and tell what the server said."""
        return self.call("POST", "/polls/{}/mailings/tests", slug, body=body)

    def read_mailing(self, slug: str, mailing_id: int) -> MailingOut:
        """How far a mailing is, what came of it, and the first of the mails that could not be delivered."""
        return self.call("GET", "/polls/{}/mailings/{}", slug, mailing_id)

    def stop_mailing(self, slug: str, mailing_id: int) -> MailingOut:
        """Send no more of it."""
        return self.call("POST", "/polls/{}/mailings/{}/stopping", slug, mailing_id)

    def resume_mailing(self, slug: str, mailing_id: int) -> MailingOut:
        """Send what has waited for a person to decide."""
        return self.call("POST", "/polls/{}/mailings/{}/resumption", slug, mailing_id)

    def list_announcements(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> AnnouncementsPart:
        """News and trials of the community, newest first."""
        return self.call("GET", "/communities/{}/announcements", slug, cursor=cursor, limit=limit)

    def create_announcement(self, slug: str, body: AnnouncementIn) -> AnnouncementOut:
        """Make a draft of news, or of a trial with its version 1."""
        return self.call("POST", "/communities/{}/announcements", slug, body=body)

    def read_announcement(self, slug: str) -> AnnouncementOut:
        """News or a trial, and how full it is."""
        return self.call("GET", "/announcements/{}", slug)

    def edit_announcement(self, slug: str, body: AnnouncementPatch) -> AnnouncementOut:
        """Change a draft, or what is published and goes on."""
        return self.call("PATCH", "/announcements/{}", slug, body=body)

    def publish_announcement(self, slug: str) -> AnnouncementOut:
        """Show it to everybody."""
        return self.call("POST", "/announcements/{}/publication", slug)

    def create_check_in(self, slug: str, number: int) -> PollOut:
        """Make a draft of the trial's check-in."""
        return self.call("POST", "/announcements/{}/versions/{}/check-in", slug, number)

    def ask_check_in(self, slug: str, number: int) -> Status:
        """Open the check-in of a published version."""
        return self.call("POST", "/announcements/{}/versions/{}/asking", slug, number)

    def list_participants(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ParticipantsPart:
        """Who takes part in a trial, then who waits."""
        return self.call("GET", "/announcements/{}/participants", slug, cursor=cursor, limit=limit)

    def remove_participant(self, slug: str, participant_id: int) -> None:
        """Take somebody out who cannot be a participant."""
        return self.call("DELETE", "/announcements/{}/participants/{}", slug, participant_id)

    def list_responses(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ResponsesPart:
        """The responses that are counted, without receipts, in the order of random ids."""
        return self.call("GET", "/polls/{}/responses", slug, cursor=cursor, limit=limit)

    def respond(self, slug: str, body: ResponseIn) -> ReceiptOut:
        """Record a ballot."""
        return self.call("POST", "/polls/{}/responses", slug, body=body)

    def read_ballot(self, receipt: str) -> BallotOut:
        """The ballot behind a receipt, and what was done about it."""
        return self.call("GET", "/receipts/{}", receipt)

    def change_ballot(self, receipt: str, body: AnswersIn) -> BallotOut:
        """Record other answers instead."""
        return self.call("PUT", "/receipts/{}", receipt, body=body)

    def withdraw_ballot(self, receipt: str) -> None:
        """Take the ballot out of the count."""
        return self.call("DELETE", "/receipts/{}", receipt)

    def list_statements(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> StatementsPart:
        """The statements of members that wait for a yes or a no, oldest first."""
        return self.call("GET", "/polls/{}/statements", slug, cursor=cursor, limit=limit)

    def accept_statement(self, slug: str, statement_id: int, body: AcceptanceIn | None = None) -> Decided:
        """Put a statement into the poll, as it was written or with its slips corrected."""
        return self.call("POST", "/polls/{}/statements/{}/acceptance", slug, statement_id, body=body)

    def reject_statement(self, slug: str, statement_id: int) -> Decided:
        """Reject a statement."""
        return self.call("POST", "/polls/{}/statements/{}/rejection", slug, statement_id)

    def moderate_statement(self, slug: str, option_id: int) -> Moderated:
        """Take a statement out of a poll."""
        return self.call("POST", "/polls/{}/options/{}/moderation", slug, option_id)

    def readmit_statement(self, slug: str, option_id: int) -> Moderated:
        """Put a statement back that was taken out, with the votes it had."""
        return self.call("POST", "/polls/{}/options/{}/readmission", slug, option_id)

    def groups(self, slug: str) -> GroupsOut:
        """Opinion groups in the votes on statements, the largest first."""
        return self.call("GET", "/polls/{}/groups", slug)

    def themes(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ThemesPart:
        """The themes of a poll, coarse ones first (parent null), largest first."""
        return self.call("GET", "/polls/{}/themes", slug, cursor=cursor, limit=limit)

    def run_themes(self, slug: str, body: RunAsked | None = None) -> RunStarted:
        """Have the comments read now."""
        return self.call("POST", "/polls/{}/themes/runs", slug, body=body)

    def follow_run(self, slug: str) -> RunsOut:
        """How far the reading of a poll's comments is, and what the last one was."""
        return self.call("GET", "/polls/{}/themes/runs", slug)

    def stop_run(self, slug: str) -> RunsOut:
        """Stop the reading that runs."""
        return self.call("DELETE", "/polls/{}/themes/runs", slug)

    def read_theme(self, theme_id: int) -> ThemeOut:
        """One theme with its quotes."""
        return self.call("GET", "/themes/{}", theme_id)

    def rename_theme(self, theme_id: int, body: ThemePatch) -> ThemeOut:
        """Give a theme another name."""
        return self.call("PATCH", "/themes/{}", theme_id, body=body)

    def list_comments(self, theme_id: int, *, cursor: str | None = None, limit: int | None = None) -> CommentsPart:
        """What was said to a theme."""
        return self.call("GET", "/themes/{}/comments", theme_id, cursor=cursor, limit=limit)

    def search_comments(self, slug: str, *, q: str | None = None, theme: int | None = None, alone: bool | None = None, cursor: str | None = None, limit: int | None = None) -> AnswersPart:
        """The comments of a poll that were read."""
        return self.call("GET", "/polls/{}/comments", slug, q=q, theme=theme, alone=alone, cursor=cursor, limit=limit)

    def read_comment(self, comment_id: int) -> WhyOut:
        """One comment, and why it is where it is."""
        return self.call("GET", "/comments/{}", comment_id)

    def edit_comments(self, slug: str, body: GatherIn) -> EditDone:
        """Move comments from anywhere in a poll to a theme, let them stand alone, or open a theme with them."""
        return self.call("POST", "/polls/{}/themes/edits", slug, body=body)

    def list_theme_edits(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> EditsPart:
        """What people changed in the themes of a poll, newest first, with what was taken back."""
        return self.call("GET", "/polls/{}/themes/edits", slug, cursor=cursor, limit=limit)

    def refit_themes(self, slug: str, body: RefitAsked | None = None) -> RefitOut:
        """Have all themes found anew as a proposal beside those that stand."""
        return self.call("POST", "/polls/{}/themes/refit", slug, body=body)

    def read_refit(self, slug: str) -> RefitOut:
        """The proposal."""
        return self.call("GET", "/polls/{}/themes/refit", slug)

    def leave_refit(self, slug: str) -> None:
        """Throw the proposal away."""
        return self.call("DELETE", "/polls/{}/themes/refit", slug)

    def edit_theme(self, theme_id: int, body: EditIn) -> EditDone:
        """Rename, merge, split, pin or hide a theme, or move comments out of it."""
        return self.call("POST", "/themes/{}/edits", theme_id, body=body)

    def undo_theme_edit(self, slug: str, edit_id: int) -> EditOut:
        """Take the newest change of a poll's themes back."""
        return self.call("POST", "/polls/{}/themes/edits/{}/undoing", slug, edit_id)

    def list_unanswered(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> UnansweredPart:
        """The themes of all polls that wait for an answer, the longest waiting first."""
        return self.call("GET", "/communities/{}/unanswered", slug, cursor=cursor, limit=limit)

    def list_actions(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ActionsPart:
        """What was done about themes and told in public, newest first."""
        return self.call("GET", "/communities/{}/actions", slug, cursor=cursor, limit=limit)

    def publish_action(self, theme_id: int, body: ActionIn) -> ActionOut:
        """Say what is done about a theme."""
        return self.call("POST", "/themes/{}/actions", theme_id, body=body)

    def withdraw_action(self, action_id: int) -> None:
        """Take an answer back."""
        return self.call("POST", "/actions/{}/withdrawal", action_id)

    def list_versions(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> VersionsPart:
        """The versions of a trial, drafts too, the first one first."""
        return self.call("GET", "/announcements/{}/versions", slug, cursor=cursor, limit=limit)

    def create_version(self, slug: str) -> VersionOut:
        """Begin the next version of a trial, as a draft."""
        return self.call("POST", "/announcements/{}/versions", slug)

    def read_version(self, slug: str, number: int) -> VersionOut:
        """One version of a trial, with the themes it answers."""
        return self.call("GET", "/announcements/{}/versions/{}", slug, number)

    def edit_version(self, slug: str, number: int, body: VersionPatch) -> VersionOut:
        """Change the words of a draft, and the themes that a version answers."""
        return self.call("PATCH", "/announcements/{}/versions/{}", slug, number, body=body)

    def publish_version(self, slug: str, number: int, body: PublicationIn) -> VersionOut:
        """Show a version."""
        return self.call("POST", "/announcements/{}/versions/{}/publication", slug, number, body=body)

    def end_announcement(self, slug: str, body: EndIn) -> AnnouncementOut:
        """End news."""
        return self.call("POST", "/announcements/{}/end", slug, body=body)

    def list_poll_links(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> LinksPart:
        """The links of a poll with the texts for their places, and how often each was opened."""
        return self.call("GET", "/polls/{}/links", slug, cursor=cursor, limit=limit)

    def create_poll_links(self, slug: str, body: LinkIn) -> LinksPart:
        """A link for a place by your own word."""
        return self.call("POST", "/polls/{}/links", slug, body=body)

    def list_announcement_links(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> LinksPart:
        """The links of news or a trial, as those of a poll."""
        return self.call("GET", "/announcements/{}/links", slug, cursor=cursor, limit=limit)

    def create_announcement_links(self, slug: str, body: LinkIn) -> LinksPart:
        """Links of news or a trial, as those of a poll."""
        return self.call("POST", "/announcements/{}/links", slug, body=body)

    def list_version_links(self, slug: str, number: int, *, cursor: str | None = None, limit: int | None = None) -> LinksPart:
        """The links of a version of a trial, as those of a poll."""
        return self.call("GET", "/announcements/{}/versions/{}/links", slug, number, cursor=cursor, limit=limit)

    def create_version_links(self, slug: str, number: int, body: LinkIn) -> LinksPart:
        """Links of a version of a trial, as those of a poll."""
        return self.call("POST", "/announcements/{}/versions/{}/links", slug, number, body=body)

    def list_action_links(self, action_id: int, *, cursor: str | None = None, limit: int | None = None) -> LinksPart:
        """The links of an answer to a theme, as those of a poll."""
        return self.call("GET", "/actions/{}/links", action_id, cursor=cursor, limit=limit)

    def create_action_links(self, action_id: int, body: LinkIn) -> LinksPart:
        """Links of an answer to a theme, as those of a poll."""
        return self.call("POST", "/actions/{}/links", action_id, body=body)

    def list_rhythms(self, slug: str, audience: Literal["product", "leadership"], *, cursor: str | None = None, limit: int | None = None) -> ReadersOut:
        """The readers of this kind of brief with their rhythm, by address."""
        return self.call("GET", "/communities/{}/readers/{}", slug, audience, cursor=cursor, limit=limit)

    def set_reader(self, slug: str, body: ReaderIn) -> ReaderOut:
        """Add a reader, or give one another rhythm."""
        return self.call("PUT", "/communities/{}/readers", slug, body=body)

    def list_readers(self, slug: str, *, audience: Literal["product", "leadership"] | None = None, cursor: str | None = None, limit: int | None = None) -> ReadersPart:
        """Who gets the briefs of this kind, by address."""
        return self.call("GET", "/communities/{}/readers", slug, audience=audience, cursor=cursor, limit=limit)

    def remove_reader(self, slug: str, audience: Literal["product", "leadership"], contact_id: int) -> None:
        """Take a reader off this kind of brief."""
        return self.call("DELETE", "/communities/{}/readers/{}/{}", slug, audience, contact_id)

    def list_turns(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> TurnsOut:
        """What of the schedule asks for a person."""
        return self.call("GET", "/communities/{}/turns", slug, cursor=cursor, limit=limit)

    def send_turns(self, slug: str, body: TurnsIn) -> TurnsDone:
        """Send now what was missed, or failed."""
        return self.call("POST", "/communities/{}/turns/sending", slug, body=body)

    def leave_turns(self, slug: str, body: TurnsIn) -> TurnsDone:
        """Leave what was missed, or failed, at that."""
        return self.call("POST", "/communities/{}/turns/leaving", slug, body=body)

    def write_brief(self, slug: str, body: BriefIn) -> BriefOut:
        """Write a brief from facts that are frozen with it."""
        return self.call("POST", "/communities/{}/briefs", slug, body=body)

    def list_briefs(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> BriefsPart:
        """The community's briefs, newest first."""
        return self.call("GET", "/communities/{}/briefs", slug, cursor=cursor, limit=limit)

    def read_brief(self, brief_id: int) -> BriefRead:
        """A brief with its facts and its texts."""
        return self.call("GET", "/briefs/{}", brief_id)

    def send_brief(self, brief_id: int, body: DeliveriesIn) -> DeliveriesOut:
        """Approve the brief as it is shown and mail it."""
        return self.call("POST", "/briefs/{}/deliveries", brief_id, body=body)

    def list_deliveries(self, brief_id: int, *, cursor: str | None = None, limit: int | None = None) -> DeliveriesPart:
        """Every reader of the brief and what became of the mail."""
        return self.call("GET", "/briefs/{}/deliveries", brief_id, cursor=cursor, limit=limit)

    def read_evidence(self, brief_id: int, position: int) -> EvidenceOut:
        """What one sentence of a brief rests on."""
        return self.call("GET", "/briefs/{}/evidence/{}", brief_id, position)

    def view(self, slug: str, *, where: list[str] | None | None = None, by: str | None = None, margin: list[str] | None | None = None) -> ViewOut:
        """Results filtered, split side by side, by weeks or versions, or weighed."""
        return self.call("GET", "/polls/{}/view", slug, where=where, by=by, margin=margin)

    def read_sentences(self, brief_id: int) -> SentencesOut:
        """The sentences of a brief that may get other words while it is a draft."""
        return self.call("GET", "/briefs/{}/sentences", brief_id)

    def edit_sentence(self, brief_id: int, position: int, body: SentenceIn) -> SentenceOut:
        """Other words for a sentence of a draft."""
        return self.call("PATCH", "/briefs/{}/sentences/{}", brief_id, position, body=body)

    def read_quotes(self, brief_id: int) -> QuotesOut:
        """The quotes of a brief, what of a person was found in each, and which may go."""
        return self.call("GET", "/briefs/{}/quotes", brief_id)

    def choose_quotes(self, brief_id: int, body: QuotesIn) -> QuotesOut:
        """Let these quotes of a draft go, and no others."""
        return self.call("POST", "/briefs/{}/quotes", brief_id, body=body)

    def approve_brief(self, brief_id: int, body: ApprovalIn) -> ApprovalOut:
        """Approve a draft."""
        return self.call("POST", "/briefs/{}/approval", brief_id, body=body)

    def list_decisions(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ReadersDecisionsPart:
        """What readers of briefs answered, newest first."""
        return self.call("GET", "/communities/{}/decisions", slug, cursor=cursor, limit=limit)

    def ask_on(self, decision_id: int) -> DraftOut:
        """Make a draft poll of a reader's question, in the community's language."""
        return self.call("POST", "/decisions/{}/poll", decision_id)

    def act_on_decision(self, decision_id: int, body: DecisionActionIn) -> ReadersDecisionOut:
        """Make an action of a decision, with who sees to it and a day."""
        return self.call("POST", "/decisions/{}/action", decision_id, body=body)

    def read_token(self) -> TokenOut:
        """The token of this call."""
        return self.call("GET", "/token")

    def read_community(self, slug: str) -> CommunityOut:
        """The community's settings."""
        return self.call("GET", "/communities/{}", slug)

    def edit_community(self, slug: str, body: CommunityPatch) -> CommunityOut:
        """Change settings."""
        return self.call("PATCH", "/communities/{}", slug, body=body)

    def list_people(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> PeoplePart:
        """Who works on the community, by name."""
        return self.call("GET", "/communities/{}/people", slug, cursor=cursor, limit=limit)

    def add_person(self, slug: str, body: PersonIn) -> PersonAdded:
        """Add somebody by address."""
        return self.call("POST", "/communities/{}/people", slug, body=body)

    def change_role(self, slug: str, account_id: int, body: RoleIn) -> PersonOut:
        """Give somebody another role."""
        return self.call("PUT", "/communities/{}/people/{}", slug, account_id, body=body)

    def remove_person(self, slug: str, account_id: int) -> None:
        """Take somebody out."""
        return self.call("DELETE", "/communities/{}/people/{}", slug, account_id)

    def read_log(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> LogPart:
        """Who did what, newest first."""
        return self.call("GET", "/communities/{}/log", slug, cursor=cursor, limit=limit)

    def list_lists(self, slug: str, *, cursor: str | None = None, limit: int | None = None) -> ListsPart:
        """The community's lists of contacts, by name."""
        return self.call("GET", "/communities/{}/lists", slug, cursor=cursor, limit=limit)

    def create_list(self, slug: str, body: ListIn) -> ListOut:
        """Make an empty list."""
        return self.call("POST", "/communities/{}/lists", slug, body=body)

    def read_list(self, list_id: int) -> ListOut:
        """A list with its counts."""
        return self.call("GET", "/lists/{}", list_id)

    def list_contacts(self, list_id: int, *, q: str | None = None, cursor: str | None = None, limit: int | None = None) -> ContactsPart:
        """The people on a list, by address."""
        return self.call("GET", "/lists/{}/people", list_id, q=q, cursor=cursor, limit=limit)

    def add_contact(self, list_id: int, body: ContactIn) -> ListOut:
        """Put one person on a list, with the consent that you have."""
        return self.call("POST", "/lists/{}/people", list_id, body=body)

    def plan_upload(self, list_id: int, body: UploadIn) -> UploadPlan:
        """What an upload would do."""
        return self.call("POST", "/lists/{}/uploads/plans", list_id, body=body)

    def upload_contacts(self, list_id: int, body: UploadIn) -> Uploaded:
        """Put many people on a list."""
        return self.call("POST", "/lists/{}/uploads", list_id, body=body)

    def remove_contact(self, list_id: int, contact_id: int) -> None:
        """Take one person off a list."""
        return self.call("DELETE", "/lists/{}/people/{}", list_id, contact_id)

    def erase_contact(self, contact_id: int) -> None:
        """Forget somebody for good, on every list."""
        return self.call("DELETE", "/contacts/{}", contact_id)


def _told(answer: httpx.Response, inside: str = "") -> Any:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json" and answer.content:
        return answer.json().get(inside, {}) if inside else answer.json()
    if inside:
        return {"message": answer.text[:200]}
    is_text = kind.startswith("text/") or kind in ("application/yaml", "application/x-ndjson")
    return (answer.text if is_text else answer.content) or None
