"""What may not be in a caseload file: columns that identify people, known by their heading or by their look.

The check guards against an extract sent as it came out of the register; it cannot prove that nobody can be identified.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from sim.scenario.dates import ZERO_AS_A_DATE

NAMES, BIRTH, ADDRESSES = "names of people", "dates of birth", "addresses"
PHONES, EMAILS, NUMBERS = "phone numbers", "e-mail addresses", "numbers of a register"
NHS, PRISON, PLATES, OFFICERS = "NHS numbers", "prison numbers", "number plates", "ranks and names of officers"

HEADINGS = {
    BIRTH: ("birth", "birthday", "born", "dob", "d o b"),
    EMAILS: ("email", "e mail", "mail"),
    PHONES: ("phone", "telephone", "tel", "mobile", "contact number"),
    ADDRESSES: ("address", "addr", "postcode", "post code", "street", "road", "house", "town", "uprn"),
    NUMBERS: (
        "visor", "pnc", "cro", "urn", "nino", "ni number", "national insurance", "nhs", "prison number",
        "noms", "nomis", "crn", "mappa id", "passport", "driving licence", "custody number", "register number",
        "registration number",
    ),
    NAMES: ("name", "names", "surname", "forename", "forenames", "alias", "aliases", "nominal", "initials", "nickname"),
}  # fmt: skip
"""Words in a heading that say what its column holds."""

_RANKS = r"w?pc|w?dc|ps|ds|di|dci|insp|ci|pcso|sgt|serg(?:ean)?t|constable|inspector"
_RANK = rf"(?:[at]/ ?|temp\.? |det\.? |detective )?(?:{_RANKS})"

CELLS = {
    EMAILS: r"\S+@\S+\.\w+",
    # Ending in a postcode, or beginning with a house.
    ADDRESSES: r"(.*\s)?[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d+[a-z]?,? [a-z' ]+ (street|road|avenue|lane|close)\b.*",
    PHONES: r"(\+44|0044|0)[ -]?(\(0\))?[1237](?=(?:[ ()-]*\d){8,9}$)[\d ()-]+",
    # Police National Computer, Criminal Records Office, National Insurance.
    NUMBERS: r"\d{2}(\d{2})?/\d{1,7}[a-z]|\d{1,6}/\d{2}[a-z]|[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]",
    PRISON: r"[a-z]\d{4}[a-z]{2}",
    # Since 2001, and of 1983 to 2001 where the space shows that it is one.
    PLATES: r"[a-z]{2}\d{2} ?[a-z]{3}|[a-hj-npr-y]\d{1,3} [a-z]{3}",
    OFFICERS: rf"{_RANK}\.?(?: ?\d+)?,? [a-z][a-z'’-]+(?: [a-z'’-]+)*|[a-z][a-z'’-]+,? {_RANK}\.? ?\d*",
    NAMES: r"(mr|mrs|ms|miss|dr)\.? [a-z' -]+|[a-z'-]+, [a-z'-]+( [a-z'-]+)*|([a-z]\. ?)+[a-z'’-]{2,}",
}
"""The look of a whole cell that identifies a person."""

ORDINARY = frozenset(
    {
        "officer", "manager", "team", "unit", "post", "area", "desk", "duty", "pool", "group", "case", "holder",
        "label", "owner", "vacant", "vacancy", "nobody", "none", "unknown", "unallocated", "not", "allocated", "to",
        "be", "new", "north", "south", "east", "west", "central", "northern", "southern", "eastern", "western",
        "city", "county", "high", "medium", "low", "very", "risk", "full", "part", "time", "first",
        "second", "third", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "red",
        "green", "blue", "yellow", "black", "white", "amber", "alpha", "bravo", "delta", "echo", "foxtrot", "tango",
        "zulu", "constable", "sergeant", "inspector", "staff", "police", "offender", "invented", "row", "key",
        "trainee",
    }
)  # fmt: skip
"""Words of labels; a cell in which one of them stands is no name of a person."""

NAMED_SHARE = 0.5
"""Share of cells of two or more capitalised words, or of ranks with numbers, from which a column is taken for names."""

FORENAMES = frozenset(
    {
        "john", "david", "michael", "paul", "andrew", "peter", "james", "robert", "stephen", "mark", "richard",
        "william", "christopher", "daniel", "matthew", "thomas", "anthony", "ian", "steven", "joseph", "simon",
        "kevin", "george", "alan", "martin", "philip", "brian", "gary", "colin", "graham", "mohammed", "muhammad",
        "ahmed", "susan", "margaret", "sarah", "karen", "jane", "elizabeth", "emma", "claire", "julie", "helen",
        "patricia", "jennifer", "smith", "jones", "taylor", "williams", "wilson", "johnson", "davies", "robinson",
        "thompson", "evans", "roberts", "edwards", "hughes", "patel", "khan", "hussain", "singh", "begum",
    }
)  # fmt: skip
"""Forenames and surnames so common that a column of names holds several of them."""

IDENTIFYING_SHARE = 0.1
"""Of the filled cells of a column; fewer are taken for a slip of the pen."""

REGISTER_BEGAN = "1997-09-01"
"""The Sex Offenders Act 1997; nobody registered, or was visited, before."""

BIRTH_SHARE = 0.5
"""Share of dates before the register began from which a column of dates is taken for dates of birth."""

SURELY = (EMAILS, OFFICERS)
"""What is refused wherever it stands once; the look of the others may come about by chance."""

_RANK_AND_NUMBER = re.compile(rf"{_RANK}\.? ?\d+", re.IGNORECASE | re.ASCII)
"""A rank with a collar number, which identifies the officer; a column in which most are of this look is refused."""

_TEN_DIGITS = re.compile(r"\d{3}([ -]?)\d{3}\1\d{4}", re.ASCII)
_LOOKS = re.compile("|".join(f"(?P<_{number}>{look})" for number, look in enumerate(CELLS.values())), re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?|\d{1,2}[/.-]\d{1,2}[/.-](\d{4})(?: .*)?")


def in_heading(heading: str) -> str | None:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)  # VisorRef is two words; DoB is one
    words = f" {' '.join(re.findall(r'[a-z]+', f'{heading} {parted}'.lower()))} "
    return next((what for what, signs in HEADINGS.items() if any(f" {sign} " in words for sign in signs)), None)


def in_cell(cell: str) -> str | None:
    """What a cell seems to hold by which a person could be identified."""
    match = _LOOKS.fullmatch(cell)
    found = list(CELLS)[int(match.lastgroup[1:])] if match and match.lastgroup else None
    words = re.findall(r"[a-z]+", cell.lower())
    if found == OFFICERS and not ORDINARY.isdisjoint(words):
        found = None  # a rank and a team
    if found is None and not FORENAMES.isdisjoint(words):
        return NAMES
    return NHS if found is None and _nhs_number(cell) and not cell.isdigit() else found


def in_column(cells: Sequence[str]) -> tuple[str, int] | None:
    """What many of the filled cells of a column seem to hold by which people could be identified, and the first."""
    looks = {cell: in_cell(cell) for cell in dict.fromkeys(cells)}
    found = [looks[cell] for cell in cells]
    seen = Counter(what for what in found if what)
    surely = next((what for what in SURELY if what in seen), None)
    most = surely or max(seen, key=lambda what: seen[what], default=None)
    if most and (surely or seen[most] >= IDENTIFYING_SHARE * len(cells)):
        return most, found.index(most)
    return (
        _in_most(cells, [cell for cell in cells if _TEN_DIGITS.fullmatch(cell)], _nhs_number, NHS)
        or _in_most(cells, cells, lambda cell: _RANK_AND_NUMBER.fullmatch(cell) is not None, OFFICERS)
        or _in_most(cells, cells, _capitalised_words, NAMES)
        or in_dates(cells)
    )


def in_dates(cells: Sequence[str]) -> tuple[str, int] | None:
    """Are these the birthdays of a caseload? Then most of them lie before there was a register."""
    years = {cell: int(match[1] or match[2]) for cell in set(cells) if (match := _DATE.fullmatch(cell))}
    years.pop(ZERO_AS_A_DATE, None)
    old = {cell for cell, year in years.items() if year < int(REGISTER_BEGAN[:4])}
    if not old or sum(cell in old for cell in cells) < BIRTH_SHARE * len(cells):
        return None
    return BIRTH, next(place for place, cell in enumerate(cells) if cell in old)


def _in_most(
    cells: Sequence[str], among: Sequence[str], look: Callable[[str], bool], what: str
) -> tuple[str, int] | None:
    """`what`, if most of some cells, which are not few of the column, have that look."""
    if not among or len(among) < IDENTIFYING_SHARE * len(cells):
        return None
    known = {cell for cell in set(among) if look(cell)}
    if sum(cell in known for cell in among) <= NAMED_SHARE * len(among):
        return None
    return what, next(place for place, cell in enumerate(cells) if cell in known)


def _nhs_number(cell: str) -> bool:
    """Ten digits, the last of which checks the others."""
    if not _TEN_DIGITS.fullmatch(cell):
        return False
    digits = [int(digit) for digit in cell if digit.isdigit()]
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return len(set(digits)) > 1 and check % 11 == digits[-1]


def _capitalised_words(cell: str) -> bool:
    """Does a cell look like the full name of a person? Not if a word of labels is in it."""
    words = cell.replace(",", " ").split()
    names = [word for word in words if len(word.rstrip(".")) > 1]
    return (
        2 <= len(words) <= 5
        and len(names) >= 2
        and all(word[0].isupper() and word.rstrip(".").replace("-", "").replace("'", "").isalpha() for word in words)
        and ORDINARY.isdisjoint(word.lower() for word in words)
    )
