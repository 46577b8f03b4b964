"""A relay to a MariaDB server that cuts every connection at a statement that was counted out.

Usage: cutting_relay.py DIRECTORY SERVER. It listens at `relay.sock` in the directory and talks to
the socket SERVER. The file `cut` there holds two numbers: of the run, and of the writing statement
at which all connections are cut. That statement still reaches the server, its answer reaches
nobody, as if the program had been killed meanwhile. Each cut is a line of `cuts.jsonl`. It ends
when standard input does.
"""

import json
import os
import re
import socket
import sys
import threading

directory, server = sys.argv[1:3]
log = open(os.path.join(directory, "cuts.jsonl"), "ab", buffering=0)
READS = re.compile(rb"\s*(SELECT|SHOW|SET|EXPLAIN|WITH|KILL)\b", re.IGNORECASE)
QUERY, PREPARE, EXECUTE = 3, 22, 23


class Run:
    """What the connections of one run of the program share."""

    lock = threading.Lock()
    number = 0
    count = 0
    limit = 0
    pairs = []

    @classmethod
    def counts_out(cls, statement):
        """Whether the run ends with a statement."""
        with cls.lock:
            number, limit = map(int, open(os.path.join(directory, "cut")).read().split())
            if number != cls.number:
                cls.number, cls.limit, cls.count = number, limit, 0
            cls.count += 1
            if cls.count != cls.limit:
                return False
            text = statement.decode(errors="replace")[:200]
            log.write(json.dumps({"run": number, "statement": text}).encode() + b"\n")
            return True

    @classmethod
    def cut(cls):
        with cls.lock:
            pairs, cls.pairs = cls.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def exactly(sock, count):
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def requests(client, upstream):
    """Hands on what the client sends, command by command."""
    prepared = []
    is_logged_in = False
    try:
        while True:
            head = exactly(client, 4)
            body = exactly(client, int.from_bytes(head[:3], "little"))
            upstream.sendall(head + body)
            if head[3] != 0 or not body:
                is_logged_in = True
                continue
            kind, statement = body[0], body[1:]
            if kind == PREPARE:
                prepared.append(statement)
            elif kind == EXECUTE:
                statement = prepared[-1] if prepared else b""
            elif kind != QUERY:
                continue
            if kind != PREPARE and is_logged_in and not READS.match(statement):
                if Run.counts_out(statement):
                    Run.cut()
                    return
    except (EOFError, OSError):
        pass
    finally:
        for end in (client, upstream):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def answers(upstream, client):
    try:
        while True:
            piece = upstream.recv(65536)
            if not piece:
                break
            client.sendall(piece)
    except OSError:
        pass


def serve(client):
    upstream = socket.socket(socket.AF_UNIX)
    upstream.connect(server)
    with Run.lock:
        Run.pairs.append((client, upstream))
    back = threading.Thread(target=answers, args=(upstream, client), daemon=True)
    back.start()
    requests(client, upstream)
    back.join()
    client.close()
    upstream.close()


def accept(listener):
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock,), daemon=True).start()


listener = socket.socket(socket.AF_UNIX)
listener.bind(os.path.join(directory, "relay.sock"))
listener.listen(16)
threading.Thread(target=accept, args=(listener,), daemon=True).start()
with open(os.path.join(directory, "ready"), "w") as file:
    file.write("ready")
while os.read(0, 4096):
    pass
