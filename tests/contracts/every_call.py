"""Every call of the API once, in an order in which each is done: for the examples of the document, and for tests that no
call is forgotten."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from feedback.collect import intake
from feedback.groups import refreshing
from tests.contracts.full_house import House
from tests.feedback import voting
from tests.feedback.groups import voting as opinions
from tests.world import World

Ask = Any  # (operation, method, path, body, parameters) → the answer's JSON
CONSENT = "They agreed at the summer meeting, 21 June, on paper."


@dataclass
class Calls:
    """Walks the API in a full house. `ask` sends one call and gives its JSON."""

    house: House
    ask: Ask
    seen: list[str] = field(default_factory=list)

    def do(self, operation: str, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """One call; `path` with placeholders, its values and the query in `parameters`."""
        self.seen.append(operation)
        return self.ask(operation, method, path, body, parameters)

    def all(self) -> list[str]:
        """All of them; the names of those that were called."""
        self._polls()
        self._reach()
        self._votes()
        self._themes()
        self._briefs()
        self._trials()
        self._contacts()
        self._webhooks()
        self._imports()
        self._community()
        return self.seen

    def _polls(self) -> None:
        do, home = self.do, "garden"
        asked = {
            "kind": "single",
            "wording": "Which evening suits you?",
            "options": ["Tuesday", "Thursday"],
            "required": True,
        }
        why = {"kind": "long_text", "wording": "What should we change?"}
        made = do("create_poll", "POST", "/communities/{slug}/polls", {
            "title": "Which evening?", "questions": [asked, why], "voter_rule": "open", "results_rule": "always",
        }, slug=home)  # fmt: skip
        slug = made["slug"]
        do("list_polls", "GET", "/communities/{slug}/polls", slug=home, limit=2)
        do("read_poll", "GET", "/polls/{slug}", slug=slug)
        do("edit_poll", "PATCH", "/polls/{slug}", {"intro": "One minute.", "revision": made["revision"]}, slug=slug)
        do("list_templates", "GET", "/communities/{slug}/templates", slug=home, limit=1)
        do("take_file", "POST", "/communities/{slug}/polls/files", {"text": "heard_poll: 1\ntitle: Lunch"}, slug=home)
        do("poll_file", "GET", "/polls/{slug}/file", slug=slug, form="yaml")
        words = {"texts": {"What should we change?": "Que devrions-nous changer ?"}}
        do("list_translations", "GET", "/polls/{slug}/translations", slug=slug)
        do("translate_poll", "PUT", "/polls/{slug}/translations/{locale}", words, slug=slug, locale="fr")
        do("read_translation", "GET", "/polls/{slug}/translations/{locale}", slug=slug, locale="fr")
        do("remove_translation", "DELETE", "/polls/{slug}/translations/{locale}", slug=slug, locale="fr")
        do("open_poll", "POST", "/polls/{slug}/opening", slug=slug)
        do("reschedule_poll", "POST", "/polls/{slug}/schedule", {"closes_at": "2040-05-01T12:00:00+02:00"}, slug=slug)
        do(
            "choose_framing",
            "PUT",
            "/polls/{slug}/framing",
            {"who": "listed", "sites": ["https://blog.example.org"]},
            slug=slug,
        )
        do("read_framing", "GET", "/polls/{slug}/framing", slug=slug)
        self.made = do("read_poll", "GET", "/polls/{slug}", slug=slug)
        closed = self.house.closed.slug
        do("reopen_poll", "POST", "/polls/{slug}/reopening", slug=closed)
        do("close_poll", "POST", "/polls/{slug}/closing", slug=closed)
        do("put_away", "POST", "/polls/{slug}/archiving", slug=closed)
        do("bring_back", "POST", "/polls/{slug}/restoring", slug=closed)
        do("make_edition", "POST", "/polls/{slug}/editions", slug=closed)
        do("make_copy", "POST", "/polls/{slug}/copies", slug=closed)
        slip = {"part": "title", "text": "Library hour"}
        do("correct_poll", "POST", "/polls/{slug}/corrections", slip, slug=self.house.poll.slug)

    def _reach(self) -> None:
        do, slug = self.do, self.house.poll.slug
        do("list_poll_links", "GET", "/polls/{slug}/links", slug=slug, limit=1)
        do("create_poll_links", "POST", "/polls/{slug}/links", {"name": "Notice board"}, slug=slug)
        do("create_invitations", "POST", "/polls/{slug}/invitations", {"count": 2}, slug=self.house.by_link.slug)
        do("list_invitations", "GET", "/polls/{slug}/invitations", slug=self.house.by_link.slug, limit=1)
        letter = {"list_id": int(self.house.values["list_id"]), "subject": "Which evening?", "words": "One minute."}
        other = self.made["slug"]
        plan = do("plan_mailing", "POST", "/polls/{slug}/mailings/plans", letter, slug=other)
        do("try_mailing", "POST", "/polls/{slug}/mailings/tests", letter, slug=other)
        sent = do("send_mailing", "POST", "/polls/{slug}/mailings", {**letter, "count": plan["count"]}, slug=other)
        do("list_mailings", "GET", "/polls/{slug}/mailings", slug=other)
        one = {"slug": other, "mailing_id": sent["id"]}
        do("resume_mailing", "POST", "/polls/{slug}/mailings/{mailing_id}/resumption", **one)
        do("stop_mailing", "POST", "/polls/{slug}/mailings/{mailing_id}/stopping", **one)
        do("read_mailing", "GET", "/polls/{slug}/mailings/{mailing_id}", **one)

    def _votes(self) -> None:
        do, slug = self.do, self.made["slug"]
        which, why = self.made["questions"]
        answers = [
            {"question": which["id"], "option": which["options"][0]["id"]},
            {"question": why["id"], "text": "Start at six."},
        ]
        ballot = {"submission_id": "1f0c2a52-6f0e-4d83-9d0c-4f8ad1b5a0c1", "answers": answers}
        receipt = do("respond", "POST", "/polls/{slug}/responses", ballot, slug=slug)["receipt"]
        do("read_ballot", "GET", "/receipts/{receipt}", receipt=receipt)
        do("list_responses", "GET", "/polls/{slug}/responses", slug=slug)
        do("results", "GET", "/polls/{slug}/results", slug=slug)
        do("change_ballot", "PUT", "/receipts/{receipt}", {"answers": answers[:1]}, receipt=receipt)
        do("withdraw_ballot", "DELETE", "/receipts/{receipt}", receipt=receipt)

        do("integrity", "GET", "/polls/{slug}/integrity", slug=slug)
        crossed = {"slug": self.house.poll.slug}
        do("crossing", "GET", "/polls/{slug}/crossing", rows="1", columns="2", **crossed)
        do("view", "GET", "/polls/{slug}/view", by="2", **crossed)
        do("take_along", "GET", "/polls/{slug}/exports/{form}", form="csv", **crossed)
        first = self.house.poll.questions[0].options[0].label
        intake.submit(replace(voting.ballot(self.house.poll, first, voter="a machine"), set_aside="bot"))
        do("set_limit", "PUT", "/polls/{slug}/integrity/limit", {"limit": 30}, **crossed)
        decision = {"act": "count", "group": "bot", "reason": "It was our own script."}
        do("decide", "POST", "/polls/{slug}/integrity/decisions", decision, **crossed)
        self._statements()

    def _statements(self) -> None:
        do = self.do
        asked = {"kind": "statements", "wording": "What do you think?", "settings": {"members_add": True}}
        sent = {"title": "What members think", "questions": [asked], "voter_rule": "open"}
        made = do("create_poll", "POST", "/communities/{slug}/polls", sent, slug="garden")
        slug, question = made["slug"], made["questions"][0]["id"]
        do("open_poll", "POST", "/polls/{slug}/opening", slug=slug)
        for words in ("Open on sundays", "No music before noon"):
            do(
                "respond",
                "POST",
                "/polls/{slug}/responses",
                {"answers": [{"question": question, "text": words}]},
                slug=slug,
            )
        found = [one["id"] for one in do("list_statements", "GET", "/polls/{slug}/statements", slug=slug)["statements"]]
        yes = "/polls/{slug}/statements/{statement_id}/acceptance"
        do("accept_statement", "POST", yes, {"words": "Open on Sundays"}, slug=slug, statement_id=found[0])
        no = "/polls/{slug}/statements/{statement_id}/rejection"
        do("reject_statement", "POST", no, slug=slug, statement_id=found[1])
        voted = opinions.poll_of(World(), opinions.camps(14, 9, statements=4))
        refreshing.refresh(voted.id)
        do("groups", "GET", "/polls/{slug}/groups", slug=voted.slug)
        last = {"slug": voted.slug, "option_id": voted.questions[0].options[-1].id}
        do("moderate_statement", "POST", "/polls/{slug}/options/{option_id}/moderation", **last)
        do("readmit_statement", "POST", "/polls/{slug}/options/{option_id}/readmission", **last)

    def _themes(self) -> None:
        do, slug, theme = self.do, self.house.poll.slug, int(self.house.values["theme_id"])
        do("themes", "GET", "/polls/{slug}/themes", slug=slug, limit=2)
        do("run_themes", "POST", "/polls/{slug}/themes/runs", {"full": False}, slug=slug)
        do("follow_run", "GET", "/polls/{slug}/themes/runs", slug=slug)
        do("stop_run", "DELETE", "/polls/{slug}/themes/runs", slug=slug)
        do("read_refit", "GET", "/polls/{slug}/themes/refit", slug=slug)
        do("refit_themes", "POST", "/polls/{slug}/themes/refit", {"what": "make"}, slug=slug)
        do("leave_refit", "DELETE", "/polls/{slug}/themes/refit", slug=slug)
        do("read_theme", "GET", "/themes/{theme_id}", theme_id=theme)
        do("rename_theme", "PATCH", "/themes/{theme_id}", {"label": "Longer opening hours"}, theme_id=theme)
        change = {"kind": "rename", "label": "Hours of the library"}
        made = do("edit_theme", "POST", "/themes/{theme_id}/edits", change, theme_id=theme)
        do("list_theme_edits", "GET", "/polls/{slug}/themes/edits", slug=slug, limit=1)
        undoing = "/polls/{slug}/themes/edits/{edit_id}/undoing"
        do("undo_theme_edit", "POST", undoing, slug=slug, edit_id=made["edit"]["id"])
        do("list_comments", "GET", "/themes/{theme_id}/comments", theme_id=theme, limit=2)
        said = do("search_comments", "GET", "/polls/{slug}/comments", slug=slug, q="a", limit=2)["comments"][0]["id"]
        do("read_comment", "GET", "/comments/{comment_id}", comment_id=said)
        change = {"kind": "move", "into": None, "comments": [said]}
        do("edit_comments", "POST", "/polls/{slug}/themes/edits", change, slug=slug)
        do("list_unanswered", "GET", "/communities/{slug}/unanswered", slug="garden")
        note = {"title": "We open at six", "public_note": "From January we open at 18:00.", "status": "planned"}
        action = do("publish_action", "POST", "/themes/{theme_id}/actions", note, theme_id=theme)
        do("list_actions", "GET", "/communities/{slug}/actions", slug="garden", limit=1)
        do("create_action_links", "POST", "/actions/{action_id}/links", {"name": "Newsletter"}, action_id=action["id"])
        do("list_action_links", "GET", "/actions/{action_id}/links", action_id=action["id"], limit=1)
        do("withdraw_action", "POST", "/actions/{action_id}/withdrawal", action_id=action["id"])

    def _briefs(self) -> None:
        do = self.do
        made = do("write_brief", "POST", "/communities/{slug}/briefs", {"audience": "leadership"}, slug="garden")
        do("list_briefs", "GET", "/communities/{slug}/briefs", slug="garden", limit=1)
        do("read_brief", "GET", "/briefs/{brief_id}", brief_id=made["id"])
        do("read_evidence", "GET", "/briefs/{brief_id}/evidence/{position}", brief_id=made["id"], position=1)
        found = do("read_sentences", "GET", "/briefs/{brief_id}/sentences", brief_id=made["id"])["sentences"][1]
        words = {"text": f"In short: {found['text']}", "began": found["began"]}
        one = "/briefs/{brief_id}/sentences/{position}"
        do("edit_sentence", "PATCH", one, words, brief_id=made["id"], position=found["position"])
        listed = do("read_quotes", "GET", "/briefs/{brief_id}/quotes", brief_id=made["id"])["quotes"]
        chosen = {"comments": [quote["comment"] for quote in listed][:1]}
        do("choose_quotes", "POST", "/briefs/{brief_id}/quotes", chosen, brief_id=made["id"])
        do("approve_brief", "POST", "/briefs/{brief_id}/approval", {"quotes": "ticked"}, brief_id=made["id"])
        do("send_brief", "POST", "/briefs/{brief_id}/deliveries", {"to": ["claire@board.example"]}, brief_id=made["id"])
        decided = do("list_decisions", "GET", "/communities/{slug}/decisions", slug="garden")["decisions"][0]
        do("ask_on", "POST", "/decisions/{decision_id}/poll", decision_id=decided["id"])
        act = {"title": "Open later", "public_note": "From May.", "status": "planned", "due_on": "2044-05-01"}
        act["theme"] = int(self.house.values["theme_id"])
        do("act_on_decision", "POST", "/decisions/{decision_id}/action", act, decision_id=decided["id"])
        do("list_deliveries", "GET", "/briefs/{brief_id}/deliveries", brief_id=made["id"])
        do("list_readers", "GET", "/communities/{slug}/readers", slug="garden", audience="leadership")
        claire = do("set_reader", "PUT", "/communities/{slug}/readers", {
            "address": "claire@board.example", "audience": "leadership", "rhythm": "weekly", "weekday": 2, "hour": 8,
            "zone": "Europe/Paris",
        }, slug="garden")  # fmt: skip
        readers = "/communities/{slug}/readers/{audience}"
        do("list_rhythms", "GET", readers, slug="garden", audience="leadership", limit=1)
        do(
            "remove_reader",
            "DELETE",
            f"{readers}/{{contact_id}}",
            slug="garden",
            audience="leadership",
            contact_id=claire["id"],
        )
        do("list_turns", "GET", "/communities/{slug}/turns", slug="garden", limit=1)
        days = {"since": "2026-11-02", "until": "2026-11-08"}
        do("send_turns", "POST", "/communities/{slug}/turns/sending", {"audience": "product", **days}, slug="garden")
        do(
            "leave_turns",
            "POST",
            "/communities/{slug}/turns/leaving",
            {"audience": "leadership", **days},
            slug="garden",
        )

    def _trials(self) -> None:
        do, trial = self.do, self.house.trial.slug
        made = do("create_announcement", "POST", "/communities/{slug}/announcements", {
            "kind": "trial", "title": "Evening opening", "what": "Open till nine for a month.", "places": 20,
            "consent": "I take part. You may write to me about it.",
        }, slug="garden")  # fmt: skip
        slug = made["slug"]
        do("list_announcements", "GET", "/communities/{slug}/announcements", slug="garden", limit=1)
        do(
            "edit_announcement",
            "PATCH",
            "/announcements/{slug}",
            {"audience": "All who work.", "revision": made["revision"]},
            slug=slug,
        )
        do("publish_announcement", "POST", "/announcements/{slug}/publication", slug=slug)
        do("read_announcement", "GET", "/announcements/{slug}", slug=slug)
        do("create_announcement_links", "POST", "/announcements/{slug}/links", {"name": "Notice board"}, slug=slug)
        do("list_announcement_links", "GET", "/announcements/{slug}/links", slug=slug, limit=1)
        first = {"slug": slug, "number": 1}
        do("create_check_in", "POST", "/announcements/{slug}/versions/{number}/check-in", **first)
        do("ask_check_in", "POST", "/announcements/{slug}/versions/{number}/asking", **first)
        do("create_version", "POST", "/announcements/{slug}/versions", slug=slug)
        second = {"slug": slug, "number": 2}
        heard = {
            "heard": "Nine is too late.",
            "changed": "We close at eight.",
            "themes": [int(self.house.values["theme_id"])],
        }
        do("edit_version", "PATCH", "/announcements/{slug}/versions/{number}", heard, **second)
        do("publish_version", "POST", "/announcements/{slug}/versions/{number}/publication", {"ask": True}, **second)
        do("read_version", "GET", "/announcements/{slug}/versions/{number}", **second)
        do("list_versions", "GET", "/announcements/{slug}/versions", slug=slug)
        do("create_version_links", "POST", "/announcements/{slug}/versions/{number}/links", {"name": "Wiki"}, **second)
        do("list_version_links", "GET", "/announcements/{slug}/versions/{number}/links", limit=1, **second)
        people = do("list_participants", "GET", "/announcements/{slug}/participants", slug=trial)["participants"]
        do("remove_participant", "DELETE", "/announcements/{slug}/participants/{participant_id}", slug=trial,
           participant_id=people[0]["id"])  # fmt: skip
        do(
            "end_announcement",
            "POST",
            "/announcements/{slug}/end",
            {"outcome": "adapt", "reason": "Eight suits most."},
            slug=slug,
        )

    def _contacts(self) -> None:
        do = self.do
        made = do("create_list", "POST", "/communities/{slug}/lists", {"name": "Summer meeting"}, slug="garden")["id"]
        do("list_lists", "GET", "/communities/{slug}/lists", slug="garden", limit=1)
        zoe = {"email": "zoe@home.example", "name": "Zoé", "locale": "fr", "consent": CONSENT}
        do("add_contact", "POST", "/lists/{list_id}/people", zoe, list_id=made)
        rows = {"rows": [{"email": "finn@home.example"}, {"email": "no address"}], "consent": CONSENT}
        do("plan_upload", "POST", "/lists/{list_id}/uploads/plans", rows, list_id=made)
        do("upload_contacts", "POST", "/lists/{list_id}/uploads", rows, list_id=made)
        do("read_list", "GET", "/lists/{list_id}", list_id=made)
        people = do("list_contacts", "GET", "/lists/{list_id}/people", list_id=made)["people"]
        do("remove_contact", "DELETE", "/lists/{list_id}/people/{contact_id}", list_id=made, contact_id=people[0]["id"])
        do("erase_contact", "DELETE", "/contacts/{contact_id}", contact_id=people[1]["id"])

    def _webhooks(self) -> None:
        do = self.do
        address = {"url": "https://198.41.0.4/hooks/heard", "events": ["poll.opened"], "name": "Forum"}
        made = do("make_webhook", "POST", "/communities/{slug}/webhooks", address, slug="garden")
        one = {"webhook_id": made["id"]}
        do("list_webhooks", "GET", "/communities/{slug}/webhooks", slug="garden", limit=1)
        do("read_webhook", "GET", "/webhooks/{webhook_id}", **one)
        do("change_webhook", "PATCH", "/webhooks/{webhook_id}", {"name": "Forum of members"}, **one)
        do("pause_webhook", "POST", "/webhooks/{webhook_id}/pause", **one)
        do("resume_webhook", "POST", "/webhooks/{webhook_id}/resumption", **one)
        do("replace_secret", "POST", "/webhooks/{webhook_id}/secret", **one)
        do("send_test", "POST", "/webhooks/{webhook_id}/tests", **one)
        told = do("list_webhook_deliveries", "GET", "/webhooks/{webhook_id}/deliveries", **one)["deliveries"][0]
        do("read_delivery", "GET", "/webhooks/{webhook_id}/deliveries/{delivery_id}", delivery_id=told["id"], **one)
        do("send_again", "POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/tries", delivery_id=told["id"], **one)
        do("delete_webhook", "DELETE", "/webhooks/{webhook_id}", **one)

    def _imports(self) -> None:
        do, days = self.do, "Which day?,Why?\nMonday,It is quiet\nThursday,After work\n"
        sent = {"file_name": "days.csv", "content": base64.b64encode(days.encode()).decode(), "title": "Days that suit"}
        made = do("begin_import", "POST", "/communities/{slug}/imports", sent, slug="garden")
        one = {"import_id": made["id"]}
        do("list_imports", "GET", "/communities/{slug}/imports", slug="garden", limit=2)
        do("read_import", "GET", "/imports/{import_id}", **one)
        other = {"questions": [{"id": made["questions"][0]["id"], "wording": "Which day suits you?"}]}
        do("change_import", "PATCH", "/imports/{import_id}", other, **one)
        do("record_import", "POST", "/imports/{import_id}/recording", {"hash": made["hash"]}, **one)
        do("stop_import", "POST", "/imports/{import_id}/stopping", **one)
        do("list_refusals", "GET", "/imports/{import_id}/refusals", import_id=self.house.values["import_id"])
        again = do("begin_import", "POST", "/communities/{slug}/imports", sent, slug="garden")
        do("remove_import", "DELETE", "/imports/{import_id}", import_id=again["id"])

    def _community(self) -> None:
        do = self.do
        do("read_token", "GET", "/token")
        do("read_community", "GET", "/communities/{slug}", slug="garden")
        do(
            "edit_community",
            "PATCH",
            "/communities/{slug}",
            {"mission": "A quiet place to read.", "mails_per_week": 3},
            slug="garden",
        )
        who = do(
            "add_person",
            "POST",
            "/communities/{slug}/people",
            {"email": "noor@garden.example", "role": "viewer"},
            slug="garden",
        )
        one = {"slug": "garden", "account_id": who["id"]}
        do("list_people", "GET", "/communities/{slug}/people", slug="garden")
        do("change_role", "PUT", "/communities/{slug}/people/{account_id}", {"role": "analyst"}, **one)
        do("remove_person", "DELETE", "/communities/{slug}/people/{account_id}", **one)
        do("read_log", "GET", "/communities/{slug}/log", slug="garden", limit=2)


def placeholders(path: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The address with its values, and what is left for the query."""
    used = [name for name in parameters if f"{{{name}}}" in path]
    return path.format_map(parameters), {n: v for n, v in parameters.items() if n not in used}


def operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(operationId, METHOD, address below /api/v1, the operation) of the document."""
    from heard.app import app

    for address, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method.upper(), address.removeprefix("/api/v1"), operation
