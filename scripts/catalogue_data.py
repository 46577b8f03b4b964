"""Where the catalogue lies, and how it is read."""

import pathlib
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "sql" / "catalogue"
GENERATED = "Written by scripts/catalogue from sql/catalogue."


class Stale(Exception):
    """The catalogue says something that cannot be so."""


def read(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def capital(text):
    return text[:1].upper() + text[1:]
