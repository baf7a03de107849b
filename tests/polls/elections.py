"""Elections whose ballots and winners are published: numbers and names only, each with where they are from.

`ballots`: "42 MNCK, 26 NCKM": 42 ballots that rank M, N, C, K in this order; "29 AB" leaves the rest out. The winners are
those that the source names for that method, and no others: a method it does not speak of is not there. "" in `condorcet`:
the source says that there is none. Several letters in the others: they are level.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """An election with the winners that its source gives."""

    name: str
    source: str
    ballots: str
    irv: str | None = None
    borda: str | None = None
    condorcet: str | None = None
    schulze: str | None = None


ELECTIONS = [
    Known(
        "A capital for Tennessee", "Wikipedia, Condorcet method, Borda count, Instant-runoff voting (Memphis … Knoxville)",
        "42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM", irv="K", borda="N", condorcet="N", schulze="N",
    ),
    Known(
        "Burlington, mayor, 2009", "rangevoting.org/Burlington.html; electowiki, 2009 Burlington mayoral election (Kiss, Montroll, Wright)",
        "1332 MKW, 767 MWK, 455 M, 2043 KMW, 371 KWM, 568 K, 1513 WMK, 495 WKM, 1289 W",
        irv="K", condorcet="M", schulze="M",
    ),
    Known(
        "Alaska, House, August 2022", "A. Graham-Squire, D. McCune, arXiv 2209.04764 (Begich, Palin, Peltola: E)",
        "27053 BPE, 15467 BEP, 11290 B, 34049 PBE, 3652 PEB, 21272 P, 47407 EBP, 4645 EPB, 23747 E",
        irv="E", condorcet="B",
    ),
    Known(
        "Ireland, president, 1990", "Wikipedia, 1990 Irish presidential election (Robinson, Lenihan, Currie), with the transfers",
        "612265 R, 694484 L, 205565 CR, 36789 CL, 25548 C", irv="R",
    ),
    Known(
        "Ireland, president, 1945", "Wikipedia, 1945 Irish presidential election (O'Kelly, Mac Eoin: M, McCartan: C)",
        "537965 O, 335539 M, 27200 CO, 117886 CM, 67748 C", irv="O",
    ),
    Known(
        "Maine, second district, 2018", "Maine Secretary of State; the two who left together as one (Golden, Poliquin, others: X)",
        "132013 G, 134184 P, 10427 XG, 4747 XP, 8253 X", irv="G",
    ),
    Known(
        "Schulze's first example", "M. Schulze, Social Choice and Welfare 36 (2011), section 3, example 1",
        "8 ACDB, 2 BADC, 4 CDBA, 4 DBAC, 3 DCBA", condorcet="", schulze="D",
    ),
    Known(
        "Schulze's example with 45 voters", "Wikipedia, Schulze method; order E, A, C, B, D",
        "5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC", condorcet="", schulze="E",
    ),
    Known(
        "Schulze's example with two winners", "Wikipedia, Schulze method, on ties: B and D are level",
        "3 ABCD, 2 DABC, 2 DBCA, 2 CBDA", condorcet="", schulze="BD",
    ),
    Known("Condorcet's paradox", "M. de Condorcet, Essai, 1785", "1 ABC, 1 BCA, 1 CAB", condorcet="", schulze="ABC", borda="ABC"),
    Known(
        "Condorcet's 60 voters", "H. P. Young, Condorcet's Theory of Voting, American Political Science Review 82 (1988)",
        "23 ABC, 17 BCA, 2 BAC, 10 CAB, 8 CBA", borda="B", condorcet="",
    ),
    Known(
        "Condorcet's 81 voters", "D. G. Saari, Chaotic Elections!, 2001, after Condorcet",
        "30 ABC, 1 ACB, 29 BAC, 10 BCA, 10 CAB, 1 CBA", borda="B", condorcet="A",
    ),
    Known(
        "Borda's 21 voters", "J.-C. de Borda, Mémoire sur les élections au scrutin, 1781",
        "1 ABC, 7 ACB, 7 BCA, 6 CBA", borda="C", condorcet="C",
    ),
    Known(
        "Milk, wine, beer", "D. G. Saari, Basic Geometry of Voting, 1995",
        "6 MWB, 5 BWM, 4 WBM", irv="B", borda="W", condorcet="W",
    ),
    Known(
        "55 voters, five methods, five winners", "J. Malkevitch, in For All Practical Purposes (COMAP); Princeton, Math Alive, lab 6",
        "18 ADECB, 12 BEDCA, 10 CBEDA, 9 DCEBA, 4 EBDCA, 2 ECDBA", irv="C", borda="D", condorcet="E",
    ),
    Known(
        "100 voters, five methods, five winners", "M. Balinski, R. Laraki, Majority Judgment, 2010, chapter 3",
        "33 ABCDE, 16 BDCEA, 3 CDBAE, 8 CEBDA, 18 DECBA, 22 ECBDA", irv="D", borda="B", condorcet="C",
    ),
    Known("A majority that Borda passes over", "Wikipedia, Condorcet criterion, Borda count", "3 ABC, 2 BCA", borda="B", condorcet="A"),
    Known("55 percent are not enough", "Wikipedia, Majority criterion, Borda", "55 ABC, 35 BCA, 10 CBA", borda="B", condorcet="A"),
    Known("66 against 34", "A. Small, election-methods list, 24 February 2003", "66 ABC, 34 BCA", borda="B", condorcet="A"),
    Known(
        "66 against 34, with a clone", "election-methods list, January 2003, on Borda and clones",
        "66 ADBC, 34 BCAD", borda="A",
    ),
    Known(
        "Nine voters", "homeworksource.com, Borda method and the Condorcet criterion: P 10, L 11, S 6 points",
        "4 PLS, 1 LPS, 1 SLP, 1 SPL, 2 LSP", borda="L", condorcet="P",
    ),
    Known(
        "The smallest against Borda", "D. R. MacIver, Some more small elections, 2014",
        "3 BCA, 2 CAB", borda="C", condorcet="B",
    ),
    Known(
        "The smallest against instant runoff", "D. R. MacIver, as above",
        "2 ABC, 1 BAC, 2 CBA", irv="A", condorcet="B",
    ),
    Known("Eleven voters", "Wikipedia, Reversal symmetry, Instant-runoff voting", "5 ABC, 4 BCA, 2 CAB", irv="A"),
    Known("Eleven voters, turned round", "Wikipedia, as above", "5 CBA, 4 ACB, 2 BAC", irv="A"),
    Known("17 voters", "W. D. Smith, rangevoting.org/Monotone.html", "6 CAB, 2 BAC, 3 BCA, 4 ABC, 2 ACB", irv="C"),
    Known("17 voters, two more for the winner", "W. D. Smith, as above", "6 CAB, 2 BAC, 3 BCA, 4 ABC, 2 CAB", irv="B"),
    Known("27 voters", "P. Pierzgalski, Introduction to Electoral Systems, 3.25", "7 ABC, 8 BCA, 10 CAB, 2 ACB", irv="C"),
    Known("27 voters, two more for the winner", "P. Pierzgalski, as above", "7 ABC, 8 BCA, 10 CAB, 2 CAB", irv="B"),
    Known(
        "29 voters", "P. Tannenbaum, Excursions in Modern Mathematics, on plurality with elimination",
        "7 ABC, 8 BCA, 10 CAB, 4 ACB", irv="C",
    ),
    Known("29 voters, four more for the winner", "P. Tannenbaum, as above", "7 ABC, 8 BCA, 10 CAB, 4 CAB", irv="B"),
    Known(
        "21 voters", "S. J. Brams, P. C. Fishburn, Alternative Voting Systems, 1991, on Hare's method",
        "7 ABCD, 6 BACD, 5 CBAD, 3 DCBA", irv="A",
    ),
    Known("21 voters, three more for the winner", "S. J. Brams, P. C. Fishburn, as above", "7 ABCD, 6 BACD, 5 CBAD, 3 ADCB", irv="B"),
    Known("Short ballots", "M. Ossipoff, election-methods list, 23 October 1998", "29 AB, 31 B, 40 CB", irv="B"),
    Known("Short ballots, three of them changed", "M. Ossipoff, as above", "29 AB, 31 B, 37 CB, 3 A", irv="C"),
    Known(
        "A winner without a majority of all", "election-methods list, 6 February 1997, Condorcet Potential Results",
        "40 A, 35 B, 19 C, 6 CB", condorcet="B",
    ),
    Known("A circle", "election-methods list, as above", "35 AB, 34 BC, 31 CA", condorcet=""),
]  # fmt: skip
