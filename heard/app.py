"""The whole application: the rooms of managers, readers and the API behind the front. `uvicorn heard.app:app`, or rather
`heard serve`, which starts with heard/front.py and loads this meanwhile."""

import feedback.analysis.api
import feedback.analysis.pages
import feedback.answer.action_pages
import feedback.answer.api
import feedback.answer.links_api
import feedback.answer.pages
import feedback.answer.public_pages
import feedback.answer.sharing_pages
import feedback.answer.trial_api
import feedback.answer.trial_pages
import feedback.answer.trial_public_pages
import feedback.cards.pages
import feedback.collect.api
import feedback.collect.ballot_api
import feedback.collect.pages
import feedback.collect.sharing_pages
import feedback.collect.suggestion_api
import feedback.collect.suggestion_pages
import feedback.exports.api
import feedback.exports.pages
import feedback.groups.api
import feedback.groups.pages
import feedback.imports.api
import feedback.imports.pages
import feedback.integrity.api
import feedback.integrity.mark_pages
import feedback.integrity.pages
import feedback.themes.answer_api
import feedback.themes.answer_pages
import feedback.themes.api
import feedback.themes.edit_api
import feedback.themes.edit_pages
import feedback.themes.pages
import feedback.themes.refit_api
import feedback.themes.refit_pages
import feedback.themes.trend_pages
import feedback.themes.why_pages
import heard.accounts.community_api
import heard.accounts.contact_api
import heard.accounts.contact_pages
import heard.accounts.contact_upload_pages
import heard.accounts.link_pages
import heard.accounts.pages
import heard.accounts.sending_pages
import heard.accounts.unsubscribe_pages
import heard.accounts.webhooks.api
import heard.accounts.webhooks.pages
import heard.metrics
import insights.decide.api
import insights.decide.pages
import insights.decide.public_pages
import insights.decide.records
import insights.explore.api
import insights.explore.pages
import insights.send.public_pages
import insights.send.reader_api
import insights.send.reader_pages
import insights.send.turn_pages
import insights.write.api
import insights.write.editing_api
import insights.write.editing_pages
import insights.write.pages
import polls.announce.announcement_api
import polls.announce.announcement_pages
import polls.announce.sharing_pages
import polls.announce.trial_pages
import polls.api
import polls.pages
import polls.publish.editions_api
import polls.publish.mailing_api
import polls.publish.reaching_api
from heard import api_document
from heard.front import app, house, take

ROUTERS = (  # those for everybody first, as in heard/front.py
    feedback.cards.pages.router,
    feedback.answer.public_pages.router,
    feedback.answer.trial_public_pages.router,
    heard.accounts.link_pages.router,
    heard.accounts.unsubscribe_pages.router,
    insights.send.public_pages.router,
    insights.decide.public_pages.router,
    heard.accounts.pages.router,
    heard.accounts.contact_pages.router,
    heard.accounts.sending_pages.router,
    heard.accounts.contact_upload_pages.router,
    feedback.imports.pages.router,  # before the editor: /polls/imports is no poll
    heard.accounts.webhooks.pages.router,
    polls.pages.router,
    polls.announce.announcement_pages.router,
    polls.announce.trial_pages.router,
    polls.announce.sharing_pages.router,
    feedback.answer.trial_pages.router,
    feedback.collect.pages.router,
    insights.explore.pages.router,
    feedback.collect.sharing_pages.router,
    feedback.collect.suggestion_pages.router,
    feedback.integrity.mark_pages.router,
    feedback.exports.pages.router,
    feedback.analysis.pages.router,
    feedback.integrity.pages.router,
    feedback.answer.action_pages.router,
    feedback.groups.pages.router,
    feedback.themes.pages.router,
    feedback.themes.refit_pages.router,
    feedback.themes.edit_pages.router,
    feedback.themes.trend_pages.router,
    feedback.themes.answer_pages.router,
    feedback.themes.why_pages.router,
    feedback.answer.pages.router,
    feedback.answer.sharing_pages.router,
    insights.send.reader_pages.router,
    insights.send.turn_pages.router,
    insights.write.pages.router,
    insights.write.editing_pages.router,
    insights.decide.pages.router,
    heard.accounts.webhooks.api.router,
    polls.api.router,
    polls.publish.editions_api.router,
    feedback.exports.api.router,
    feedback.imports.api.router,
    feedback.analysis.api.router,
    feedback.integrity.api.router,
    polls.publish.reaching_api.router,
    polls.publish.mailing_api.router,
    polls.announce.announcement_api.router,
    feedback.collect.ballot_api.router,
    feedback.collect.suggestion_api.router,
    feedback.collect.api.votes,  # for its description: it is answered in the front
    feedback.groups.api.router,
    feedback.themes.api.router,
    feedback.themes.answer_api.router,
    feedback.themes.refit_api.router,
    feedback.themes.edit_api.router,
    feedback.answer.api.router,
    feedback.answer.trial_api.router,
    feedback.answer.links_api.router,
    insights.send.reader_api.router,
    insights.write.api.router,
    insights.write.editing_api.router,
    insights.decide.api.router,
    insights.explore.api.router,
    heard.accounts.community_api.router,
    heard.accounts.contact_api.router,
    heard.metrics.router,
)
take(ROUTERS)
api_document.describe(app)
app.openapi_url = "/api/openapi.json"
app.setup()
house.open.set()
