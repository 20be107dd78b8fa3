"""From the areas of the records up the tree, one grain an area, no total beside what it totals.

Three rules keep a thing from being counted twice.
1. At one area the first grain of the indicator's list that has rows counts (``best``).
2. A summary whose interval lies strictly inside that of another summary of the area is part of it
   (``outer_rows``).
3. A summary or observation of a higher area is the total of the areas below: it gives way to rows
   of a better grain below, else the rows below give way to it (``covered``).
"""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.question import Question
from linli.insight.compile.skeleton import shape

SCOPE = """
SELECT ancestor AS target, area, since, until FROM tree{where}
"""
OUTER_ROWS = """
SELECT l.* FROM leaf AS l LEFT JOIN (
  SELECT DISTINCT i.choice, i.area, i.from_day, i.to_day
  FROM (SELECT DISTINCT choice, area, from_day, to_day FROM leaf WHERE grain = 'summary') AS i
  JOIN (SELECT DISTINCT choice, area, from_day, to_day FROM leaf WHERE grain = 'summary') AS o
    ON o.choice = i.choice AND o.area = i.area
  WHERE o.from_day <= i.from_day AND i.to_day <= o.to_day
    AND (o.from_day < i.from_day OR i.to_day < o.to_day)
) AS n ON l.grain = 'summary' AND n.choice = l.choice AND n.area = l.area
  AND n.from_day = l.from_day AND n.to_day = l.to_day
WHERE n.choice IS NULL
"""
BEST = """
SELECT r.* FROM outer_rows AS r
JOIN (SELECT choice, area, MIN(rank_) AS rank_ FROM outer_rows GROUP BY choice, area) AS b
  ON b.choice = r.choice AND b.area = r.area AND b.rank_ = r.rank_
"""
REACH = """
SELECT s.target, b.* FROM best AS b JOIN scope AS s
  ON s.area = b.area AND s.since <= b.at_day AND b.at_day < s.until
WHERE NOT b.own OR s.target = b.area
"""
WIDE = """
SELECT DISTINCT r.target, r.choice, r.area, r.rank_ FROM reach AS r
JOIN (SELECT DISTINCT ancestor FROM tree WHERE ancestor <> area) AS parents
  ON parents.ancestor = r.area
WHERE r.grain <> 'event'
"""
YIELDING = """
SELECT DISTINCT w.target, w.choice, w.area FROM wide AS w
JOIN tree AS t ON t.ancestor = w.area AND t.area <> w.area
JOIN reach AS r ON r.area = t.area AND r.target = w.target AND r.choice = w.choice
WHERE r.rank_ < w.rank_
"""
COVERED = """
SELECT target, choice, area FROM yielding
UNION
SELECT DISTINCT r.target, r.choice, r.area FROM reach AS r
JOIN tree AS t ON t.area = r.area AND t.ancestor <> t.area
JOIN (
  SELECT w.* FROM wide AS w LEFT JOIN yielding AS y
    ON y.target = w.target AND y.choice = w.choice AND y.area = w.area
  WHERE y.area IS NULL
) AS w ON w.area = t.ancestor AND w.target = r.target AND w.choice = r.choice
WHERE w.rank_ <= r.rank_
"""
COUNTED = """
SELECT r.* FROM reach AS r LEFT JOIN covered AS c
  ON c.target = r.target AND c.choice = r.choice AND c.area = r.area
WHERE c.area IS NULL
"""
STEPS = (
    ("outer_rows", OUTER_ROWS),
    ("best", BEST),
    ("reach", REACH),
    ("wide", WIDE),
    ("yielding", YIELDING),
    ("covered", COVERED),
    ("counted", COUNTED),
)
SUMS = """
SELECT slot, target, CAST(SUM(n) AS BIGINT) AS n,
  CAST(SUM(CASE WHEN grain = 'event' THEN 1 ELSE 0 END) AS BIGINT) AS events,
  COUNT(*) AS cells, COUNT(DISTINCT area) AS areas, CAST(SUM(late) AS BIGINT) AS late,
  CAST(SUM(x1) AS BIGINT) AS x1, CAST(SUM(x2) AS BIGINT) AS x2,
  CAST(SUM(value) AS DECIMAL(38, 6)) AS value, CAST(SUM(lo) AS DECIMAL(38, 6)) AS lo,
  CAST(SUM(hi) AS DECIMAL(38, 6)) AS hi, BIT_OR(flags) AS flags
FROM rows AS c GROUP BY slot, target
"""
FIRST = """
SELECT * FROM (
  SELECT c.*, ROW_NUMBER() OVER (
    PARTITION BY c.slot, c.target ORDER BY c.value {order}, c.x1 DESC, c.area
  ) AS place_in_target FROM counted AS c WHERE :wanted
) AS first_rows WHERE place_in_target = 1
"""
ENTITIES = """
SELECT e.slot, c.target, COUNT(DISTINCT e.entity) AS entities
FROM entities AS e JOIN counted AS c ON c.slot = e.slot AND c.area = e.area
  AND c.at_day = e.at_day AND c.grain = e.grain
  AND c.from_day = e.from_day AND c.to_day = e.to_day
GROUP BY e.slot, c.target
"""
BEHIND = """
SELECT DISTINCT c.target, r.slot, r.key FROM rows AS r JOIN counted AS c
  ON c.slot = r.slot AND c.area = r.area AND c.at_day = r.at_day AND c.grain = r.grain
  AND c.from_day = r.from_day AND c.to_day = r.to_day
"""


def scope(question: Question) -> exp.Expr:
    """Which areas lie under each target, from which day until (not including) which day."""
    asked = "" if question.targets is None else " WHERE ancestor IN (SELECT area FROM asked)"
    return shape(SCOPE.format(where=asked))


def slots_in(numbers: list[int]) -> exp.Expr:
    """``slot IN (…)``."""
    values: list[exp.Expr] = [exp.Literal.number(n) for n in numbers]
    return exp.In(this=exp.column("slot"), expressions=values)
