"""The published views and KPIs of the catalogue: headers, page and contract."""

import re
import textwrap
from fnmatch import fnmatch

from catalogue_data import CATALOGUE, GENERATED, Stale, capital, read
from catalogue_lists import find
from catalogue_templates import grain_fields

WIDTH = 97  # of a line, with the "-- " before it 100

# The tables that a refresh keeps, by the changes that it reads.
ROLLUPS = {
    "payments": {
        "metric_minute", "metric_hour", "metric_day", "latency_minute", "latency_hour",
        "latency_day", "amount_day", "account_day", "account_window", "customer_window",
    },
    "settlements": {"settlement_hour", "settlement_day", "settlement_delay_day"},
    "logins": {"login_hour"},
}


def by_grain(name, view, grains):
    """The view of each grain, where an entry of the catalogue describes several."""
    if "grains" not in view:
        return {name: view}
    found = {}
    for grain in view["grains"]:
        fields = grain_fields(grain, grains[grain]) | {
            "amount": grains[grain]["amount"].lower().replace(" ", "")}

        def filled(value):
            if isinstance(value, dict):
                return {filled(key): filled(held) for key, held in value.items()}
            if isinstance(value, list):
                return [filled(held) for held in value]
            return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], value)

        common = {key: value for key, value in view.items() if key not in ("grains", *grains)}
        own = view.get(grain, {})
        found[f"{name}_{grain}"] = merged(filled(common), filled(own))
    return found


def merged(left, right):
    """Two tables as one: where both have a key, tables become one and the right value holds."""
    return left | {
        key: merged(left[key], value) if isinstance(value, dict) and key in left else value
        for key, value in right.items()}


def with_lists(names, lists):
    """The names of columns with those that `each ...` stands for."""
    found = []
    for name in names:
        listed = find(lists, name[5:]) if name.startswith("each ") else [{"name": name}]
        if listed is None:
            raise Stale(f"the catalogue has no list '{name[5:]}'")
        found += [item["name"] for item in listed]
    return found


def listed_columns(lists):
    """What the lists of the catalogue say of columns that columns.toml does not name."""
    text = {"unit": "text", "additive": "no"}
    found = {}
    for row in lists["dimension but all"]:
        kind = re.match(r"\w+\(\d+\)", row["type"])[0].lower()
        found[row["column"]] = text | {"type": kind, "meaning": lowered(row["meaning"])}
    for row in lists["measure"]:
        is_amount = row["name"].endswith("_amount")
        found[row["name"]] = {
            "type": row["type"].lower() if is_amount else "bigint(11)", "additive": "sum",
            "unit": "amount" if is_amount else "count", "meaning": lowered(row["meaning"])}
    return found


def lowered(text):
    return text[:1].lower() + text[1:]


def typed(kind, lists):
    """A type whose ENUM names a list of the catalogue."""
    return re.sub(
        r"\(each ([a-z ]+)\)", lambda match: "(" + ",".join(
            f"'{item['name']}'" for item in find(lists, match[1])) + ")", kind)


def described(view, name, override, columns, lists):
    """The columns of a view, each with all that is known of it."""
    types = view.get("types", {})
    unknown = set(override) - set(view["columns"])
    if unknown:
        raise Stale(f"view {name} has no column {', '.join(sorted(unknown))}")
    found = []
    for column in view["columns"]:
        of_name = next(({"type": kind} for like, kind in types.items() if fnmatch(column, like)), {})
        known = {"personal": False} | columns.get(column, {}) | of_name | override.get(column, {})
        for key in ("type", "unit", "additive", "meaning"):
            if key not in known:
                raise Stale(f"column {column} of view {name} has no {key}")
        # False where the column of this view cannot be NULL, though others of its name can.
        known["null"] = known.get("null") or None
        known["type"] = typed(known["type"], lists)
        # A ratio of two columns says so in its meaning.
        parts = re.fullmatch(r"(?:.*: )?(\w+) / (\w+)(?:, .*)?", known["meaning"])
        if parts and set(parts.groups()) <= set(view["columns"]):
            known = {"numerator": parts[1], "denominator": parts[2]} | known
        found.append({"name": column} | known)
    return found


def views(texts, lists):
    """The published views by name, in the order of their names; texts is the SQL of each view."""
    written = read(CATALOGUE / "columns.toml")
    columns = listed_columns(lists) | written
    grains = read(CATALOGUE / "grains.toml")
    families = read(CATALOGUE / "families.toml")
    used = set()
    reads = sources(texts)
    found = {}
    for path in sorted((CATALOGUE / "views").glob("*.toml")):
        entries = {}
        for name, view in read(path).items():
            entries |= by_grain(name, view, grains)
        for name, view in entries.items():
            view["columns"] = with_lists(view["columns"], lists)
            view["columns"] = described(
                view, name, view.pop("override", {}), columns, lists)
            used.update(column["name"] for column in view["columns"])
            named = [column["name"] for column in view["columns"]]
            for column in [view.get("time"), *view["key"]]:
                if column and column not in named:
                    raise Stale(f"view {name} has no column {column}")
            found[name] = {"readers": families[path.stem]["readers"]} | view | {
                "name": name, "family": path.stem, "follows": followed(reads[name])}
    for name in sorted(set(written) - used):
        raise Stale(f"no view has the column {name}")
    return dict(sorted(found.items()))


def sources(texts):
    """Tables and views that each view reads, directly or through others, by the SQL of each."""
    direct = {}
    for name, text in texts.items():
        code = re.sub(r"(?m)--.*$", "", text[text.index("CREATE OR REPLACE VIEW"):])
        direct[name] = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", code))

    def all_of(name, seen):
        for source in direct.get(name, ()):
            if source not in seen:
                seen.add(source)
                all_of(source, seen)
        return seen

    return {name: all_of(name, set()) for name in direct}


def kpis(known):
    """The KPIs in the order of their file, each with what follows from its view and column."""
    found = []
    for name, kpi in read(CATALOGUE / "kpis.toml").items():
        if kpi["view"] not in known:
            raise Stale(f"KPI {name}: there is no view {kpi['view']}")
        if kpi["better"] not in ("higher", "lower", "neither"):
            raise Stale(f"KPI {name}: better is higher, lower or neither")
        view = known[kpi["view"]]
        columns = {column["name"]: column for column in view["columns"]}
        value = kpi.get("value")
        if value and value not in columns:
            raise Stale(f"KPI {name}: view {kpi['view']} has no column {value}")
        column = columns[value] if value else {"unit": "rows"}
        found.append({
            "name": name, "family": view["family"], "grain": view["grain"],
            "formula": kpi["formula"], "unit": kpi.get("unit", column["unit"]),
            "better": kpi["better"], "numerator": column.get("numerator"),
            "denominator": column.get("denominator"), "value": value, "view": kpi["view"],
            "time": view.get("time"), "filter": view.get("filter")})
    return found


def followed(tables):
    """The changes that reach a view by a refresh; None when it reads the tables themselves."""
    kinds = [kind for kind, rollups in ROLLUPS.items() if rollups & tables]
    return " and ".join(kinds) or None


def sentence(text):
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def time_axis(view):
    return "Time axis: " + ", ".join(
        part for part in (view["time"], view.get("time_note")) if part)


def header(view):
    """The comment at the head of a view's file."""
    lines = sentence(f"{view['name']}: {view['purpose']}") + [""]
    lines += sentence(f"Grain: {view['grain']}")
    if "time" in view:
        lines += sentence(time_axis(view))
    if "note" in view:
        lines += sentence(f"Note: {view['note']}")
    lines.append("Columns:")
    longest = max(len(column["name"]) for column in view["columns"])
    for column in view["columns"]:
        text = textwrap.wrap(
            column["meaning"], WIDTH - longest - 4, break_long_words=False,
            break_on_hyphens=False)
        for number, line in enumerate(text):
            name = column["name"] if number == 0 else ""
            lines.append(f"  {name:{longest}}  {line}")
    lines += sentence(f"NULL: {view['null']}")
    return "".join(f"-- {line}\n" if line else "--\n" for line in lines)


def reference(known):
    """The page of every published view."""
    lines = [
        "# Published views", "",
        f"{GENERATED} Every view that a BI tool or an API may read, by family; names, columns and"
        " types are a contract. NULL says what it means in a column; *never*: the server does not"
        " rule it out, but no row has it. The tables beneath are drawn in [schema.svg](schema.svg).",
        "",
    ]
    families = sorted({view["family"] for view in known.values()})
    lines.append(" · ".join(f"[{family}](#{family})" for family in families))
    for family in families:
        lines += ["", f"## {family}"]
        for view in known.values():
            if view["family"] != family:
                continue
            lines += ["", f"### {view['name']}", "", capital(view["purpose"]), ""]
            facts = [f"Grain: {view['grain']}"]
            facts.append("Key: " + ", ".join(f"`{column}`" for column in view["key"]) + ".")
            if "time" in view:
                facts.append(time_axis(view))
            if "note" in view:
                facts.append(f"Note: {view['note']}")
            facts.append(f"NULL: {view['null']}")
            if view["follows"]:
                facts.append(f"Follows {view['follows']}: it is as new as the last refresh.")
            facts.append(f"Readers: admin, {', '.join(view['readers'])}.")
            lines += [f"- {fact}" for fact in facts]
            lines += ["", "| column | type | unit | meaning | NULL |", "|---|---|---|---|---|"]
            for column in view["columns"]:
                kind = column["type"].split("(")[0] if "enum" in column["type"] else column["type"]
                lines.append(
                    f"| `{column['name']}` | {kind} | {column['unit']} |"
                    f" {column['meaning'].replace('|', chr(92) + '|')} | {nothing(column['null'])} |")
    return "\n".join(lines) + "\n"


def nothing(meaning):
    """What NULL means in a column, for a cell of a table."""
    return "–" if meaning is None else "*never*" if meaning == "never" else meaning


def contract(known):
    """The columns and types that a test compares with those of a server."""
    lines = []
    for view in known.values():
        for column in view["columns"]:
            lines.append(f"{view['name']} {column['name']} {column['type']}")
    return "\n".join(lines) + "\n"
