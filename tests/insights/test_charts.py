"""Draws shares with their intervals."""

from modules.templatetags.charts import interval


def test_interval_stands_where_its_numbers_say():
    drawn = interval(0.5, (0.25, 0.8))

    assert '<rect class="band" x="25.0" y="3" width="55.0" height="8" rx="1"/>' in drawn
    assert '<rect class="point" x="50.0" y="0" width="2.4" height="14"/>' in drawn


def test_mark_of_the_largest_share_stays_in_the_picture():
    assert 'class="point" x="97.6" y="0" width="2.4"' in interval(1.0, (0.9, 1.0))
