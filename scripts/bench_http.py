"""Measures `payops serve` on a database that is filled: see scripts/bench-http.

usage: bench_http.py PAYOPS DIRECTORY TOOLS
"""

import gzip
import http.client
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import threading
import time

PAYOPS, DIRECTORY, TOOLS = sys.argv[1:4]
PAGES = ["overview", "monitor", "backlog", "alerts", "risk", "customers", "operations", "payments"]
TICKS = os.sysconf("SC_CLK_TCK")


def sql(statement):
    """Runs a statement as the owner of the private server."""
    return subprocess.run(
        ["mariadb", "--no-defaults", "--socket", f"{DIRECTORY}/server.sock", "--batch",
         "--skip-column-names", "payops", "-e", statement],
        check=True, capture_output=True, text=True).stdout.strip()


def change_something():
    """Changes the revision, so that every page is made anew."""
    sql("CALL raise_alert('bench', UUID(), 'INFO', 'measured')")


class Served:
    """A server that is measured."""

    def __init__(self, words, port, **more):
        self.port = port
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, **more)

    def cpu(self):
        """Seconds of the processor so far, with those of its children."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        """Resident bytes."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024

    def end(self):
        self.process.terminate()
        self.process.wait()


def get(port, path, headers, connection=None):
    """Asks once: status, head, body, seconds."""
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, answer.headers, body, time.perf_counter() - start


def wrk(server, path, headers, connections, seconds=8):
    """Requests per second, p99 in ms, microseconds of the processor for each request."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    before = server.cpu()
    text = subprocess.run(words + [f"http://127.0.0.1:{server.port}{path}"], check=True,
                          capture_output=True, text=True).stdout
    used = server.cpu() - before
    if "Non-2xx" in text:
        sys.exit(f"error: not every answer was good:\n{text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    count = int(re.search(r"(\d+) requests in", text).group(1))
    return rate, float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit], used / count * 1e6


def viewer(port, headers, path, end):
    """Does what an open page does: polls, and asks for the page when something changed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    tags = {}
    revision = None
    while time.time() < end:
        for target in ["/api/v1/revision", path]:
            tag = {"If-None-Match": tags[target]} if target in tags else {}
            status, head, body, _ = get(port, target, headers | tag, connection)
            tags[target] = head["ETag"]
            if target != path and (status == 304 or tags[target] == revision):
                break
            revision = tags["/api/v1/revision"]
        time.sleep(5)


def summary(values, digits=1):
    """Median and spread."""
    return (f"{statistics.median(values):,.{digits}f}"
            f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})")


def main():
    token = subprocess.run(
        [PAYOPS, "token", "create", "--person", "bench", "--scope", "operate", "--days", "1",
         "--data-dir", DIRECTORY], check=True, capture_output=True, text=True).stdout.strip()
    ours = Served([PAYOPS, "serve", "--listen", "127.0.0.1:0", "--data-dir", DIRECTORY], 0)
    link = ours.process.stdout.readline().strip()
    ours.port = int(re.search(r":(\d+)/", link).group(1))
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    print(f"{sql('SELECT COUNT(*) FROM transactions')} payments")

    print("\npage        made, ms                 gzip, kB   raw, kB")
    for page in PAGES:
        times = []
        for _ in range(5):
            change_something()
            time.sleep(2.2)
            status, _, body, seconds = get(ours.port, f"/api/v1/pages/{page}", headers)
            assert status == 200, (page, status, body)
            times.append(seconds * 1000)
        raw = gzip.decompress(body)
        wrong = [b["name"] for s in json.loads(raw)["sections"] for b in s["blocks"] if "error" in b]
        print(f"{page:<11} {summary(times):<24} {len(body) / 1000:>6.1f} {len(raw) / 1000:>9.1f}"
              + (f"  not read: {wrong}" if wrong else ""))
    # What the monitor has judged is a part of the series; its first tick learns from two weeks.
    subprocess.run([PAYOPS, "monitor", "tick", "--data-dir", DIRECTORY, "--quiet"], check=True)
    end = sql("SELECT DATE(last_event_at) FROM rollup_state")
    start = sql("SELECT DATE(last_event_at) - INTERVAL 90 DAY FROM rollup_state")
    for points in [1000, 2000]:
        status, _, body, seconds = get(
            ours.port, f"/api/v1/series?metric=failed_rate&from={start}&to={end}"
            f"&points={points}", headers)
        assert status == 200, body
        print(f"series of 90 days, {points} points:"
              f" {len(body) / 1000:.1f} kB gzip, {seconds * 1000:.0f} ms")

    page = "/api/v1/pages/overview"
    status, head, body, _ = get(ours.port, page, headers)
    pathlib.Path(f"{DIRECTORY}/page").write_bytes(body)
    rival = pathlib.Path(f"{DIRECTORY}/rival.py")
    rival.write_text(
        "from fastapi import FastAPI, Response\n"
        "app = FastAPI()\n"
        f"body = open({DIRECTORY + '/page'!r}, 'rb').read()\n"
        f"@app.get({page!r})\n"
        "async def page():\n"
        "    return Response(body, media_type='application/json',\n"
        "                    headers={'Content-Encoding': 'gzip'})\n")
    theirs = Served([f"{TOOLS}/bin/uvicorn", "rival:app", "--port", "8094", "--no-access-log"], 8094,
                    cwd=DIRECTORY)
    time.sleep(2)
    found = {"payops": [], "FastAPI, uvicorn": []}
    for _ in range(5):
        for name, server in [("payops", ours), ("FastAPI, uvicorn", theirs)]:
            get(ours.port, page, headers)
            found[name].append(wrk(server, page, headers, 16))
    theirs.end()
    print(f"\nkept page of {len(body) / 1000:.1f} kB, 16 connections, in turns")
    for name, rounds in found.items():
        rates, delays, costs = zip(*rounds)
        print(f"{name:<17} {summary(rates, 0)}/s, p99 {summary(delays, 2)} ms, {summary(costs)} us each")
    ratios = [a[0] / b[0] for a, b in zip(*found.values())]
    costs = [b[2] / a[2] for a, b in zip(*found.values())]
    print(f"ratio of rates {summary(ratios, 2)}, of processor time {summary(costs, 2)}")
    rate, delay, cost = wrk(ours, page, headers, 500)
    print(f"500 connections: {rate:,.0f}/s, p99 {delay:.0f} ms, {cost:.1f} us each,"
          f" {ours.memory() / 2**20:.0f} MiB")

    # What is counted begins once each page is made.
    warm, seconds = 15, 60
    finish = time.time() + warm + seconds
    viewers = []
    for number in range(100):
        viewers.append(threading.Thread(
            target=viewer, args=(ours.port, headers, f"/api/v1/pages/{PAGES[number % 4]}", finish)))
        viewers[-1].start()
        time.sleep(0.05)
    time.sleep(warm - 5)
    before = int(sql("SHOW GLOBAL STATUS LIKE 'Questions'").split()[1])
    time.sleep(seconds)
    after = int(sql("SHOW GLOBAL STATUS LIKE 'Questions'").split()[1])
    for one in viewers:
        one.join()
    print(f"100 viewers of four pages, nothing changes: {(after - before) / seconds:.2f} statements/s")
    browser(ours.port, link)
    ours.end()


def browser(port, link):
    """First paint and the end of loading of each page, in a fresh context of Chromium."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium",
                                          args=["--no-sandbox"])
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        tab = context.new_page()
        tab.goto(link)
        tab.wait_for_selector("main section")
        cookies = context.cookies()
        context.close()
        print("\npage        first paint, ms   all drawn, ms")
        for name in PAGES:
            paints, ends = [], []
            for _ in range(3):
                context = chromium.new_context(viewport={"width": 1280, "height": 800})
                context.add_cookies(cookies)
                tab = context.new_page()
                start = time.perf_counter()
                tab.goto(f"http://127.0.0.1:{port}/#/{name}")
                tab.wait_for_selector("main section")
                tab.wait_for_load_state("networkidle")
                ends.append((time.perf_counter() - start) * 1000 - 500)
                paints.append(tab.evaluate(
                    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"))
                context.close()
            print(f"{name:<11} {summary(paints, 0):<17} {summary(ends, 0)}")
        chromium.close()


if __name__ == "__main__":
    main()
