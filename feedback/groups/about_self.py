"""Statements in which people say who they are, and not what they think: “I am 55”, “J'habite en ville”. Pure; rules only.

Such a statement tells who is in a group; that a group “stands for” it says nothing. The rules know English and French, and
take a statement only if every sentence of it is one of the first person with a word for a state (being, living, owning,
earning, having voted) and no word of judging or wishing is in it. What they miss is shown as an opinion, as all others are.
"""

import re

_START = r"(?:(?:personally|currently|at the moment|today|actuellement|personnellement|aujourd'hui|en ce moment)\s*,?\s+)?"

# --- English ---
_NOT = r"(?:(?:also|currently|still|now|only|already|mainly|mostly|usually|often|never|no longer|do not|don't|did not|didn't)\s+)*"
_LIVING = (
    "live|lived|reside|rent|rented|own|owned|work|worked|study|studied|earn|drive|commute|cycle|vote|voted|belong|identify|was born|"
    "grew up|come from|came from|moved|immigrated|emigrated|retired|served|attend|attended|graduated|speak|have lived|have worked|"
    "have voted|have owned|have rented|have been|use the (?:bus|car|train|tram|metro|subway|tube|ferry|bike)"
)
_HELD = (
    r"(?:a|an|one|two|three|four|five|more than|less than|fewer than|no|my own|at least|some|several|\d+)?\s*(?:[\w-]+\s+){0,2}?"
    r"(?:child|children|kids?|son|sons|daughters?|dependents?|dependants?|famil(?:y|ies)|partner|husband|wife|spouse|brothers?|sisters?|"
    r"siblings?|grandchildren|pets?|dogs?|cats?|cars?|bikes?|house|houses|homes?|flat|flats|apartment|garden|mortgage|jobs?|degrees?|"
    r"disabilit(?:y|ies)|diploma|licen[cs]e|passport|business|pension|savings account)"
)
_MINE = (
    "household income|family income|income|salary|age|gender|household|family|home|house|flat|job|occupation|profession|employer|"
    "mother tongue|language|children|kids|partner|spouse|husband|wife|parents|ethnicity|religion|nationality"
)
_ENGLISH = re.compile(
    rf"{_START}(?:i(?: am|'m)\s+{_NOT}(?!to\b|going\b|being\b|not\b\s*(?:for|in favou?r|sure|against))\S"
    rf"|i\s+(?:was|have been)\s+\S|(?:i|we)\s+{_NOT}(?:{_LIVING})\b|i(?:'ve| have)\s+{_HELD}\b|i\s+(?:do not|don't)\s+have\s+{_HELD}\b"
    rf"|my\s+(?:[\w-]+\s+)?(?:{_MINE})\s+(?:is|are|was|were|has|have|comes?|came|lives?|lived|consists?)\b|(?:we|my family)\s+are\s+(?:a\s+)?(?:famil|household|couple))"
)

# --- French ---
_PLACED = (
    "habite|habitais|vis|vivais|loge|réside|loue|possède|travaille|travaillais|étudie|gagne|vote|voterai|appartiens|viens de|parle|"
    "touche|perçois|conduis|roule|prends (?:le|la)|fais d(?:u|e la)"
)
_HELD_FR = (
    r"(?:\d+|un|une|deux|trois|quatre|cinq|moins de|plus de|des|mon|ma|pas d['e]|plusieurs|entre|seize|dix|vingt|trente|quarante|"
    r"cinquante|soixante|au moins|déjà)"
)
_MINE_FR = (
    "revenu|revenus|salaire|âge|foyer|ménage|logement|métier|profession|employeur|langue maternelle|enfants|famille|conjoint|mari|femme|"
    "parents|nationalité|religion|maison|appartement|loyer"
)
_FRENCH = re.compile(
    rf"{_START}(?:je (?:ne )?suis\s+\S|(?:je|j')\s*(?:ne |n')?(?:{_PLACED})\b|(?:je n'ai|j'ai)\s+{_HELD_FR}"
    rf"|(?:j'ai|je n'ai (?:pas|jamais)) (?:voté|grandi|vécu|habité|travaillé|déménagé|étudié|loué|acheté)\b|je suis né|nous (?:habitons|vivons (?:à|au|aux|dans|en|sur|chez)|louons|possédons)\b"
    rf"|(?:mon|ma|mes) (?:[\w-]+ )?(?:{_MINE_FR})\b.*?\b(?:est|sont|était|dépassent?|se situe|a|ont|vivent?)\b|nous sommes (?:une famille|un couple|un foyer))"
)

# Words with which somebody judges, wishes, demands or takes a side, in either language: with one of them it is an opinion.
_OPINION = re.compile(
    r"\b(?:should|shouldn't|must|mustn't|ought|would|wouldn't|could|want\w*|wish\w*|need\w*|hope\w*|think|thought|believe\w*|feel|felt|agree\w*|"
    r"disagree\w*|support\w*|oppose\w*|prefer\w*|like|love\w*|hate\w*|dislike\w*|trust\w*|doubt\w*|worr\w+|afraid|scared|concerned|angry|happy|"
    r"unhappy|glad|sad|sick|tired|proud|ashamed|satisfied|dissatisfied|pleased|frustrated|disappointed|fed up|convinced|certain|sure|"
    r"against|favou?r|better|worse|best|worst|good|bad|great|terrible|awful|important|fair|unfair|wrong|right|too|enough|easy|easily|hard|"
    r"difficult|difficulty|impossible|unaffordable|affordable|expensive|because|so that|therefore|please|willing|ready|open to|able|unable|"
    r"can|cannot|can't|interested|opinion|view|aware|optimistic|pessimistic|confident|hopeful|safe|unsafe|struggl\w+|problem\w*|forgotten|neglected|abandoned|crisis|society|a country|a world|"
    r"faut|devrai\w*|doit|doivent|dois|veux|voulons|voudrais|voudrions|souhait\w+|pens\w+|crois|estim\w+|trouve|préfér\w+|aime|aimerais|"
    r"déteste|soutiens|d'accord|favorable|opposé\w*|pour que|contre|convaincu\w*|persuadé\w*|certain\w*|sûr\w*|inquiet|inquiète|content\w*|"
    r"mécontent\w*|satisfait\w*|insatisfait\w*|fière?s?|déçue?s?|heureu\w+|malheureu\w+|triste|fatigué\w*|lasse?|peur|besoin|envie|confiance|"
    r"espoir|espère|entendue?s?|écoutée?s?|oubli\w+|ignor\w+|abandonn\w+|méprisée?s?|crise|trop|assez|mieux|meilleur\w*|pire|bon|bonne|mauvais\w*|juste|injuste|important\w*|difficile\w*|facile\w*|impossible|"
    r"cher|chère|abordable|parce|car (?:il|elle|ils|elles|on|je|j'ai|tu|nous|vous|le|la|les|c'est)|prête?|capable|raison|tort|avis|impression|intéressée?|problème\w*)\b"
)  # fmt: skip
_FOR = re.compile(r"(?:i am|i'm|je suis) (?:all |tout à fait |plutôt )?(?:for|pour|partisane?)\b")
_BETWEEN = re.compile(r"[.!?;]+(?:\s+|$)")
MOST_WORDS = 25
"""Longer statements say more than who somebody is."""


def about_oneself(statement: str) -> bool:
    """Whether the statement tells who somebody is, where they live, what they have or whom they voted for."""
    text = " ".join(statement.replace("’", "'").casefold().split())
    if not text or len(text.split()) > MOST_WORDS or _OPINION.search(text) or _FOR.search(text):
        return False
    return all(_ENGLISH.match(said) or _FRENCH.match(said) for said in _BETWEEN.split(text) if said)
