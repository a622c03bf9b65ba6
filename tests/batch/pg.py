#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostGIS of one's own for a test: own folder, own port, gone afterwards.

    with Postgis() as server:
        server.name("plimsoll")            # PG:... without the password; server.environment holds it
        server.stop(); server.start()      # as a database that is restarted in mid-run

    pg.py start FOLDER                     # for shells: prints the name; PGPASSWORD is in FOLDER/password
    pg.py stop FOLDER

Postgis.missing() says what this machine lacks, or None: PostgreSQL 15 or later with PostGIS 3 (packages
postgresql-15-postgis-3), and a user other than root to run it as.
"""
import ctypes
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PASSWORD = "Sw0rd-f1sh/ü'q\\z"  # awkward on purpose: quotes, a backslash and an umlaut


def programs():
    """The newest PostgreSQL that has PostGIS, or None."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        version = folder.split("/")[-2]
        if glob.glob(f"/usr/share/postgresql/{version}/extension/postgis.control") and os.path.exists(f"{folder}/initdb"):
            return folder
    return None


def other_user():
    """Whom a root may run the server as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Postgis:
    def __init__(self, folder=None, postgis=True):
        self.owned = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="plimsoll-pg-")
        self.data = os.path.join(self.folder, "data")
        self.bin = programs()
        self.user = other_user()
        self.port = None
        self.process = None  # of a server that goes when the test goes, however that ends
        self.postgis = postgis

    @staticmethod
    def missing():
        if not programs():
            return "no PostgreSQL with PostGIS here (postgresql-15-postgis-3)"
        if os.geteuid() == 0 and not other_user():
            return "PostgreSQL will not run as root and there is no other user"
        return None

    def be_user(self):
        if self.user:
            os.setgroups([])
            os.setgid(self.user.pw_gid)
            os.setuid(self.user.pw_uid)

    def be_mortal(self):
        self.be_user()
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT, 0, 0, 0)  # PR_SET_PDEATHSIG, which a change of user would clear

    def run(self, *words, check=True, **more):
        """A program of PostgreSQL, as its user."""
        done = subprocess.run([os.path.join(self.bin, words[0]), *words[1:]], cwd=self.folder, preexec_fn=self.be_user, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more)
        if check and done.returncode != 0:
            raise RuntimeError(f"{words[0]}: {done.stdout.decode(errors='replace')}")
        return done

    def create(self):
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o755)
        password = os.path.join(self.folder, "password")
        with open(password, "w", encoding="utf-8") as f:
            f.write(PASSWORD)
        os.chmod(password, 0o600)
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            os.chown(password, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", self.data, "-U", "plimsoll", "--auth=scram-sha-256", f"--pwfile={password}", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync")
        self.start()
        self.sql("CREATE DATABASE plimsoll", "postgres")
        if self.postgis:
            self.sql("CREATE EXTENSION postgis", "plimsoll")
        self.sql("CREATE DATABASE plain", "postgres")  # one without PostGIS

    def start(self):
        kept = os.path.join(self.folder, "port")
        if not self.port and os.path.exists(kept):
            with open(kept, encoding="ascii") as f:
                self.port = int(f.read())
        self.port = self.port or free_port()
        with open(kept, "w", encoding="ascii") as f:
            f.write(str(self.port))
        options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off",
                   "-c", "max_connections=40", "-c", "shared_buffers=16MB"]
        if not self.owned:
            self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", os.path.join(self.folder, "log"), "-o", " ".join(options), "start")
            return
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(self.bin, "postgres"), "-D", self.data, *options], cwd=self.folder,
                                            preexec_fn=self.be_mortal, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while self.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("PostgreSQL does not start: " + os.path.join(self.folder, "log"))
            time.sleep(0.05)

    def stop(self, mode="fast"):
        if self.process:
            self.process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
            self.process.wait(60)
            self.process = None
            return
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop", check=False)

    @property
    def environment(self):
        return {**os.environ, "PGPASSWORD": PASSWORD}

    def name(self, database="plimsoll", more=""):
        return f"PG:host=127.0.0.1 port={self.port} user=plimsoll dbname={database}{' ' + more if more else ''}"

    def sql(self, words, database="plimsoll"):
        """Rows as lists of text."""
        done = subprocess.run([os.path.join(self.bin, "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h",
                               "127.0.0.1", "-p", str(self.port), "-U", "plimsoll", "-d", database, "-c", words],
                              env=self.environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def reset(self):
        """An empty database again."""
        self.sql("DROP DATABASE plimsoll WITH (FORCE)", "postgres")
        self.sql("CREATE DATABASE plimsoll", "postgres")
        self.sql("CREATE EXTENSION postgis")

    def __enter__(self):
        self.create()
        return self

    def __exit__(self, *_):
        self.stop("immediate")
        if self.owned:
            shutil.rmtree(self.folder, ignore_errors=True)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "stop"):
        sys.exit(__doc__)
    why = Postgis.missing()
    if why:
        sys.exit(why)
    server = Postgis(os.path.abspath(sys.argv[2]))
    if sys.argv[1] == "start":
        server.create() if not os.path.exists(server.data) else server.start()
        print(server.name())
    else:
        server.stop()


if __name__ == "__main__":
    main()
