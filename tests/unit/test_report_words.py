"""Numbers, dates and developments in a planner's words."""

import datetime as dt
import math

import pandas as pd

from docs.what_ifs import plus_minus
from sim.report.text.words import day_words, interval_words, midnight_words, pluralise, same_in_all, span_words
from sim.runs.intervals import PER_CENT, Interval, percent, tenths, trend, whole

NAN = float("nan")


def test_offenders_are_counted_in_whole_ones() -> None:
    for number, words in [
        (1234.4, "1,234"),
        (0.4, "0"),
        (-0.4, "0"),
        (1_234_567, "1,234,567"),
        (NAN, "–"),
        (float("inf"), "–"),
    ]:
        assert whole(number) == words


def test_the_midnight_of_the_end_is_named_by_the_day_that_ends() -> None:
    end = dt.date(2027, 9, 1)
    assert midnight_words(end, end) == "31 August 2027, the end"
    assert midnight_words(dt.date(2027, 8, 25), end) == "25 August 2027"


def test_shares_have_one_decimal() -> None:
    assert percent(0.2094) == "20.9"
    assert tenths(56.44) == "56.4"


def test_a_mean_comes_with_its_interval() -> None:
    for interval, words in [
        (Interval(1234, 1190.2, 1277.8, 30), "1,234 (1,190 to 1,278)"),
        (Interval(1234, None, None, 1), "1,234"),
        (Interval(7, 7, 7, 30), "7 (same in all 30)"),
        (Interval(7, 6.9, 7.1, 30), "7"),
        (Interval(None, None, None, 0), "–"),
    ]:
        assert interval.in_words() == words


def test_the_unit_stands_once() -> None:
    assert Interval(0.209, 0.2011, 0.2166, 30).in_words(percent, PER_CENT) == "20.9% (20.1 to 21.7)"


def test_bounds_end_where_nothing_can_be() -> None:
    assert Interval(94, -64, 253, 2).in_words() == "94 (0 to 253)"
    assert Interval(0.793, 0.474, 1.112, 2).as_share() == "79.3% (47.4 to 100.0)"


def test_periods_are_named_as_people_name_them() -> None:
    for days, words in [
        (1, "one day"),
        (7, "seven days"),
        (31, "31 days"),
        (10, "ten days"),
        (14, "two weeks"),
        (92, "three months"),
        (365, "one year"),
        (366, "one year"),
        (548, "18 months"),
        (1094, "three years"),
        (1826, "five years"),
        (400, "57 weeks"),
        (410, "410 days"),
    ]:
        assert span_words(days) == words


def test_days_and_counts() -> None:
    assert day_words(dt.date(2027, 8, 31)) == "31 August 2027"
    assert [pluralise(number, "team") for number in (1, 3, 12, 2000)] == [
        "one team",
        "three teams",
        "12 teams",
        "2,000 teams",
    ]


def weeks(*means: float) -> pd.DataFrame:
    first = dt.date(2025, 3, 31)
    return pd.DataFrame({"date": [first + dt.timedelta(weeks=week) for week in range(len(means))], "mean": means})


def test_a_development_is_reported_as_it_was() -> None:
    for means, words in [
        ((910, 1200, 1480), "grow from 910 to 1,480 in two weeks"),
        ((1480, 1200, 910), "fall from 1,480 to 910 in two weeks"),
        ((910, 915, 920), "stay at about 915 for two weeks"),
        ((0, 0, 0), "stay at 0 for two weeks"),
        ((0.2, 0.3, 0.4), "stay at about 0 for two weeks"),
        ((0, 3, 5), "grow from 0 to 5 in two weeks"),
        ((910, 2100, 480), "peak at 2,100 in April 2025 and end at 480"),
        ((910, 1000, 480), "fall from 910 to 480 in two weeks"),
        ((NAN, 10, 20), "grow from 10 to 20 in two weeks"),
        ((NAN, NAN), "are not known"),
    ]:
        known = [mean for mean in means if not math.isnan(mean)] or [NAN]
        assert trend(known[:1], known[-1:]).in_words(weeks(*means), "two weeks") == words


def test_a_peak_is_one_only_if_its_interval_stands_clear_of_both_ends() -> None:
    about = weeks(40, 60, 41).assign(low=[30, 45, 31], high=[50, 75, 51], n=9)
    flat = trend([38, 42], [39, 43])
    assert flat.in_words(about, "two weeks") == "stay at about 40 for two weeks"
    assert flat.in_words(about.assign(low=[38, 55, 39], high=[42, 65, 43]), "two weeks").startswith("peak at 60")


def test_replications_that_are_all_equal_say_what_that_excludes() -> None:
    assert same_in_all(5) == "the same in all 5 replications (at most 45% of others would differ)"
    assert same_in_all(30) == "the same in all 30 replications (at most 10% of others would differ)"


def test_a_value_that_few_replications_have_is_only_counted() -> None:
    assert Interval(400, 300, 500, 4).too_few(30)
    assert not Interval(400, 300, 500, 5).too_few(30)
    assert not Interval(400, 300, 500, 4).too_few(4)  # all there are
    assert not Interval(None, None, None, 0).too_few(30)  # none is said in other words
    assert Interval(400, 300, 500, 2).few_words(30) == "known in 2 of 30 replications only"


def test_half_a_width_is_never_written_as_nothing() -> None:
    for value, words in [
        (Interval(1234, 1188, 1280, 30), "+1,234 ±46"),
        (Interval(-310, -362, -258, 30), "−310 ±52"),
        (Interval(0.2, -0.1, 0.5, 30), "+0 ±0.3"),
        (Interval(0, 0, 0, 30), "+0 (same in all 30)"),
        (Interval(3, None, None, 1), "+3"),
    ]:
        assert plus_minus(value, signed=True) == words


def test_below_five_replications_the_interval_is_called_a_rough_one() -> None:
    assert interval_words(4, "").endswith("With fewer than 5 replications it is a rough one.")
    assert interval_words(5, "").endswith("over 5 replications.")
    assert interval_words(1) == "One replication: no interval can be given."
