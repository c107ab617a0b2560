"""The user's own time series, `table:PATH`: windows of rows of a CSV or Parquet file."""

from data.own.table.loading import load

__all__ = ["load"]
