#!/usr/bin/env python3
"""Serves the dashboard with fixture pages on a port of the loopback, for the checks and for whoever
works on its looks: fixture_server.py [PORT]. The state (empty, normal, fire) is the first part of a
cookie or `/as/STATE`, which sets it."""

import hashlib
import http.server
import json
import pathlib
import sys
import urllib.parse

import fixture_pages

ROOT = pathlib.Path(__file__).parent.parent.parent
ASSETS = ROOT / "Sources/Dashboard/Assets"
FETCHED = ROOT / ".build/assets"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    posted = []
    is_away = False
    revision = "8f3a"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, data = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    @property
    def state(self):
        for part in (self.headers.get("Cookie") or "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "state":
                return value
        return "normal"

    def problem(self, status, title, detail=""):
        self.answer(
            status,
            {"type": "about:blank", "title": title, "status": status, "detail": detail, "hint": ""},
            "application/problem+json",
        )

    def do_GET(self):
        if Handler.is_away:
            # As a server that is gone: the connection closes without an answer.
            self.close_connection = True
            return
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        path, state = url.path, self.state
        if path.startswith("/as/"):
            self.answer(
                302, b"", headers=[("Location", "/"), ("Set-Cookie", f"state={path[4:]}; Path=/")]
            )
        elif path == "/" or path.startswith("/assets/"):
            name = "index.html" if path == "/" else path.removeprefix("/assets/")
            for folder in (ASSETS, FETCHED):
                file = folder / name
                if "/" not in name and file.is_file():
                    return self.answer(
                        200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream")
                    )
            self.problem(404, "no such file")
        elif state == "signed-out":
            self.problem(401, "a session is needed")
        elif state == "away":
            self.problem(503, "the database does not answer", "payops server status says more.")
        elif path == "/api/v1/pages":
            self.answer(
                200,
                {
                    "pages": [
                        {
                            "name": name,
                            "title": title,
                            "question": question,
                            "parameters": fixture_pages.PARAMETERS[name],
                            **({"is_listed": False} if name == "payments" else {}),
                        }
                        for name, (title, question) in fixture_pages.TITLES.items()
                    ]
                },
            )
        elif path.startswith("/api/v1/pages/"):
            name = path.removeprefix("/api/v1/pages/")
            if name not in fixture_pages.BUILDERS:
                return self.problem(404, "no such page", f"{name} is not among the pages.")
            page = fixture_pages.page(name, state, query)
            page["revision"] = Handler.revision
            self.answer(200, page)
        elif path == "/api/v1/revision":
            self.answer(
                200,
                {
                    "revision": Handler.revision,
                    "as_of": fixture_pages.NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
                },
            )
        elif path == "/api/v1/series":
            self.answer(200, fixture_pages.series(state, query.get("metric", "")))
        elif path == "/api/v1/session":
            self.answer(
                200,
                {
                    "person": "anna",
                    "scopes": ["read", "operate"],
                    "expires_at": "2026-12-01T15:18:00Z",
                },
            )
        else:
            self.problem(404, "no such path")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/api/v1/session":
            if self.headers.get("Authorization") != "Bearer a-token":
                return self.problem(401, "the token is unknown")
            return self.answer(
                200, {"person": "anna"}, headers=[("Set-Cookie", "state=normal; Path=/")]
            )
        Handler.posted.append((self.path, json.loads(body or b"{}")))
        self.answer(200, {"ok": True})


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        # A browser that leaves a page drops what it asked for.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(port=0):
    server = Server(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


if __name__ == "__main__":
    server = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    print(
        f"http://127.0.0.1:{server.server_port}/as/normal  (also /as/fire, /as/empty, /as/signed-out)",
        flush=True,
    )
    server.serve_forever()
