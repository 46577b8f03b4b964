#!/usr/bin/env python3
"""Measures what a well-behaved client of `payops serve` notices of an attack, and what connections
cost: attack.py BASE TOKEN PID.

A client asks for pages and lists at a steady pace, in turns with and without an attack: requests
that are malformed in many ways, and clients that send a byte a second. The median of its p99 under
attack may be twice that in quiet. Then 500 connections stay open, and the server may have 64 MB
resident. It must still answer in the end."""

import multiprocessing
import os
import socket
import statistics
import sys
import time
import urllib.parse

TURNS = 7
TURN_SECONDS = 4
PACE = 0.01
SLOW_CLIENTS = 200
MALFORMED_A_SECOND = 200
CONNECTIONS = 500
MOST_RESIDENT = 64 << 20
# What a busy machine of two cores adds to any p99, seconds.
FLOOR = 0.002

MALFORMED = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
    b"NONSENSE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"POST /api/v1/payments HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
]


def connect(address):
    return socket.create_connection(address, timeout=10)


def malformed(address):
    """Sends what no client sends, at a pace."""
    os.nice(5)
    number = 0
    while True:
        started = time.monotonic()
        try:
            with connect(address) as one:
                one.settimeout(0.2)
                one.sendall(MALFORMED[number % len(MALFORMED)])
                one.recv(4096)
        except OSError:
            pass
        number += 1
        time.sleep(max(0, started + 1 / MALFORMED_A_SECOND - time.monotonic()))


def slow(address):
    """Keeps many connections busy with a byte a second each, and opens those anew that are ended."""
    os.nice(5)
    text = b"GET /api/v1/pages/overview HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"y" * 4000
    clients = []
    while True:
        started = time.monotonic()
        while len(clients) < SLOW_CLIENTS:
            try:
                one = connect(address)
            except OSError:
                break
            one.setblocking(False)
            clients.append([one, 0])
        for client in list(clients):
            try:
                client[0].send(text[client[1] : client[1] + 1])
                client[1] += 1
            except OSError:
                client[0].close()
                clients.remove(client)
        time.sleep(max(0.05, started + 1 - time.monotonic()))


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, address, host, token):
        self.address, self.host, self.token = address, host, token
        self.socket = None

    def get(self, path):
        """The status of an answer, read whole."""
        if self.socket is None:
            self.socket = connect(self.address)
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {self.token}\r\n\r\n".encode()
        )
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(65536)
            if not piece:
                raise OSError("the connection ended")
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        length = int(fields.get(b"content-length", b"0"))
        while len(body) < length:
            piece = self.socket.recv(65536)
            if not piece:
                raise OSError("the connection ended")
            body += piece
        return int(head.split()[1])


def turn(client):
    """The p99 of a turn, seconds."""
    paths = ["/api/v1/pages/overview", "/api/v1/kpis/exposure_total", "/healthz",
             "/api/v1/pages/backlog", "/api/v1/revision"]
    times = []
    end = time.monotonic() + TURN_SECONDS
    while time.monotonic() < end:
        path = paths[len(times) % len(paths)]
        started = time.monotonic()
        status = client.get(path)
        times.append(time.monotonic() - started)
        if status != 200:
            sys.exit(f"error: {path} is answered by {status} in the middle of an attack")
        time.sleep(max(0, started + PACE - time.monotonic()))
    times.sort()
    return times[int(len(times) * 0.99)]


def neighbours(address, host, token):
    """Turns in quiet and under attack."""
    client = Client(address, host, token)
    turn(client)
    quiet, attacked = [], []
    for _ in range(TURNS):
        quiet.append(turn(client))
        attackers = [
            multiprocessing.Process(target=work, args=(address,), daemon=True)
            for work in (malformed, slow)
        ]
        for one in attackers:
            one.start()
        time.sleep(1.5)
        attacked.append(turn(client))
        for one in attackers:
            one.terminate()
            one.join()
        time.sleep(0.5)
    before, during = statistics.median(quiet), statistics.median(attacked)
    print(f"p99 of a well-behaved client, median of {TURNS} turns: {before * 1000:.1f} ms in quiet,"
          f" {during * 1000:.1f} ms beside {MALFORMED_A_SECOND} malformed requests a second and"
          f" {SLOW_CLIENTS} clients that send a byte a second")
    if during > 2 * max(before, FLOOR):
        sys.exit("error: an attack makes a well-behaved client wait more than twice as long")


def resident(pid):
    """Resident memory, and the part of it that is no page of the program's file: those the kernel
    drops when it needs them, and a program built for debugging has many."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        sizes = dict(line.split(":", 1) for line in status if line.startswith(("VmRSS", "RssFile")))
    whole, file = (int(sizes[name].split()[0]) * 1024 for name in ("VmRSS", "RssFile"))
    return whole, whole - file


def connections(address, host, token, pid):
    """What many open connections cost, each of which has asked once."""
    clients = []
    for number in range(CONNECTIONS):
        client = Client(address, host, token)
        if client.get("/healthz" if number % 5 else "/api/v1/pages/overview") != 200:
            sys.exit(f"error: connection {number + 1} is not answered")
        clients.append(client)
    if any(client.get("/healthz") != 200 for client in clients):
        sys.exit("error: an open connection is not answered any more")
    whole, own = resident(pid)
    print(f"{own / (1 << 20):.1f} MB resident with {CONNECTIONS} open connections,"
          f" {whole / (1 << 20):.1f} MB with pages of the program's file")
    if own > MOST_RESIDENT:
        sys.exit(f"error: more than {MOST_RESIDENT >> 20} MB")
    for client in clients:
        client.socket.close()


def main():
    base, token, pid = sys.argv[1:]
    host = urllib.parse.urlsplit(base).netloc
    name, _, port = host.partition(":")
    address = (name, int(port))
    neighbours(address, host, token)
    connections(address, host, token, pid)
    if Client(address, host, token).get("/readyz") != 200:
        sys.exit("error: the server is not ready in the end")


if __name__ == "__main__":
    main()
