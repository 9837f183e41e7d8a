"""Hands the runs of a sweep to Ray, and prints what comes back, a JSON object a line.

On a cluster it is the entry point of a job and reads its input from a file; beside Waybook it talks to a cluster through
Ray's client and reads its input from standard input, whose end ends it. Scheduling, retries and the way of results
are Ray's own; there is nothing here but a window of runs under way.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time

MARK = "WAYBOOK "
# Results wait on their nodes while the driver is busy; more runs than this under way for each processor help nobody.
WINDOW = 2
CLUSTER_SECONDS = 10


def say(**message):
    """One line for Waybook. Lines of others may stand between, so each is marked."""
    sys.stdout.write(MARK + json.dumps(message, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def fault(code, text):
    say(type="fault", code=code, text=text)
    sys.stdout.flush()
    os._exit(3)


class Stop(Exception):
    """Somebody asked for the end."""


def connect(address):
    """Ray, connected; says what is wrong otherwise."""
    try:
        import ray
    except ImportError as error:
        fault("no-ray", "This Python (%s) has no Ray: %s" % (sys.executable, error))
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    module = os.path.dirname(os.path.abspath(__file__))
    try:
        if address is None:
            ray.init(log_to_driver=False, logging_level="ERROR")
        else:
            variables = {k: os.environ[k] for k in ("WAYBOOK_BUNDLE", "WAYBOOK_NODE") if os.environ.get(k)}
            ray.init(
                address,
                log_to_driver=False,
                logging_level="ERROR",
                runtime_env={"py_modules": [module], "env_vars": variables},
            )
    except Exception as error:  # Ray raises many kinds, and what it says is all there is.
        text = str(error)
        mismatch = "ersion mismatch" in text or "ersion Mismatch" in text
        fault("wrong-version" if mismatch else "unreachable", text.strip().splitlines()[-1] if not mismatch else text)
    return ray


def run(ray, request):
    """Keeps a window of runs under way until all have come back."""
    from waybook_headless.runner import NodeUnfit, RunnerDied, run_one

    attempts, timeout, limit = request["attempts"], request["timeout"], request.get("workers")
    task = ray.remote(
        num_cpus=1, max_retries=attempts - 1, retry_exceptions=[RunnerDied], scheduling_strategy="SPREAD"
    )(run_one)
    sweep = ray.put({"description": request["description"], "files": request.get("files", {})})
    todo = iter(request["indices"])
    under_way = {}
    nodes = Nodes(ray)
    say(type="ready", ray=ray.__version__, python=sys.version.split()[0], nodes=nodes.count, cpus=nodes.cpus)
    while True:
        if stopping.is_set():
            for reference in under_way:
                ray.cancel(reference, force=True)
            raise Stop()
        nodes.refresh()
        # Ray itself runs no more at a time than there are processors: only a limit below that has to be kept here.
        window = limit if limit and limit < nodes.cpus else max(1, int(nodes.cpus * WINDOW))
        while len(under_way) < window:
            index = next(todo, None)
            if index is None:
                break
            under_way[task.remote(sweep, index, timeout)] = index
        if not under_way:
            return
        done, _ = ray.wait(list(under_way), num_returns=1, timeout=1.0)
        for reference in done:
            index = under_way.pop(reference)
            try:
                answer, where = ray.get(reference)
                if "error" in answer:
                    say(type="crashed", index=index, attempts=1, error=answer["error"], where=where)
                else:
                    say(type="result", index=index, value=answer["value"], where=where)
            except Exception as error:
                cause = getattr(error, "cause", None) or error
                if isinstance(cause, NodeUnfit) or "NodeUnfit" in type(cause).__name__:
                    fault("node-unfit", str(cause))
                if isinstance(cause, RunnerDied) or "RunnerDied" in type(cause).__name__:
                    text = str(cause)
                else:
                    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
                say(type="crashed", index=index, attempts=attempts, error=text, where="ray")
            del reference


class Nodes:
    """How large the cluster is now: it may grow and shrink."""

    def __init__(self, ray):
        self.ray = ray
        self.asked = -CLUSTER_SECONDS
        self.count, self.cpus = 0, 1.0
        self.refresh()

    def refresh(self):
        if time.monotonic() - self.asked < CLUSTER_SECONDS:
            return
        self.asked = time.monotonic()
        alive = [node for node in self.ray.nodes() if node["Alive"]]
        before = self.count
        self.count = len(alive)
        self.cpus = max(1.0, sum(node["Resources"].get("CPU", 0) for node in alive))
        if before and before != self.count:
            say(type="say", text="The cluster has %d nodes now, it had %d." % (self.count, before))


stopping = threading.Event()


def follow_input():
    """The end of standard input is the end of whoever asked."""
    while sys.stdin.read(4096):
        pass
    stopping.set()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", help="ray://HOST:PORT; absent inside a job")
    parser.add_argument("--input", help="file with the request; absent: one line on standard input")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if options.input is None:
        request = json.loads(sys.stdin.readline())
        threading.Thread(target=follow_input, daemon=True).start()
    else:
        with open(options.input, encoding="utf-8") as file:
            request = json.load(file)
    ray = connect(options.address)
    try:
        run(ray, request)
    except Stop:
        say(type="stopped")
        sys.stdout.flush()
        os._exit(0)
    except Exception as error:
        fault("lost", "%s: %s" % (type(error).__name__, str(error).strip().splitlines()[0] if str(error) else ""))
    say(type="done")
    ray.shutdown()


if __name__ == "__main__":
    main()
