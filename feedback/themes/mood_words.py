"""The words by which a mood is told, English and French. The lists are our own. A star stands for any ending.

Read in lower case, without typographic apostrophes. A word is in a list only where it says the same in most answers to
open questions: “long” is, “high” is not.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class MoodWords:
    """The words of one language. The patterns are looked for first; what they match is read as one word."""

    common: frozenset[str]  # function words by which the language is told
    praise: frozenset[str]
    blame: frozenset[str]
    strong: frozenset[str]  # make the opinion behind them stronger
    weak: frozenset[str]  # make it weaker
    denial: frozenset[str]
    missing: frozenset[str]  # with a thing behind it, it is not there: “no parking”
    idle: frozenset[str]  # things that nobody misses: “no idea”
    contrast: frozenset[str]
    wish: frozenset[str]
    too: frozenset[str]
    praising: re.Pattern[str]
    blaming: re.Pattern[str]
    wishing: re.Pattern[str]
    nothing: re.Pattern[str]  # at the beginning: there is nothing to say
    urgent: re.Pattern[str]
    unhurried: re.Pattern[str]  # taken out before urgency is looked for
    asks_for_good: re.Pattern[str]  # a question to which “nothing” is a complaint

    def holds(self, name: str, word: str) -> bool:
        """Whether a word is in one of the lists praise, blame, wish."""
        return _holds(getattr(self, name), word)

    def tells(self, word: str) -> bool:
        """Whether a word praises or blames."""
        return _holds(self.praise, word) or _holds(self.blame, word)


@lru_cache(maxsize=30_000)
def _holds(some: frozenset[str], word: str) -> bool:
    return word in some or any(word[:size] + "*" in some for size in range(3, len(word) + 1))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HOURS = r"(?:\d+(?:[.,/½ ]\d*)*|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|many|half an|hours and)"
_HEURES = r"(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|dix|plusieurs|des)"

ENGLISH = MoodWords(
    common=_words(
        "the and they has have my you it this that are how what very not were when your been their could but from our "
        "there to i was is of for be he she we with more in at so all no too"
    ),
    praise=_words(
        """
        excellen* perfect* friendl* helpful* kind kindl* kindness caring care* lovel* polite* great* good brilliant*
        fantastic* wonderful* happy happily happiness satisf* pleased pleasant* pleasure amazing* amaze* courteous*
        courtesy professional* superb* outstanding exceptional* thank* grateful* gratitude best fine ok okay comfort*
        reassur* support* appreciat* marvellous* impress* efficien* prompt* quick* swift* fast easy easily clear* clean
        cleanliness informative thorough* patient understanding listen* respect* compassion* empath* cheer* smil* warm
        warmth welcoming welcomed calm* safe* trust* reliab* punctual* knowledgeable attentive* considerate thoughtful
        gentle* nice* enjoy* love loved loves like liked fab fabulous terrific smooth* flexib* honest honesty accurate* expert*
        expertise useful* valuable* beautiful* delicious tasty fun proud luck* well better-than praise* glad delight*
        thrilled faultless flawless super top-notch humour sympathetic encourag* generous dedicated competent accommodating
        interest* refreshing relax* skill* seamless* straightforward hassle-free bright peaceful cosy spotless recommend*
        impeccab* positive* champion helping
        advice help helped helps explained hard-working approachable sensitive* quickness speedy dignity
        """
    )
    - _words("like care*"),
    blame=_words(
        """
        bad poor* terribl* awful* horribl* dreadful* rude* rudeness worst worse disgust* disgrace* unacceptabl*
        appalling* shock* shambl* useless* hopeless* pathetic* unhelpful* unfriendl* unprofessional* unhappy disappoint*
        dissatisf* frustrat* annoy* angry anger upset* stress* worr* anxious confus* unclear difficult* problem* issue*
        trouble* fault* fail* broken broke broken-down dirty filthy messy smell* noisy noise* cold freezing dark damp
        weak drops dropped horrend*
        slow* late lateness delay* overdue long lengthy ages queue* crowd* overcrowded expensive costly overpriced
        unfair* ignor* neglect* forgot* forgotten refus* wrong* mistake* error* complain* complaint* lack* missing lost
        unsafe danger* painful pain hurt* bored boring boredom uncomfortable inconsisten* inadequate insufficient
        shortage* understaffed short-staffed cancel* rushed abrupt dismissive arrogant patronis* judgmental aggressive
        nightmare chaos chaotic disorgani* inefficien* unreliabl* ridiculous* rubbish crap nasty unpleasant hate* hated
        struggl* suffer* waste* wasted bother hesitation fuss hassle unable unaware unwell-informed unnecessary
        uncaring impatient incompetent inaccessible blocked stuck worn leak* mould* shabby bland tasteless stale
        concern* sadly regret* shame unfortunately wait waits waited waiting crowded misleading bugs crash* glitch*
        """
    ),
    strong=_words(
        "very really so extremely absolutely totally always most such incredibly completely exceptionally truly"
    ),
    weak=_words("quite fairly somewhat slightly bit little rather mostly reasonably"),
    denial=_words(
        "not no never nobody none nothing neither nor without cannot cant dont didnt wasnt isnt werent couldnt hardly barely "
        "wont doesnt hasnt havent"
    ),
    missing=_words("no"),
    idle=_words("idea ideas comment comments opinion doubt matter longer more need change changes preference reason"),
    contrast=_words("but however except although though yet apart unless only just otherwise"),
    wish=_words(
        """
        should could would wish needs more better quicker faster sooner earlier shorter less please improv* maybe
        perhaps ideally longer
        """
    ),
    too=_words("too"),
    praising=re.compile(
        r"\b(?:(?:no|not|nothing|nobody|none|any ?thing|any|cannot|can not|cant|\w*n't)\b[^.!?]{0,45}?(?:\b(?:done"
        r"|do|be|been|get|got|gone)(?: it| any| anything| much)* (?:better|more|improved|nicer|kinder)|\b(?:to"
        r"|could|can|n't|not|cannot) (?:really )?improved? (?:it|on|upon|further|any)?"
        r"|\bneed\w* (?:to )?(?:be )?(?:improv\w+|chang\w+)|\bimprovements?)\b"
        r"|\b(?:fixed|sorted|resolved|solved|repaired)\b[^.!?]{0,40}\b(?:straight away|quickly|immediately|at once"
        r"|same day)\b"
        r"|\bspot[- ]on\b|\bfirst[- ]rate\b|\b100 ?(?:%|percent|per cent)|\b10 ?/ ?10\b|\bmet (?:all )?(?:my|our"
        r"|the) (?:needs|expectations)\b|\bo\.k\.?|^everything\W*$|\b(?:everything|all|it) (?:was|is|went) (?:right"
        r"|fine|ok)\b"
        r"|\bno (?:complaints?|problems?|issues?|faults?|worries|bother)(?: (?:at all|what ?so ?ever))?\b"
        r"|\b(?:can'?t|can ?not|could ?n[o']t|could not|couldnt|cant) (?:really |possibly )?"
        r"(?:be faulted|fault|complain|praise\b.{0,20}\benough|thank\b.{0,20}\benough|speak\b.{0,12}\bhighly enough"
        r"|(?:ask|wish|have asked|have wished) for (?:any ?thing )?(?:more|better)|get any better|do any better"
        r"|be any better"
        r"|have (?:been|done)(?: it)?(?: any)? (?:better|more|kinder|nicer)|be (?:better|improved|nicer|kinder)"
        r"|do wrong)"
        r"|\bnothing (?:was |is )?(?:could|can)(?: have)? (?:be|been) (?:better|improved|done better)"
        r"|\bnothing was too much trouble|\b(?:can'?t|can ?not) (?:better|beat|improve)\b|\bno changes? (?:is "
        r"|are )?(?:necessary|needed|required)\b|\bkeep (?:on )?doing\b|\bput\b.{0,15}\bmind at rest\b"
        r"|\bno need (?:to|for) (?:improve|change)\w*|\bneeds? no improve\w*"
        r"|\b(?:looked|looks|looking|look) after\b|\bat ease\b|\bon time\b|\bin good time\b|\bfirst[- ]class\b"
        r"|\bsecond to none\b"
        r"|\bwell done\b|\bkeep (?:it )?up\b|\bgood (?:job|work)\b|\b(?:would|will|highly) (?:definitely "
        r"|highly )?recommend\w*"
        r"|\bi(?:'d| would) like to thank\b|\bgo(?:es|ing)? (?:above and|the extra)\b|\bwent (?:above and"
        r"|the extra)\b"
        r"|\bsaved? (?:my|his|her|the)\b.{0,12}\b(?:life|lives)\b|\b(?:made|make|makes) (?:me|us"
        r"|my\b.{0,12}) (?:feel|day)\b"
        r"|\b(?:listened|listens?|listening) to\b|\bfelt (?:heard|listened|safe|supported|valued|at home)\b"
        r"|\bput\b.{0,20}\bto rest\b"
        r"|\bmore than (?:happy|helpful|satisfied|welcome)\b|\b(?:is|was|were|are|been|very|really|so|much|me"
        r"|they) caring\b"
        r"|\b(?:took|take|takes) (?:good |great |such )?care\b|\b(?:i|we) (?:really |do )?like\b|\b5 stars?\b"
        r"|\bfive stars?\b"
        r"|\b(?:within|under|only|just|in just|in under|in only|less than)(?: just| about| an?)? ?(?:\d+|five|ten"
        r"|few|couple of) ?(?:minutes?|mins?|hours?)\b"
        r"|\bfor (?:all )?(?:the|your|their) (?:help|care|support)\b|\b(?:excellent|good|great|best|wonderful"
        r"|amazing) care\b)"
    ),
    blaming=re.compile(
        rf"\b(?:wait\w*|took|takes?|taken|delay\w*|late|lay|sat|hold"
        rf"|queue\w*)\b[^.!?]{{0,30}}?\b{_HOURS} ?(?:and (?:a half|1/2) )?(?:hours?|hrs?|days?|weeks?|months?"
        rf"|minutes|mins)\b"
        r"|\bover an? hour\b|\bfor hours\b|\bno ?(?:one|body)\b[^.!?]{0,25}\b(?:answer\w*|came|comes?|cares?"
        r"|help\w*|listen\w*|call\w*|knows?|knew|told|seem\w*)\b"
        r"|\b(?:should|could|can|must|might)(?: really| always| have)? (?:be|been) (?:a (?:bit|little"
        r"|lot) )?(?:much |far )?(?:more|better|improved|clearer|quicker|faster|cleaner|nicer|kinder|friendlier)\b"
        r"|\b(?:needs?|room for|much) improvement\b|\bimprovement(?:s)? (?:is |are )?needed\b"
        r"|\bneeds? (?:to )?(?:be )?(?:improv\w+|fixing|fixed|repair\w*|sorting|cleaning)\b"
        r"|\bfed up\b|\blet down\b|\bout of order\b|\bnot? (?:good )?enough\b|\bnot (?:up to|acceptable|working"
        r"|the best)\b"
        r"|\b(?:do|does|did|has|have|is|are|was|were|will|would)(?:n'?t| not) (?:really |even |always )?(?:work"
        r"|answer\w*|help|listen|care|turn up|come|came|arriv\w*|explain\w*|respond\w*|call\w* back|fit|suit|reply"
        r"|understand)\b"
        r"|\bnever (?:answer\w*|work\w*|c[ao]me\w*|arriv\w*|call\w*|listen\w*|repl\w*|find|found|get|got|know|knew"
        r"|clean\w*)\b"
        r"|\b(?:nothing|any ?thing)(?: that)? (?:was|is|were) (?:good|useful|helpful|positive)\b|\b(?:think of"
        r"|find) a positive\b"
        r"|\b(?:do|does|did)(?:n'?t| not) (?:really )?(?:like|enjoy)\b|\bc(?:an|ould)(?:'?t|n'?t| ?not) (?:even "
        r"|really )?(?:get|find|use|study|read|see|hear|access|reach|open|log|book|park|sleep|understand|afford)\b"
        r"|\bfalling apart\b|\bwaste of\b|\bhard (?:work|to)\b|\bnot much\b|\b(?:always|often) (?:full|late|closed"
        r"|busy)\b|\bwear\w* out\b|\bworn out\b|\btoo much\b|\bmess(?:es|ed|ing)? (?:around|about|up)\b"
    ),
    wishing=re.compile(
        r"(?:^|[.!?;,]) *(?:reduce|shorten|increase|stop|allow|provide|employ|add|extend|bring|let|cut|hire|get"
        r"|give|make|keep|open|answer|try|send|have|put|change|explain|treat)\b|\b(?:need|needs) (?:more|to|a)\b"
        r"|\b(?:i|we)(?:'d| would) (?:like|love|prefer|appreciate)\b|\bwould (?:be|have been) (?:nice|good|great"
        r"|helpful|better|useful|lovely|wonderful|appreciated)\b"
        r"|\bwould (?:help|make)\b|\bit might\b|\bwhy (?:not|don't)\b|\b(?:if|where|when|as) possible\b"
        r"|\bhow about\b|\bthere should\b"
    ),
    nothing=re.compile(
        r"^\W*(?:(?:in|on|for|under|at|as) [^.,!?]{1,40}?\W+|(?:i )?(?:honestly|really|absolutely|basically"
        r"|probably)\W+)?(?:(?:no|nope)\b(?=[ ]*(?:[,.!;]|$))|nothing\b|none?\b(?! of)|nil\b|n/?a\b"
        r"|not (?:a (?:thing|lot)|really|at all|that i can think)|isn'?t any"
        r"|there(?:'s| is| was) nothing|(?:i |we )?(?:have|had) no (?:complaints?|problems?|issues?)"
        r"|(?:i )?don'?t know"
        r"|(?:i )?(?:can'?t|cannot|could ?n[o']t|could not|don'?t) (?:really )?(?:think|find|see|want"
        r"|have) (?:of )?(?:any ?(?:thing|where|ways?)?|that|what|a thing))"
        r"(?: (?:really|at all|whatsoever|else|more|better|further|to (?:improve|change|say|add|complain about)"
        r"|needs? (?:changing|improving)|comes to mind|i can think of|thanks?))*"
    ),
    urgent=re.compile(
        r"\burgent\w*|\b(?:please|must|needs?|fix|fixed|repair\w*)\b[^.!?]{0,40}\b(?:as soon as possible|asap"
        r"|immediately)\b|\bright (?:now|away)\b|\bdanger(?:ous(?:ly)?|s)?\b|\bunsafe\b|\bnot safe\b|\bhazard\w*"
        r"|\binjur(?:y|ies|ed)\b|\bbleeding\b|\bsuicid\w*|\bself[- ]harm\w*|\bkill(?:ed)? (?:myself|himself|herself"
        r"|themsel\w+)|\bend my life\b|\bwant to die\b|\b(?:could|going to|nearly|almost|might) d(?:ie|ying|ied)\b"
        r"|\bassault\w*|\bharass\w*|\babus(?:e|ed|ive)\b|\bthreat\w*|\bbull(?:y|ied|ying)\b|\bracis[tm]\b"
        r"|\bdiscriminat\w*|\bviolen(?:t|ce)\b|\bcollapsed?\b|\bunconscious\b"
        r"|\b(?:on|caught|catch\w*) fire\b|\bfire (?:exit|door|escape|alarm)s?\b.{0,20}\b(?:block|lock|broken"
        r"|not work)\w*|\bgas leak\w*|\bsmell(?:s|ed)? (?:of )?(?:gas|burning|smoke)\b|\bsparks?\b|\bbare wires?\b"
        r"|\belectric shock\w*|\bflood(?:ed|ing)\b"
        r"|\b(?:could|can|did)(?:n'?t| ?not) breathe?\b|\bchest pains?\b|\bsomeone (?:will|could|might) (?:get hurt"
        r"|fall|be hurt|be killed)\b|\bemergency\b.{0,40}\b(?:nobody|no one|waited|wait|hours)\b|\bfell (?:down"
        r"|over|on)\b|\bpoison\w*|\bstolen\b|\bdata (?:breach|leak)\b"
    ),
    unhurried=re.compile(
        r"\b(?:not|n't|isn't|nothing|no|never|without|non)[ -](?:(?:an?|at all|so|very|that|any|immediately"
        r"|in any) )*(?:urgen\w*|dangerous|danger|threat\w*|immediate\w*|violen\w*|injur\w*|bull\w+|abus\w+"
        r"|harass\w+|discriminat\w+|hazard\w*)"
        r"|\burgent care\b|\bno (?:longer )?(?:danger|risk)\b|\babuse (?:team|worker|service|support)\w*"
        r"|\bimmediate(?:ly)? (?:help|support|care|response|attention|answer)\w*|\b(?:came|arrived|answered"
        r"|responded|seen|helped|dealt with|sorted|put at ease|at ease)(?: me| us| it)? (?:immediately|right away"
        r"|straight away)"
    ),
    asks_for_good=re.compile(r"\b(?:good|best|well|like|liked|enjoy\w*|love|works)\b"),
)

FRENCH = MoodWords(
    common=_words(
        "le la les un une des du de et est sont pour dans que qui je nous vous pas il elle on ce cette mon ma mes en au aux "
        "avec très mais trop plus sur c' l' d' n' j' qu' été était y tout"
    ),
    praise=_words(
        """
        parfait* excellent* merci* bravo super géni* sympa* sympathique* gentil* aimab* accueillant* content* ravi ravie
        ravis ravies satisf* agréab* formidab* efficac* bienveill* chaleur* bon bonne bons bonnes bien magnifique*
        merveill* rapid* compéten* profession* poli polie polis polies serviable* disponib* attentif* attenti* souri*
        souriant* propre propres clair claire clairs claires facile* pratique* utile* patient patiente patients calme
        rassur* confortab* respectu* respect écoute* écouté* aide aidé aidée aident appréci* adore* aime aimé beau belle
        délicieu* convivia* top qualité heureu* plaisir recommande* confiance soigné* ponctuel* intéressan* réactif*
        réactiv* impeccab* remarquab* exceptionn* fluide* reconnaissan* fiab* humain* généreu* joli* chouette* nickel
        """
    ),
    blame=_words(
        """
        mauvais* mal nul nulle nuls nulles horrib* terrib* affreu* catastroph* honte* honteu* inadmissib* inaccept*
        scandal* déplorab* lamentab* médiocre* décevan* déçu* déception* insatisf* mécontent* impoli* désagréab*
        froid froide froids froides glacial* sale sales saleté* bruyan* bruit* lent lente lents lentes lenteur* long longue
        longs longues retard* attente* attend* attendu* cher chère chers chères coûteu* compliqu* difficile* problème*
        panne* cassé* casse abîmé* défectu* bloqué* coincé* bugs bug plante* manque* manqu* absen* perdu* perte oubli*
        erreur* faux faute* injuste* stress* inquiet* inquiét* énerv* frustr* dangereu* danger* peur souffr* douleur*
        ennuy* pénib* insuffisan* incompét* incompréhens* ignor* négligé* négligen* refus* plainte* plains dommage
        malheureusement jamais-vu inutil* inutilisab* bondé* saturé* surchargé* vétuste* usé* moisi* fuite* pire
        agressi* méprisan* hautain* arrogan* confus* désorganis* pagaille cauchemar étroit* sombre* fade* hélas regrett*
        reproche* critique* souci* remarque* attendre annul* complain* impossible* fermé fermée fermés
        """
    ),
    strong=_words("très vraiment extrêmement tellement toujours si absolument super hyper totalement particulièrement"),
    weak=_words("assez peu plutôt légèrement moyennement"),
    denial=_words("pas jamais aucun aucune rien ni sans personne guère non nullement"),
    missing=_words("aucun aucune"),
    idle=_words("idée commentaire commentaires avis opinion doute importance changement changements préférence raison"),
    contrast=_words("mais sauf cependant pourtant toutefois hormis excepté seulement seul bémol dommage malgré"),
    wish=_words(
        """
        devrai* faudrait faut voudrai* aimerai* souhait* svp améliorer améliorez amélioration* mieux davantage moins
        pourrai* pourriez besoin ajouter ajoutez ouvrir ouvrez réduire réduisez mettre mettez augmenter prévoir installer
        serait seraient plus-de espère suggère propose
        """
    ),
    too=_words("trop"),
    praising=re.compile(
        r"\b(?:(?:pas|aucun(?:e)?|sans) (?:de |d'|le moindre |la moindre )?(?:problème|souci|reproche|critique"
        r"|plainte|remarque|attente|faute)s?\b"
        r"|\brien à (?:redire|dire|signaler|changer|reprocher|améliorer)\b|\btout (?:est|était|va|s'est passé"
        r"|s'est) (?:très )?(?:bien|parfait|super|passé)"
        r"|\bà l'heure\b|\bà l'écoute\b|\bbien (?:accueilli|reçu|soigné|pris)\w*|\b(?:je"
        r"|nous) (?:vous )?(?:remercie|recommand)\w*|\bpas mal\b|\bcontinuez\b"
        r"|\bprise? en charge (?:rapide|parfaite|excellente)\b|\bau top\b|\ben (?:quelques|moins de \d+) minutes\b"
        r"|\bplus que (?:parfait|satisfait)\w*|\bmieux que\b|\b(?:on )?ne peut (?:pas )?(?:faire"
        r"|rêver)(?: de)? mieux\b)"
    ),
    blaming=re.compile(
        rf"\b(?:attend\w*|attente|retard)\b[^.!?]{{0,25}}?\b{_HEURES} ?(?:heures?|h|jours?|semaines?|mois|minutes"
        rf"|min)\b"
        r"|\bpas (?:assez|terrible|normal|acceptable|possible|à la hauteur)\b|\bne (?:marche|fonctionne|répond\w*"
        r"|march\w*|fonctionn\w*)\w*(?: toujours| jamais| presque)?(?: pas| jamais| plus)?"
        r"|\bpersonne ne (?:répond|vient|sait|aide|s'occupe|écoute)\w*|\b(?:toujours|souvent) (?:en panne|en retard"
        r"|complet|complets|plein|pleins|fermé|fermée|occupé|occupée)\b|\ben panne\b|\bhors service\b"
        r"|\blaisse à désirer\b|\bà revoir\b|\bras[- ]le[- ]bol\b|\b(?:il )?manque\b|\b(?:pourrai\w*"
        r"|devrai\w*) être (?:plus|mieux)\b|\bil n'y a (?:pas|plus|aucun)\w*|\bjamais (?:de|d'|là|répondu|reçu"
        r"|eu)\b"
    ),
    wishing=re.compile(
        r"\bil faudrait\b|\bce serait (?:bien|mieux|super|génial)\b|\bs'il vous pla[iî]t\b|\b(?:avoir|ouvrir"
        r"|mettre) (?:plus|davantage)\b|^plus de\b|^plus d'|^moins de\b"
    ),
    nothing=re.compile(
        r"^\W*(?:rien(?: du tout| de spécial| de particulier)?|aucune?(?: remarque| idée| suggestion)?"
        r"|non\b(?=[ ]*(?:[,.!;]|$))|néant|pas de (?:remarque|critique|changement|commentaire)s?|ras\b"
        r"|je ne sais pas|sans avis)"
        r"(?: (?:à (?:redire|dire|signaler|changer|améliorer|ajouter)|pour (?:le moment|l'instant)|merci))*"
    ),
    urgent=re.compile(
        r"\burgen(?:t|te|ts|tes|ce|ces)\b|\bau plus vite\b|\bimmédiatement\b|\btout de suite\b|\bdangereu\w*"
        r"|\bdanger\b|\bbless(?:é|ée|és|ure|ures)\b|\bsaigne\w*|\bsuicid\w*"
        r"|\bagress(?:é|ée|és|ion|ions)\b|\bharc[eè]l\w*|\bmenac\w*|\bviolen\w*|\braci(?:ste|stes|sme)\b"
        r"|\bdiscrimin\w*|\bincendie\b|\bfuite de gaz\b|\bodeur de (?:gaz|brûlé)\b|\bfils? (?:nus?|dénudés?)\b"
        r"|\binond\w*|\bmalaise\b|\bévanoui\w*|\bn'arriv\w+ (?:pas|plus) à respirer\b|\bmourir\b|\btombée? (?:dans"
        r"|sur|par)\b|\bissues? de secours\b.{0,25}\b(?:bloqu|ferm|condamn)\w*|\brisque (?:de tomber|d'accident"
        r"|grave)\b|\bvolé\w*\b"
    ),
    unhurried=re.compile(
        r"\b(?:pas|rien|jamais|aucun|aucune|sans|ni)(?: (?:du tout|très|si|vraiment|un|une|de|d'))* ?(?:urgen\w*"
        r"|danger\w*|violen\w*|menac\w*|bless\w*|agress\w*|discrimin\w*)|\bservice des urgences\b|\baux urgences\b"
        r"|\b(?:répondu|venus?|venue|reçue?|aidée?|réagi) (?:immédiatement|tout de suite)"
    ),
    asks_for_good=re.compile(r"\b(?:bien|bon|bonne|aimez|aimé|plaît|plu|apprécié\w*|appréciez|réussi)\b"),
)

MOOD_WORDS = {"en": ENGLISH, "fr": FRENCH}

GLAD = frozenset("😀😃😄😁😆😊🙂😍🥰😘😎🤩🥳👍👏🙌❤💕💖💯🎉⭐🌟✨😻💪🙏☺♥")
SAD = frozenset("😞😟😠😡🤬😢😭😤😩😫🙁☹👎💔😒😖😣🤮🤢😱😨😰💩🥺")
ALARM = frozenset("🚨🆘")
