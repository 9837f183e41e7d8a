"""One Node process that runs notebooks, for as long as the Ray worker process around it lives."""

import atexit
import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading

MINIMUM_NODE = 20
STDERR_KEPT = 2000


class RunnerDied(Exception):
    """The process died, hung or lost its simulator: Ray tries the run again."""


class NodeUnfit(Exception):
    """This machine cannot run anything: no Node, no bundle, or another version of it. Nothing is tried again."""


def bundle_folder():
    """Where the programs are: a folder that every node has, or what came along with this module."""
    return os.environ.get("WAYBOOK_BUNDLE") or os.path.dirname(os.path.abspath(__file__))


def find_node(bundle):
    """Node of the bundle, of WAYBOOK_NODE, or of PATH; raises NodeUnfit."""
    own = os.path.join(bundle, "node", "bin", "node")
    if os.path.exists(own):
        os.chmod(own, 0o755)
    for candidate in (os.environ.get("WAYBOOK_NODE"), own, shutil.which("node")):
        if candidate and os.path.exists(candidate):
            return candidate
    raise NodeUnfit(
        "Node is missing: install Node %d or newer, set WAYBOOK_NODE, or send it along with --with-node." % MINIMUM_NODE
    )


def check_node(node):
    """Raises NodeUnfit for a Node that is too old."""
    try:
        text = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout.strip()
        major = int(text.lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise NodeUnfit("%s does not run: %s" % (node, error)) from error
    if major < MINIMUM_NODE:
        raise NodeUnfit("Node here is %s, and %d or newer is needed." % (text, MINIMUM_NODE))


class Runner:
    """Starts with the sweep's description; run() gives the answer for the run with an index."""

    def __init__(self, sweep):
        bundle = bundle_folder()
        script = os.path.join(bundle, "dist", "sweep-worker.mjs")
        if not os.path.exists(script):
            raise NodeUnfit("The headless bundle is missing: there is no %s." % script)
        node = find_node(bundle)
        check_node(node)
        self.folder = tempfile.mkdtemp(prefix="waybook-ray-")
        self.errors = open(os.path.join(self.folder, "stderr.txt"), "w+", encoding="utf-8", errors="replace")
        options = {"stdio": True, "programs": sweep["description"]["programs"], "folders": self._write_files(sweep)}
        self.process = subprocess.Popen(
            [node, script, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            encoding="utf-8",
        )
        atexit.register(self.close)
        first = self._read(120)
        if not first:
            code = self.process.wait()
            said = self._said()
            self.close()
            # It leaves with 2 where it refuses this machine for good.
            raise (NodeUnfit if code == 2 else RunnerDied)(said or "The runner ended with %s." % code)
        self._send({"description": sweep["description"]})

    def _write_files(self, sweep):
        folders = {}
        for notebook, files in sweep.get("files", {}).items():
            folders[notebook] = os.path.join(self.folder, "files-%d" % len(folders))
            for path, content in files.items():
                target = os.path.join(folders[notebook], *path.split("/"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(base64.b64decode(content))
        return folders

    def run(self, index, timeout):
        """The worker's answer as a dict; raises RunnerDied."""
        try:
            self._send({"id": str(index), "index": index})
            line = self._read(timeout)
        except (BrokenPipeError, OSError):
            line = ""
        if not line:
            said = self._said()
            self.close()
            raise RunnerDied(said.splitlines()[-1] if said else "its process died or hung")
        reply = json.loads(line)
        if reply.get("again"):
            raise RunnerDied(reply["error"])
        return reply

    def _send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def _read(self, timeout):
        """One line, or an empty text where the process ended or took longer [s]."""
        timer = threading.Timer(timeout, self.process.kill)
        timer.start()
        try:
            return self.process.stdout.readline()
        finally:
            timer.cancel()

    def _said(self):
        try:
            self.errors.flush()
            self.errors.seek(0)
            return self.errors.read()[-STDERR_KEPT:].strip()
        except (OSError, ValueError):
            return ""

    @property
    def alive(self):
        return self.process.poll() is None

    def close(self):
        """Ends the process, and removes what it was given."""
        atexit.unregister(self.close)
        self.process.kill()
        self.process.wait()
        self.errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_runner = None


def run_one(sweep, index, timeout):
    """Runs on Ray's worker processes, which live from task to task: so does the simulator behind the runner.

    Returns the worker's answer and the name of the machine.
    """
    global _runner
    where = "%s, process %d" % (socket.gethostname(), os.getpid())
    try:
        if _runner is None or not _runner.alive:
            _runner = Runner(sweep)
        return _runner.run(index, timeout), where
    except NodeUnfit as error:
        raise NodeUnfit("On %s: %s" % (socket.gethostname(), error)) from None
    except RunnerDied:
        if _runner is not None and not _runner.alive:
            _runner = None
        raise
