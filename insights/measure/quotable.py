"""Which words of people may stand in a brief as a quote, or as a name of a theme. Pure.

A brief is read by people in a hurry, and perhaps by machines. Words that speak to either of them as this program would, that
bring headings, figures of a poll or markup of their own, are counted like all others, and never quoted (trust.md, 3.8).
"""

import re

from feedback.themes.text import has_words, is_order

# To a machine, or to whoever writes or reads the brief.
_TO_US = re.compile(
    r"\b(?:a\.?i\.?|i\.?a\.?|llm|gpt|chat ?gpt|chatbot|claude|gemini|copilot|language models?|modèles? de langage|bot"
    r"|robot|(?:virtual |digital )?assistant|assistante?|summari[sz]er|summari[sz]ing|algorithm|algorithme)\b\s*[:,!]"
    r"|\b(?:dear|hey|hello|hi|attention|note to|memo to|message (?:to|for)|note (?:à|pour)|chère?|bonjour"
    r"|cher lecteur|chère lectrice|message (?:à|pour)|à l['’]attention d\w+)\s+(?:the |any |all |l['’]|le |la |les "
    r"|tout\w* )?(?:a\.?i\.?\b|i\.?a\.?\b|llm|gpt|chatgpt|language model|modèle|bot\b|robot|assistant|machine|model\b"
    r"|system\b|système|reader|lect\w+|summari[sz]er|analyst|analyste|rédact\w+|whoever|quiconque|leadership\b"
    r"|direction\b|ceo\b|board\b)|\b(?:in|into|to|at the (?:top|start|beginning|end) of|dans|en tête d\w+"
    r"|en haut d\w+|au début d\w+|à la fin d\w+)\s+(?:the|this|your|its|le|la|ce|cette|votre|ton|ta|du|de la|chaque"
    r"|every|each)?(?: \w+)?\s*(?:brief(?:ing)?|summar(?:y|ies)|report|digest|subject line|résumé|rapport"
    r"|compte rendu|synthèse|note de synthèse|objet du (?:mail|message))\b|\b(?:this|the|your|ce|cette|le|la"
    r"|votre) (?:brief|summary|synthèse|résumé) (?:must|should|shall|has to|doit|devrait)\b|\b(?:(?:you|tu"
    r"|vous) (?:must|are (?:now|a)\b|will now|dois|devez|êtes (?:maintenant|désormais)|es (?:maintenant|désormais))"
    r"|from now on|à partir de maintenant|désormais, (?:tu|vous)|pretend (?:to|that|you)|act as\b|roleplay"
    r"|fais comme si|faites comme si|agis comme|agissez comme|comporte-toi)\b[^.!?]{0,60}\b(?:say|write|report|answer"
    r"|reply|print|output|summar\w+|assistant|model|ai|machine|editor|admin\w*|écri\w+|répond\w+|dire|dis|rapport\w*"
    r"|résum\w+|assistant\w*|modèle|ia|rédact\w+|directeur|director)\b|\b(?:quote|cite|citez|print|repeat|répète[zr]?"
    r"|imprime[zr]?|recopie[zr]?|copie[zr]?|output|translate|traduis\w*|summari[sz]e|résume[zr]?)\s+(?:only |exactly "
    r"|verbatim |seulement |exactement |mot pour mot )?(?:this|these|the following|that|the above|everything|all"
    r"|la phrase|la suite|ceci|cela|ce qui suit|cette|ces|le texte|la phrase|tout|mes|my)\b|\b(?:developer|debug"
    r"|admin|god|dan) mode\b|\bmode (?:développeur|administrateur|admin)\b|\b(?:system|your|the|this|votre"
    r"|le) prompt\b|\bjailbreak|\btokens? limit|\b(?:leak|reveal|show me|dévoile\w*|révèle\w*"
    r"|montre[z-]*(?:moi)?)\b[^.!?]{0,30}\b(?:instructions?|rules|règles|consignes?|password|mot de passe|secret"
    r"|api key|clé)\b|\b(?:respond|reply|answer|répond[sez]*)\s+(?:only|just|uniquement|seulement|simplement|par)\b"
    r"|\b(?:respond|reply) with\b|\b(?:mark|flag|classify|label|count|rate|score|rank|classe[rz]?|marque[rz]?"
    r"|compte[rz]?|étiquette[rz]?|note[rz]?)\s+(?:this|it|my|these|all|every|them|ceci|cette|ce|ma|mon|mes|tous"
    r"|toutes)\b[^.!?]{0,60}\b(?:as|comme|twice|times|first|urgent|positive|negative|important|fois|en premier"
    r"|positif|négatif)\b|\b(?:delete|remove|drop|discard|hide|supprime[rz]?|efface[rz]?|cache[rz]?"
    r"|retire[rz]?)\b[^.!?]{0,30}\b(?:all|every|other|the|toutes?|tous|les|autres)\b[^.!?]{0,20}\b(?:comments?"
    r"|answers?|responses?|findings?|themes?|commentaires?|réponses?|constats?|thèmes?)\b",
    re.IGNORECASE,
)  # fmt: skip
# Orders about this very work: what to write, leave out, call so, or show.
_ORDERS = re.compile(
    r"\b(?:disregard|ne (?:pas )?tene[zr] (?:pas )?compte|ne pas tenir compte|sans tenir compte"
    r"|n[’']en tenez pas compte)\b|\b(?:do not|don[’']t|never|please omit|omit|leave out|n[’']?e? ?(?:mentionne"
    r"|évoque|parle|cite|rapporte)[zs]?(?: pas)?)\s*(?:mention|report|include|cite|quote|tell leadership"
    r"|tell management|every|any|pas\b)[^.!?]{0,80}|\b(?:when|while|if|before|quand|lorsque|pendant que|avant de"
    r"|avant que)\s{1,3}(?:you|tu|vous)?\s{0,3}(?:generat|summari[sz]|writ(?:e|ing) (?:the|this|up|your)|compil|prepar(?:e"
    r"|ing) (?:the|this)|analy[sz]|génér|résum|rédig|compil|analys)\w*|\b(?:the|any|whichever|that|this) (?:person"
    r"|one|analyst|editor|author|writer|model|machine|program|tool) (?:who |that )?(?:is )?(?:prepar|writ|read|compil"
    r"|process|analy[sz]|summari[sz])\w*|\b(?:celui|celle|ceux|quiconque|la personne) (?:qui )?(?:prépare|écrit"
    r"|rédige|lit|lira|analyse|résume)\w*|^\W{0,10}(?:new rule|end of (?:the )?(?:comments?|answers?|input|text|data)"
    r"|begin(?:ning)? (?:of )?\w+ message|nouvelle règle|fin d(?:es|u) (?:commentaires?|réponses?|texte)|début d(?:u"
    r"|es) message)\b|(?:^|[.!?:]\s+|\bplease |\bmerci de |\bveuillez )(?:write|compose|print|display|output|show|say"
    r"|state|stop analy\w*|override|bypass|award|rename|call|lead with|écri(?:s|vez|re)|composez|imprime[zr]?"
    r"|affiche[zr]?|montre[zr]?|dis|dites|dire|arrête[zr]? (?:l[’']|d[’'])?analys\w*|renomme[zr]?|appelle[zr]?"
    r"|commence[zr]? par)\s*(?:that\b|a\b|an\b|the\b|your\b|my\b|all\b|only\b|names?\b|this\b|plutôt\b|un\b|une\b"
    r"|le\b|la\b|les\b|ta\b|votre\b|que\b|[“\"«:]|$)|\b(?:your|votre|ta) (?:new )?(?:task|job|role|tâche|mission"
    r"|rôle)\b|\b(?:whoever|quiconque)\b[^.!?]{0,20}\b(?:compil|writ|read|summari|prepar|rédig|lira|lit)\w*"
    r"|\b(?:make sure|see to it that|assure[zr]?(?:-vous|-toi)? que)\b[^.!?]{0,12}\b(?:leadership|management"
    r"|the reader|the board|la direction|le lecteur)\b|\b(?:treat|regard"
    r"|consid[èé]re[zr]?)\b[^.!?]{0,6}\b(?:the following|ce qui suit)\b|\bi am the (?:admin\w*|director|editor"
    r"|system)\b|\bje suis l[’'](?:admin\w*|éditeur)\b|\b(?:add|ajoute[zr]?) (?:a line|a sentence|une ligne"
    r"|une phrase)\b|\b(?:r[ée]p[èé]te[zr]?|recopie[zr]?|cite[zr]?) (?:la|cette|ma|le|ce) (?:phrase|texte"
    r"|commentaire)|\b(?:every|each|this|my|chaque|ce|mon) (?:theme|finding|comment|thème|constat"
    r"|commentaire)s?\b[^.!?]{0,40}\b(?:called|named|ranked?|top|first|s[’']appelle|en tête|premier)\b"
    r"|\byou will (?:award|rank|put|place|call|name|write|say)\b|\bthe true (?:one|score|figure|result)\b|\b(?:half"
    r"|quarters?|thirds?|most|majority|all|nine in ten|moitié|quarts?|tiers|majorité|neuf (?:sur"
    r"|personnes sur) dix) of (?:the |our )?(?:members|respondents|users|voters)\b|\b(?:moitié|quarts?|tiers|majorité"
    r"|plupart) des (?:membres|répondants|votants|sondés)\b",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
# What a brief says itself: its headings, and figures of a poll.
_LIKE_US = re.compile(
    r"^\W{0,10}(?:decision(?: asked)?|bottom line|subject|key finding|finding|findings|next step|also heard"
    r"|how this was measured|facts|note|system|user|assistant|instructions?|important|update|correction|breaking"
    r"|décision(?: demandée)?|objet|constats?|entendu aussi|system note|note système|prochaine étape"
    r"|comment c[’']est mesuré|faits|remarque|système|consignes?|mise à jour|rectificatif)\s*(?:\d+\s*)?[:#–—-]"
    r"|\b\d{1,3}(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b|pour ?cent\b)[^.!?]{0,60}\b(?:members?|respondents?|people"
    r"|voters?|users?|answers?|comments?|participants?|patients?|membres?|répondants?|personnes|votants?|réponses?"
    r"|commentaires?|sondés|gens|of (?:us|them|all))\b|\b\d[\d.,\s]{0,12}\s?(?:of|out of|sur"
    r"|des)\s?\d[\d.,\s]{0,12}\s?(?:members?|respondents?|people|voters?|users?|answers?|comments?|participants?|patients?"
    r"|membres?|répondants?|personnes|votants?|réponses?|commentaires?)\b|\b(?:the )?(?:survey|poll|vote|results?"
    r"|statistics|sondage|enquête|résultats?|statistiques|scrutin)\b[^.!?]{0,40}\b(?:shows?|showed|proves?|finds?"
    r"|found|says?|is|are|montren?t?|prouven?t?|indiquen?t?|est|sont|révèlen?t?)\b[^.!?]{0,60}\d|\b(?:nps"
    r"|margin of error|marge d[’']erreur|p\s?[<=]\s?0?[.,]\d+)\b",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
_MARKUP = re.compile(
    r"<\s{0,3}/?\s{0,3}[a-z!][^>]{0,200}>|&(?:[a-z]{2,8}|#x?\d+);|```|\{\{|\{%|\$\{|#(?:import|eval|read|let|set|show)\b"
    r"|\[[^\]]{0,80}\]\([^)]{0,200}\)|^\s{0,3}#{1,6}\s|^[ \t]{0,20}[-=*_]{3,}[ \t]{0,20}$|\bjavascript\s*:|\bon\w+\s*=\s*[\"']|<\|"
    r"|\|>|\[/?inst\]|^-- $|\\(?:n|u[0-9a-f]{4}|x[0-9a-f]{2})",
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
