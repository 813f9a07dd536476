"""Where the errands of the work find their runners: `manage.py errands` imports this at its start."""

from procedures import sweeping

__all__ = ["sweeping"]
