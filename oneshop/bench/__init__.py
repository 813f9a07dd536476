"""How long the daily acts of the counter take, each beside what it cannot do without (`python3 manage.py bench`)."""
