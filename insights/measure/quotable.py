"""Which words of people may stand in a brief as a quote, or as a name of a theme. Pure.

A brief is read by people in a hurry, and perhaps by machines. Words that speak to either of them as this program would, that
bring headings, figures of a poll or markup of their own, are counted like all others, and never quoted (trust.md, 3.8).
"""

import re

from feedback.themes.text import has_words, is_order

# To a machine, or to whoever writes or reads the brief.
_TO_US = re.compile(
    r"\b(?:a\.?i\.?|i\.?a\.?|llm|gpt|chat ?gpt|chatbot|claude|gemini|copilot|language models?|modèles? de langage|bot|robot"
    r"|(?:virtual |digital )?assistant|assistante?|summari[sz]er|summari[sz]ing|algorithm|algorithme)\b\s*[:,!]"
    r"|\b(?:dear|hey|hello|hi|attention|note to|memo to|message (?:to|for)|note (?:à|pour)|chère?|bonjour|cher lecteur|chère lectrice"
    r"|message (?:à|pour)|à l['’]attention d\w+)\s+(?:the |any |all |l['’]|le |la |les |tout\w* )?(?:a\.?i\.?\b|i\.?a\.?\b|llm|gpt|chatgpt"
    r"|language model|modèle|bot\b|robot|assistant|machine|model\b|system\b|système|reader|lect\w+|summari[sz]er|analyst|analyste"
    r"|rédact\w+|whoever|quiconque|leadership\b|direction\b|ceo\b|board\b)"
    r"|\b(?:in|into|to|at the (?:top|start|beginning|end) of|dans|en tête d\w+|en haut d\w+|au début d\w+|à la fin d\w+)\s+(?:the|this"
    r"|your|its|le|la|ce|cette|votre|ton|ta|du|de la|chaque|every|each)?(?: \w+)?\s*(?:brief(?:ing)?|summar(?:y|ies)|report|digest|subject line|résumé|rapport"
    r"|compte rendu|synthèse|note de synthèse|objet du (?:mail|message))\b"
    r"|\b(?:this|the|your|ce|cette|le|la|votre) (?:brief|summary|synthèse|résumé) (?:must|should|shall|has to|doit|devrait)\b"
    r"|\b(?:(?:you|tu|vous) (?:must|are (?:now|a)\b|will now|dois|devez|êtes (?:maintenant|désormais)|es (?:maintenant|désormais))"
    r"|from now on|à partir de maintenant|désormais, (?:tu|vous)|pretend (?:to|that|you)|act as\b|roleplay|fais comme si|faites comme si"
    r"|agis comme|agissez comme|comporte-toi)\b[^.!?]{0,60}\b(?:say|write|report|answer|reply|print|output|summar\w+|assistant"
    r"|model|ai|machine|editor|admin\w*|écri\w+|répond\w+|dire|dis|rapport\w*|résum\w+|assistant\w*|modèle|ia|rédact\w+|directeur|director)\b"
    r"|\b(?:quote|cite|citez|print|repeat|répète[zr]?|imprime[zr]?|recopie[zr]?|copie[zr]?|output|translate|traduis\w*|summari[sz]e"
    r"|résume[zr]?)\s+(?:only |exactly |verbatim |seulement |exactement |mot pour mot )?(?:this|these|the following|that|the above"
    r"|everything|all|la phrase|la suite|ceci|cela|ce qui suit|cette|ces|le texte|la phrase|tout|mes|my)\b"
    r"|\b(?:developer|debug|admin|god|dan) mode\b|\bmode (?:développeur|administrateur|admin)\b|\b(?:system|your|the|this|votre|le) prompt\b|\bjailbreak|\btokens? limit"
    r"|\b(?:leak|reveal|show me|dévoile\w*|révèle\w*|montre[z-]*(?:moi)?)\b[^.!?]{0,30}\b(?:instructions?|rules|règles|consignes?"
    r"|password|mot de passe|secret|api key|clé)\b"
    r"|\b(?:respond|reply|answer|répond[sez]*)\s+(?:only|just|uniquement|seulement|simplement|par)\b|\b(?:respond|reply) with\b"
    r"|\b(?:mark|flag|classify|label|count|rate|score|rank|classe[rz]?|marque[rz]?|compte[rz]?|étiquette[rz]?|note[rz]?)\s+(?:this|it|my"
    r"|these|all|every|them|ceci|cette|ce|ma|mon|mes|tous|toutes)\b[^.!?]{0,60}\b(?:as|comme|twice|times|first|urgent|positive|negative"
    r"|important|fois|en premier|positif|négatif)\b"
    r"|\b(?:delete|remove|drop|discard|hide|supprime[rz]?|efface[rz]?|cache[rz]?|retire[rz]?)\b[^.!?]{0,30}\b(?:all|every|other|the|toutes?"
    r"|tous|les|autres)\b[^.!?]{0,20}\b(?:comments?|answers?|responses?|findings?|themes?|commentaires?|réponses?|constats?|thèmes?)\b",
    re.IGNORECASE,
)  # fmt: skip
# Orders about this very work: what to write, leave out, call so, or show.
_ORDERS = re.compile(
    r"\b(?:disregard|ne (?:pas )?tene[zr] (?:pas )?compte|ne pas tenir compte|sans tenir compte|n[’']en tenez pas compte)\b"
    r"|\b(?:do not|don[’']t|never|please omit|omit|leave out|n[’']?e? ?(?:mentionne|évoque|parle|cite|rapporte)[zs]?(?: pas)?)\s*(?:mention|report"
    r"|include|cite|quote|tell leadership|tell management|every|any|pas\b)[^.!?]{0,80}"
    r"|\b(?:when|while|if|before|quand|lorsque|pendant que|avant de|avant que)\s+(?:you|tu|vous)?\s*(?:generat|summari[sz]|writ(?:e|ing) (?:the|this|up|your)"
    r"|compil|prepar(?:e|ing) (?:the|this)|analy[sz]|génér|résum|rédig|compil|analys)\w*"
    r"|\b(?:the|any|whichever|that|this) (?:person|one|analyst|editor|author|writer|model|machine|program|tool) (?:who |that )?(?:is )?(?:prepar|writ|read|compil|process"
    r"|analy[sz]|summari[sz])\w*|\b(?:celui|celle|ceux|quiconque|la personne) (?:qui )?(?:prépare|écrit|rédige|lit|lira|analyse|résume)\w*"
    r"|^\W*(?:new rule|end of (?:the )?(?:comments?|answers?|input|text|data)|begin(?:ning)? (?:of )?\w+ message|nouvelle règle|fin d(?:es|u) (?:commentaires?|réponses?"
    r"|texte)|début d(?:u|es) message)\b"
    r"|(?:^|[.!?:]\s+|\bplease |\bmerci de |\bveuillez )(?:write|compose|print|display|output|show|say|state|stop analy\w*|override|bypass|award|rename|call|lead with"
    r"|écri(?:s|vez|re)|composez|imprime[zr]?|affiche[zr]?|montre[zr]?|dis|dites|dire|arrête[zr]? (?:l[’']|d[’'])?analys\w*|renomme[zr]?|appelle[zr]?|commence[zr]? par)"
    r"\s*(?:that\b|a\b|an\b|the\b|your\b|my\b|all\b|only\b|names?\b|this\b|plutôt\b|un\b|une\b|le\b|la\b|les\b|ta\b|votre\b|que\b|[“\"«:]|$)"
    r"|\b(?:your|votre|ta) (?:new )?(?:task|job|role|tâche|mission|rôle)\b|\b(?:whoever|quiconque)\b[^.!?]{0,20}\b(?:compil|writ|read|summari|prepar|rédig|lira|lit)\w*"
    r"|\b(?:make sure|see to it that|assure[zr]?(?:-vous|-toi)? que)\b[^.!?]{0,12}\b(?:leadership|management|the reader|the board|la direction|le lecteur)\b"
    r"|\b(?:treat|regard|consid[èé]re[zr]?)\b[^.!?]{0,6}\b(?:the following|ce qui suit)\b|\bi am the (?:admin\w*|director|editor|system)\b"
    r"|\bje suis l[’'](?:admin\w*|éditeur)\b|\b(?:add|ajoute[zr]?) (?:a line|a sentence|une ligne|une phrase)\b"
    r"|\b(?:r[ée]p[èé]te[zr]?|recopie[zr]?|cite[zr]?) (?:la|cette|ma|le|ce) (?:phrase|texte|commentaire)"
    r"|\b(?:every|each|this|my|chaque|ce|mon) (?:theme|finding|comment|thème|constat|commentaire)s?\b[^.!?]{0,40}\b(?:called|named|ranked?|top|first|s[’']appelle|en tête"
    r"|premier)\b|\byou will (?:award|rank|put|place|call|name|write|say)\b|\bthe true (?:one|score|figure|result)\b"
    r"|\b(?:half|quarters?|thirds?|most|majority|all|nine in ten|moitié|quarts?|tiers|majorité|neuf (?:sur|personnes sur) dix) of (?:the |our )?(?:members|respondents|users|voters)"
    r"\b|\b(?:moitié|quarts?|tiers|majorité|plupart) des (?:membres|répondants|votants|sondés)\b",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
# What a brief says itself: its headings, and figures of a poll.
_LIKE_US = re.compile(
    r"^\W*(?:decision(?: asked)?|bottom line|subject|key finding|finding|findings|next step|also heard|how this was measured|facts|note"
    r"|system|user|assistant|instructions?|important|update|correction|breaking|décision(?: demandée)?|objet|constats?|entendu aussi"
    r"|system note|note système|prochaine étape|comment c[’']est mesuré|faits|remarque|système|consignes?|mise à jour|rectificatif)\s*(?:\d+\s*)?[:#–—-]"
    r"|\b\d{1,3}(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b|pour ?cent\b)[^.!?]{0,60}\b(?:members?|respondents?|people|voters?|users?|answers?"
    r"|comments?|participants?|patients?|membres?|répondants?|personnes|votants?|réponses?|commentaires?|sondés|gens|of (?:us|them|all))\b"
    r"|\b\d[\d.,\s]*\s?(?:of|out of|sur|des)\s?\d[\d.,\s]*\s?(?:members?|respondents?|people|voters?|users?|answers?|comments?|participants?"
    r"|patients?|membres?|répondants?|personnes|votants?|réponses?|commentaires?)\b"
    r"|\b(?:the )?(?:survey|poll|vote|results?|statistics|sondage|enquête|résultats?|statistiques|scrutin)\b[^.!?]{0,40}\b(?:shows?|showed"
    r"|proves?|finds?|found|says?|is|are|montren?t?|prouven?t?|indiquen?t?|est|sont|révèlen?t?)\b[^.!?]{0,60}\d"
    r"|\b(?:nps|margin of error|marge d[’']erreur|p\s?[<=]\s?0?[.,]\d+)\b",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_MARKUP = re.compile(
    r"<\s*/?\s*[a-z!][^>]{0,200}>|&(?:[a-z]{2,8}|#x?\d+);|```|\{\{|\{%|\$\{|#(?:import|eval|read|let|set|show)\b|\[[^\]]{0,80}\]\([^)]{0,200}\)"
    r"|^\s{0,3}#{1,6}\s|^\s*[-=*_]{3,}\s*$|\bjavascript\s*:|\bon\w+\s*=\s*[\"']|<\||\|>|\[/?inst\]|^-- $|\\(?:n|u[0-9a-f]{4}|x[0-9a-f]{2})",
    re.IGNORECASE | re.MULTILINE,
)


def is_quotable(text: str) -> bool:
    """Whether somebody's words may be quoted: they speak to people, of what they know, without markup."""
    return has_words(text) and not (
        is_order(text) or _TO_US.search(text) or _ORDERS.search(text) or _LIKE_US.search(text) or _MARKUP.search(text)
    )


def worth_quoting(text: str) -> int:
    """How well a text stands alone in a line, 0 (best) to 3: a whole sentence, long enough to say something, short enough to
    be read."""
    spoken = len(text.split())
    whole = text.rstrip()[-1:] in ".!?…" and text[:1].isupper()
    if 6 <= spoken <= 24 and len(text) <= 160:
        return 0 if whole else 1
    return 2 if 4 <= spoken <= 40 else 3
