"""Every runner of errands that the procedures owe; `manage.py errands` finds them here."""

from procedures import notices, signatures, sweeping  # noqa: F401  (registers its runners)
