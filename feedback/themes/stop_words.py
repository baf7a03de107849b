"""Words that never name a theme, in English and French, and how to bring forms of a word together.

The lists are our own, written from the grammar of the two languages and from reading answers to open questions.
"""

import re
import unicodedata
from functools import lru_cache

STOP = frozenset(
    """
    a an the this that these those here there it its it's itself they them their theirs themselves he him his himself
    she her hers herself we us our ours ourselves you your yours yourself i me my mine myself one ones someone somebody
    anyone anybody everyone everybody who whom whose which what whatever when whenever where why how if whether
    and or but nor so yet because since although though while as than then unless until till before after during
    of for to from in into on onto at by with without within about against between among through over under above
    below up down out off again further around across along near per via upon toward towards
    am is are was were be been being isn't aren't wasn't weren't do does did doing done don't doesn't didn't
    have has had having haven't hasn't hadn't can could may might must shall should will would can't cannot couldn't
    mustn't shouldn't won't wouldn't shan't needn't i'm i've i'd i'll you're you've you'd you'll we're we've we'd we'll
    they're they've they'd they'll he's she's that's there's what's who's where's how's let's im ive id dont doesnt
    didnt cant couldnt wont wouldnt isnt wasnt hasnt havent hadnt thats whats theres youre theyre
    not no never neither either both each every all any some many much more most less least few fewer several other
    others another such same own only just also too very quite rather really so even still already ever always often
    sometimes usually maybe perhaps almost enough like well please thank thanks thankyou yes ok okay oh hi hello
    however therefore otherwise instead else anyway actually basically especially particularly overall generally
    etc eg ie lot lots bit kind sort thing things something anything way ways now today once twice soon later
    get gets got getting gotten go goes going went gone come comes coming came make makes making made let lets
    take takes taken took taking give gives given gave giving put puts keep keeps kept seem seems seemed
    say says said saying tell tells told telling ask asks asked asking know knows knew think thinks thought feel feels
    felt feeling want wants wanted wanting need needs needed like liked likes would've could've should've
    i'd be able possible used use uses using try tried trying tries see saw seen look looking looks
    will shall upon whilst amongst due regarding re cos cuz gonna wanna ain't that'll
    find finds found happen happens happened happening explain means mean meant show shows showed shown
    cause causes nice lovely great good excellent amazing brilliant fantastic perfect fine best wonderful superb
    last next two three four five six seven eight nine ten second third
    """.split()
) | frozenset(
    """
    le la les l un une des du de d au aux ce cet cette ces ça cela ceci c'est il elle ils elles on je j j'ai tu te t
    nous vous me m mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs lui eux moi toi soi se s qui que qu
    quoi dont où quel quelle quels quelles lequel laquelle et ou mais donc or ni car si comme quand lorsque puisque
    parce pour par avec sans sous sur dans en vers chez entre depuis pendant avant après contre jusque jusqu'à dès
    être est sont était étaient suis sommes êtes été étant sera seront serait seraient soit soient c'était
    avoir ai as a avons avez ont avait avaient aura auront aurait auraient ayant eu
    faire fait fais font faisait ferait aller va vont allé pouvoir peut peux peuvent pourrait pourraient pu
    devoir doit doivent devrait devraient dû vouloir veut veux veulent voudrait voudrais falloir faut faudrait il y
    ne n pas plus moins très trop peu assez aussi encore déjà toujours jamais souvent parfois rien tout toute tous
    toutes aucun aucune chaque plusieurs quelque quelques autre autres même mêmes tel telle tels telles
    ici là alors ainsi bien mal mieux bon bonne beaucoup vraiment merci bonjour oui non svp s'il plaît
    chose choses fois qu'il qu'elle qu'on d'un d'une n'est n'a n'ai n'ont l'on
    """.split()
)
"""Looked up in lower case. Praise alone (“good”, “great”) is among them: it says how, not what; `PRAISE` brings it back."""

PRAISE = frozenset(
    """
    nice lovely great good excellent amazing brilliant fantastic perfect best wonderful superb outstanding exceptional
    bon bonne excellent excellente super parfait parfaite génial géniale formidable
    """.split()
)
"""One word for all of them where answers are compared. May stand before another word (“Good service”), and alone where
an answer says nothing else."""

NOTHING = frozenset("nothing none nil n/a na everything rien néant nope".split())
"""Answers in themselves; they name a theme alone, or with what follows (“Nothing to improve”)."""

WEAK = frozenset(
    """
    first time day days week weeks month months year years people person place work working help helped new old able long
    start end change problem problems issue issues question reason need option different right wrong
    looked want sure please certain wondering possible currently recently today yesterday
    personne personnes temps jour jours année années
    """.split()
)
"""Name a theme only together with another word (“Waiting time”, never “Time”)."""

MOODS = frozenset(
    """
    helpful friendly polite caring kind pleasant professional efficient quick prompt happy satisfied pleased calm
    informative clear reliable clean comfortable slow rude easy difficult bad better faster quicker shorter longer
    improve improved answered explained understanding reassuring thorough
    aimable gentil gentille sympa agréable rapide lent efficace propre satisfait satisfaite content contente
    """.split()
)
"""Say how something is: good beside a noun (“Friendly staff”) or another of their kind, poor alone."""

CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays
    sundays january february march april may june july august september october november december christmas easter
    lundi mardi mercredi jeudi vendredi samedi dimanche noël pâques
    """.split()
)
"""Written with a capital, and no names of people."""

LINKS = frozenset("of for in on with and de du des à au aux en et sur sans d'".split())
"""May stand inside a label between two words: “Quality of care”, “Treated with respect”, “Temps d'attente”."""

NEGATIONS = frozenset(
    "not no never cannot cant couldnt dont doesnt didnt isnt wasnt hasnt havent wont pas sans".split()
)

MODALS = frozenset("could can would have has to".split())

ARTICLES = frozenset(
    """
    a an the my your our their his her its this that these those any some all le la les l' un une mon ma mes ton ta tes
    son sa ses notre nos votre vos leur leurs ce cet cette ces
    """.split()
)
"""Left out between two words: “activate my card” counts as “activate card”."""

BEING_FRENCH = frozenset("est sont était étaient".split())
BEING = frozenset("is are was were be been being am".split()) | BEING_FRENCH

COPULAS = BEING | frozenset(
    """
    very so really too quite always extremely such more most all très trop si toujours plus
    """.split()
)
"""Between a noun and what is said of it: “staff were very friendly” counts for “friendly staff”."""

PARTICLES = frozenset("up in out off back after".split())

EDGES = (
    ARTICLES
    | LINKS
    | (COPULAS - {"très", "very"})
    | frozenset(
        """
        i me he him she her we us you they them it who which what that there here i'm i've i'd i'll im ive it's its
        they're they've you're we're we've that's to at by on from into as if than then so but or and because when
        while where how why have has had having do does did can could may might must shall should will would be get got
        getting go going just also only even still for out up down off not don't didn't doesn't isn't wasn't
        je tu il elle on nous vous ils elles que qui ce ça se me te y n' ne pas ai ont avez avons était c'est j' qu' s'
        c' m' t' plus ou mais donc car si comme quand par pour dans
        """.split()
    )
) - {"nothing", "everything"}
"""A label does not begin or end with one of these."""


def plain(word: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A short form that the forms of a word share: wait, waits, waited, waiting → wait; horaire, horaires → horair.

    Made for counting, never shown. Light on purpose: two words wrongly joined are worse than two left apart.
    """
    word = re.sub(r"['’]s?$", "", plain(word))
    word = re.sub(r"^(?:[ldjmnstc]|qu)['’](?=\w{3})", "", word)
    if len(word) > 4:
        for end, new in (("ies", "y"), ("sses", "ss"), ("eaux", "eau"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
            if word.endswith(end):
                word = word[: -len(end)] + new
                break
        else:
            if word.endswith("s") and not word.endswith(("ss", "us", "is")):
                word = word[:-1]
    for end in ("ing", "ed"):
        if word.endswith(end) and len(word) - len(end) >= 3 and re.search(r"[aeiouy]", word[: -len(end)]):
            word = word[: -len(end)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 6 and word.endswith(("val", "wal")):  # arrival, arrive; withdrawal, withdraw
        word = word[:-2]
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word
