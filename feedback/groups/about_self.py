"""Statements in which people say who they are, and not what they think: “I am 55”, “J'habite en ville”. Pure; rules only.

Such a statement tells who is in a group; that a group “stands for” it says nothing. The rules know English and French, and
take a statement only if every sentence of it begins with a first person in some state (being, living, owning, earning,
having voted) and no word of judging or wishing is in it. What they miss is shown as an opinion, as all others are.
"""

import re


def _any(*words: str) -> str:
    return f"(?:{'|'.join(' '.join(words).split())})".replace("_", " ")


# An underscore is a space inside a word of a list.
_LIVING = _any(
    "live lived reside rent rented own owned work worked study studied earn drive commute cycle vote voted belong identify",
    "was_born grew_up come_from came_from moved immigrated emigrated retired served attend attended graduated speak have_lived",
    "have_worked have_voted have_owned have_rented have_been use_the_(?:bus|car|train|tram|metro|subway|tube|ferry|bike)",
)
_HELD = _any(
    "child children kids? sons? daughters? dependents? dependants? family families partner husband wife spouse brothers? sisters?",
    "siblings? grandchildren pets? dogs? cats? cars? bikes? houses? homes? flats? apartment garden mortgage jobs? degrees?",
    "disability disabilities diploma licen[cs]e passport business pension savings_account",
)
_OF_HELD = (
    r"(?:a|an|one|two|three|four|five|more than|less than|fewer than|no|my own|at least|some|several|\d{1,6})? ?"
    r"(?:[\w-]{1,30} ){0,2}?"
)
_MINE = _any(
    "income salary age gender household family home house flat job occupation profession employer mother_tongue language children",
    "kids partner spouse husband wife parents ethnicity religion nationality",
)
_OFTEN = _any(
    "also currently still now only already mainly mostly usually often never no_longer do_not don't did_not didn't"
)
_STATES = _any("is are was were has have comes? came lives? lived consists?")
_ENGLISH = (
    rf"(?:i am|i'm) (?:{_OFTEN} )*(?!to\b|going\b|being\b|not\b ?(?:for|in favou?r|sure|against))\S",
    r"i (?:was|have been) \S",
    rf"(?:i|we) (?:{_OFTEN} )*{_LIVING}\b",
    rf"(?:i've|i have|i do not have|i don't have) {_OF_HELD}{_HELD}\b",
    rf"my (?:[\w-]{{1,30}} )?{_MINE} {_STATES}\b",
    r"(?:we|my family) are (?:a )?(?:family|household|couple)",
)

_VIT = _any(
    "habite habitais vis vivais loge réside loue possède travaille travaillais étudie gagne vote voterai appartiens viens_de parle",
    "touche perçois conduis roule prends_(?:le|la) fais_d(?:u|e_la)",
)
_A = r"(?:\d+|" + _any(
    "un une deux trois quatre cinq dix seize vingt trente quarante cinquante soixante moins_de plus_de des mon ma pas_d['e]",
    "plusieurs entre au_moins déjà",
).removeprefix("(?:")  # fmt: skip
_MIEN = _any(
    "revenus? salaire âge foyer ménage logement métier profession employeur langue_maternelle enfants famille conjoint mari femme",
    "parents nationalité religion maison appartement loyer",
)
_EST = _any("est sont était dépassent? se_situe a ont vivent?")
_FAIT = _any("voté grandi vécu habité travaillé déménagé étudié loué acheté")
_FRENCH = (
    r"je (?:ne )?suis \S",
    rf"(?:je |j') ?(?:ne |n')?{_VIT}\b",
    rf"(?:j'ai|je n'ai) {_A}",
    rf"(?:j'ai|je n'ai (?:pas|jamais)) {_FAIT}\b",
    r"nous (?:habitons|vivons (?:à|au|aux|dans|en|sur|chez)|louons|possédons)\b",
    rf"(?:mon|ma|mes) (?:[\w-]{{1,30}} )?{_MIEN}\b.*?\b{_EST}\b",
    r"nous sommes (?:une famille|un couple|un foyer)",
)

_LEADING = _any("personally currently at_the_moment today actuellement personnellement aujourd'hui en_ce_moment")
_SELF = re.compile(rf"(?:{_LEADING} ?,? )?(?:{'|'.join((*_ENGLISH, *_FRENCH))})")

# Words with which somebody judges, wishes, demands or takes a side: with one of them it is an opinion.
_JUDGED = (
    "shouldn?'?t? mustn?'?t? ought wouldn?'?t? could can cannot can't want\\w* wish\\w* need\\w* hope\\w* think thought believe\\w*",
    "feel felt agree\\w* disagree\\w* support\\w* oppose\\w* prefer\\w* like love\\w* hate\\w* dislike\\w* trust\\w* doubt\\w* worr\\w+",
    "afraid scared concerned angry happy unhappy glad sad sick tired proud ashamed satisfied dissatisfied pleased frustrated",
    "disappointed fed_up convinced certain sure against favou?r better worse best worst good bad great terrible awful important",
    "fair unfair wrong right too enough easy easily hard difficult difficulty impossible unaffordable affordable expensive because",
    "so_that therefore please willing ready open_to able unable interested opinion view aware optimistic pessimistic confident",
    "hopeful safe unsafe struggl\\w+ problem\\w* forgotten neglected abandoned crisis society a_country a_world",
)
_JUGE = (
    "faut devrai\\w* doit doivent dois veux voulons voudrais voudrions souhait\\w+ pens\\w+ crois estim\\w+ trouve préfér\\w+ aime",
    "aimerais déteste soutiens d'accord favorable opposé\\w* pour_que contre convaincu\\w* persuadé\\w* certain\\w* sûr\\w* inquiet",
    "inquiète content\\w* mécontent\\w* satisfait\\w* insatisfait\\w* fière?s? déçue?s? heureu\\w+ malheureu\\w+ triste fatigué\\w*",
    "lasse? peur besoin envie confiance espoir espère entendue?s? écoutée?s? oubli\\w+ ignor\\w+ abandonn\\w+ méprisée?s? crise trop",
    "assez mieux meilleur\\w* pire bon bonne mauvais\\w* juste injuste importante?s? difficile\\w* facile\\w* cher chère abordable",
    "parce car_(?:il|elle|ils|elles|on|je|j'ai|tu|nous|vous|le|la|les|c'est) prête? capable raison tort avis impression",
    "intéressée? problème\\w*",
)
_OPINION = re.compile(rf"\b{_any(*_JUDGED, *_JUGE)}\b")
_FOR = re.compile(r"(?:i am|i'm|je suis) (?:all |tout à fait |plutôt )?(?:for|pour|partisane?)\b")
_BETWEEN = re.compile(r"(?<![.!?;])[.!?;]+(?: |$)")
MOST_WORDS = 25
"""Longer statements say more than who somebody is."""


def about_oneself(statement: str) -> bool:
    """Whether the statement tells who somebody is, where they live, what they have or whom they voted for."""
    text = " ".join(statement.replace("’", "'").casefold().split())
    if not text or len(text.split()) > MOST_WORDS or _OPINION.search(text) or _FOR.search(text):
        return False
    return all(_SELF.match(said) for said in _BETWEEN.split(text) if said)
