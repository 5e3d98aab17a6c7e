"""Readies Django for the modules here that look into a database from inside the site's code."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futureind.settings")
django.setup()
