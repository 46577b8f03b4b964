"""Servers of HTTP and HTTPS that misbehave as the path says, and record requests.

Usage: receiver.py DIRECTORY. The directory holds certificates; `ports.json` appears in it when
all servers listen, and each request is a line of `requests.jsonl` before it is answered. The path
is /BEHAVIOUR/ANYTHING. It ends when standard input does.
"""

import asyncio
import json
import os
import socket
import ssl
import struct
import sys

directory = sys.argv[1]
log = open(os.path.join(directory, "requests.jsonl"), "ab", buffering=0)
ports = {}


def note(path, method="", headers=None, body="", **more):
    entry = {"path": path, "method": method, "headers": headers or {}, "body": body, **more}
    log.write(json.dumps(entry).encode() + b"\n")


def head(status, *headers, length=None):
    lines = [f"HTTP/1.1 {status} Any", "Connection: close", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def reset(writer):
    """Closes with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def endless(writer, byte):
    while not writer.is_closing():
        writer.write(byte)
        await writer.drain()
        await asyncio.sleep(0.02)


async def answer(reader, writer, path, body, headers):
    kind = path.split("/")[1]
    plain = f"http://127.0.0.1:{ports['http']}"
    if kind.isdigit():
        status = int(kind)
        text = f"status {status}\x1b[31m\r\nsecond line {body.decode(errors='replace')}".encode()
        extra = []
        if 300 <= status < 400:
            extra = [f"Location: {plain}/200/{path.split('/')[2]}-target"]
        if len(path.split("/")) > 3 and path.split("/")[3]:
            extra.append("Retry-After: " + path.split("/")[3].replace("_", " "))
        writer.write(head(status, *extra, length=len(text)) + text)
    elif kind == "hang":
        await reader.read()
    elif kind == "reset":
        reset(writer)
        return
    elif kind == "partial-head":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/pl")
        await writer.drain()
    elif kind == "close-after-head":
        writer.write(head(200, length=100) + b"cut")
        await writer.drain()
    elif kind == "silent-close":
        pass
    elif kind == "huge":
        writer.write(head(int(path.split("/")[3]), length=50_000_000))
        try:
            for _ in range(5000):
                writer.write(b"x" * 10_000)
                await writer.drain()
        except ConnectionError:
            note(path + "/cut")
    elif kind == "huge-head":
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(f"X-{number}: {'y' * 500}\r\n".encode())
            await writer.drain()
    elif kind == "trickle-head":
        writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        await endless(writer, b"z")
    elif kind == "trickle-body":
        writer.write(head(200))
        await endless(writer, b"z")
    elif kind == "continue":
        writer.write(b"HTTP/1.1 100 Continue\r\nRetry-After: 99\r\n\r\n" + head(503, length=0))
    elif kind == "noise":
        writer.write(b"what is HTTP\r\n")
    elif kind == "repeat":
        said = " ".join(headers.values()) + " " + body.decode()
        writer.write(head(400, length=len(said)) + said.encode())
    await writer.drain()


async def serve(reader, writer):
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        headers = {name.lower(): value for name, value in headers.items()}
        if path.startswith("/early-reset/"):
            reset(writer)
            return
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        entry = {
            "method": method,
            "headers": headers,
            "body": body.decode(),

        }
        note(path, **entry)
        await answer(reader, writer, path, body, headers)
    except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        pass
    finally:
        writer.close()


def tls(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    base = os.path.join(directory, name)
    context.load_cert_chain(base + ".pem", base + ".key")
    return context


async def main():
    servers = {"http": None}
    for name in ["server", "elsewhere", "impostor"]:
        servers[name] = tls(name)
    for name, context in servers.items():
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        ports[name] = server.sockets[0].getsockname()[1]
    path = os.path.join(directory, "ports.json")
    with open(path + ".new", "w") as file:
        json.dump(ports, file)
    os.rename(path + ".new", path)
    while await asyncio.get_running_loop().run_in_executor(None, os.read, 0, 4096):
        pass
    os._exit(0)


asyncio.run(main())
