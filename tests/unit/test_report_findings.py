"""The sentences that answer: right for numbers that rise, fall, stay or are not clear, for none and for many."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from sim.report.figures.run import pictures
from sim.report.text.findings import age_sentence, answer, how_sure, largest_share, risk_sentence, size_sentence
from sim.runs.intervals import Interval
from sim.runs.result import RunResult
from tests.support.fake_model import fake_result

LEVELS = ("very_high", "high", "medium", "low")


def sharp(mean: float | None) -> Interval:
    """A mean of thirty replications that hardly differ."""
    return Interval(mean, mean - 1e-6, mean + 1e-6, 30) if mean is not None else Interval(None, None, None, 0)


def replications(interval: Interval, which: int) -> np.ndarray:
    """Values with just this mean and this interval; those of one `which` have nothing to do with those of another."""
    if interval.low is None or interval.high is None:
        return np.full(interval.n, interval.mean, dtype=float)
    n, half = interval.n, (interval.high - interval.low) / 2
    free = np.random.default_rng(n).normal(size=(n, 2))
    apart = np.linalg.qr(np.column_stack([np.ones(n), free]))[0][:, 1 + which] * np.sqrt(n - 1)
    return interval.mean + apart * half * np.sqrt(n) / stdtrit(n - 1, 0.975)


def shown(
    folder: Path,
    first: Interval,
    last: Interval,
    by_risk: dict[str, Interval] | None = None,
    share: float = 0.2,
    oldest: float | Interval = 130,
    not_seen: float | Interval = 340,
) -> RunResult:
    """A result in which overdue visits begin and end as reported, with the intervals given."""
    result = fake_result(folder)
    by_risk = by_risk or dict.fromkeys(LEVELS, last)

    def put(metric: str, group: str, number: float | Interval) -> None:
        interval = number if isinstance(number, Interval) else sharp(number)
        rows = result.summary
        here = (rows["metric"] == metric) & (rows["group"] == group) & (rows["statistic"] == "at_end")
        rows.loc[here, ["mean", "low", "high", "n"]] = [float("nan") if v is None else float(v) for v in interval]

    weeks = result.weekly
    visits = (weeks["metric"] == "overdue_visits") & (weeks["group"] == "total")
    for place, interval in ((weeks[visits].index[0], first), (weeks[visits].index[-1], last)):
        weeks.loc[place, ["mean", "low", "high"]] = [float("nan") if v is None else v for v in interval[:3]]
    put("overdue_visits", "total", last)
    put("overdue_visits_share", "total", sharp(share))
    for risk, interval in by_risk.items():
        put("overdue_visits", risk, interval)
    for risk in ("total", *LEVELS):
        put("oldest_overdue_visit_days", risk, oldest)
    put("longest_unseen_days", "total", not_seen)
    ends = {
        ("overdue_visits", "total", end): replications(interval, which)
        for which, (end, interval) in enumerate({"first": first, "last": last}.items())
    }
    others = result.replication_ends.drop(columns=list(ends)).iloc[:1].reset_index(drop=True)
    others = others.loc[others.index.repeat(first.n)].reset_index(drop=True)
    return replace(result, replication_ends=pd.concat([others, pd.DataFrame(ends)], axis=1))


END = "On 1 September 2027 "
OF_ALL = "20.0% of the offenders who should be visited; that is "


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (sharp(40), sharp(64), f"64 visits are overdue, {OF_ALL}more than on the first day, 40."),
        (sharp(64), sharp(40), f"40 visits are overdue, {OF_ALL}fewer than on the first day, 64."),
        (sharp(64), sharp(65), f"65 visits are overdue, {OF_ALL}about as many as on the first day, 64."),
        (sharp(64), sharp(64), f"64 visits are overdue, {OF_ALL}as many as on the first day."),
        (
            Interval(40, 30, 50, 5),
            Interval(64, 38, 90, 5),
            f"64 visits (38 to 90) are overdue, {OF_ALL}no clear difference from the first day, 40 (30 to 50).",
        ),
        (
            Interval(40, 30, 50, 5),
            Interval(64, 51, 77, 5),
            f"64 visits (51 to 77) are overdue, {OF_ALL}more than on the first day, 40 (30 to 50).",
        ),
        (Interval(0, 0, 0, 30), Interval(0, 0, 0, 30), "no visit is overdue, and none was on the first day."),
        (sharp(40), sharp(0), "no visit is overdue, fewer than on the first day, 40."),
        (sharp(0), sharp(1), f"1 visit is overdue, {OF_ALL}more than on the first day, 0."),
        (
            sharp(3),
            Interval(0.2, -0.2, 0.6, 30),
            f"fewer than one visit (0 to 1) is overdue, {OF_ALL}fewer than on the first day, 3.",
        ),
        (
            sharp(900_000),
            sharp(1_480_000),
            f"1,480,000 visits are overdue, {OF_ALL}more than on the first day, 900,000.",
        ),
        (
            Interval(40, None, None, 1),
            Interval(64, None, None, 1),
            f"64 visits are overdue, {OF_ALL}more than on the first day, 40.",
        ),
    ],
    ids=["rise", "fall", "stay", "same", "overlap", "gap", "none", "to-none", "one", "tiny", "huge", "one-replication"],
)
def test_how_big(tmp_path: Path, first: Interval, last: Interval, sentence: str) -> None:
    assert size_sentence(shown(tmp_path, first, last)) == END + sentence


def test_which_risk_counts_the_grave_ones(tmp_path: Path) -> None:
    by_risk = {
        "very_high": Interval(6.2, 5.1, 7.3, 30),
        "high": Interval(44, 43, 45, 30),
        "medium": sharp(3),
        "low": sharp(1),
    }
    words = risk_sentence(shown(tmp_path, sharp(40), sharp(54), by_risk))
    assert words.startswith("Overdue visits of very high risk: 6 (5 to 7); of high risk: 44 (43 to 45). The share")


def test_no_backlog_is_of_no_risk(tmp_path: Path) -> None:
    assert risk_sentence(shown(tmp_path, sharp(4), sharp(0))) == "Nothing is overdue at any risk level."


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ((0.5, 0.3, 0.2, 0.1), "The share overdue is largest at very high risk: 50.0%."),
        ((0.1, 0.1, 0.1, 0.4), "The share overdue is largest at low risk: 40.0%."),
        (
            (0.4, 0.4, 0.1, 0.1),
            "The share overdue is largest at very high and high risk, with no clear difference between them: "
            "40.0% and 40.0%.",
        ),
        (
            (None, None, None, 0.4),
            "The share overdue is largest at low risk, the only level with offenders to visit: 40.0%.",
        ),
        ((None, None, None, None), "No offender is to be visited at any risk level."),
    ],
)
def test_where_the_share_is_largest(shares: tuple[float | None, ...], sentence: str) -> None:
    assert largest_share(dict(zip(LEVELS, map(sharp, shares), strict=True))) == sentence


def test_a_largest_share_needs_a_gap_between_the_intervals() -> None:
    near = {"very_high": Interval(0.5, 0.4, 0.6, 5), "high": Interval(0.4, 0.35, 0.45, 5), "low": sharp(0.1)}
    assert largest_share(near) == (
        "The share overdue is largest at very high and high risk, with no clear difference between them: 50.0% "
        "(40.0 to 60.0) and 40.0% (35.0 to 45.0)."
    )
    assert "no clear" not in largest_share({**near, "very_high": Interval(0.5, 0.46, 0.54, 5)})
    all_alike = {risk: Interval(0.3, 0.2, 0.4, 5) for risk in ("high", "low")}
    assert largest_share(all_alike).startswith("The shares overdue at high and low risk show no clear difference: 30.0")


@pytest.mark.parametrize(
    ("oldest", "not_seen", "sentence"),
    [
        (
            Interval(642, 604, 680, 30),
            sharp(1312),
            "The oldest overdue visit is 642 days (604 to 680) late, the oldest of very high risk 642 days (604 to "
            "680); the offender not seen for longest was last seen 1,312 days earlier.",
        ),
        (sharp(1), sharp(1), "The oldest overdue visit is 1 day late, the oldest of very high risk 1 day; the offender "
         "not seen for longest was last seen 1 day earlier."),
        (sharp(0), sharp(90), "No visit is late; the offender not seen for longest was last seen 90 days earlier."),
        (sharp(0), sharp(0), "No visit is late."),
    ],
)  # fmt: skip
def test_how_old(tmp_path: Path, oldest: Interval, not_seen: Interval, sentence: str) -> None:
    assert age_sentence(shown(tmp_path, sharp(1), sharp(1), oldest=oldest, not_seen=not_seen)) == sentence


def test_one_replication_has_no_interval() -> None:
    assert "no interval can be given" in how_sure(1)
    assert "95% confidence interval of the mean over 1,000 replications." in how_sure(1000)
    assert "rough" not in how_sure(5)
    assert "With fewer than 5 replications it is a rough one." in how_sure(4)


def test_what_is_the_same_in_all_replications_is_no_certainty() -> None:
    # Had 26 of 100 replications differed, ten without one of them would be met once in twenty: 0.74 ** 10 is 0.05.
    assert "“Same in all 10”: at most 26% of others would differ." in how_sure(10, "7 (same in all 10)")
    assert "Same in all" not in how_sure(10, "7 (5 to 9)")


def test_the_answer_is_what_inspectors_ask_for(tmp_path: Path) -> None:
    asked = [question for question, _ in answer(fake_result(tmp_path))]
    assert asked == ["How big it is", "Which risk it holds", "How old it is"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (Interval(40, 39, 41, 9), Interval(64, 62, 66, 9), "grow from 40 to 64 in three years"),
        (Interval(64, 62, 66, 9), Interval(40, 39, 41, 9), "fall from 64 to 40 in three years"),
        (Interval(62, 61, 63, 9), Interval(63, 62, 64, 9), "stay at about 62 for three years"),
        (Interval(62, 50, 74, 9), Interval(64, 62, 66, 9), "begin at 62 and end at 64, no clear difference"),
        (Interval(50, 35, 65, 9), Interval(64, 52, 76, 9), "begin at 50 and end at 64, no clear difference"),
    ],
)
def test_the_title_of_a_figure_is_as_careful(tmp_path: Path, first: Interval, last: Interval, words: str) -> None:
    result = shown(tmp_path, first, last)
    weeks = result.weekly
    between = weeks[(weeks["metric"] == "overdue_visits") & (weeks["group"] == "total")].index[1:-1]
    weeks.loc[between, "mean"] = pd.Series(60.0, between)
    assert f"Overdue visits {words}" in pictures(result)[0].title
