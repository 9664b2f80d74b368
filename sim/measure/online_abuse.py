"""Online child abuse: who waits for a search, which devices wait, who is unmanaged, and how cases end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Metrics, Values, ratio_of_totals, total
from sim.measure.spells import Spells, happened
from sim.model.codes import NEVER, RISKS
from sim.model.investigations import tables

ONLINE_ABUSE = Metrics("online_abuse", by="grade")
_DECISIONS = (tables.CHARGED, tables.NO_FURTHER_ACTION)


def _spells(counts: Counts, begins: np.ndarray, ends: np.ndarray, where: np.ndarray | bool = True) -> Spells:
    return Spells(counts.days, RISKS, counts.cases["grade"], begins, ends, where)


def _flow(
    counts: Counts, times: np.ndarray, where: np.ndarray | bool = True, weight: np.ndarray | None = None
) -> np.ndarray:
    """How often something happened to cases since the first day, up to each observation."""
    return happened(counts.days, RISKS, counts.cases["grade"], times, where & (times >= 0), weight)


def _happened(counts: Counts, times: str, weight: str = "") -> Values:
    cases = counts.cases
    return total(_flow(counts, cases[times], weight=cases[weight] if weight else None), counts)


def _decided(counts: Counts, *outcomes: int) -> np.ndarray:
    return _flow(counts, counts.cases["decided"], np.isin(counts.cases["outcome"], outcomes))


# --- referrals and cases ------------------------------------------------------------------------------------------


ONLINE_ABUSE.define(_happened, "referrals_received", "referrals", "neither", "referred")(
    "Referrals. Referrals of online child abuse that came in."
)


@ONLINE_ABUSE.metric("cases", "lower")
def cases_open(counts: Counts) -> Values:
    """Open cases. Cases of online child abuse from the referral until they are closed or decided."""
    return _spells(counts, counts.cases["referred"], counts.cases["decided"]).as_stock()


def _waiting(counts: Counts, step: int) -> Values:
    return _spells(counts, counts.cases["entered"][:, step], counts.cases["begun"][:, step]).as_stock()


ONLINE_ABUSE.define(_waiting, "cases_awaiting_checks", "cases", "lower", tables.CHECKS)(
    "Waiting for checks. Referrals whose checks have not begun."
)
ONLINE_ABUSE.define(_waiting, "cases_awaiting_search", "cases", "lower", tables.SEARCH)(
    "Waiting for a search. Suspects for whom there is a warrant and no crew yet."
)


# --- suspects acted on --------------------------------------------------------------------------------------------


def _act_by(counts: Counts) -> np.ndarray:
    """When each suspect should be searched or attend at the latest, by the values on the day of the referral."""
    days = np.zeros(len(counts.cases))
    for day, scenario in counts.regimes:
        within = np.array(scenario.online_abuse.act_within_days.values())
        days = np.where(counts.cases["referred"] >= day if day else True, within[counts.cases["grade"]], days)
    return counts.cases["referred"] + days


@ONLINE_ABUSE.metric("suspects", "lower")
def suspects_overdue(counts: Counts) -> Values:
    """Suspects not acted on in time. Suspects who should have been searched or have attended by now, by the days
    allowed for their grade."""
    return _spells(counts, _act_by(counts), np.minimum(counts.cases["acted"], counts.cases["decided"])).as_stock()


@ONLINE_ABUSE.metric("share", "higher")
def acted_in_time_share(counts: Counts) -> Values:
    """Acted on in time. Of the suspects searched or attending, the share for whom it was in time for their grade."""
    acted = counts.cases["acted"]
    return ratio_of_totals(_flow(counts, acted, acted <= _act_by(counts)), _flow(counts, acted))


@ONLINE_ABUSE.metric("share", "higher")
def searches_triaged_share(counts: Counts) -> Values:
    """Searches with triage. Share of searches with digital triage at the scene."""
    searched = counts.cases["left"][:, tables.SEARCH]
    return ratio_of_totals(_flow(counts, searched, counts.cases["triaged"] == 1), _flow(counts, searched))


ONLINE_ABUSE.define(_happened, "devices_seized", "devices", "neither", "acted", "devices_seized")(
    "Devices seized. Devices seized or handed over."
)


# --- the digital forensics unit -----------------------------------------------------------------------------------


def _at_unit(counts: Counts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When the devices of each case came to the unit, when they left it, and how many they are."""
    cases, step = counts.cases, tables.DIGITAL_FORENSICS
    return cases["entered"][:, step], cases["left"][:, step], cases["devices_seized"]


@ONLINE_ABUSE.metric("devices", "lower")
def digital_forensics_devices(counts: Counts) -> Values:
    """Devices at the digital forensics unit. Devices that wait there or are being examined."""
    entered, left, devices = _at_unit(counts)
    return Spells(counts.days, RISKS, counts.cases["grade"], entered, left, weight=devices).as_stock()


@ONLINE_ABUSE.metric("days", "lower")
def digital_forensics_oldest_days(counts: Counts) -> Values:
    """Oldest devices at the digital forensics unit. Days since the devices that have been there longest arrived; 0 when
    none is there. The average is over weeks."""
    entered, left, _ = _at_unit(counts)
    ages = np.zeros((1 + RISKS, len(counts.days)))
    for grade in range(RISKS):
        here = counts.cases["grade"] == grade
        for number, day in enumerate(counts.days):
            there = entered[here & (entered <= day) & (left > day)]
            ages[1 + grade, number] = day - there.min() if len(there) else 0.0
    ages[0] = ages[1:].max(axis=0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))


@ONLINE_ABUSE.metric("days", "lower")
def digital_forensics_days(counts: Counts) -> Values:
    """Time at the digital forensics unit. Mean days from seizure to return, over the devices returned."""
    left, devices, days = _returned(counts)
    return ratio_of_totals(_flow(counts, left, weight=devices * days), _flow(counts, left, weight=devices))


def _returned(counts: Counts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When the devices of each case were returned, how many, and after how long; 0 where they have not been."""
    entered, left, devices = _at_unit(counts)
    back = (left < NEVER) & (entered < NEVER)
    days = np.where(back, left, 0.0) - np.where(back, entered, 0.0)
    return left, np.where(back, devices, 0), days


def _returned_within(counts: Counts, shortest: float, longest: float) -> Values:
    left, devices, days = _returned(counts)
    within = (days >= shortest) & (days < longest)
    return ratio_of_totals(_flow(counts, left, within, devices), _flow(counts, left, weight=devices))


# The spans in which the Met published the turnaround of its digital forensics, in days.
ONLINE_ABUSE.define(_returned_within, "digital_forensics_under_3_months_share", "share", "higher", 0, 91)(
    "Digital forensics under 3 months. Share of the devices returned that were there under 3 months."
)
ONLINE_ABUSE.define(_returned_within, "digital_forensics_3_to_12_months_share", "share", "lower", 91, 365)(
    "Digital forensics 3 to 12 months. Share of the devices returned that were there 3 to 12 months."
)
ONLINE_ABUSE.define(_returned_within, "digital_forensics_over_12_months_share", "share", "lower", 365, NEVER)(
    "Digital forensics over 12 months. Share of the devices returned that were there over 12 months."
)


# --- unmanaged suspects -------------------------------------------------------------------------------------------


def _before_action(counts: Counts) -> Spells:
    cases = counts.cases
    return _spells(counts, cases["referred"], np.minimum(cases["acted"], cases["decided"]), cases["access"] == 1)


def _on_bail(counts: Counts) -> Spells:
    cases = counts.cases
    return _spells(counts, cases["acted"], cases["decided"], (cases["access"] == 1) & (cases["safeguarded"] == 0))


def _unmanaged_days(counts: Counts, spells_of: Callable[[Counts], Spells]) -> Values:
    return total(spells_of(counts).stock_days, counts)


@ONLINE_ABUSE.metric("suspects", "lower")
def unmanaged_suspects(counts: Counts) -> Values:
    """Unmanaged suspects. Suspects with access to children, from the referral until the search, and on bail unless they
    are kept away from children."""
    return _before_action(counts).as_stock().combine(np.add, _on_bail(counts).as_stock())


@ONLINE_ABUSE.metric("person-days", "lower")
def unmanaged_days(counts: Counts) -> Values:
    """Unmanaged days. Person-days of unmanaged suspects: in each week, over the horizon, and per week on average."""
    return _unmanaged_days(counts, _before_action).combine(np.add, _unmanaged_days(counts, _on_bail))


ONLINE_ABUSE.define(_unmanaged_days, "unmanaged_before_search_days", "person-days", "lower", _before_action)(
    "Unmanaged before the search. The part of the unmanaged days before the suspect was searched or attended."
)
ONLINE_ABUSE.define(_unmanaged_days, "unmanaged_on_bail_days", "person-days", "lower", _on_bail)(
    "Unmanaged on bail. The part of the unmanaged days from then until the decision."
)


# --- how cases end ------------------------------------------------------------------------------------------------


@ONLINE_ABUSE.metric("cases", "neither")
def cases_decided(counts: Counts) -> Values:
    """Cases decided. Cases that ended in a charge or in no further action."""
    return total(_decided(counts, *_DECISIONS), counts)


@ONLINE_ABUSE.metric("share", "lower")
def no_further_action_share(counts: Counts) -> Values:
    """No further action. Share of the cases decided that ended in no further action."""
    return ratio_of_totals(_decided(counts, tables.NO_FURTHER_ACTION), _decided(counts, *_DECISIONS))


@ONLINE_ABUSE.metric("days", "lower")
def case_days(counts: Counts) -> Values:
    """Time to a decision. Mean days from the referral to charge or no further action, over the cases decided."""
    cases = counts.cases
    decided = np.isin(cases["outcome"], _DECISIONS)
    days = np.where(decided, cases["decided"], 0.0) - np.where(decided, cases["referred"], 0.0)
    return ratio_of_totals(_flow(counts, cases["decided"], decided, days), _flow(counts, cases["decided"], decided))


@ONLINE_ABUSE.metric("share", "neither")
def referrals_closed_share(counts: Counts) -> Values:
    """Closed at the checks. Share of the referrals checked that were closed there."""
    checked = _flow(counts, counts.cases["left"][:, tables.CHECKS])
    return ratio_of_totals(_decided(counts, tables.CLOSED_AT_CHECKS), checked)


@ONLINE_ABUSE.metric("suspects", "neither")
def suspects_on_register(counts: Counts) -> Values:
    """Suspects on the register. Suspects who are on the register already: breaches found."""
    return total(_flow(counts, counts.cases["left"][:, tables.CHECKS], counts.cases["on_register"] == 1), counts)


ONLINE_ABUSE.define(_happened, "convicted_registered", "offenders", "neither", "registered")(
    "Convicted and registered. Convicted suspects who were registered in the community."
)
