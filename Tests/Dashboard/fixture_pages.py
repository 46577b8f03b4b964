"""Pages of the dashboard in three states: empty, normal and on fire.

Each has the shape that the server answers; the drawings are the golden files of the charts.
"""

import datetime
import math
import pathlib
import random

NOW = datetime.datetime(2026, 11, 30, 15, 18, tzinfo=datetime.timezone.utc)
GOLDEN = pathlib.Path(__file__).parent.parent / "ChartsTests/Golden"
STATES = ("empty", "normal", "fire")
PAYMENTS = 3225  # of today; a check changes it
LAG = 0  # seconds that the rollups are behind; a check changes it


def ago(**parts):
    return (NOW - datetime.timedelta(**parts)).strftime("%Y-%m-%dT%H:%M:%SZ")


def column(name, kind="text", unit=None, label=None, **more):
    given = {
        "name": name,
        "label": label or name.replace("_", " ").capitalize(),
        "type": kind,
        "unit": unit,
    }
    return {**given, "meaning": more.pop("meaning", f"what {name.replace('_', ' ')} means"), **more}


def number(name, unit, label=None, **more):
    return column(
        name, "number", unit, label, **({"currency": "EUR"} if unit == "amount" else {}), **more
    )


def block(name, form, title="", columns=(), rows=(), **more):
    given = {
        "name": name,
        "form": form,
        "title": title,
        "view": f"kpi_{name}",
        "grain": "one row per item",
        "sql": f"SELECT *\nFROM kpi_{name}\nWHERE metric_date = '2026-11-30'",
        "age_seconds": 41,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "is_cut": False,
    }
    return {**given, **more}


def drawn(name, form, title, golden, columns, rows, **more):
    given = block(name, form, title, columns, rows, **more)
    if rows:
        given["svg"] = {
            file.stem.rsplit("-", 1)[1]: file.read_text(encoding="utf-8")
            for file in sorted(GOLDEN.glob(f"{golden}-[0-9]*.svg"))
        }
    return given


PARAMETERS = {
    "overview": [],
    "monitor": [
        {"name": "window", "values": ["6h", "12h", "24h", "48h", "all"], "default": "24h"},
        {"name": "metric", "default": "success_rate"},
    ],
    "backlog": [],
    "alerts": [{"name": "state", "values": ["open", "all"], "default": "open"}],
    "risk": [],
    "customers": [{"name": "days", "values": ["7", "30", "90"], "default": "30"}],
    "operations": [],
    "payments": [],
}
TITLES = {
    "overview": ("Overview", "How are we?"),
    "monitor": ("Monitor", "What departs from normal?"),
    "backlog": ("Backlog & settlement", "What is stuck, what is late?"),
    "alerts": ("Alerts", "Who does what?"),
    "risk": ("Risk", "Whom to look at?"),
    "customers": ("Customers & spend", "Who spends where?"),
    "operations": ("Operations", "Does the machine run?"),
    "payments": ("Payments", "Which payments?"),
}
SENTENCES = {
    "overview": {
        "empty": ("unknown", "No payment yet. Load some with payops import, or run payops demo."),
        "normal": (
            "normal",
            "All normal. 3,225 payments today, 92.5 % succeeded, 0.4 points above last Monday.",
        ),
        "fire": (
            "severe",
            "One incident: acquirer NordPay declines 88 % of payments since 2026-11-30T12:26:00Z. 1,204 payments, EUR 84,300, 911 customers.",
        ),
    },
    "monitor": {
        "empty": ("unknown", "No series has enough past yet."),
        "normal": ("normal", "All 9 metrics are within what is expected."),
        "fire": (
            "severe",
            "6 of 9 metrics depart from normal; the first was technical decline rate at 2026-11-30T12:26:00Z, SEVERE for 1 h 28 min.",
        ),
    },
    "backlog": {
        "empty": ("normal", "Nothing is open and nothing is due."),
        "normal": (
            "normal",
            "62 payments are open, the oldest for 3 d 4 h; 98.9 % settled on time this month.",
        ),
        "fire": (
            "critical",
            "3,258 payments are open, EUR 412,900; SEPA instant settles 91.0 % on time against 99.5 %.",
        ),
    },
    "alerts": {
        "empty": ("normal", "No alert is open."),
        "normal": ("info", "1 alert is open, INFO, owned by anna."),
        "fire": (
            "severe",
            "4 alerts are open, the most severe since 2026-11-30T12:30:00Z; 2 have no owner.",
        ),
    },
    "risk": {
        "empty": ("normal", "No case is open."),
        "normal": ("warning", "14 cases are open; 2 are due today."),
        "fire": ("critical", "37 cases are open; 9 are overdue, the oldest by 4 d."),
    },
    "customers": {
        "empty": ("unknown", "No customer has paid in the period."),
        "normal": (
            "normal",
            "4,297 customers spent EUR 2.84M in 30 days; the top ten have 22 % of it.",
        ),
        "fire": (
            "warning",
            "4,297 customers spent EUR 2.84M in 30 days; 5 payments are outliers of their own account.",
        ),
    },
    "operations": {
        "empty": ("unknown", "No job has run yet. Start payops daemon."),
        "normal": (
            "normal",
            "All promises are kept: the last backup is 3 h old and verified, every job ran on time.",
        ),
        "fire": (
            "critical",
            "The last verified backup is 41 h old against an RPO of 24 h; job backup failed 2 times.",
        ),
    },
    "payments": {
        "empty": ("unknown", "No payment matches."),
        "normal": ("normal", "1,204 payments match."),
        "fire": ("normal", "1,204 payments match."),
    },
}


def tiles(state):
    columns = [
        column("kpi_name", label="KPI"),
        column("unit"),
        column("currency"),
        number("kpi_value", "named", "Value", numerator="numerator", denominator="denominator"),
        number("previous_value", "named", "Same weekday last week"),
        number("change_pct", "pct", "Change"),
        number("change_points", "percentage points", "Change in points"),
        number("numerator", "count"),
        number("denominator", "count"),
        column("better"),
        column("formula"),
        column("severity", unit="severity"),
        column("spark", hidden=True),
    ]
    rng = random.Random(4)
    rows = []
    for name, unit, value, change, better, kind in [
        ("payments", "count", PAYMENTS, -1.2, "higher", None),
        ("amount", "amount", 284310.44, 3.4, "higher", None),
        ("success_rate", "ratio", 0.9251, 0.4, "higher", "SEVERE"),
        ("authorization_rate", "ratio", 0.9612, 0.1, "higher", "CRITICAL"),
        ("technical_decline_rate", "ratio", 0.0121, -0.2, "lower", "SEVERE"),
        ("business_decline_rate", "ratio", 0.0332, 0.0, "lower", None),
        ("p95_latency", "ms", 842, 5.1, "lower", "WARNING"),
        ("open_payments", "count", 62, None, "lower", "WARNING"),
    ]:
        if state == "fire" and kind:
            value = {
                "success_rate": 0.6114,
                "authorization_rate": 0.6432,
                "technical_decline_rate": 0.3391,
                "p95_latency": 2914,
                "open_payments": 3258,
            }[name]
            change = {
                "success_rate": -31.3,
                "authorization_rate": -31.8,
                "technical_decline_rate": 32.7,
                "p95_latency": 246.2,
                "open_payments": None,
            }[name]
        is_ratio = unit == "ratio"
        spark = [value * (1 + rng.uniform(-0.06, 0.06)) for _ in range(13)] + [value]
        previous = (
            None
            if change is None
            else (value - change / 100 if is_ratio else value / (1 + change / 100))
        )
        rows.append(
            [
                name,
                unit,
                "EUR" if unit == "amount" else None,
                value,
                previous,
                None if is_ratio else change,
                change if is_ratio else None,
                round(value * 3225) if is_ratio else value,
                3225 if is_ratio else None,
                better,
                (
                    f"{name.replace('_', ' ')} of the day so far / all payments of it"
                    if is_ratio
                    else f"{name.replace('_', ' ')} of the day so far"
                ),
                kind if state == "fire" else None,
                spark,
            ]
        )
    if state == "empty":
        rows = []
    return block(
        "kpi_today",
        "tiles",
        "",
        columns,
        rows,
        empty="no payment today yet",
        options={
            "label": "kpi_name",
            "value": "kpi_value",
            "comparison": "previous_value",
            "change": "change_pct",
        },
        links={"kpi_value": "#/payments?kpi={kpi_name}&from=2026-11-30T00:00:00Z"},
    )


def incidents(state):
    columns = [
        column("alert_id", unit="id", label="Alert"),
        column("title"),
        column("severity", unit="severity"),
        column("text"),
        column("since", "time"),
        number("payment_count", "count", "Payments"),
        number("amount", "amount", "Value at stake"),
        number("customer_count", "count", "Customers"),
        column("owner"),
    ]
    rows = (
        []
        if state != "fire"
        else [
            [
                4711,
                "Acquirer NordPay declines 88 % of payments",
                "SEVERE",
                "Technical declines with response code 91 (issuer or switch inoperative), cards only; other acquirers are normal.",
                ago(hours=2, minutes=52),
                1204,
                84300.12,
                911,
                None,
            ],
            [
                4714,
                "SEPA instant settles late",
                "CRITICAL",
                "91.0 % within 10 s against 99.5 %; the delay began 20 minutes after the first incident.",
                ago(hours=2, minutes=10),
                318,
                41220.5,
                287,
                "anna",
            ],
        ]
    )
    return block(
        "incidents",
        "cards",
        "",
        columns,
        rows,
        empty="no open incident",
        options={"label": "title", "severity": "severity", "text": "text", "hidden": ["alert_id"]},
        links={
            "title": "#/alerts?alert_id={alert_id}",
            "payment_count": "#/payments?alert_id={alert_id}",
            "customer_count": "#/customers?alert_id={alert_id}",
        },
        actions=[
            {
                "label": "Acknowledge",
                "method": "POST",
                "path": "/api/v1/alerts/{alert_id}/acknowledge",
                "fields": ["note"],
                "scope": "operate",
            },
            {
                "label": "Silence",
                "method": "POST",
                "path": "/api/v1/alerts/{alert_id}/silence",
                "fields": [{"name": "duration", "values": ["1h", "4h", "24h"]}, "reason"],
                "scope": "operate",
            },
        ],
    )


def pick(state, normal, fire=None):
    return {"empty": [], "normal": normal, "fire": fire if fire is not None else normal}[state]


AGES = [
    column("age_bucket", label="Age"),
    number("payment_count", "count", "Payments"),
    number("amount", "amount", "Amount"),
]
AGE_ROWS = [
    ["< 1 h", 41, 3810.4],
    ["1–4 h", 12, 1204.0],
    ["4–24 h", 6, 940.25],
    ["1–3 d", 2, 88.0],
    ["> 3 d", 1, 12.5],
]
AGE_FIRE = [
    ["< 1 h", 812, 61300],
    ["1–4 h", 1941, 184020],
    ["4–24 h", 430, 91440],
    ["1–3 d", 64, 61020.1],
    ["> 3 d", 11, 15119.9],
]
RAILS = [
    column("rail"),
    number("on_time_ratio", "ratio", "On time", numerator="on_time_count", denominator="due_count"),
    number("target_ratio", "ratio", "SLA"),
    number("on_time_count", "count"),
    number("due_count", "count"),
]
RAIL_ROWS = [
    ["SEPA instant", 0.9987, 0.995, 12395, 12411],
    ["SEPA credit", 0.9921, 0.99, 3077, 3102],
    ["Card", 0.9873, 0.98, 27678, 28034],
    ["ACH", 0.981, 0.97, 796, 811],
]
RAIL_FIRE = [
    ["SEPA instant", 0.91, 0.995, 11294, 12411],
    ["SEPA credit", 0.9821, 0.99, 3046, 3102],
    ["Card", 0.9873, 0.98, 27678, 28034],
    ["ACH", None, 0.97, 0, 0],
]


def overview(state):
    return [
        {"name": "incidents", "title": "Incidents", "blocks": [incidents(state)]},
        {"name": "today", "title": "Today so far", "blocks": [tiles(state)]},
        {
            "name": "stock",
            "title": "What is open, late and at stake",
            "blocks": [
                drawn(
                    "backlog_by_age",
                    "stack",
                    "Backlog by age",
                    "stack-fire" if state == "fire" else "stack",
                    AGES,
                    pick(state, AGE_ROWS, AGE_FIRE),
                    empty="nothing is open",
                ),
                drawn(
                    "settlement_sla",
                    "bullets",
                    "Settled within the SLA, by rail",
                    "bullets-fire" if state == "fire" else "bullets",
                    RAILS,
                    pick(state, RAIL_ROWS, RAIL_FIRE),
                    empty="nothing was due this month",
                ),
                block(
                    "exposure",
                    "facts",
                    "Exposure",
                    [column("part"), number("amount", "amount", "Amount")],
                    pick(
                        state,
                        [
                            ["Open payments", 6054.9],
                            ["Pending settlements", 311204.2],
                            ["Gross exposure", 317259.1],
                            ["Expected loss (estimate)", 1204.55],
                        ],
                    ),
                    options={"label": "part", "value": "amount"},
                    empty="nothing is at stake",
                    span="third",
                ),
                drawn(
                    "volume",
                    "heatmap",
                    "Payments by weekday and hour, 30 days",
                    "heatmap",
                    [column("weekday"), column("hour"), number("payment_count", "count")],
                    pick(
                        state,
                        [
                            [d, f"{h:02}", (h * 13 + i * 7) % 90]
                            for i, d in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
                            for h in range(24)
                        ],
                    ),
                    empty="no payment in 30 days",
                    span="wide",
                ),
            ],
        },
    ]


def monitor(state):
    ribbon = drawn(
        "ribbon",
        "ribbon",
        "Severity of each metric",
        "ribbon-fire" if state == "fire" else "ribbon",
        [
            column("metric"),
            column("worst", unit="severity"),
            number("minutes", "minutes", "Departed for"),
            column("since", "time"),
        ],
        pick(
            state,
            [["success_rate", "normal", 0, None], ["p95_latency", "INFO", 4, ago(hours=7)]],
            [
                ["technical_decline_rate", "SEVERE", 160, ago(minutes=160)],
                ["success_rate", "CRITICAL", 149, ago(minutes=149)],
                ["p95_latency", "WARNING", 94, ago(minutes=94)],
                ["payments_per_minute", "INFO", 20, ago(minutes=20)],
                ["business_decline_rate", "normal", 0, None],
            ],
        ),
        links={"metric": "#/monitor?metric={metric}"},
        empty="no series is watched",
    )
    now = [column("metric"), number("observed_value", "ratio"), number("event_count", "count")]
    series = block(
        "series",
        "series",
        "success rate",
        now,
        pick(state, [["success_rate", 0.925, PAYMENTS]]),
        options={"metric": "success_rate", "unit": "ratio"},
        empty="no value yet",
    )
    persistence = block(
        "persistence",
        "table",
        "Persistence",
        [
            column("metric"),
            column("severity", unit="severity"),
            number("elapsed", "minutes", "Elapsed"),
            number("to_next", "minutes", "To the next level"),
            column("next_level", unit="severity"),
        ],
        pick(
            state,
            [],
            [
                ["technical_decline_rate", "SEVERE", 160, None, None],
                ["success_rate", "CRITICAL", 149, 31, "SEVERE"],
                ["p95_latency", "WARNING", 94, 26, "CRITICAL"],
            ],
        ),
        links={"metric": "#/monitor?metric={metric}"},
        options={"severity": "severity"},
        empty="no metric departs",
        span="half",
    )
    slices = drawn(
        "slices",
        "bars",
        "Slices that contribute",
        "shares",
        [column("slice"), number("event_share", "ratio"), number("departure_share", "ratio")],
        pick(
            state,
            [],
            [
                ["acquirer NordPay", 0.31, 0.94],
                ["response code 91", 0.12, 0.88],
                ["channel ecommerce", 0.61, 0.6],
            ],
        ),
        empty="no departure to explain",
    )
    return [
        {"name": "ribbon", "title": "Where it departs", "blocks": [ribbon]},
        {"name": "series", "title": "The chosen series", "blocks": [series, persistence, slices]},
    ]


def backlog(state):
    overdue = [
        [
            9000 + i,
            "SEPA instant" if i % 3 else "Card",
            ago(hours=i * 5),
            i * 18000,
            40.5 * i + 12,
            "late" if i % 4 else "failed",
        ]
        for i in range(1, 31)
    ]
    return [
        {
            "name": "open",
            "title": "Open payments",
            "blocks": [
                drawn(
                    "by_age",
                    "stack",
                    "By age",
                    "stack-fire" if state == "fire" else "stack",
                    AGES,
                    pick(state, AGE_ROWS, AGE_FIRE),
                    empty="nothing is open",
                ),
                block(
                    "by_state",
                    "table",
                    "By state",
                    [
                        column("state"),
                        number("payment_count", "count", "Payments"),
                        number("amount", "amount", "Amount at risk"),
                        number("oldest_seconds", "seconds", "Oldest"),
                    ],
                    pick(
                        state,
                        [
                            ["created", 12, 940.2, 4100],
                            ["pending", 38, 4010.7, 273600],
                            ["authorized", 12, 1104.0, 86000],
                        ],
                    ),
                    links={"payment_count": "#/payments?state={state}"},
                    empty="nothing is open",
                ),
            ],
        },
        {
            "name": "settlement",
            "title": "Settlement",
            "blocks": [
                drawn(
                    "sla",
                    "bullets",
                    "On time, by rail",
                    "bullets-fire" if state == "fire" else "bullets",
                    RAILS,
                    pick(state, RAIL_ROWS, RAIL_FIRE),
                    empty="nothing was due this month",
                ),
                drawn(
                    "calendar",
                    "calendar",
                    "November 2026",
                    "calendar",
                    [
                        column("day", "date"),
                        number("due_count", "count"),
                        number("on_time_ratio", "ratio"),
                    ],
                    pick(
                        state,
                        [[f"2026-11-{d:02}", 2900 + d * 13, 0.99 - d / 4000] for d in range(2, 28)],
                    ),
                    empty="nothing is due this month",
                ),
                block(
                    "overdue",
                    "table",
                    "Overdue",
                    [
                        column("settlement_id", unit="id", label="Settlement"),
                        column("rail"),
                        column("due_at", "time", label="Due"),
                        number("overdue_seconds", "seconds", "Late by"),
                        number("amount", "amount", "Amount"),
                        column("status"),
                    ],
                    pick(state, overdue[:4], overdue),
                    links={"settlement_id": "#/payments?settlement_id={settlement_id}"},
                    empty="nothing is overdue",
                    is_cut=state == "fire",
                ),
            ],
        },
    ]


def alerts(state):
    rows = [
        [
            4711,
            "SEVERE",
            "technical_decline_rate",
            ago(hours=2, minutes=52),
            1204,
            84300.12,
            None,
            None,
        ],
        [
            4714,
            "CRITICAL",
            "settlement_delay",
            ago(hours=2, minutes=10),
            318,
            41220.5,
            "anna",
            None,
        ],
        [4716, "WARNING", "p95_latency", ago(minutes=94), 0, 0, None, ago(minutes=-60)],
        [4717, "INFO", "payments_per_minute", ago(minutes=20), 0, 0, "anna", None],
    ]
    return [
        {
            "name": "open",
            "title": "Open",
            "blocks": [
                block(
                    "open_alerts",
                    "table",
                    "",
                    [
                        column("alert_id", unit="id", label="Alert"),
                        column("severity", unit="severity"),
                        column("rule"),
                        column("since", "time"),
                        number("payment_count", "count", "Payments"),
                        number("amount", "amount", "Value at stake"),
                        column("owner"),
                        column("silenced_until", "time"),
                    ],
                    pick(state, rows[3:], rows),
                    options={"severity": "severity", "label": "rule"},
                    links={
                        "alert_id": "#/alerts?alert_id={alert_id}",
                        "payment_count": "#/payments?alert_id={alert_id}",
                    },
                    actions=[
                        {
                            "label": "Acknowledge",
                            "method": "POST",
                            "path": "/api/v1/alerts/{alert_id}/acknowledge",
                            "fields": ["note"],
                            "scope": "operate",
                        }
                    ],
                    empty="no alert is open",
                )
            ],
        },
        {
            "name": "life",
            "title": "Life of alert 4711",
            "blocks": [
                drawn(
                    "life",
                    "lifeline",
                    "",
                    "lifeline",
                    [column("at", "time"), column("event"), column("person")],
                    pick(
                        state,
                        [],
                        [
                            [ago(hours=2, minutes=52), "first seen", None],
                            [ago(hours=2, minutes=48), "fired", None],
                            [ago(hours=2, minutes=27), "acknowledged", "anna"],
                        ],
                    ),
                    empty="choose an alert to see its life",
                ),
                block(
                    "evidence",
                    "table",
                    "Evidence so far against limit",
                    [
                        column("measure"),
                        number("evidence", "number"),
                        number("limit", "number"),
                        number("share", "ratio", "Reached"),
                    ],
                    pick(
                        state,
                        [],
                        [
                            ["log likelihood ratio", 41.27, 12.0, 3.439],
                            ["minutes beyond the band", 160, 90, 1.778],
                        ],
                    ),
                    empty="no evidence to show",
                ),
                block(
                    "notices",
                    "table",
                    "Notifications",
                    [
                        column("sent_at", "time"),
                        column("channel"),
                        column("receiver"),
                        column("status"),
                    ],
                    pick(
                        state,
                        [],
                        [
                            [ago(hours=2, minutes=46), "pagerduty", "on-call", "delivered"],
                            [ago(hours=2, minutes=46), "mail", "ops@…", "failed"],
                        ],
                    ),
                    empty="nobody was notified",
                    span="half",
                ),
            ],
        },
        {
            "name": "rules",
            "title": "How well alerting works",
            "blocks": [
                block(
                    "rules",
                    "table",
                    "By rule, 90 days",
                    [
                        column("rule"),
                        number("alert_count", "count", "Alerts"),
                        number("mttd_seconds", "seconds", "MTTD"),
                        number("mtta_seconds", "seconds", "MTTA"),
                        number("mttr_seconds", "seconds", "MTTR"),
                        number(
                            "precision",
                            "ratio",
                            "Precision",
                            numerator="true_count",
                            denominator="judged_count",
                        ),
                    ],
                    pick(
                        state,
                        [
                            ["success_rate", 12, 240, 610, 4300, 0.91],
                            ["technical_decline_rate", 9, 200, 450, 5000, 1],
                            ["p95_latency", 31, 300, None, 1900, 0.42],
                        ],
                    ),
                    empty="no alert yet",
                )
            ],
        },
    ]


def risk(state):
    cases = [
        [
            300 + i,
            ["CRITICAL", "WARNING", "INFO"][i % 3],
            10482 + i * 17,
            96 - i * 3,
            ago(hours=-i * 7 + 20),
            "structuring" if i % 2 else "fan in",
            None if i % 4 else "ben",
        ]
        for i in range(20)
    ]
    return [
        {
            "name": "cases",
            "title": "Cases",
            "blocks": [
                block(
                    "cases",
                    "table",
                    "",
                    [
                        column("case_id", unit="id", label="Case"),
                        column("severity", unit="severity"),
                        column("customer_id", unit="id", label="Customer"),
                        number("score", "score"),
                        column("due_at", "time", label="Due"),
                        column("typology"),
                        column("owner"),
                    ],
                    pick(state, cases[3:9], cases),
                    options={"severity": "severity"},
                    links={
                        "case_id": "#/risk?case_id={case_id}",
                        "customer_id": "#/risk?customer_id={customer_id}",
                    },
                    actions=[
                        {
                            "label": "Decide",
                            "method": "POST",
                            "path": "/api/v1/cases/{case_id}/decide",
                            "fields": [
                                {"name": "decision", "values": ["confirmed", "dismissed"]},
                                "reason",
                            ],
                            "scope": "operate",
                        }
                    ],
                    empty="no case is open",
                )
            ],
        },
        {
            "name": "customer",
            "title": "Customer 10 482",
            "blocks": [
                drawn(
                    "network",
                    "network",
                    "Counterparties of 90 days",
                    "network-fire" if state == "fire" else "network",
                    [
                        column("counterparty"),
                        column("direction"),
                        number("amount", "amount", "Amount"),
                        number("payment_count", "count", "Payments"),
                    ],
                    pick(
                        state, [["account 88120", "in", 12400, 24], ["FR•• 0092", "out", 18200, 3]]
                    ),
                    empty="choose a customer",
                ),
                drawn(
                    "score",
                    "bars",
                    "Score by rule",
                    "bars",
                    [column("rule"), number("points", "score")],
                    pick(state, [["structuring", 40], ["fan in", 22]]),
                    empty="choose a customer",
                    span="third",
                ),
                block(
                    "denied",
                    "table",
                    "Decisions",
                    error={
                        "kind": "denied",
                        "title": "Your token may not read decisions",
                        "detail": "It needs the scope operate; an administrator makes one by payops token create --scope operate.",
                    },
                ),
                block(
                    "hits",
                    "table",
                    "Hits",
                    [
                        column("hit_at", "time", label="At"),
                        column("rule"),
                        number("points", "score"),
                    ],
                    pick(state, [[ago(hours=3), "structuring", 40], [ago(days=2), "fan in", 22]]),
                    empty="no hit",
                    span="half",
                ),
            ],
        },
    ]


def customers(state):
    names = [
        "Maison Verdier",
        "Kestrel Logistics GmbH",
        "A. Okafor",
        '=HYPERLINK("x")',
        "Harbour & Pine Ltd",
    ]
    return [
        {
            "name": "top",
            "title": "Top clients",
            "blocks": [
                drawn(
                    "by_value",
                    "bars",
                    "By value",
                    "bars",
                    [
                        column("customer"),
                        number("amount", "amount", "Amount"),
                        number("payment_count", "count", "Payments"),
                    ],
                    pick(
                        state,
                        [[n, 184310.4 / (i + 1), 412 // (i + 1)] for i, n in enumerate(names)],
                    ),
                    empty="nobody has paid",
                ),
                block(
                    "by_count",
                    "table",
                    "By count",
                    [
                        column("customer"),
                        number("payment_count", "count", "Payments"),
                        number("amount", "amount", "Amount"),
                    ],
                    pick(
                        state, [[n, 2310 // (i + 1), 75300 / (i + 1)] for i, n in enumerate(names)]
                    ),
                    empty="nobody has paid",
                ),
            ],
        },
        {
            "name": "shape",
            "title": "When and how much",
            "blocks": [
                drawn(
                    "hours",
                    "heatmap",
                    "Spend by weekday and hour",
                    "heatmap",
                    [column("weekday"), number("amount", "amount", "Amount")],
                    pick(state, [["Mon", 41000], ["Tue", 39000]]),
                    empty="no spend",
                ),
                drawn(
                    "distribution",
                    "histogram",
                    "Amounts of payments",
                    "histogram",
                    [
                        number("from", "amount"),
                        number("to", "amount"),
                        number("payment_count", "count"),
                    ],
                    pick(state, [[0.5, 0.7, 12], [0.7, 1, 31]]),
                    empty="no payment",
                ),
                drawn(
                    "map",
                    "map",
                    "Customers by city",
                    "map",
                    [
                        column("city"),
                        number("customer_count", "count"),
                        number("high_risk_count", "count"),
                    ],
                    pick(state, [["Hamburg", 812, 3], ["Berlin", 1204, 0]]),
                    empty="no customer has a place",
                ),
            ],
        },
    ]


def operations(state):
    fire = state == "fire"
    return [
        {
            "name": "promises",
            "title": "Promises",
            "blocks": [
                block(
                    "promises",
                    "facts",
                    "",
                    [
                        column("promise"),
                        column("kept"),
                        column("severity", unit="severity"),
                        column("note"),
                    ],
                    pick(
                        state,
                        [
                            [
                                "Backup",
                                "3 h old",
                                "good",
                                f"RPO 24 h, RTO 11 min, proven {ago(hours=2)}",
                            ],
                            ["Jobs", "on time", "good", "14 jobs, 3,420 runs in 24 h"],
                            ["Freshness", "41 s", "good", "rollups lag 41 s behind"],
                            ["Integrity", "17 of 17", "good", "checks find no row"],
                            ["Space", "212 d left", "good", "31 GB of 120 GB"],
                        ],
                        [
                            [
                                "Backup",
                                "41 h old",
                                "CRITICAL",
                                f"RPO 24 h is missed; the last proof was {ago(hours=41)}",
                            ],
                            ["Jobs", "2 failed", "WARNING", "backup: no space left on device"],
                            ["Freshness", "41 s", "good", "rollups lag 41 s behind"],
                            ["Integrity", "17 of 17", "good", "checks find no row"],
                            ["Space", "9 d left", "WARNING", "111 GB of 120 GB"],
                        ],
                    ),
                    options={
                        "label": "promise",
                        "value": "kept",
                        "severity": "severity",
                        "note": "note",
                    },
                    empty="nothing was promised yet",
                    span="wide",
                ),
                block(
                    "audit",
                    "facts",
                    "Audit",
                    [
                        column("head", unit="id", label="Head"),
                        number("entries", "count"),
                        column("sealed_at", "time", label="Sealed"),
                    ],
                    pick(state, [["b3f0…91ac", 120443, ago(minutes=12)]]),
                    empty="nothing is sealed",
                    span="third",
                ),
            ],
        },
        {
            "name": "jobs",
            "title": "Jobs",
            "blocks": [
                drawn(
                    "jobs",
                    "ribbon",
                    "Runs of 24 h",
                    "jobs",
                    [column("job"), number("runs", "count"), column("status")],
                    pick(state, [["refresh_rollups", 96, "ok"], ["backup", 1, "failed"]]),
                    empty="no job has run",
                )
            ],
        },
        {
            "name": "backups",
            "title": "Backups and imports",
            "blocks": [
                block(
                    "backups",
                    "table",
                    "Backups",
                    [
                        column("backup_id", unit="id", label="Backup"),
                        column("taken_at", "time", label="Taken"),
                        number("size", "bytes", "Size"),
                        column("status"),
                        number("restore_seconds", "seconds", "Restored in"),
                    ],
                    pick(
                        state,
                        [
                            ["20261130T120000", ago(hours=3), 8123456789, "verified", 660],
                            ["20261129T120000", ago(hours=27), 8083456789, "verified", 655],
                        ],
                    ),
                    empty="no backup yet",
                    span="half",
                ),
                (
                    block(
                        "imports",
                        "table",
                        "Imports",
                        error={
                            "kind": "timeout",
                            "title": "This took longer than 2 s",
                            "detail": "SQLSTATE 70100, the statement was cancelled.",
                        },
                    )
                    if fire
                    else block(
                        "imports",
                        "table",
                        "Imports",
                        [
                            column("source"),
                            number("lag_seconds", "seconds", "Lag"),
                            number("rows", "count", "Rows"),
                        ],
                        pick(state, [["ledger.csv", 420, 120000]]),
                        empty="no import yet",
                    )
                ),
                *(
                    [
                        block(
                            "space",
                            "facts",
                            "Space",
                            [],
                            [],
                            error={
                                "kind": "stale",
                                "title": "Measured 2 h ago",
                                "detail": "The job measure_space has not run since; payops jobs run measure_space.",
                            },
                        )
                    ]
                    if fire
                    else []
                ),
            ],
        },
    ]


def payments(state):
    rows = [
        [
            881000 + i,
            ago(minutes=i),
            ["completed", "failed", "denied"][i % 3],
            12.5 * i + 3,
            "NordPay",
            f"DE•• {4000 + i}",
        ]
        for i in range(200)
    ]
    return [
        {
            "name": "list",
            "title": "Payments",
            "blocks": [
                block(
                    "payment_list",
                    "table",
                    "",
                    [
                        column("transaction_id", unit="id", label="Payment"),
                        column("transaction_time", "time", label="At"),
                        column("state"),
                        number("amount", "amount", "Amount"),
                        column("acquirer"),
                        column("counterparty"),
                    ],
                    pick(state, rows),
                    is_cut=True,
                    empty="no payment matches",
                )
            ],
        }
    ]


BUILDERS = {
    "overview": overview,
    "monitor": monitor,
    "backlog": backlog,
    "alerts": alerts,
    "risk": risk,
    "customers": customers,
    "operations": operations,
    "payments": payments,
}


# Drawings of time and of departures: form, title and golden file of each.
OVER_TIME = {
    "monitor": [("ladder", "How long each departure lasts", "ladder")],
    "backlog": [
        ("columns", "Flow by hour", "columns-flow"),
        ("calendar", "Due by day", "calendar"),
    ],
    "alerts": [("columns", "Raised by day", "columns-alerts")],
    "risk": [
        ("columns", "What the score is made of", "columns-score"),
        ("timeline", "Hits of rules", "hits"),
        ("network", "Who pays, and who is paid", "network-second"),
    ],
    "operations": [("timeline", "Runs of jobs, 24 h", "timeline")],
}


def over_time(name, state):
    if name not in OVER_TIME:
        return []
    return [
        {
            "name": "over_time",
            "title": "Over time",
            "blocks": [
                drawn(
                    golden.replace("-", "_"),
                    form,
                    title,
                    golden,
                    [column("label"), number("value", "count")],
                    pick(state, [["refresh_kpis", 8280], ["create_backup", 1]]),
                    links={"label": "#/operations?job={label}"},
                    empty="nothing happened",
                    **({"span": "full"} if form == "network" else {}),
                )
                for form, title, golden in OVER_TIME[name]
            ],
        }
    ]


def page(name, state, parameters):
    severity, text = SENTENCES[name][state]
    return {
        "page": name,
        "title": TITLES[name][0],
        "as_of": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "read_at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "revision": "8f3a",
        "base_currency": "EUR",
        "schema": "payops",
        "parameters": parameters,
        "summary": {"severity": severity, "text": text},
        "data_as_of": ago(seconds=LAG),
        "age_seconds": LAG,
        "waiting_count": 1431 if LAG else 0,
        "is_stale": LAG >= 120,
        "sections": BUILDERS[name](state) + over_time(name, state),
    }


def series(state, metric):
    """Twenty-four hours of a rate in 480 buckets of three minutes."""
    rng = random.Random(7)
    rows = []
    if state != "empty":
        for index in range(480):
            at = NOW - datetime.timedelta(minutes=3 * (479 - index))
            base = 0.925 + 0.012 * math.sin(index / 60)
            mean = base + rng.gauss(0, 0.008)
            verdict = "normal"
            if state == "fire" and index > 422:
                mean = 0.61 + rng.gauss(0, 0.02)
                verdict = "warning" if index < 428 else "critical" if index < 455 else "severe"
            if 200 < index < 206:
                rows.append(
                    [at.strftime("%Y-%m-%dT%H:%M:%SZ"), None, None, None, None, None, "unknown"]
                )
                continue
            rows.append(
                [
                    at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    round(mean - 0.015, 5),
                    round(mean, 5),
                    round(mean + 0.012, 5),
                    round(base - 0.03, 5),
                    round(base + 0.03, 5),
                    verdict,
                ]
            )
    return {
        "metric": metric,
        "member": "all",
        "unit": "ratio",
        "grain": "minute",
        "has_band": True,
        "note": "Buckets of 3 minutes.",
        "columns": ["at", "min", "mean", "max", "lower", "upper", "verdict"],
        "rows": rows,
    }
