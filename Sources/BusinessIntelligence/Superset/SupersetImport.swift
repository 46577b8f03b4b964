/// The program that imports the bundle.
enum SupersetImport {
  /// Python without further packages. The import of the user interface knows dashboards, charts and
  /// datasets, and leaves existing charts; only the API imports assets, which overwrites them.
  static let script = #"""
    #!/usr/bin/env python3
    """Imports payops-superset.zip into Superset 6; what exists is overwritten, charts included.

        ./import.py [--url http://127.0.0.1:8088] [--user admin]

    The user must be an administrator of Superset. Asks for this user's password, and for that of
    the database account: empty keeps the one that Superset has. SUPERSET_PASSWORD_FILE and
    DATABASE_PASSWORD_FILE name files that hold them instead.
    """

    import argparse
    import getpass
    import http.cookiejar
    import json
    import os
    import pathlib
    import sys
    import urllib.error
    import urllib.request
    import uuid

    BUNDLE = pathlib.Path(__file__).resolve().parent / "payops-superset.zip"


    def password(variable, of):
        """A password from the file that a variable names, or from the terminal."""
        if variable in os.environ:
            return pathlib.Path(os.environ[variable]).read_text(encoding="utf-8").rstrip("\n")
        return getpass.getpass(f"password of {of}: ")


    def form(fields, file):
        """A multipart form: its type and its bytes."""
        boundary = uuid.uuid4().hex
        parts = []
        for name, value in fields.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(f"{head}{value}\r\n".encode())
        head = (f'--{boundary}\r\nContent-Disposition: form-data; name="bundle"; '
                f'filename="{file.name}"\r\nContent-Type: application/zip\r\n\r\n')
        parts.append(head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode())
        return f"multipart/form-data; boundary={boundary}", b"".join(parts)


    def main():
        parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
        parser.add_argument("--url", default="http://127.0.0.1:8088")
        parser.add_argument("--user", default="admin")
        given = parser.parse_args()
        url = given.url.rstrip("/")
        login = password("SUPERSET_PASSWORD_FILE", f"{given.user} in Superset")
        database = password("DATABASE_PASSWORD_FILE", "the database account (empty: keep it)")
        opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

        def call(path, body=None, headers=None):
            request = urllib.request.Request(url + path, data=body, headers=headers or {})
            with opener.open(request, timeout=600) as answer:
                return json.load(answer)

        try:
            body = {"username": given.user, "password": login, "provider": "db"}
            access = call("/api/v1/security/login", json.dumps(body).encode(),
                          {"Content-Type": "application/json"})["access_token"]
            headers = {"Authorization": f"Bearer {access}", "Referer": url + "/"}
            token = call("/api/v1/security/csrf_token/", headers=headers)["result"]
            fields = {"passwords": json.dumps({"databases/payops.yaml": database})} if database else {}
            kind, body = form(fields, BUNDLE)
            call("/api/v1/assets/import/", body,
                 headers | {"X-CSRFToken": token, "Content-Type": kind})
        except urllib.error.HTTPError as error:
            sys.exit(f"error: {error.url.removeprefix(url)}: {error.code} {error.read(4000).decode()}")
        except OSError as error:
            sys.exit(f"error: {url}: {error}")
        print("imported; charts and dashboards are those of the bundle")


    if __name__ == "__main__":
        main()

    """#
}
