"""Files that are written whole from a template: what is the same thing at several grains, and tables
that repeat the columns of another."""

import re

from catalogue_blocks import WIDTH, expanded
from catalogue_data import CATALOGUE, ROOT, Stale, capital, read

TEMPLATES = CATALOGUE / "templates"


def grain_fields(name, grain):
    """What a template may say of its grain."""
    article = "an" if name == "hour" else "a"
    return {"grain": name, "Grain": capital(name), "a_grain": f"{article} {name}"} | grain


def aligned(text):
    """A text whose header gives the columns of a view with what they mean, one below the other."""
    row = re.compile(r"(?m)^--   (\w+) +(\S.*)$")
    longest = max((len(name) for name, _ in row.findall(text)), default=0)
    return row.sub(lambda match: f"--   {match[1]:{longest}}  {match[2]}", text)


def template_files(lists):
    """The text of each file that has a template, by its path."""
    grains = read(CATALOGUE / "grains.toml")
    entries = read(CATALOGUE / "templates.toml")
    found = {}
    for name, entry in entries.items():
        template = TEMPLATES / f"{name}.sql.in"
        # What a template says of itself is not for the files.
        source = "".join(
            line for line in template.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith("--#"))
        several = "{grain}" in entry["path"]
        for grain in entry.get("grains", grains) if several else [None]:
            text, path = source, entry["path"]
            for field, value in grain_fields(grain, grains[grain]).items() if several else []:
                text = text.replace(f"{{{field}}}", str(value))
                path = path.replace(f"{{{field}}}", str(value))
            found[ROOT / path] = aligned(expanded(
                text, lists, template.name, keeps_marks=False, width=entry.get("width", WIDTH)))
    for template in TEMPLATES.glob("*"):
        if template.name.removesuffix(".sql.in") not in entries:
            raise Stale(f"{template.name} is not in sql/catalogue/templates.toml: remove it")
    return found
