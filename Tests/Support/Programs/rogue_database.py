"""Servers that speak the beginning of MariaDB's protocol and record every byte that they get.

Usage: rogue_database.py DIRECTORY. The directory holds certificates; `ports.json` appears in it
when all servers listen. A server is named TRANSPORT-LOGIN. Transport: `plain` offers no TLS, the
others are certificates. Login: `native` lets in whoever proves a password, `clear` asks for the
password from the start, the others ask for it after the first answer. Each connection is a line of
`connections.jsonl` when it has ended. It ends when standard input does.
"""

import json
import os
import socket
import ssl
import struct
import sys
import threading

directory = sys.argv[1]
log = open(os.path.join(directory, "connections.jsonl"), "ab", buffering=0)
TRANSPORTS = ["plain", "impostor", "elsewhere", "server"]
SCRAMBLE = b"abcdefghijklmnopqrst"
SWITCHES = {
    "switch": b"mysql_clear_password\0",
    "dialog": b"dialog\0\x04Password: ",
    "sha2": b"caching_sha2_password\0" + SCRAMBLE + b"\0",
    "sha256": b"sha256_password\0" + SCRAMBLE + b"\0",
    "old": b"mysql_old_password\0abcdefgh\0",
}
LOGINS = ["native", "clear", *SWITCHES]
OK = b"\0\0\0\2\0\0\0"
TLS = 0x0800


class Peer:
    """One connection: what it sent before TLS, and within TLS."""

    def __init__(self, sock):
        self.sock = sock
        self.raw = b""
        self.inner = None

    def bytes(self, count):
        data = b""
        while len(data) < count:
            piece = self.sock.recv(count - len(data))
            if not piece:
                raise EOFError
            if self.inner is None:
                self.raw += piece
            else:
                self.inner += piece
            data += piece
        return data

    def packet(self):
        head = self.bytes(4)
        return head[3], self.bytes(head[0] | head[1] << 8 | head[2] << 16)

    def send(self, sequence, payload):
        self.sock.sendall(struct.pack("<I", len(payload))[:3] + bytes([sequence]) + payload)


def greet(peer, transport, login):
    plugin = b"mysql_clear_password" if login == "clear" else b"mysql_native_password"
    # Protocol 4.1, secure connection, schema at the start, plugin names.
    flags = 0x0200 | 0x8000 | 0x0008 | 0x0080 | (0 if transport == "plain" else TLS)
    payload = b"\x0a5.5.5-10.11.0-MariaDB\0" + struct.pack("<I", 1) + SCRAMBLE[:8] + b"\0"
    payload += struct.pack("<HBHH", flags, 33, 2, 0x0008) + bytes([21]) + bytes(10)
    peer.send(0, payload + SCRAMBLE[8:] + b"\0" + plugin + b"\0")


def serve(peer, transport, login):
    greet(peer, transport, login)
    sequence, packet = peer.packet()
    if transport != "plain" and len(packet) == 32:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            os.path.join(directory, transport + ".pem"), os.path.join(directory, transport + ".key")
        )
        peer.sock = context.wrap_socket(peer.sock, server_side=True)
        peer.inner = b""
        sequence, packet = peer.packet()
    if login in SWITCHES:
        peer.send(sequence + 1, b"\xfe" + SWITCHES[login])
        sequence, packet = peer.packet()
    if login == "sha2":
        # The proof is unknown: request the password itself.
        peer.send(sequence + 1, b"\1\4")
        sequence, packet = peer.packet()
    peer.send(sequence + 1, OK)
    while True:
        sequence, packet = peer.packet()
        if packet[:1] == b"\1":
            return
        peer.send(sequence + 1, OK)


def run(sock, transport, login):
    peer = Peer(sock)
    try:
        serve(peer, transport, login)
    except (EOFError, OSError):
        pass
    finally:
        peer.sock.close()
    entry = {
        "server": f"{transport}-{login}",
        "raw": list(peer.raw),
        "inner": None if peer.inner is None else list(peer.inner),
    }
    log.write(json.dumps(entry).encode() + b"\n")


def listen(transport, login):
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=run, args=(sock, transport, login), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


ports = {f"{t}-{l}": listen(t, l) for t in TRANSPORTS for l in LOGINS}
with open(os.path.join(directory, "ports.part"), "w") as file:
    json.dump(ports, file)
os.rename(os.path.join(directory, "ports.part"), os.path.join(directory, "ports.json"))
while os.read(0, 4096):
    pass
