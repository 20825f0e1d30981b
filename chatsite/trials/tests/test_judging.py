"""Two versions are judged by the ratios of their rounds: slower pages fail, noisy ones are not judged."""

from chatsite.trials.benchmark.judging import MAX_RATIO, MAX_SPREAD, ComparedPage, Comparison, Cost

STEADY = [1.0] * 9
NOISY = [0.8, 0.85, 0.9, 0.95, 1.2, 1.25, 1.3, 1.35, 1.4]


def page(ratios, name="inbox", statements=(2, 2)):
    before = [Cost(0.75, 0.25)] * len(ratios)
    after = [Cost(0.75 * ratio, 0.25 * ratio) for ratio in ratios]
    return ComparedPage(name, before, after, *statements)


def compared(*pages, bare=STEADY):
    return Comparison("c31fbeb", 1000, [page(bare, "bare", (1, 1)), *pages])


def test_a_page_that_costs_over_five_percent_more_is_a_miss_with_all_digits():
    found = compared(page([1.0500000001] * 9))
    [miss] = found.misses
    assert f"inbox: {found.pages[1].ratio!r} of what it cost at c31fbeb" in miss
    assert "1.05000000" in miss
    assert found.remarks == []


def test_a_page_that_costs_at_most_five_percent_more_is_not_a_miss():
    assert compared(page([0.5] * 9), page([1.049] * 9)).misses == []
    even = page(STEADY)
    assert not even.is_slower
    assert MAX_RATIO == 1.05


def test_worker_and_postgresql_count_together():
    slower = ComparedPage("post", [Cost(1.0, 1.0)] * 9, [Cost(1.0, 1.2)] * 9, 5, 5)
    assert slower.ratio == 1.1
    assert len(compared(slower).misses) == 1
    balanced = ComparedPage("post", [Cost(1.0, 1.0)] * 9, [Cost(0.8, 1.2)] * 9, 5, 5)
    assert compared(balanced).misses == []


def test_the_ratio_is_the_median_so_outliers_do_not_matter():
    found = page([1.0, 1.0, 1.01, 1.01, 1.01, 1.02, 1.02, 3.0, 9.0])
    assert found.ratio == 1.01
    assert found.spread < MAX_SPREAD
    assert compared(found).misses == []


def test_a_noisy_page_is_reported_but_not_judged():
    slow_and_noisy = page(NOISY)
    assert slow_and_noisy.is_slower
    found = compared(slow_and_noisy, page([1.2] * 9, "post"))
    assert [miss.partition(":")[0] for miss in found.misses] == ["post"]
    assert found.remarks == ["Too noisy to judge, as they spread over 0.08: inbox."]


def test_nothing_is_judged_when_the_bare_page_is_noisy():
    slow = page([1.2] * 9)
    assert compared(slow).misses
    found = compared(slow, bare=NOISY)
    assert found.misses == []
    assert found.remarks == ["This machine is too noisy to judge: the bare page spreads over 0.08."]


def test_a_slower_bare_page_is_a_miss():
    found = compared(bare=[1.2] * 9)
    assert [miss.partition(":")[0] for miss in found.misses] == ["bare"]


def test_a_change_in_the_number_of_statements_is_always_shown():
    more = page(STEADY, statements=(4, 5))
    for found in (compared(more), compared(more, bare=NOISY)):
        assert "inbox: 4 → 5 statements" in found.remarks
        assert found.rows()[1][-1] == "4 → 5"
    assert compared(page(STEADY)).rows()[1][-1] == "2"


def test_a_row_shows_the_costs_before_and_after_and_the_spread_of_the_rounds():
    shown = page([1.0, 1.0, 1.1, 1.2, 1.2]).row()
    assert shown == ("inbox", "0.75 + 0.25", "0.83 + 0.28", "1.100", "0.200", "1.000 – 1.200", "2")
