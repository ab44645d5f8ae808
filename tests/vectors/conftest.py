"""Keeps pytest from importing the scripts that need the frameworks."""

collect_ignore_glob = ["record_*.py", "frameworks.py", "spelled_code.py"]
