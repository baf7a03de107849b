"""Whether a comment is content: it praises and asks for nothing, or says that nothing needs to change. Pure.

Words are looked up, nothing is guessed: English and French, and only what is plain. A comment that also wishes, denies
or complains is not content. Single comments may be misread, so a brief tells sums of them only (docs/briefs.md has the
figures measured on 3,338 answers sorted by hand).
"""

import re

_PRAISE = re.compile(
    r"\b(?:excellent|perfect(?:ly)?|friendly|helpful|kind(?:ness|ly)?|caring|lovely|polite|great|good|brilliant|fantastic"
    r"|wonderful|happy|satisfied|pleased|pleasant|amazing|courteous|professional|superb|outstanding|first[- ]class"
    r"|thank(?:s|ful| you)|grateful|looked after|best|fine|ok|okay|comfortable|reassuring|supportive|exceptional"
    r"|appreciated?|marvellous|impressed|efficient"
    r"|parfaite?s?|excellente?s?|merci|bravo|super|géniale?|sympathiques?|sympa|gentille?s?|aimables?|accueillante?s?"
    r"|contente?s?|ravie?s?|satisfaite?s?|agréables?|formidables?|très bien|efficaces?|bienveillante?s?|chaleureu(?:x|se))\b"
)
_NOTHING = re.compile(
    r"^\W*(?:nothing|none|no\b(?! (?:one|body|where))|nope|nil|n/?a\b|not (?:a thing|much|really|at all)|isn'?t any"
    r"|there (?:is|was) nothing|(?:i )?have no (?:complaints?|problems?|issues?)"
    r"|(?:i )?(?:can'?t|cannot|could ?n[o']t|could not|don'?t) (?:think|fault|find|ask|see|complain|improve|want|have)"
    r"|rien|aucune?\b|non\b|pas de (?:remarque|critique|changement)|ras\b|tout (?:est|était|va) (?:bien|parfait|très bien))"
)
_NO_BETTER = re.compile(
    r"(?:could|can)(?: ?not|n'?t)?(?: have)? (?:be|been|done|do)(?: done)?(?: it)?(?: any)? (?:better|improved?|more|faulted)"
    r"|(?:better|more|faulted|improved?) (?:in any way|at all)"
)
_WISH = re.compile(
    r"\b(?:not|never|nobody|should|could|would|wish|want(?:ed)?|need(?:s|ed)?|better|more|less|improve(?:d|ment)?s?"
    r"|wait(?:ing|ed|s)?|late|long(?:er)?|slow(?:er|ly)?|poor|bad(?:ly)?|rude|worse|worst|but|however|except|apart"
    r"|unfortunately|why|lack(?:ing)?|problems?|difficult|cold|broken|wrong|too|only|sooner|earlier|quicker|faster|cut"
    r"|reduce|stop|please|disappoint\w*|unhelpful|unhappy|confus\w*|delay\w*"
    r"|pas|jamais|mais|sauf|trop|plus|moins|devrai\w*|faudrait|faut|manque\w*|besoin|attente|attendre|lent\w*"
    r"|long(?:ue)?s?|mauvais\w*|problèmes?|dommage|difficile|améliorer|mieux|voudrais|aimerais|souhait\w*|svp)\b|n't\b"
)
_BUT = re.compile(
    r"\b(?:but|except|apart|however|although|though|only|just|unless|mais|sauf|seulement|hormis|cependant)\b"
)
_NO = re.compile(r"\b(?:not|nothing|no)\b|n't\b")


def is_content(text: str) -> bool:
    """Whether a comment praises and asks for nothing, or says that nothing needs to change."""
    plain = " ".join(text.casefold().replace("’", "'").split())
    if _NOTHING.search(plain) or (_NO_BETTER.search(plain) and _NO.search(plain)):
        return not _BUT.search(plain)
    return bool(_PRAISE.search(plain)) and not _WISH.search(plain)
