"""From the areas of the records up the tree, one grain an area, no total beside what it totals.

Three rules keep a thing from being counted twice.
1. At one area the first grain of the indicator's list that has rows counts (``best``).
2. A summary whose interval lies strictly inside that of another summary of the area is part of it
   (also ``best``).
3. A summary or observation of a higher area is the total of the areas below: it gives way to rows
   of a better grain below, else the rows below give way to it (``covered``).
"""

from __future__ import annotations

from sqlglot import exp

from linli.insight.compile.question import MODULUS, Question
from linli.insight.compile.skeleton import shape

SCOPE = """
SELECT ancestor AS target, area, since, until FROM tree{where}
"""
BEST = """
SELECT * FROM (
  SELECT l.*, MIN(l.rank_) OVER (PARTITION BY l.choice, l.area) AS best_ FROM leaf AS l
  LEFT JOIN (
    SELECT DISTINCT i.choice, i.area, i.from_day, i.to_day
    FROM (SELECT DISTINCT choice, area, from_day, to_day FROM leaf WHERE grain = 'summary') AS i
    JOIN (SELECT DISTINCT choice, area, from_day, to_day FROM leaf WHERE grain = 'summary') AS o
      ON o.choice = i.choice AND o.area = i.area
    WHERE o.from_day <= i.from_day AND i.to_day <= o.to_day
      AND (o.from_day < i.from_day OR i.to_day < o.to_day)
  ) AS n ON l.grain = 'summary' AND n.choice = l.choice AND n.area = l.area
    AND n.from_day = l.from_day AND n.to_day = l.to_day
  WHERE n.choice IS NULL
) AS outer_rows WHERE rank_ = best_
"""
WIDE_AREAS = """
SELECT DISTINCT b.choice, b.area FROM best AS b
JOIN (SELECT DISTINCT ancestor FROM tree WHERE ancestor <> area) AS parents
  ON parents.ancestor = b.area
WHERE b.grain <> 'event'
"""
REACH = """
SELECT DISTINCT s.target, b.choice, b.area, b.rank_ FROM best AS b
JOIN (SELECT DISTINCT choice FROM wide_areas) AS c ON c.choice = b.choice
JOIN scope AS s ON s.area = b.area AND s.since <= b.at_day AND b.at_day < s.until
WHERE NOT b.own OR s.target = b.area
"""
WIDE = """
SELECT r.* FROM reach AS r JOIN wide_areas AS w ON w.choice = r.choice AND w.area = r.area
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
SELECT s.target, b.* FROM best AS b
JOIN scope AS s ON s.area = b.area AND s.since <= b.at_day AND b.at_day < s.until
LEFT JOIN covered AS c ON c.target = s.target AND c.choice = b.choice AND c.area = b.area
WHERE c.area IS NULL AND (NOT b.own OR s.target = b.area)
"""
COUNTED_EVENTS = """
SELECT s.target, b.* FROM best AS b
JOIN scope AS s ON s.area = b.area AND s.since <= b.at_day AND b.at_day < s.until
WHERE NOT b.own OR s.target = b.area
"""
STEPS = (
    ("best", BEST),
    ("wide_areas", WIDE_AREAS),
    ("reach", REACH),
    ("wide", WIDE),
    ("yielding", YIELDING),
    ("covered", COVERED),
)
SUMS = """
SELECT slot, target, CAST(SUM(n) AS BIGINT) AS n,
  CAST(SUM(CASE WHEN grain = 'event' THEN 1 ELSE 0 END) AS BIGINT) AS events,
  COUNT(*) AS cells, MIN(area) AS first_area, MAX(area) AS last_area, CAST(SUM(late) AS BIGINT) AS late,
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

PROOFS = f"""
SELECT indicator, target, COUNT(*) AS n, CAST(SUM(key % {MODULUS}) AS BIGINT) AS x1,
  CAST(SUM((key % {MODULUS}) * (key % {MODULUS}) % {MODULUS}) AS BIGINT) AS x2
FROM (
  SELECT DISTINCT i.indicator, b.target, b.key
  FROM behind AS b JOIN indicators AS i ON i.slot = b.slot
) AS distinct_records GROUP BY indicator, target
"""


def scope(question: Question) -> exp.Expr:
    """Which areas lie under each target, from which day until (not including) which day."""
    asked = "" if question.targets is None else " WHERE ancestor IN (SELECT area FROM asked)"
    return shape(SCOPE.format(where=asked))


def slots_in(numbers: list[int]) -> exp.Expr:
    """``slot IN (…)``."""
    values: list[exp.Expr] = [exp.Literal.number(n) for n in numbers]
    return exp.In(this=exp.column("slot"), expressions=values)
