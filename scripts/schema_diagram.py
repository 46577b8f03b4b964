"""Draws the tables of `sql/tables` as an SVG: by subject, with their key columns and foreign keys.

`sql/catalogue/tables.toml` says which tables belong together and in which order. Each subject is a
panel with one column of boxes. A foreign key within it is an arrow in the margin left of the boxes,
where all that lead to the same table share one line, so that no line crosses a box. One that leads
elsewhere names its table behind the column. Panels fill columns from the top, always the shortest
one next, so that the same tables give the same drawing.
"""

import re
import tomllib
from xml.sax.saxutils import escape

COLUMNS = 5
WIDTH = 320  # of a panel
TITLE = 20  # height of its title
ROW = 15  # height of a column in it
GAP = 9  # between boxes
LANE = 9  # between lines in a margin
PAD = 12  # inside a panel
HEAD = 28  # height of a panel's title
SPACE = 18  # between panels
TOP = 62  # above the panels
# Width of a character of a column and of a title, in the widest of the fonts that may be there.
COLUMN, NAME = 6.7, 7.3
COLOURS = ["#1f5fa8", "#8a4b08", "#1d7044", "#7b3fa0", "#a3293d", "#0f6b78", "#5a5a12"]

STYLE = """\
text { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; }
text { fill: #1c2733; }
.subject { font-family: 'DejaVu Sans', Helvetica, Arial, sans-serif; font-size: 14px; }
.subject, .table, .page { font-weight: bold; }
.page { font-family: 'DejaVu Sans', Helvetica, Arial, sans-serif; font-size: 20px; }
.note { font-family: 'DejaVu Sans', Helvetica, Arial, sans-serif; font-size: 12px; fill: #4a5663; }
.table { font-size: 12px; }
.key { fill: #8a6d00; font-weight: bold; }
.other { fill: #4a5663; }
.panel { fill: #f3f5f8; stroke: #c9d1da; }
.box { fill: #ffffff; stroke: #8b97a5; }
.bar { fill: #dfe6ee; stroke: #8b97a5; }
.line { fill: none; stroke-width: 1.3; }
"""


class Wrong(Exception):
    """The tables cannot be drawn."""


def read_tables(root):
    """The primary key and the foreign keys of each table, by its name."""
    found = {}
    for path in sorted((root / "sql" / "tables").glob("*.sql")):
        text = re.sub(r"'(?:[^']|'')*'", "''", path.read_text(encoding="utf-8"))
        primary = re.search(r"PRIMARY KEY \(([^)]*)\)", text)
        found[path.stem] = {
            "primary": names(primary[1]) if primary else [],
            "foreign": [
                (names(columns), target) for columns, target in re.findall(
                    r"FOREIGN KEY \(([^)]*)\)\s+REFERENCES (\w+)", text)],
        }
    return found


def names(text):
    return re.findall(r"\w+", text)


def read_subjects(root, tables):
    """The tables of each subject in the order in which they are drawn."""
    with open(root / "sql" / "catalogue" / "tables.toml", "rb") as file:
        subjects = {subject: entry["tables"] for subject, entry in tomllib.load(file).items()}
    listed = [table for group in subjects.values() for table in group]
    for table in sorted(set(tables) | set(listed)):
        if table not in tables:
            raise Wrong(f"sql/catalogue/tables.toml: there is no table {table}")
        if listed.count(table) != 1:
            raise Wrong(f"sql/catalogue/tables.toml: {table} belongs to one subject")
    return subjects


def rows_of(table, here):
    """The key columns of a table: name, mark, and the table that it refers to elsewhere."""
    columns = list(table["primary"])
    for foreign, _ in table["foreign"]:
        columns += [column for column in foreign if column not in columns]
    rows = []
    for column in columns:
        targets = [target for foreign, target in table["foreign"] if column == foreign[0]]
        elsewhere = ", ".join(sorted({target for target in targets if target not in here}))
        rows.append((column, "PK" if column in table["primary"] else "", elsewhere))
    return rows


class Panel:
    """One subject: its boxes, and the lines between them, from its own upper left corner."""

    def __init__(self, subject, group, tables):
        self.subject = subject
        self.group = group
        self.rows = {name: rows_of(tables[name], group) for name in group}
        self.tops = {}
        top = HEAD + PAD
        for name in group:
            self.tops[name] = top
            top += TITLE + ROW * max(1, len(self.rows[name])) + GAP
        self.height = top - GAP + PAD
        self.lines = self.trace(tables)
        # The boxes take what the lines leave.
        self.box = WIDTH - self.margin - PAD

    def trace(self, tables):
        """For each table that is referred to, the height where its line ends, the lane of the line,
        and the heights where references begin. Shorter lines lie nearer to the boxes, and lines
        that lie apart share a lane."""
        begins = {}
        for name in self.group:
            columns = [row[0] for row in self.rows[name]]
            for foreign, target in tables[name]["foreign"]:
                if target in self.group:
                    place = self.tops[name] + TITLE + ROW * columns.index(foreign[0]) + ROW / 2
                    begins.setdefault(target, []).append(place)
        found, lanes = [], []
        ends = {target: self.tops[target] + TITLE / 2 for target in begins}
        spans = {target: (min(*places, ends[target]), max(*places, ends[target]))
                 for target, places in begins.items()}
        for target in sorted(begins, key=lambda name: (spans[name][1] - spans[name][0], name)):
            low, high = spans[target]
            lane = next((number for number, taken in enumerate(lanes) if all(
                high < other[0] or other[1] < low for other in taken)), len(lanes))
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((low, high))
            found.append((ends[target], lane, begins[target]))
        self.margin = PAD + (LANE * len(lanes) + 10 if lanes else 0)
        return found


def text(x, y, value, kind="", anchor=""):
    kind = f' class="{kind}"' if kind else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}{anchor}>{escape(value)}</text>'


def draw_box(panel, name, x, y):
    rows, width = panel.rows[name], panel.box
    height = TITLE + ROW * max(1, len(rows))
    if len(name) * NAME > width - 16:
        raise Wrong(f"table {name}: its name is wider than its box")
    parts = [
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{width}" height="{height}"/>',
        f'<rect class="bar" x="{x:g}" y="{y:g}" width="{width}" height="{TITLE}"/>',
        text(x + 8, y + 14, name, "table"),
    ]
    for number, (column, mark, elsewhere) in enumerate(rows):
        base = y + TITLE + ROW * number + 11
        if (len(column) + (len(elsewhere) + 3 if elsewhere else 0)) * COLUMN > width - 38:
            raise Wrong(f"table {name}: column {column} is wider than its box")
        if mark:
            parts.append(text(x + 8, base, mark, "key"))
        parts.append(text(x + 30, base, column))
        if elsewhere:
            parts.append(text(x + width - 8, base, f"→ {elsewhere}", "other", "end"))
    if not rows:
        parts.append(text(x + 30, y + TITLE + 11, "no key", "other"))
    return parts


def draw_lines(panel, x, y):
    """The arrows of a panel whose boxes begin at x."""
    parts = []
    for number, (end, lane, places) in enumerate(panel.lines):
        colour = COLOURS[number % len(COLOURS)]
        lane = x - 12 - LANE * lane
        end += y
        begins = [y + place for place in places]
        path = f"M{lane:g} {min(*begins, end):g}V{max(*begins, end):g}"
        path += "".join(f"M{x:g} {begin:g}H{lane:g}" for begin in begins)
        path += f"M{lane:g} {end:g}H{x - 6:g}"
        parts.append(f'<path class="line" stroke="{colour}" d="{path}"/>')
        parts.append(f'<path fill="{colour}" d="M{x:g} {end:g}l-8 -4v8z"/>')
        parts += [
            f'<circle cx="{x:g}" cy="{begin:g}" r="2.5" fill="{colour}"/>' for begin in begins]
    return parts


def svg(root):
    """The drawing of all tables of the package at root."""
    tables = read_tables(root)
    panels = [Panel(*item, tables) for item in read_subjects(root, tables).items()]
    depths = [TOP] * COLUMNS
    parts = []
    for panel in panels:
        column = depths.index(min(depths))
        left, top = SPACE + column * (WIDTH + SPACE), depths[column]
        depths[column] += panel.height + SPACE
        parts += [
            f'<rect class="panel" x="{left}" y="{top}" width="{WIDTH}" height="{panel.height}"'
            ' rx="6"/>',
            text(left + PAD, top + 20, panel.subject, "subject"),
        ]
        for name in panel.group:
            parts += draw_box(panel, name, left + panel.margin, top + panel.tops[name])
        parts += draw_lines(panel, left + panel.margin, top)
    whole, high = SPACE + COLUMNS * (WIDTH + SPACE), max(depths)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{high}"'
        f' viewBox="0 0 {whole} {high}" role="img" aria-labelledby="title">',
        "<!-- Written by scripts/catalogue from sql/tables and sql/catalogue/tables.toml. -->",
        '<title id="title">Tables of payops and their keys</title>',
        f"<style>\n{STYLE}</style>",
        f'<rect width="{whole}" height="{high}" fill="#ffffff"/>',
        text(SPACE, 30, "Tables and their keys", "page"),
        text(SPACE, 50, "An arrow leads from a foreign key to its table; one of another subject is"
             " named behind the column. PK: part of the primary key. Other columns are left out.",
             "note"),
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"
