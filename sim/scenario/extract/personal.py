"""What may not be in a caseload file: columns that tell who a person is, known by their heading or by their look.

The check is coarse on purpose. It guards against an extract sent as it came out of the register; it cannot prove
that a file tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

NAMES, BIRTH, ADDRESSES = "names of people", "dates of birth", "addresses"
PHONES, EMAILS, NUMBERS = "phone numbers", "e-mail addresses", "numbers of a register"

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
"""Words in a heading that tell what its column holds."""

CELLS = {
    EMAILS: r"\S+@\S+\.\w+",
    # Ending in a postcode, or beginning with a house.
    ADDRESSES: r"(.*\s)?[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d+[a-z]?,? [a-z' ]+ (street|road|avenue|lane|close)\b.*",
    PHONES: r"(\+44|0044|0)[ -]?(\(0\))?[1237](?=(?:[ ()-]*\d){8,9}$)[\d ()-]+",
    # Police National Computer, Criminal Records Office, National Insurance.
    NUMBERS: r"\d{2}(\d{2})?/\d{1,7}[a-z]|\d{1,6}/\d{2}[a-z]|[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]",
    NAMES: r"(mr|mrs|ms|miss|dr|sgt|insp)\.? [a-z' -]+|[a-z'-]+, [a-z'-]+( [a-z'-]+)*",
}
"""The look of a whole cell that tells who a person is."""

FORENAMES = frozenset(
    {
        "john", "david", "michael", "paul", "andrew", "peter", "james", "robert", "stephen", "mark", "richard",
        "william", "christopher", "daniel", "matthew", "thomas", "anthony", "ian", "steven", "joseph", "simon",
        "kevin", "george", "alan", "martin", "philip", "brian", "gary", "colin", "graham", "mohammed", "muhammad",
        "ahmed", "susan", "margaret", "sarah", "karen", "jane", "elizabeth", "emma", "claire", "julie", "helen",
        "patricia", "jennifer",
    }
)  # fmt: skip
"""Common enough that a column of names holds several of them."""

TELLING_SHARE = 0.1
"""Of the filled cells of a column; fewer are taken for a slip of the pen."""

REGISTER_BEGAN = "1997-09-01"
"""The Sex Offenders Act 1997; nobody registered, or was visited, before."""

BIRTH_SHARE = 0.5
"""Share of dates before the register began from which a column of dates is taken for dates of birth."""

_LOOKS = {what: re.compile(look, re.IGNORECASE) for what, look in CELLS.items()}
_DATE = re.compile(r"(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?|\d{1,2}[/.-]\d{1,2}[/.-](\d{4})(?: .*)?")


def in_heading(heading: str) -> str | None:
    """What a heading says its column holds of people."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)  # VisorRef is two words; DoB is one
    words = f" {' '.join(re.findall(r'[a-z]+', f'{heading} {parted}'.lower()))} "
    return next((what for what, marks in HEADINGS.items() if any(f" {mark} " in words for mark in marks)), None)


def in_cell(cell: str) -> str | None:
    """What a cell looks as if it told of a person."""
    found = next((what for what, look in _LOOKS.items() if look.fullmatch(cell)), None)
    if found is None and not FORENAMES.isdisjoint(re.findall(r"[a-z]+", cell.lower())):
        return NAMES
    return found


def in_column(cells: Sequence[str]) -> str | None:
    """What many of the filled cells of a column look as if they told of people."""
    seen: dict[str, int] = {}
    memory: dict[str, str | None] = {}
    for cell in cells:
        if cell not in memory:
            memory[cell] = in_cell(cell)
        if what := memory[cell]:
            seen[what] = seen.get(what, 0) + 1
    most = max(seen, key=lambda what: seen[what], default=None)
    if most and seen[most] >= TELLING_SHARE * len(cells):
        return most
    return in_dates(cells)


def in_dates(cells: Sequence[str]) -> str | None:
    """Are these the birthdays of a caseload? Then most of them lie before there was a register."""
    years = [int(match[1] or match[2]) for cell in cells if (match := _DATE.fullmatch(cell))]
    old = sum(year < int(REGISTER_BEGAN[:4]) for year in years)
    return BIRTH if old and old >= BIRTH_SHARE * len(cells) else None
