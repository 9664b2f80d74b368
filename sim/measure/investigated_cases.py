"""Online child abuse: who waits for a search, what waits in the laboratory, who is unmanaged, and how cases end."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Values, metric_of, ratio_of_totals, total
from sim.measure.spells import Spells, happened
from sim.model.codes import NEVER, RISKS
from sim.model.investigations.tables import (
    CHARGED,
    CHECKS,
    CLOSED_AT_CHECKS,
    DIGITAL_FORENSICS,
    NO_FURTHER_ACTION,
    SEARCH,
)

DIGITAL_FORENSICS_MONTHS = {"under_3_months": (0, 91), "3_to_12_months": (91, 365), "over_12_months": (365, NEVER)}
"""The spans in which the Met published the turnaround of its laboratory, in days."""


def _metric(name: str, title: str, definition: str, unit: str, better: str):
    return metric_of("online_abuse", "grade", name, title, definition, unit, better)


def _spells(counts: Counts, begins: np.ndarray, ends: np.ndarray, where: np.ndarray, weight=None) -> Spells:
    grade = counts.investigated.cases["grade"][where]
    some = None if weight is None else weight[where]
    return Spells(counts.days, RISKS, grade, begins[where], ends[where], some)


def _flow(counts: Counts, times: np.ndarray, where: np.ndarray | None = None, weight=None) -> np.ndarray:
    """How often something happened to cases since the first day, up to each observation."""
    after = times >= 0 if where is None else where & (times >= 0)
    grade = counts.investigated.cases["grade"][after]
    return happened(counts.days, RISKS, grade, times[after], None if weight is None else weight[after].astype(float))


def _all(counts: Counts) -> np.ndarray:
    return np.ones(len(counts.investigated.cases), bool)


@_metric("referrals_received", "Referrals", "Referrals of online child abuse that came in.", "referrals", "neither")
def _referrals_received(counts: Counts) -> Values:
    return total(_flow(counts, counts.investigated.cases["referred"]), counts)


@_metric(
    "cases_open",
    "Open cases",
    "Cases of online child abuse from the referral until they are closed or decided.",
    "cases",
    "lower",
)
def _cases_open(counts: Counts) -> Values:
    cases = counts.investigated.cases
    return _spells(counts, cases["referred"], cases["decided"], _all(counts)).as_stock()


@_metric("cases_awaiting_checks", "Waiting for checks", "Referrals that nobody has begun to check.", "cases", "lower")
def _cases_awaiting_checks(counts: Counts) -> Values:
    return _waiting(counts, CHECKS).as_stock()


@_metric(
    "cases_awaiting_search",
    "Waiting for a search",
    "Suspects for whom there is a warrant and no crew yet.",
    "cases",
    "lower",
)
def _cases_awaiting_search(counts: Counts) -> Values:
    return _waiting(counts, SEARCH).as_stock()


def _waiting(counts: Counts, stage: int) -> Spells:
    cases = counts.investigated.cases
    return _spells(counts, cases["entered"][:, stage], cases["begun"][:, stage], _all(counts))


def _due(counts: Counts) -> np.ndarray:
    """By when each suspect should be searched or attend, by the values on the day of the referral."""
    cases = counts.investigated.cases
    days = np.zeros(len(cases))
    for day, scenario in counts.stages:
        within = np.array(scenario.online_abuse.act_within_days.values())
        days = np.where(cases["referred"] >= day if day else True, within[cases["grade"]], days)
    return cases["referred"] + days


@_metric(
    "suspects_overdue",
    "Suspects not acted on in time",
    "Suspects who should have been searched or have attended by now, by the days of their grade.",
    "suspects",
    "lower",
)
def _suspects_overdue(counts: Counts) -> Values:
    cases = counts.investigated.cases
    return _spells(counts, _due(counts), np.minimum(cases["acted"], cases["decided"]), _all(counts)).as_stock()


@_metric(
    "acted_in_time_share",
    "Acted on in time",
    "Of the suspects searched or attending, the share for whom it was in time for their grade.",
    "share",
    "higher",
)
def _acted_in_time_share(counts: Counts) -> Values:
    acted = counts.investigated.cases["acted"]
    values = ratio_of_totals(_flow(counts, acted, acted <= _due(counts)), _flow(counts, acted))
    return Values(values.weekly, None, values.average)


@_metric("searches_triaged_share", "Triaged", "Share of searches with digital triage at the scene.", "share", "higher")
def _searches_triaged_share(counts: Counts) -> Values:
    cases = counts.investigated.cases
    searched = cases["left"][:, SEARCH]
    values = ratio_of_totals(_flow(counts, searched, cases["triaged"] == 1), _flow(counts, searched))
    return Values(values.weekly, None, values.average)


@_metric("devices_seized", "Devices seized", "Devices seized or handed over.", "devices", "neither")
def _devices_seized(counts: Counts) -> Values:
    cases = counts.investigated.cases
    return total(_flow(counts, cases["acted"], weight=cases["devices_seized"]), counts)


@_metric(
    "digital_forensics_devices",
    "Devices in the laboratory",
    "Devices that wait or are examined there.",
    "devices",
    "lower",
)
def _digital_forensics_devices(counts: Counts) -> Values:
    cases = counts.investigated.cases
    entered, left = cases["entered"][:, DIGITAL_FORENSICS], cases["left"][:, DIGITAL_FORENSICS]
    return _spells(counts, entered, left, _all(counts), cases["devices_seized"]).as_stock()


@_metric(
    "digital_forensics_oldest_days",
    "Oldest in the laboratory",
    "Days for which the devices waiting there for longest have waited; 0 when none is there. The average is over "
    "weeks.",
    "days",
    "lower",
)
def _digital_forensics_oldest_days(counts: Counts) -> Values:
    cases = counts.investigated.cases
    entered, left = cases["entered"][:, DIGITAL_FORENSICS], cases["left"][:, DIGITAL_FORENSICS]
    ages = np.zeros((1 + RISKS, len(counts.days)))
    for grade in range(RISKS):
        here = cases["grade"] == grade
        for observation, day in enumerate(counts.days):
            there = entered[here & (entered <= day) & (left > day)]
            ages[1 + grade, observation] = day - there.min() if len(there) else 0.0
    ages[0] = ages[1:].max(axis=0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))


@_metric(
    "digital_forensics_days",
    "Time in the laboratory",
    "Mean days from seizure to return, over the devices returned.",
    "days",
    "lower",
)
def _digital_forensics_days(counts: Counts) -> Values:
    devices, days = _returned(counts)
    left = counts.investigated.cases["left"][:, DIGITAL_FORENSICS]
    values = ratio_of_totals(_flow(counts, left, weight=devices * days), _flow(counts, left, weight=devices))
    return Values(values.weekly, None, values.average)


def _returned(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Devices of each case, and how long they were in the laboratory; 0 where they have not come back."""
    cases = counts.investigated.cases
    entered, left = cases["entered"][:, DIGITAL_FORENSICS], cases["left"][:, DIGITAL_FORENSICS]
    back = (left < NEVER) & (entered < NEVER)
    return np.where(back, cases["devices_seized"], 0), np.where(back, left, 0.0) - np.where(back, entered, 0.0)


def _turnaround_metric(span: str, shortest: float, longest: float) -> None:
    @_metric(
        f"digital_forensics_{span}_share",
        f"Digital forensics {span.replace('_', ' ')}",
        f"Share of the devices returned that were there {span.replace('_', ' ')}.",
        "share",
        "higher" if shortest == 0 else "lower",
    )
    def _share(counts: Counts) -> Values:
        devices, days = _returned(counts)
        left = counts.investigated.cases["left"][:, DIGITAL_FORENSICS]
        within = (days >= shortest) & (days < longest)
        values = ratio_of_totals(_flow(counts, left, within, devices), _flow(counts, left, weight=devices))
        return Values(values.weekly, None, values.average)


for _span, (_shortest, _longest) in DIGITAL_FORENSICS_MONTHS.items():
    _turnaround_metric(_span, _shortest, _longest)


def _before_action(counts: Counts) -> Spells:
    cases = counts.investigated.cases
    until = np.minimum(cases["acted"], cases["decided"])
    return _spells(counts, cases["referred"], until, cases["access"] == 1)


def _on_bail(counts: Counts) -> Spells:
    cases = counts.investigated.cases
    where = (cases["access"] == 1) & (cases["safeguarded"] == 0)
    return _spells(counts, cases["acted"], cases["decided"], where)


@_metric(
    "unmanaged_suspects",
    "Unmanaged suspects",
    "Suspects with access to children, from the referral until the search, and on bail unless they are kept from "
    "children.",
    "suspects",
    "lower",
)
def _unmanaged_suspects(counts: Counts) -> Values:
    before, bail = _before_action(counts).as_stock(), _on_bail(counts).as_stock()
    return _sum(before, bail)


@_metric(
    "unmanaged_days",
    "Unmanaged days",
    "Person-days of unmanaged suspects: in each week, over the horizon, and per week on average.",
    "person-days",
    "lower",
)
def _unmanaged_days(counts: Counts) -> Values:
    return _sum(_before_action(counts).as_days(counts), _on_bail(counts).as_days(counts))


@_metric(
    "unmanaged_before_search_days",
    "Unmanaged before the search",
    "The part of the unmanaged days before the suspect was searched or attended.",
    "person-days",
    "lower",
)
def _unmanaged_before_search_days(counts: Counts) -> Values:
    return _before_action(counts).as_days(counts)


@_metric(
    "unmanaged_on_bail_days",
    "Unmanaged on bail",
    "The part of the unmanaged days from then until the decision.",
    "person-days",
    "lower",
)
def _unmanaged_on_bail_days(counts: Counts) -> Values:
    return _on_bail(counts).as_days(counts)


def _sum(one: Values, other: Values) -> Values:
    parts = zip((one.weekly, one.at_end, one.average), (other.weekly, other.at_end, other.average), strict=True)
    return Values(*(None if a is None or b is None else a + b for a, b in parts))


@_metric(
    "cases_decided",
    "Cases decided",
    "Cases that ended in a charge or in no further action.",
    "cases",
    "neither",
)
def _cases_decided(counts: Counts) -> Values:
    return total(_decided(counts, CHARGED, NO_FURTHER_ACTION), counts)


def _decided(counts: Counts, *outcomes: int) -> np.ndarray:
    cases = counts.investigated.cases
    return _flow(counts, cases["decided"], np.isin(cases["outcome"], outcomes))


@_metric(
    "no_further_action_share",
    "No further action",
    "Share of the cases decided that ended in no further action.",
    "share",
    "lower",
)
def _no_further_action_share(counts: Counts) -> Values:
    values = ratio_of_totals(_decided(counts, NO_FURTHER_ACTION), _decided(counts, CHARGED, NO_FURTHER_ACTION))
    return Values(values.weekly, None, values.average)


@_metric(
    "case_days",
    "Time to a decision",
    "Mean days from the referral to charge or no further action, over the cases decided.",
    "days",
    "lower",
)
def _case_days(counts: Counts) -> Values:
    cases = counts.investigated.cases
    decided = np.isin(cases["outcome"], (CHARGED, NO_FURTHER_ACTION))
    days = np.where(decided, cases["decided"], 0.0) - np.where(decided, cases["referred"], 0.0)
    values = ratio_of_totals(_flow(counts, cases["decided"], decided, days), _flow(counts, cases["decided"], decided))
    return Values(values.weekly, None, values.average)


@_metric(
    "referrals_closed_share",
    "Closed at the checks",
    "Share of the referrals checked that were closed there.",
    "share",
    "neither",
)
def _referrals_closed_share(counts: Counts) -> Values:
    checked = _flow(counts, counts.investigated.cases["left"][:, CHECKS])
    values = ratio_of_totals(_decided(counts, CLOSED_AT_CHECKS), checked)
    return Values(values.weekly, None, values.average)


@_metric(
    "suspects_on_register",
    "Suspects on the register",
    "Suspects who are on the register already: breaches found.",
    "suspects",
    "neither",
)
def _suspects_on_register(counts: Counts) -> Values:
    cases = counts.investigated.cases
    return total(_flow(counts, cases["left"][:, CHECKS], cases["on_register"] == 1), counts)


@_metric(
    "convicted_registered",
    "Convicted and registered",
    "Convicted suspects who joined the register in the community.",
    "offenders",
    "neither",
)
def _convicted_joined(counts: Counts) -> Values:
    return total(_flow(counts, counts.investigated.cases["joined"]), counts)
