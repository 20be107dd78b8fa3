"""Indicators become SQL: expression trees in a small subset that DuckDB and Spark both read.

The subset: SELECT, JOIN, GROUP BY, CASE, CAST, SUM, COUNT, BIT_OR, ROW_NUMBER, RANK, VALUES. Dates
are cast from text, sums are DECIMAL or BIGINT, nothing is divided, no remainder is negative.
"""

from linli.insight.compile.program import Program, Question, compile_batch

__all__ = ["Program", "Question", "compile_batch"]
