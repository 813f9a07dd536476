"""Every runner of errands that the procedures owe; `manage.py errands` finds them here."""

from procedures import notices  # noqa: F401  (registers its runners)
from procedures.books import sweeping  # noqa: F401
from procedures.signing import signatures  # noqa: F401
