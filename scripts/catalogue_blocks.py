"""Lists inside SQL that people write. A mark says what is listed and how; the lines between it and
`-- end` are written by scripts/catalogue.

  -- each measure: SUM(d.{name})            a line for each, commas between
  -- each state, with + between: {state}    with a word or sign between; `nothing` for none
  -- each dimension, in rows: '{name}'      as many in a line as there is room for
  -- all dimensions: v_number < {count}     once; a part in [ ] is repeated with commas
                                            between, one in [ |+] with what stands there

A comma or a semicolon that ends the text stands behind the last, with `nothing` between behind
each. A text of several lines stands below the mark, each line behind `--` and five blanks. `{name}` is a field of the item, `{member of
t}` one that belongs to a row t, and `{status of t, quoted}` has its quotes doubled, for SQL inside a
string. In a template the lines stand without marks.

  -- text request_begin                     the lines of sql/catalogue/texts/request_begin.sql.in, which
                                            several routines have; `{routine}` is the name of each
  -- text fx_rate: currency = in_currency; date = in_date      the same, with values for `{currency}`
                                            and `{date}`
  -- with currency = in_currency            a value for the texts below
"""

import re

from catalogue_data import CATALOGUE, Stale
from catalogue_lists import find

MARK = re.compile(
    r"^(?P<indent> *)-- (?P<how>each|all) (?P<list>[a-z_ ]+?)(?:, with (?P<between>\S+|UNION ALL)"
    r" between)?(?P<rows>, in rows)?:(?: (?P<text>\S.*))?$")
TEXT = re.compile(r"^(?P<indent> *)-- text (?P<name>[a-z_]+)(?:: (?P<values>\S.*))?$")
VALUE = re.compile(r"^ *-- with (?P<name>[a-z_]+) = (?P<value>.*\S)$")
FIELD = re.compile(r"\{(\w+)(?: of (\w+))?(, quoted)?\}")
WIDTH = 100


def filled(text, item, where):
    """A text with the fields of an item."""
    def value(match):
        name, row, quoted = match.groups()
        if item.get(name) is None:
            raise Stale(f"{where}: {item.get('name', item.get('state'))} has no {name}")
        found = str(item[name])
        if row:
            found = found.replace("@.", f"{row}.")
        elif "@." in found:
            raise Stale(f"{where}: {{{name}}} needs the row that it is of")
        return found.replace("'", "''") if quoted else found

    return FIELD.sub(value, text)


def folded(line, width):
    """A line of a definition, in two where it is too long."""
    if len(line) <= width or " COMMENT '" not in line:
        return [line]
    indent = len(line) - len(line.lstrip())
    head, comment = line.split(" COMMENT '", 1)
    return [head, " " * (indent + 4) + "COMMENT '" + comment]


def in_rows(parts, indent, sign):
    """Parts with commas or a sign between, as many in a line as there is room for."""
    lines, line = [], indent + parts[0]
    for part in parts[1:]:
        added = f" {sign} {part}" if sign else f", {part}"
        if len(line) + len(added) + 1 <= WIDTH:
            line += added
        else:
            lines.append(line if sign else line + ",")
            line = f"{indent}    {sign} {part}" if sign else indent + part
    return lines + [line]


def one_each(parts, indent, between, width):
    """Parts on lines of their own."""
    lines = []
    for place, part in enumerate(parts, 1):
        if between is None and place < len(parts):
            part = part[:-1] + [part[-1] + ","]
        elif between == "UNION ALL" and place > 1:
            part = [between, *part]
        elif between and between != "nothing" and place > 1:
            part = [f"{between} {part[0]}", *part[1:]]
        for line in part:
            lines += folded(indent + line, width)
    return lines


def written(mark, text, items, where, width):
    """The lines of a mark."""
    indent = mark["indent"]
    if mark["how"] == "all":
        once = re.sub(
            r"\[(.*?)(?:\|(.*?))?\]",
            lambda part: (part[2] or ", ").join(filled(part[1], item, where) for item in items),
            "\n".join(text))
        return [indent + line for line in once.replace("{count}", str(len(items))).split("\n")]
    tail = text[-1][-1] if text[-1][-1] in ",;" and mark["between"] != "nothing" else ""
    text = text[:-1] + [text[-1].removesuffix(tail)]
    parts = [
        [filled(line, item | {"place": place}, where) for line in text]
        for place, item in enumerate(items, 1)]
    if mark["rows"]:
        lines = in_rows([part[0] for part in parts], indent, mark["between"])
    else:
        lines = one_each(parts, indent, mark["between"], width)
    return lines[:-1] + [lines[-1] + tail]


def expanded(source, lists, where, keeps_marks, width=WIDTH):
    """A text with the lines of its marks as they must be."""
    lines = source.split("\n")
    found, place = [], 0
    while place < len(lines):
        if TEXT.match(lines[place]):
            end = lines.index(lines[place].split("--")[0] + "-- end", place) + 1
            found += lines[place:end]
            place = end
            continue
        mark = MARK.match(lines[place])
        items = find(lists, mark["list"]) if mark else None
        if items is None:
            if lines[place].strip() == "-- end":
                raise Stale(f"{where}:{place + 1}: -- end without a list that is known")
            found.append(lines[place])
            place += 1
            continue
        head, text = [lines[place]], [mark["text"]] if mark["text"] else []
        place += 1
        below = mark["indent"] + "--     "
        while not mark["text"] and lines[place].startswith(below):
            text.append(lines[place][len(below):])
            head.append(lines[place])
            place += 1
        body = written(mark, text, items, where, width)
        if not keeps_marks:
            found += body
            continue
        end = mark["indent"] + "-- end"
        if end not in lines[place:]:
            raise Stale(f"{where}: '{head[0].strip()}' has no '-- end' of the same indent")
        place = lines.index(end, place) + 1
        found += head + body + [end]
    return "\n".join(found)


def with_texts(source, where):
    """A routine with the texts that it shares with others as they must be."""
    lines = source.split("\n")
    found, place, values = [], 0, {"routine": where.split("/")[-1].removesuffix(".sql")}
    while place < len(lines):
        mark, value = TEXT.match(lines[place]), VALUE.match(lines[place])
        found.append(lines[place])
        place += 1
        if value:
            values[value["name"]] = value["value"]
        if not mark:
            continue
        path = CATALOGUE / "texts" / f"{mark['name']}.sql.in"
        end = mark["indent"] + "-- end"
        if not path.exists() or end not in lines[place:]:
            raise Stale(f"{where}:{place}: no text {mark['name']}, or no '-- end' of its indent")
        own = dict(pair.split(" = ", 1) for pair in (mark["values"] or "").split("; ") if pair)
        text = path.read_text(encoding="utf-8")
        for name, value in (values | own).items():
            text = text.replace(f"{{{name}}}", value)
        if missing := re.search(r"\{(\w+)\}", text):
            raise Stale(f"{where}:{place}: {mark['name']} needs {missing[1]}")
        found += [mark["indent"] + line if line else "" for line in text.splitlines()] + [end]
        place = lines.index(end, place) + 1
    return "\n".join(found)


def unlisted(source):
    """The code of a text without comments and without what marks list."""
    code = re.sub(r"(?ms)^ *-- (?:each|all) [a-z_ ]+[a-zA-Z_, +]*:.*?^ *-- end$", "", source)
    return re.sub(r"(?m)--.*$", "", code)
