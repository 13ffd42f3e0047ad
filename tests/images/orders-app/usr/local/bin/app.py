"""A small application over PostgreSQL, which libpq's own variables name (PGHOST, PGUSER, PGPASSWORD …).

GET /health says "ok" if the database answers, GET /orders how many orders there are, GET /note what is
in /data/note, GET /greeting what is in /etc/greeting. It ends if it cannot log in when it starts.
"""

import http.server
import os
import signal
import sys

import psycopg2


def ask(query):
    connection = psycopg2.connect("")
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {
            "/health": lambda: b"ok\n" if ask("SELECT 1") == 1 else b"",
            "/orders": lambda: b"%d orders\n" % ask("SELECT count(*) FROM orders"),
            "/note": lambda: read("/data/note"),
            "/greeting": lambda: read("/etc/greeting"),
        }
        try:
            status, body = 200, answers[self.path]()
        except KeyError:
            status, body = 404, b"no such page\n"
        except (psycopg2.Error, OSError) as error:
            status, body = 500, type(error).__name__.encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ask("SELECT 1")
http.server.ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
