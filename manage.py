#!/usr/bin/env python3
"""The switch of the house: `python3 manage.py demo` is all a new machine needs; `help` lists the rest."""

import os
import sys

if __name__ == "__main__":
    from oneshop import setup

    setup.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshop.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
