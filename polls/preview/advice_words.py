"""The words that polls/preview/advice.py looks for, in English and in French. Data only.

Patterns meet text as `plain` gives it: straight apostrophes, ordinary spaces, lower case. Every one begins and ends at a
word, has a fixed start and no nested repetition, so that long texts are read in one go.
"""

import re
from dataclasses import dataclass
from re import Pattern


def _any(*words: str) -> Pattern[str]:
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(words)})(?![\w-])")


@dataclass(frozen=True)
class Words:
    """What one language has for each check."""

    loaded: Pattern[str]  # leave them out
    praising: Pattern[str]  # a question that names one end only
    pushing: Pattern[str]  # a question turned so that one answer is expected; its start, or its tag
    joins: Pattern[str]  # and, or
    pairs: Pattern[str]  # joined, and yet one thing
    between: Pattern[str]  # opens a list that is one thing: between six and eight, any questions or remarks
    after_join: Pattern[str]  # what follows and/or where no second thing is asked
    second_question: Pattern[str]  # and why, and how …
    negative: Pattern[str]
    negative_prefix: Pattern[str]  # words that hold a negation; beside a negative they make two
    not_negative: Pattern[str]
    why: Pattern[str]  # a reason why not is asked for with a negation
    absolute: Pattern[str]
    not_absolute: Pattern[str]
    agree: Pattern[str]
    agree_steps: Pattern[str]
    adjectives: Pattern[str]  # a scale can be made of them
    attitude: Pattern[str]
    yes_no: Pattern[str]
    neutral: Pattern[str]
    low_pole: Pattern[str]
    high_pole: Pattern[str]
    steps: Pattern[str]  # words of a scale, of frequency or degree
    days: tuple[str, ...]
    months: tuple[str, ...]
    ordinals: tuple[str, ...]
    times_of_day: tuple[str, ...]
    known: frozenset[str]  # acronyms that everybody reads


SIZES = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_KNOWN = frozenset(
    "AM AOL BBC CD CO2 DIY DJ DVD EU FAQ GB GPS HD ID IKEA IT KM KG LED MB MP3 NASA NATO OK PC PDF PIN PM PS QR RSS SIM SMS SUV"
    " TED TV UEFA FIFA UFO UK UN UNESCO UNICEF URL US USA USB UTC VIP VR WC WWW XL XS XXL XXXL".split()
)

_ENGLISH = Words(
    loaded=_any(
        "obviously", "of course", "surely", "undoubtedly", "undeniably", "needless to say", "as you know",
        "as we all know", "everyone knows", "everybody knows", "everyone agrees",
        "most people (?:think|feel|believe|agree|say|prefer|want)",
        "experts (?:say|agree|think|believe|recommend)", "(?:is|are|was) clearly", "clearly,", "it is clear that",
        "amazing", "awesome", "fantastic", "wonderful", "brilliant", "incredible", "terrific", "superb",
        "world-class",
        "award-winning", "long-awaited", "exciting new", "great new", "our great", "our excellent",
        "(?:our|the|this) (?:new and )?improved", "much-loved", "beloved", "state-of-the-art", "terrible", "horrible",
        "awful", "dreadful", "stupid", "ridiculous", "useless", "pointless", "outrageous", "unacceptable",
        "wast(?:e|ing) (?:time|money|of time|of money)", "annoying", "finally stop",
    ),
    praising=_any(
        "how much (?:do|did|would|will) you (?:really )?(?:love|like|enjoy|hate|dislike|appreciate|miss)(?! or)",
        "how (?:great|excited|thrilled|delighted|disappointed|angry|annoyed|upset|much better|much worse)",
        "why (?:do|did) you (?:love|like|enjoy|hate|dislike|prefer)",
        "what (?:do|did) you (?:love|hate)", "what makes (?:us|our \\w+|it) (?:so )?(?:great|special|better|good)",
    ),
    pushing=re.compile(
        r"^(?:(?:is|are|was|were|do|does|did|would|should|could|can|will|has|have|shouldn|ca|wo)n't (?:you|we"
        r"|it|they|this|that|the)\b)"
        r"|, (?:(?:is|are|was|were|do|does|did|would|should|could|can|will|has|have|ca|wo)n't (?:you|we|it|they"
        r"|this|that)"
        r"|right|correct|no|yes|don't you think|wouldn't you say|wouldn't you agree) ?\?"
        r"|\bwouldn't you (?:agree|say)\b|(?<!why )\bdon't you (?:agree|think|find|believe|feel)\b"
        r"|(?<!why )\bshouldn't we\b|\bisn't it\b"
        r"|\bwould you not (?:agree|say)\b|\byou (?:do )?agree that .{0,200}, (?:right|yes)\b"
    ),
    joins=re.compile(r" (and|or|as well as|and/or|&) "),
    pairs=_any(
        "salt and pepper", "questions? and answers?", "q ?& ?a", "q and a", "pros and cons", "terms and conditions",
        "research and development", "r ?& ?d", "black and white", "trial and error", "drag and drop",
        "copy and paste",
        "cut and paste", "search and replace", "find and replace",
        "friends? (?:and|or) (?:family|colleagues?|neighbours?)",
        "friend or a colleague", "family (?:and|or) friends?", "ups and downs", "up and down", "up and running",
        "back and forth", "now and then", "again and again", "more and more", "less and less", "better and better",
        "health and safety", "food and drinks?", "arts and crafts", "bed and breakfast", "peace and quiet",
        "law and order", "supply and demand", "wait and see", "try and", "go and", "come and", "and so on",
        "and so forth",
        "more or less", "sooner or later", "one or two", "once or twice", "yes or no", "for or against",
        "true or false",
        "like or dislike", "likes? and dislikes?", "satisfied or (?:dissatisfied|unsatisfied)", "agree or disagree",
        "easy or (?:difficult|hard)", "good or bad", "support or oppose", "likely or unlikely", "better or worse",
        "higher or lower", "high or low", "too \\w+ or too \\w+", "useful or useless", "important or unimportant",
        "clear or unclear", "fair or unfair", "safe or unsafe", "happy or unhappy", "interesting or boring",
        "fast or slow", "early or late", "often or rarely", "day or night", "day and night", "night and day",
        "he or she", "his or her", "him or her", "ladies and gentlemen", "he and she", "men and women",
        "women and men",
        "meet and greet", "show and tell", "hide and seek", "plug and play", "pay and display", "park and ride",
        "rock and roll", "fish and chips", "hands and feet", "brothers and sisters", "mum and dad", "mom and dad",
        "parents and children", "children and parents", "check-?in and check-?out", "lost and found",
        "do's and don'ts",
        "dos and don'ts", "profit and loss", "left or right", "left and right", "in and out", "on and off",
        "each and every",
        "first and foremost", "safe and sound", "nice and \\w+", "ready and waiting", "loud and clear",
        "privacy and cookies?", "rules and regulations", "name and address", "date and time", "time and place",
        "day and time", "come and go", "hit and miss", "hit or miss", "give and take", "wear and tear",
        "above and beyond",
        "far and wide", "odds and ends", "bits and pieces", "null and void", "rough and ready", "tried and tested",
        "old and new", "young and old", "sign up and log in", "news and updates", "hopes and fears",
        "cause and effect",
    ),
    between=_any("between", "any"),
    after_join=re.compile(
        r"(?:not\b|\d|a half\b|half\b|more\b|less\b|fewer\b|so\b|later\b|earlier\b|older\b|younger\b|above\b"
        r"|below\b|over\b|under\b"
        r"|other\b|others\b|another\b|similar\b|something\b|anything\b|somewhere\b|anyone\b|any other\b|two\b"
        r"|three\b|both\b|etc\b"
        r"|a colleague\b|colleagues?\b|the like\b|whatever\b|neither\b)"
    ),
    second_question=re.compile(
        r"(?:why|where|when|which|what|how|whether|if so|if not|would you|do you|should we|are you|did you)\b"),
    negative=re.compile(r"\b(?:not|cannot|no longer|nobody|nothing|none|neither|no one|\w+n't)\b"),
    negative_prefix=_any(
        "un(?:likely|happy|clear|fair|safe|able|useful|necessary|comfortable|common|usual|satisfied|important|helpful|reasonable|"
        "willing|welcome|reliable|friendly|interesting|acceptable|wanted|pleasant)",
        "dis(?:agree|like|satisfied|approve|allow|appointed|courage|advantage)\\w*",
        "im(?:possible|probable|practical|proper)",
        "in(?:correct|convenient|sufficient|appropriate|adequate|accurate|secure|frequent)", "without", "oppose",
        "against",
        "ban(?:ned)?", "forbid(?:den)?", "prohibit(?:ed)?", "prevent(?:ed)?", "avoid", "lack", "fail(?:ed)? to",
        "never", "hardly",
        "rarely", "stop", "refuse", "reject", "remove", "abolish",
    ),
    not_negative=_any(
        "or not", "not only", "if not", "whether or not", "why not", "not at all", "not yet", "don't know",
        "not sure",
        "last but not least", "not-for-profit", "have not or", "do's and don'ts", "dos and don'ts",
    ),
    why=re.compile(
        r"^(?:why|what (?:kept|stopped|prevented|holds)|for what reason|what is the (?:main )?reason"
        r"|what are the reasons)\b"),
    absolute=_any("always", "never", "all the time", "every single (?:time|day|one|week)", "at all times",
        "100 ?%", "without exception"),
    not_absolute=_any("never mind", "as always", "never before", "never-ending", "always-on"),
    agree=re.compile(
        r"\b(?:do|would|did|don't) you (?:also |strongly |fully |generally "
        r"|personally )?(?:dis)?agree\b(?! to\b)|\bextent (?:do|would) you (?:dis)?agree\b"
        r"|\bhow (?:much|strongly|far) do you (?:dis)?agree\b|\bagree or disagree\b|\bis it true that\b"
    ),
    agree_steps=re.compile(r"\b(?:dis)?agree\b"),
    adjectives=re.compile(
        r"\b(easy|clear|useful|helpful|fast|quick|friendly|fair|safe|important|interesting|satisfied"
        r"|comfortable|reliable|welcome"
        r"|simple|good|relevant|pleasant|affordable|modern|confident|happy|informed|well organised|well organized)\b"
    ),
    attitude=re.compile(
        r"\bshould\b|\b(?:do|would|don't) you (?:like|want|think|believe|support|agree|prefer|find|feel|trust"
        r"|mind|favour|favor|approve|consider|recommend)\b"
        r"|\bare you (?:satisfied|happy|content|for|against|in favour|in favor|interested|confident)\b"
        r"|\bin your opinion\b|\bin your view\b"
        r"|\bis (?:it|the \w+|this|our \w+) (?:good|useful|important|fair|clear|easy|right|worth|a good idea)\b"
        r"|\ba good idea\b|\bhow (?:do|did|would) you (?:rate|feel|find)\b"
    ),
    yes_no=re.compile(
        r"^(?:yes|no|true|false|for|against|in favou?r|agree|disagree|support|oppose|i (?:do|don't|like it"
        r"|don't like it))\b[^\w]{0,3}(?:please|thanks|thank you|definitely|absolutely|not)?[.!]?$"),
    neutral=re.compile(
        r"\b(?:neither|neutral|undecided|mixed|in between|in the middle|average|okay|ok|fair|acceptable"
        r"|about (?:the same|right)|the same|same as (?:before|now)|no (?:difference|change|opinion|preference|view)"
        r"|don't (?:know|mind|care)|do not know|not sure|can't say|cannot say|unsure|maybe|abstain|it depends"
        r"|depends|indifferent|just right|no idea|so-so|prefer not|not applicable|n/a|partly|either|both|unchanged)\b"
    ),
    low_pole=re.compile(
        r"\b(?:dis\w+|un\w+|bad|badly|poor|poorly|difficult|hard|worse|worst|against|oppose\w*|negative"
        r"|terrible|awful|low|too (?:short|little|few|slow|small|early)|shorter|fewer|less|slower|boring)\b"),
    high_pole=re.compile(
        r"\b(?:satisfied|agree|likely|happy|good|well|excellent|great|easy|better|best|for|in favou?r"
        r"|support\w*|positive|high|too (?:long|much|many|fast|big|late)|longer|more|faster|interesting"
        r"|clear|useful|important|fair|safe)\b"),
    steps=re.compile(
        r"\b(?:very|extremely|quite|rather|fairly|somewhat|not at all|strongly|slightly|moderately|a little"
        r"|a bit|completely|neither|always|often|usually|sometimes|rarely|seldom|never|hardly ever"
        r"|satisfied|dissatisfied|agree|disagree|easy|difficult|good|bad|poor|excellent|likely|unlikely|daily"
        r"|weekly|monthly|yearly|every (?:day|week|month|year)|once|twice|beginner|intermediate|advanced|expert"
        r"|low|medium|high|small|large)\b"
    ),
    days=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    months=("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december"),
    ordinals=("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    times_of_day=("morning", "noon", "afternoon", "evening", "night"),
    known=_KNOWN,
)  # fmt: skip

_FRENCH = Words(
    loaded=_any(
        "évidemment", "bien sûr", "bien entendu", "naturellement", "manifestement", "à l'évidence",
        "de toute évidence",
        "sans aucun doute", "il est clair que", "il va de soi", "comme chacun sait", "comme vous le savez",
        "tout le monde sait", "tout le monde s'accorde", "la plupart des gens (?:pensent|trouvent|préfèrent|disent|veulent)",
        "les (?:experts|spécialistes) (?:disent|pensent|recommandent|s'accordent)", "surtout", "heureusement", "malheureusement",
        "génial(?:e|es)?", "géniaux", "formidables?", "fantastiques?", "magnifiques?", "merveilleu(?:x|se|ses)",
        "extraordinaires?",
        "incroyables?", "notre super", "nos super", "super nouve(?:au|lle)", "tant attendue?s?", "notre excellente?",
        "nos excellente?s", "nulle?s?(?! part)", "horribles?", "affreu(?:x|se|ses)", "stupides?", "ridicules?",
        "absurdes?",
        "inacceptables?", "scandaleu(?:x|se|ses)", "perdre (?:notre|votre|du) temps", "gaspill(?:er|age|ons|ez)",
        "enfin arrêter",
    ),
    praising=_any(
        "à quel point (?:aimez|adorez|détestez|appréciez)-vous", "à quel point avez-vous (?:aimé|adoré|détesté|apprécié)",
        "(?:combien|comme) (?:aimez|adorez|appréciez|détestez)-vous",
        "à quel point êtes-vous (?:ravie?s?|enchantée?s?|déçue?s?|impatiente?s?|fâchée?s?|enthousiastes?)",
        "pourquoi (?:aimez|adorez|détestez|préférez)-vous", "pourquoi avez-vous (?:aimé|adoré|détesté|préféré)",
        "qu'est-ce que vous (?:adorez|détestez)", "qu'(?:adorez|avez)-vous (?:adoré|détesté)",
        "que (?:détestez|adorez)-vous",
    ),
    pushing=re.compile(
        r"n'est-ce pas|n'est-il pas|n'est-elle pas|pas vrai ?\?|, non ?\?|, hein ?\?|, pas vrai|, d'accord ?\?"
        r"|(?<!pourquoi )\bne (?:pensez|trouvez|croyez|voulez|faut|faudrait|devrait|devrions|pourrait|seriez"
        r"|préférez|souhaitez|serait|pourrions|devriez)-(?:vous|il|on|nous|ce) pas\b"
        r"|(?:^|, )n'y a-t-il pas\b|(?:^|, )n'(?:aimeriez|êtes|avez|est)-(?:vous|il|ce|elle) pas\b|\bvous (?:ne pensez|n'aimeriez"
        r"|ne trouvez) pas\b"
    ),
    joins=re.compile(r" (et|ou|ainsi que|et/ou|&) "),
    pairs=_any(
        "sel et poivre", "questions? (?:et|ou) (?:de )?réponses?", "allers? et (?:de )?retours?", "plus ou moins",
        "tôt ou tard",
        "amie?s? ou (?:à )?(?:un |une |vos |des )?(?:collègues?|proches?)",
        "famille (?:et|ou) (?:vos |des |à vos )?amis",
        "amis (?:et|ou) (?:votre |la |de la |à votre )?famille", "oui ou non", "vrai ou faux", "pour ou contre",
        "un ou plusieurs",
        "une ou plusieurs", "une? ou deux", "une fois ou deux", "une ou deux fois", "noir et blanc",
        "recherche et développement",
        "toutes et tous", "tous et toutes", "celles et ceux", "ceux et celles", "chacune et chacun",
        "chacun et chacune",
        "il ou elle", "elle ou il", "mesdames et messieurs", "et ainsi de suite", "et cetera", "et puis",
        "va et vient",
        "encore et encore", "de plus en plus", "jour et nuit", "nuit et jour", "jour ou nuit", "pain et beurre",
        "arts et métiers",
        "lois et règlements", "ordre et sécurité", "hygiène et sécurité", "santé et sécurité", "essais et erreurs",
        "glisser et déposer", "copier et coller", "rechercher et remplacer",
        "avantages et (?:les |des )?inconvénients",
        "points forts et (?:les )?points faibles", "forces et (?:les |des )?faiblesses",
        "satisfaite?s? ou (?:insatisfaite?s?|mécontente?s?)", "satisfait·e ou insatisfait·e",
        "facile ou difficile", "bien ou mal", "bon(?:ne)? ou mauvaise?", "bonne ou mauvaise", "utile ou inutile",
        "probable ou improbable",
        "d'accord ou (?:pas|non)", "trop \\w+ ou trop \\w+", "juste ou injuste", "clair ou confus",
        "rapide ou lente?", "plus \\w+ ou moins \\w+",
        "hommes et (?:les )?femmes", "femmes et (?:les )?hommes", "parents et (?:les )?enfants",
        "bonjour et bienvenue", "jour et heure", "date et (?:l')?heure",
        "jour et (?:l')?heure", "lieu et (?:la )?date", "nom et prénom", "nom et adresse", "nom et (?:l')?adresse",
        "manger et (?:à )?boire", "boire et manger", "ici et là",
        "haut et bas", "va-et-vient", "petits et grands", "jeunes et moins jeunes", "corps et âme", "tout ou rien",
        "mort ou vif",
        "fish and chips", "rock and roll", "gauche ou droite", "termes et conditions", "découverte et partage",
        "bel et bien", "une fois et demie", "sain et sauf", "bruit et fureur", "à prendre ou à laisser",
        "cause et effet",
    ),
    between=_any("entre", "avez-vous des", "auriez-vous des", "y a-t-il des"),
    after_join=re.compile(
        r"(?:non\b|pas\b|demie?\b|quart\b|\d|(?:plus|moins)\b(?! de \w+)|autres?\b|un autre\b|une autre\b"
        r"|d'autres\b|quelque chose\b|quelqu'un\b|ailleurs\b"
        r"|deux\b|trois\b|les deux\b|etc\b|à un collègue\b|à une collègue\b|à vos collègues\b|à un proche\b"
        r"|plusieurs\b|au-delà\b|un\b(?= [a-z]*(?:ième|e)\b))"
    ),
    second_question=re.compile(
        r"(?:pourquoi|où|quand|quel(?:le)?s?|comment|combien|à quel|si oui|si non|sinon|est-ce que"
        r"|voulez-vous|devrions-nous|faut-il|avez-vous|à quelle|dans quel)\b"),
    negative=re.compile(
        r"(?:\bne |\bn')[^.?!,;]{1,60}?\b(?:pas|plus|rien|personne|aucune?|guère)\b|\bpas\b|\baucune?\b|\bni\b"),
    negative_prefix=_any(
        "im(?:possible|probable|précis|pertinent)(?:e?s?)",
        "in(?:utile|suffisant|satisfait|acceptable|confortable|juste|compréhensible|correct|adapté|efficace|sûr)(?:e?s?)",
        "insatisfait·e", "mécontente?s?", "désagréables?", "défavorables?", "désaccord", "sans", "contre",
        "interdire", "interdite?s?", "refuser", "empêcher",
        "éviter", "jamais", "cesser", "arrêter", "supprimer", "rejeter", "s'opposer", "manquer",
    ),
    not_negative=_any(
        "ou pas", "ou non", "pas à pas", "n'importe", "pas du tout", "ne sais pas", "ne sait pas",
        "si ce n'est pas le cas",
        "pourquoi pas", "pas encore", "non seulement", "le pas", "un pas", "premier pas", "pas mal", "pas trop",
        "faux pas", "pas d'accord", "ni .{1,40} ni",
    ),
    why=re.compile(
        r"^(?:pourquoi|pour quelles? raisons?|quelle (?:est|était) la (?:principale )?raison"
        r"|qu'est-ce qui vous (?:a )?emp|quelles sont les raisons)"),
    absolute=_any("toujours", "jamais", "tout le temps", "systématiquement", "constamment", "à chaque fois",
        "sans exception", "100 ?%"),
    not_absolute=_any("plus que jamais", "si jamais", "comme toujours", "pour toujours"),
    agree=re.compile(
        r"\bêtes-vous (?:tout à fait |plutôt |vraiment |globalement |personnellement )?(?:d'accord"
        r"|en désaccord)\b(?! pour\b)|\bêtes-vous d'accord\b(?! pour\b)"
        r"|\bmesure (?:êtes|seriez)-vous d'accord\b|\bd'accord ou (?:pas|non)\b"
        r"|\best-ce que vous êtes d'accord\b(?! pour\b)|\best-il vrai que\b"
    ),
    agree_steps=re.compile(r"d'accord|désaccord"),
    adjectives=re.compile(
        r"\b(faciles?|claire?s?|utiles?|rapides?|agréables?|justes?|sûre?s?|importante?s?|intéressante?s?"
        r"|satisfaite?s?|confortables?|fiables?|simples?"
        r"|pertinente?s?|bonne?s?|abordables?|modernes?|accueillante?s?|confiante?s?|bien organisée?s?)\b"
    ),
    attitude=re.compile(
        r"\bfaut-il\b|\bfaudrait-il\b|\bdevr(?:ait|ions|aient|iez)\b|\b(?:voulez|souhaitez|aimez|aimeriez"
        r"|pensez|trouvez|croyez|voudriez|préférez|préféreriez|soutenez|approuvez|jugez|estimez)-vous\b"
        r"|\bêtes-vous (?:satisfait|content|pour|contre|favorable|d'accord|intéressé|prête?s?)|\bà votre avis\b"
        r"|\bselon vous\b|\bune bonne idée\b|\best-(?:il|elle|ce) (?:bon|bonne|utile|important|juste|clair|facile)"
    ),
    yes_no=re.compile(
        r"^(?:oui|non|vrai|faux|pour|contre|favorable|défavorable|d'accord"
        r"|pas d'accord)\b[^\w]{0,3}(?:merci|volontiers|tout à fait|absolument|pas)?[.!]?$"),
    neutral=re.compile(
        r"\bni\b.*\bni\b|\b(?:neutre|sans (?:opinion|avis|préférence)|(?:ne|n') ?(?:sais|sait) pas|sais pas"
        r"|pas d'(?:avis|opinion)|moyen(?:ne|nement)?|partagée?s?|indifférente?s?|indifférent|peut-être"
        r"|abstention|m'abstiens"
        r"|mitigée?s?|pareil|égal|ça dépend|cela dépend|sans changement|comme (?:avant|maintenant)|correcte?s?"
        r"|passable|entre les deux|aucune différence|je préfère ne pas|sans objet|en partie|les deux|juste bien)\b"
    ),
    low_pole=re.compile(
        r"\b(?:pas d'accord|désaccord|in(?:satisfait|utile|juste|suffisant)\w*|mécontent\w*|mauvais\w*|mal"
        r"|difficiles?|contre|opposée?s?|négati\w+|défavorables?|pires?|moins|improbable|peu|faible\w*"
        r"|trop (?:court|peu|lent|petit|tôt)\w*|ennuyeu\w+)\b"),
    high_pole=re.compile(
        r"\b(?:satisfaite?s?|d'accord|content\w*|bonne?s?|bien|excellente?s?|faciles?|pour|favorables?"
        r"|positi\w+|meilleure?s?|mieux|plus|probable|élevée?s?|trop (?:long|rapide|grand|tard)\w*"
        r"|intéressante?s?|claire?s?|utiles?|importante?s?|justes?)\b"),
    steps=re.compile(
        r"\b(?:très|extrêmement|plutôt|assez|un peu|pas du tout|tout à fait|fortement|légèrement|moyennement"
        r"|complètement|ni|toujours|souvent|généralement|parfois|rarement|jamais|presque jamais"
        r"|satisfaite?s?|insatisfaite?s?|d'accord|faciles?|difficiles?|bonne?s?|mauvaise?s?|excellente?s?"
        r"|probable|improbable|tous les (?:jours|mois|ans)|toutes les semaines|chaque (?:jour|semaine|mois"
        r"|année)|quotidiennement|une fois|deux fois|débutante?|intermédiaire|avancée?|experte?|faible|moyenne?"
        r"|élevée?|petite?|grande?)\b"
    ),
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
        "novembre", "décembre"),
    ordinals=("premi", "deuxième", "troisième", "quatrième", "cinquième", "sixième"),
    times_of_day=("matin", "midi", "après-midi", "soir", "nuit"),
    known=_KNOWN | frozenset("BD CV RDV TVA SNCF RATP TGV RER CAF MJC OVNI ONU UE VTT RH SOS CDI CDD BTS PME".split()),
)  # fmt: skip

WORDS = {"en": _ENGLISH, "fr": _FRENCH}
_SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\n": " ",
"\t": " ", "–": "-", "—": "-"})  # fmt: skip


def plain(text: str) -> str:
    """The text as the patterns want it; its letters keep their case."""
    return " ".join(text.translate(_SAME).split())
