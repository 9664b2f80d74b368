"""Many replications by replication: what they share, what some of them lack, and how they spread."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from sim.runs.summary import ReplicationsTable, as_csv, summary_csv

START = dt.date(2024, 9, 2)
NAN = float("nan")


def table(*rows: tuple[str, float, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["statistic", "day", "metric", "group", "value"])


def test_a_row_that_some_replications_lack_has_no_value_there() -> None:
    full = table(
        ("week", 0, "visits", "total", 1), ("week", 7, "visits", "total", 3), ("at_end", NAN, "visits", "total", 3)
    )
    short = table(("at_end", NAN, "visits", "total", 5), ("week", 0, "visits", "total", 2))
    summary, weekly = ReplicationsTable.of([full, short, short]).summarised(START)
    assert summary[["metric", "group", "statistic", "n"]].to_numpy().tolist() == [["visits", "total", "at_end", 3]]
    assert summary["mean"].item() == pytest.approx(13 / 3)
    assert weekly[["day", "n"]].to_numpy().tolist() == [[0, 3], [7, 1]]
    assert weekly["date"].tolist() == [START, START + dt.timedelta(7)]
    assert np.isnan(weekly["low"].iloc[1])


def test_metrics_and_groups_keep_the_order_in_which_they_came() -> None:
    rows = [("at_end", NAN, metric, group, 1.0) for metric in ("zeal", "age") for group in ("total", "low", "high")]
    summary, _ = ReplicationsTable.of([table(*rows), table(*rows[::-1])]).summarised(START)
    assert list(zip(summary["metric"], summary["group"], strict=True)) == [row[2:4] for row in rows]


def test_words_may_be_categories_or_text() -> None:
    text = table(("at_end", NAN, "visits", "high", 1), ("at_end", NAN, "visits", "total", 2))
    categories = text.astype({"statistic": "category", "metric": "category", "group": "category"})
    summary, _ = ReplicationsTable.of([text, categories]).summarised(START)
    assert summary["mean"].tolist() == [1, 2]


def test_the_band_holds_eight_of_ten_replications_leaving_out_what_is_not_known() -> None:
    values = [*range(11), NAN, NAN]
    _, weekly = ReplicationsTable.of([table(("week", 0, "visits", "total", value)) for value in values]).summarised(
        START
    )
    assert (weekly["p10"].item(), weekly["p90"].item(), weekly["n"].item()) == (1, 9, 11)
    random_numbers = np.random.default_rng(1).normal(size=37)
    _, weekly = ReplicationsTable.of(
        [table(("week", 0, "visits", "total", value)) for value in random_numbers]
    ).summarised(START)
    assert (weekly["p10"].item(), weekly["p90"].item()) == pytest.approx(tuple(np.percentile(random_numbers, [10, 90])))


def test_what_no_replication_knows_stays_unknown() -> None:
    summary, weekly = ReplicationsTable.of(
        [table(("at_end", NAN, "recovery", "total", NAN), ("week", 0, "recovery", "total", NAN))] * 2
    ).summarised(START)
    assert summary["n"].item() == 0
    assert summary[["mean", "low", "high"]].isna().all(axis=None)
    assert weekly[["mean", "low", "high", "p10", "p90"]].isna().all(axis=None)


def test_the_summary_for_a_spreadsheet_has_titles_units_and_digits_that_can_be_read() -> None:
    row = {"metric": "overdue_visits_share", "group": "total", "statistic": "at_end"}
    summary = pd.DataFrame([{**row, "mean": 0.15167394822184732, "low": NAN, "high": 1 / 3, "n": 30}])
    assert summary_csv(summary).decode().splitlines() == [
        "metric,title,unit,group,statistic,mean,low,high,n",
        "overdue_visits_share,Share of visits overdue,share,total,at_end,0.151674,,0.333333,30",
    ]


def test_numbers_in_a_csv_file_are_rounded_and_never_in_powers_of_ten() -> None:
    for number, text in [
        (1234567.891, "1234568"),  # six digits, but none before the point is lost
        (123456.789, "123457"),
        (98765.4321, "98765.4"),
        (71.0, "71"),
        (100.0, "100"),
        (0.000123456789, "0.000123457"),
        (-2.5, "-2.5"),
        (0.0, "0"),
        (float("inf"), "inf"),
    ]:
        assert as_csv(pd.DataFrame({"value": [number, NAN]})).decode().splitlines() == ["value", text, '""']


def test_teams_are_a_table_of_their_own_and_in_no_other():
    rows = [("week", 0, "visits", "total", 9), ("at_end", NAN, "visits", "total", 8)]
    tables = [table(*rows, ("team", 0, "visits", "North", value), ("team", 7, "visits", "low", 5)) for value in (2, 6)]
    together = ReplicationsTable.of(tables)
    summary, weekly = together.summarised(START)
    assert (len(summary), len(weekly)) == (1, 1)
    assert list(together.by_replication([1, 2])) == [("visits", "total", "at_end")]
    assert list(together.by_replication([1, 2], weekly=True)) == [("visits", "total", 0)]
    teams = together.by_team(START)
    assert teams[["team", "day", "mean", "n"]].values.tolist() == [["North", 0, 4.0, 2], ["low", 7, 5.0, 2]]
    assert teams["date"].tolist() == [START, START + dt.timedelta(7)]
