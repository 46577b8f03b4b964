"""SMTP servers that accept or refuse as the recipient says, and record messages.

Usage: smtp_server.py DIRECTORY. The directory holds certificates; `ports.json` appears in it when
all servers listen, and each accepted message is a line of `messages.jsonl`. It ends when standard
input does.
"""

import asyncio
import base64
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

directory = sys.argv[1]
log = open(os.path.join(directory, "messages.jsonl"), "ab", buffering=0)

RECIPIENT_ANSWERS = {
    "later": "451 4.3.0 come later",
    "never": "550 5.1.1 nobody of that name",
}
DATA_ANSWERS = {
    "full": "452 4.2.2 the mailbox is full",
    "spam": "554 5.7.1 not wanted",
}


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name in RECIPIENT_ANSWERS:
            return RECIPIENT_ANSWERS[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        names = [address.split("@")[0] for address in envelope.rcpt_tos]
        for name in names:
            if name in DATA_ANSWERS:
                return DATA_ANSWERS[name]
        if "broken" in names:
            server.transport.abort()
            return "250 OK"
        entry = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "bytes": base64.b64encode(envelope.original_content).decode(),
        }
        log.write(json.dumps(entry).encode() + b"\n")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.password == b"correct horse"
    return AuthResult(success=good, handled=False, auth_data=data)


def tls(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    base = os.path.join(directory, name)
    context.load_cert_chain(base + ".pem", base + ".key")
    return context


def starttls(name, **more):
    return lambda: SMTP(
        Handler(), hostname="localhost", tls_context=tls(name), require_starttls=True, **more
    )


async def main():
    login = {"authenticator": authenticate, "auth_required": True}
    servers = {
        "starttls": (starttls("server", **login), None),
        "elsewhere": (starttls("elsewhere", **login), None),
        "impostor": (starttls("impostor", **login), None),
        "implicit": (lambda: SMTP(Handler(), hostname="localhost"), tls("server")),
        "plain": (lambda: SMTP(Handler(), hostname="localhost"), None),
    }
    ports = {}
    loop = asyncio.get_running_loop()
    for name, (factory, context) in servers.items():
        server = await loop.create_server(factory, "127.0.0.1", 0, ssl=context)
        ports[name] = server.sockets[0].getsockname()[1]
    path = os.path.join(directory, "ports.json")
    with open(path + ".new", "w") as file:
        json.dump(ports, file)
    os.rename(path + ".new", path)
    while await loop.run_in_executor(None, os.read, 0, 4096):
        pass
    os._exit(0)


asyncio.run(main())
