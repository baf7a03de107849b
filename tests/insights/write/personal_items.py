"""500 sentences with something of a person in it, made by rule from our own parts: 100 of each kind, half of them French.

Each item: its kind, the sentence, and what must not be readable in it afterwards. Numbers are of ranges kept for fiction (Ofcom,
ARCEP, NANPA 555-01xx) or fail the check digit of a card; addresses stand below example domains; people are invented.
"""

import random
from typing import NamedTuple


class Item(NamedTuple):
    """`hidden`: pieces of the sentence that may not be read in what is shown."""

    kind: str
    text: str
    hidden: tuple[str, ...]


AROUND = {
    "e-mail": (
        ["write to me at {}", "my address is {} if you want to talk", "Contact: {}", "I sent it to {} twice and nobody answered.",
         "please reply ({})", "{} is where I can be reached, the line was busy", "mail {}, thanks", "Ask for me,{} ,any day"],
        ["écrivez-moi à {}", "mon adresse : {}", "J’ai écrit à {} sans réponse.", "réponse à {} svp", "mon mail c’est {}, merci",
         "vous pouvez me joindre ({})", "Contact : {}.", "{} pour me répondre, le standard est fermé"],
    ),
    "phone": (
        ["call me on {}", "my number is {}, after six", "Tel: {}", "ring {} please", "I left {} at the desk and waited.",
         "text me ({})", "{} is my mobile", "phone:{}"],
        ["appelez-moi au {}", "mon numéro est le {}, après 18 h", "Tél. : {}", "joignable au {}", "j’ai laissé le {} à l’accueil.",
         "sms au {} svp", "le {} c’est mon portable", "tel {} merci"],
    ),
    "card": (
        ["my card {} was charged twice", "Charged on card {}", "card number {}, please refund", "I paid with {} and got no ticket",
         "refund to {} please"],
        ["ma carte {} a été débitée deux fois", "Carte n° {}", "numéro de carte {} à rembourser", "payé avec {} sans ticket",
         "remboursez la carte {} svp"],
    ),
    "handle": (
        ["I am {} there", "follow {} for the photos", "ask {} about it", "{} wrote about this", "Posted by {}.", "cc {}, thanks"],
        ["je suis {} là-bas", "suivez {} pour les photos", "demandez à {}", "{} en a parlé", "Publié par {}.", "voir avec {}, merci"],
    ),
    "name": (
        ["the nurse {} was rude to me", "I spoke with {} at the desk", "{} at reception never says hello", "Please thank {} for me.",
         "my neighbour, {}, cannot climb the stairs", "{} promised a call back and did not call", "it was {} who shouted",
         "we were told by {} to come back", "Thanks to {} the evening went well", "ask {} why"],
        ["l’infirmière {} a été désagréable", "j’ai parlé avec {} à l’accueil", "{} à l’accueil ne dit jamais bonjour",
         "Merci à {} pour son aide.", "mon voisin, {}, ne peut pas monter", "{} devait rappeler et n’a pas rappelé",
         "c’est {} qui a crié", "on nous a dit, {} je crois, de revenir", "Grâce à {} la soirée était belle", "demandez à {} pourquoi"],
    ),
}  # fmt: skip
PEOPLE = (
    "Sarah Okafor|Dr Mbeki|Tom|Mrs Dunmore|Aoife Brennan|Mr Iqbal|Priya|Oluwaseun Adeyemi|Siobhan|Nurse Halloran|Jürgen Weiss|Zofia"
    "|Kevin O’Dowd|Hyacinth Marlowe|Professor Lindqvist|Amina|Ms Tanaka|Bartholomew Quill|Wojciech|Miss Abara|Leila Haddad|Rajesh"
    "|Mary-Ann Fulton|Sister Concepta|Dimitri",
    "Sophie Lemaire|M. Delacroix|Mme Ferrand|Thibault|Jean-Pierre Roussel|Maëlys Kerbrat|Dr Benhamou|Fatou Diallo|Mlle Aubry|Yannick"
    "|Monsieur Tessier|Nolwenn|Hugo|Madame Castaing|Gwendal Le Goff|Inès|docteur Marchetti|Aïssatou|Luc Vandamme|infirmière Chabert"
    "|Cédric|Ousmane Traoré|Marie-Thérèse Blin|professeur Girault|Éloïse",
)
MAILBOXES = (
    "ada.lovett@home.example", "j_smith+clinic@mail.example.org", "mme.durand@exemple.example", "o'brien@post.example", "x99@a-b.example",
    "JEAN.PETIT@EXAMPLE.COM", "zoë@musique.example", "sales-team@shop.example.co.uk", "k.m @ home.example", "ines (at) home.example",
    "paul[at]bureau.example", "lea arobase maison point example", "tim at home dot example",
)  # fmt: skip
PHONES = (
    "020 7946 0958", "+44 20 7946 0123", "07700 900123", "+447700900456", "(0117) 496 0001", "555-0142", "(212) 555-0199",
    "+1 212 555 0123", "212.555.0187", "0808 157 0555", "01 99 00 12 34", "01.99.00.56.78", "+33 1 99 00 12 34", "06 39 98 12 34",
    "0639981234", "+33639981234", "06-39-98-45-67", "0033 6 39 98 12 34", "+33 (0)6 39 98 76 54", "07/00/90/01/23",
)  # fmt: skip
CARDS = (
    "4000 1234 5678 9011", "4000123456789011", "5500-1234-5678-9012", "3700 123456 78901", "4000.1234.5678.9011", "6011 0000 1234 5678",
    "5500 1234 5678 9012", "370012345678901", "4000 1234\u00a05678 9011", "4000  1234  5678  9011",
)  # fmt: skip
HANDLES = (
    "@quiet_reader", "@ines.b", "@OluWrites", "@zoe", "@le_chat_noir", "@ada@social.example", "@bücher", "@x_77", "@MayaFromTheGarden",
    "u/quiet_reader", "@jean-luc", "＠hana",
)  # fmt: skip
MADE = {"e-mail": MAILBOXES, "phone": PHONES, "card": CARDS, "handle": HANDLES}


def items() -> list[Item]:
    """The same 500 each time."""
    chance = random.Random(7)
    found = []
    for kind, around in AROUND.items():
        for n in range(100):
            french = n % 2
            told = PEOPLE[french].split("|") if kind == "name" else MADE[kind]
            what = told[(n // 2) % len(told)]
            text = chance.choice(around[french]).format(what)
            found.append(Item(kind, text, _hidden(kind, what)))
    return found


def _hidden(kind: str, what: str) -> tuple[str, ...]:
    """Of a name its own words, without a title; of an address and a handle the person's part; of a number its last digits."""
    titles = (
        "Dr|Mr|Mrs|Ms|Miss|Nurse|Sister|Professor|M.|Mme|Mlle|Monsieur|Madame|docteur|infirmière|professeur|Le".split(
            "|"
        )
    )
    if kind == "name":
        return tuple(word for word in what.split() if word not in titles)
    if kind in ("phone", "card"):
        return (what[-4:],)
    for mark in (" (at)", "[at]", " arobase", " at ", " @", "@"):
        if kind == "e-mail" and mark in what:
            return (what.partition(mark)[0],)
    return (what.lstrip("@＠").removeprefix("u/").partition("@")[0],)


HARMLESS = (
    "The opening hours are too short in the evening.", "Please open on Sunday too", "Parking costs 12.50 and the lift is broken",
    "Il fait trop froid dans la salle de lecture.", "Merci beaucoup, rien à redire", "Open from 9:30 to 17:00 on 24/12/2026",
    "J’ai attendu 45 minutes le 3 mars 2026.", "WiFi does not work in room 204", "Great staff, thanks", "Plus de livres en français svp",
    "Since 2019, 2020 and 2021 it got worse", "Le parking est trop cher (18 euros)", "The reading room is far too cold to read in",
    "Why 1,200 seats and only 3 lifts?", "On attend trop longtemps le lundi", "It would help to know the price before",
    "Everything was fine.", "Les horaires ne conviennent pas aux familles", "More chairs near the door @ the entrance", "Bravo",
)  # fmt: skip
"""Sentences with nothing of a person in them."""
