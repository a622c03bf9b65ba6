# SPDX-License-Identifier: GPL-3.0-or-later
"""A Slurm of its own: munge, one controller and two nodes on this machine's loopback, in a folder that goes with it."""
import os
import shutil
import signal
import socket
import subprocess
import time

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"]
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def missing():
    """Why no cluster can be started here; None when one can."""
    absent = [p for p in PROGRAMS if not shutil.which(p, path=PATH)]
    if absent:
        return "not installed: " + ", ".join(absent)
    return None if os.getuid() == 0 else "slurmd wants root"


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def tree(pid):
    """The process and all that it started, and they started."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            pass
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def kill(pids, number=signal.SIGKILL):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.daemons = {}
        self.env = dict(os.environ, PATH=PATH, SLURM_CONF=os.path.join(folder, "slurm.conf"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words, check=True, **options):
        return subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=60, check=check, **options)

    def daemon(self, name, *words):
        log = open(self.path(name + ".log"), "ab")
        self.daemons[name] = subprocess.Popen(words, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def start(self):
        os.chmod(self.folder, 0o755)  # munge trusts no socket below a folder that others write
        with open(self.path("munge.key"), "wb") as file:
            file.write(os.urandom(128))
        os.chmod(self.path("munge.key"), 0o400)
        self.daemon("munged", "munged", "--force", "--foreground", f"--key-file={self.path('munge.key')}", f"--socket={self.path('munge.socket')}",
                    f"--pid-file={self.path('munged.pid')}", f"--log-file={self.path('munged.out')}", f"--seed-file={self.path('munge.seed')}")
        self.wait(lambda: os.path.exists(self.path("munge.socket")), 20, "munge")
        host, ports = socket.gethostname().split(".")[0], free_ports(3)
        for name in ("state", "spool.n1", "spool.n2"):
            os.mkdir(self.path(name))
        with open(self.path("slurm.conf"), "w", encoding="utf-8") as file:
            file.write(f"""ClusterName=plimsoll
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={self.path('munge.socket')}
CryptoType=crypto/munge
StateSaveLocation={self.path('state')}
SlurmdSpoolDir={self.path('spool.%n')}
SlurmctldPidFile={self.path('slurmctld.pid')}
SlurmdPidFile={self.path('slurmd.%n.pid')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=6
KillWait=5
SchedulerParameters=sched_interval=2
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports[1]}-{ports[1] + 1}] CPUs=1 RealMemory=500
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
""")
        self.daemon("slurmctld", "slurmctld", "-D", "-c")
        for node in ("n1", "n2"):
            self.daemon(node, "slurmd", "-D", "-N", node)
        self.wait(lambda: self.run("sinfo", "-h", "-N", "-o", "%N %t", check=False).stdout.split() == ["n1", "idle", "n2", "idle"], 60, "two nodes")

    def wait(self, ready, seconds, what):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if ready():
                return
            time.sleep(0.3)
        raise TimeoutError(f"waited {seconds} s for {what}\n" + self.logs())

    def logs(self):
        out = []
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".log", ".out")):
                with open(self.path(name), encoding="utf-8", errors="replace") as file:
                    out.append(f"--- {name}\n" + "".join(file.readlines()[-15:]))
        return "\n".join(out)

    def jobs(self):
        """{array task: (state, node)} of what is not over."""
        text = self.run("squeue", "-h", "-r", "-o", "%K %T %N", check=False).stdout
        return {line.split()[0]: tuple((line.split() + [""])[1:3]) for line in text.splitlines() if line.split()}

    def kill_node(self, node):
        """As when the machine loses its power: the node and everything that runs on it."""
        steps = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    words = file.read()
                with open(f"/proc/{name}/environ", "rb") as file:
                    ours = self.folder.encode() in file.read()
            except OSError:
                continue
            if words.startswith(b"slurmstepd") and ours and self.step_is_on(int(name), node):
                steps.append(int(name))
        gone = tree(self.daemons[node].pid)
        for step in steps:
            gone += [p for p in tree(step) if p not in gone]
        kill(gone)
        self.daemons.pop(node).wait()
        return len(gone)

    def step_is_on(self, pid, node):
        """slurmstepd keeps its node's spool folder's socket or script open or in its children's names."""
        for one in tree(pid):
            try:
                with open(f"/proc/{one}/environ", "rb") as file:
                    if f"SLURMD_NODENAME={node}\0".encode() in file.read() + b"\0":
                        return True
                with open(f"/proc/{one}/cmdline", "rb") as file:
                    if f"spool.{node}/".encode() in file.read():
                        return True
            except OSError:
                pass
        return False

    def stop(self):
        left = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if f"SLURM_CONF={self.env['SLURM_CONF']}\0".encode() in file.read() + b"\0" and int(name) != os.getpid():
                        left.append(int(name))
            except OSError:
                pass
        for process in self.daemons.values():
            process.terminate()
        for process in self.daemons.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        kill(left)
