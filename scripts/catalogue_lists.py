"""What the catalogue lists: dimensions, states, measures, severities, columns, each an item with
fields. A field that says `@.` is of a row, whose name stands there instead."""

import re

from catalogue_data import CATALOGUE, ROOT, Stale, read


def dimensions():
    """The dimensions in the order of their numbers."""
    found = []
    for name, row in read(CATALOGUE / "dimensions.toml").items():
        if name != "all" and not {"column", "type", "meaning", "comment"} <= set(row):
            raise Stale(f"dimension {name} needs column, type, meaning and comment")
        column = row.get("column", "")
        member = f"COALESCE(@.{column}, '{row['null']}')" if "null" in row else f"@.{column}"
        found.append({"route": False, "cube": False, "null": None} | row | {
            "name": name, "member": member,
            "nullability": "NULL" if "null" in row else "NOT NULL"})
    if not found or found[0]["name"] != "all":
        raise Stale("dimensions.toml must begin with all")
    return found


def states():
    """The states of a payment in the order of its life."""
    found = []
    for number, (name, row) in enumerate(read(CATALOGUE / "states.toml").items(), 1):
        flags = {
            flag: int(row.get(flag, False))
            for flag in ("terminal", "attempt", "approved", "captured")}
        if flags["terminal"] == ("maximum_age_seconds" in row):
            raise Stale(f"state {name}: either it is terminal or it has a maximum_age_seconds")
        found.append(row | flags | {
            "state": name, "number": number, "amount": row.get("amount"),
            "age": row.get("maximum_age_seconds", "NULL")})
    return found


def state_amounts(life):
    """The measures that hold the amount of one of some states or of several."""
    held = {}
    for state in life:
        if state["amount"]:
            held.setdefault(state["amount"], []).append(state["state"])
    found = []
    for name, of in held.items():
        texts = ", ".join(f"'{state}'" for state in of)
        found.append({
            "name": name,
            # A view names each state whose amount is in it: pending_count is of one state alone.
            "published": "_or_".join(of) + "_amount",
            "states": f"state {of[0]}" if len(of) == 1 else "states " + " and ".join(of),
            "status": f"@.status = {texts}" if len(of) == 1 else f"@.status IN ({texts})"})
    return found


def measures(rollup):
    """The measures of a rollup in the order of its columns."""
    found = []
    for name, row in read(CATALOGUE / "measures.toml")[rollup].items():
        if name == "{state}_count":
            for state in states():
                kind = f" ({state['kind']})" if "kind" in state else ""
                found.append(row | {
                    "name": f"{state['state']}_count",
                    "meaning": row["meaning"].replace("{state}", state["state"]) + kind})
        elif name == "{states}_amount":
            for amount in state_amounts(states()):
                found.append(row | {
                    "name": amount["name"],
                    "meaning": row["meaning"].replace("{states}", amount["states"])})
        else:
            found.append(row | {"name": name})
    for measure in found:
        whole = measure["type"] in ("INT", "BIGINT")
        measure["exact"] = f"@.{measure['name']} + 0e0" if whole else f"@.{measure['name']}"
        # A change may take away more than there is in a row.
        measure["delta"] = "BIGINT" if whole else measure["type"]
    return found


def severities():
    """The severities, the least severe first."""
    found = [{"name": name} | row for name, row in read(CATALOGUE / "severities.toml").items()]
    if [severity["rank"] for severity in found] != list(range(1, len(found) + 1)):
        raise Stale("severities.toml: the ranks must be 1, 2, 3 ... in order")
    return found


def captures():
    """The captured tables by name, with the dimensions among their columns."""
    found = read(CATALOGUE / "capture.toml")
    for table in found.values():
        columns = []
        for column in table["columns"]:
            columns += (
                [row["column"] for row in dimensions()[1:]]
                if column == "each dimension" else [column])
        table["columns"] = columns
        table["computed"] = {
            name: text.strip() for name, text in table.get("computed", {}).items()}
    return found


def table_columns(table, stored):
    """The columns of a table as its file has them; without the generated ones where stored."""
    text = (ROOT / "sql" / "tables" / f"{table}.sql").read_text(encoding="utf-8")
    body = re.search(r"(?s)CREATE TABLE IF NOT EXISTS \w+ \(\n(.*?)\n    PRIMARY KEY", text)[1]
    found = []
    for row in re.split(r"\n(?=    [a-z])", body):
        name, definition = row.strip().split(None, 1)
        computed = re.match(r"[A-Z]+(?:\(\d+\))?[^']*? AS \(", definition)
        if not (stored and computed):
            found.append({"name": name})
    return found


def known_lists():
    """Every list that does not depend on a table, by the name that marks give it."""
    every, life = dimensions(), states()
    route = [row for row in every if row["route"]]
    metric = measures("metric")
    kinds = {
        "open": [row for row in life if not row["terminal"]],
        "approved": [row for row in life if row["approved"]],
        "captured": [row for row in life if row["captured"]],
        "declined": [row for row in life if row["attempt"] and not row["approved"]],
        "unattempted": [row for row in life if not row["attempt"]],
    }
    of_states = {f"{state['state']}_count" for state in life}
    return {
        "dimension": every, "dimension but all": every[1:],
        "route dimension": route, "route dimension but all": route[1:],
        "cube dimension": [row for row in every if row["cube"]],
        "state": life,
        "state count": [{"name": f"{state['state']}_count"} for state in life],
        **{f"{kind} state": rows for kind, rows in kinds.items()},
        "state amount": state_amounts(life),
        "published state amount": [{"name": row["published"]} for row in state_amounts(life)],
        **{f"{kind} amount": state_amounts(rows) for kind, rows in kinds.items()},
        "measure": metric,
        "other measure": [
            row for row in metric if row["name"] not in of_states
            and row["name"] != "total_count" and not row["name"].endswith("_amount")],
        "account measure": measures("account"),
        "settlement measure": measures("settlement"),
        "severity": severities(),
    }


def find(lists, name):
    """The items of a list by the name in a mark; None when there is no such list."""
    name = re.sub(r"\b(dimension|state|measure|amount|column)s\b", r"\1", name)
    name = name.replace("severities", "severity")
    if name in lists:
        return lists[name]
    match = re.fullmatch(r"(stored )?column of (\w+)", name)
    if match and (ROOT / "sql" / "tables" / f"{match[2]}.sql").exists():
        return table_columns(match[2], bool(match[1]))
    match = re.fullmatch(r"captured column of (\w+)", name)
    if match and match[1] in captures():
        return [{"name": column} for column in captures()[match[1]]["columns"]]
    return None


def check_enums(lists, generated):
    """Finds a column of a handwritten table whose ENUM is part of a list, or in another order."""
    known = {}
    for name, field in (
            ("dimension", "name"), ("dimension but all", "name"), ("route dimension", "name"),
            ("state", "state"), ("severity", "name")):
        values = tuple(item[field] for item in lists[name])
        known.setdefault(values[:2], set()).add(values)
    for path in sorted(set((ROOT / "sql" / "tables").glob("*.sql")) - set(generated)):
        for found in re.findall(r"ENUM\s*\(([^)]*)\)", path.read_text(encoding="utf-8")):
            values = tuple(re.findall(r"'([^']*)'", found))
            whole = known.get(values[:2], {values})
            if values not in whole:
                raise Stale(f"{path.name}: an ENUM from '{values[0]}' is not that of the catalogue")


def check_rows(lists, code, where):
    """Finds dimensions or states that SQL lists by hand: four in a row of a list."""
    words = re.findall(r"\w+", code)
    for name, field in (("dimension but all", "name"), ("state", "state")):
        values = [item[field] for item in lists[name]]
        places = [(place, values.index(word)) for place, word in enumerate(words) if word in values]
        run = 1
        for (place, value), (before, previous) in zip(places[1:], places):
            run = run + 1 if value == previous + 1 and place - before <= 4 else 1
            if run == 4:
                raise Stale(
                    f"{where} lists a {name} by hand at {words[place]}: let a mark list them")
