"""Lets a script work in turns: it does as many steps as each request asks for, and says what they took."""

import json
import resource
import sys
import time


class Turns:
    """Requests and answers are lines of JSON."""

    def __init__(self):
        self.request = {}
        # What libraries print must not come between the answers.
        self.out, sys.stdout = sys.stdout, sys.stderr
        self._begin()

    def wait(self):
        """Reads the next request; ends the script where there is none."""
        line = sys.stdin.readline()
        if not line:
            sys.exit(0)
        self.request = json.loads(line)
        self._begin()
        return self.request

    def answer(self, facts):
        print(json.dumps(facts), file=self.out, flush=True)

    def begin_step(self):
        """Leaves out what came between the last step and this one."""
        self.start = time.perf_counter()

    def lap(self, tokens):
        """Ends a step; answers and waits after the last that was asked for."""
        now = time.perf_counter()
        self.milliseconds.append((now - self.start) * 1000)
        self.start = now
        self.tokens += tokens
        if len(self.milliseconds) < self.request.get("steps", 0):
            return
        self.answer(self.report())
        self.wait()

    def report(self):
        return {
            "milliseconds": self.milliseconds,
            "processorSeconds": processor_seconds() - self.used,
            "tokens": self.tokens,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }

    def _begin(self):
        self.milliseconds, self.tokens = [], 0
        self.used = processor_seconds()
        self.start = time.perf_counter()


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
