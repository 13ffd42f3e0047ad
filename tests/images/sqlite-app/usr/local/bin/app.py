"""A small application that keeps what it is told in SQLite, in WAL mode.

PUT /NAME stores the body under the name, GET /NAME gives it back, GET /count says how many there are,
GET /health says "ok". One connection stays open, so that the log beside the database is in use.
"""

import http.server
import os
import signal
import sqlite3
import sys
import threading

path = os.environ.get("DATABASE", "/data/app.db")
database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA wal_autocheckpoint = 0")
database.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, body BLOB NOT NULL)")
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            database.execute("REPLACE INTO notes VALUES (?, ?)", (self.path[1:], body))
        self.answer(200, b"stored\n")

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, b"ok\n")
        with lock:
            if self.path == "/count":
                (count,) = database.execute("SELECT count(*) FROM notes").fetchone()
                return self.answer(200, b"%d\n" % count)
            row = database.execute("SELECT body FROM notes WHERE name = ?", (self.path[1:],)).fetchone()
        if row is None:
            return self.answer(404, b"no such note\n")
        self.answer(200, row[0])

    def log_message(self, *_):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
