"""Reading a whole log: tailboard and the others over the same file, warm and cold.

The programs take turns (A B C, A B C, ...), so that what else the machine does hits all alike. Warm: the file was read
just before. Cold: its pages were dropped from the page cache before each run.
"""
import os

from cost import Runner
from machine import forget, remember
from table import Table, median, milliseconds, number, size


def _turns(runner, peers, log, runs, prepare, say):
    """Costs by peer; a peer that failed once is left out from then on."""
    costs = {peer: [] for peer in peers}
    for turn in range(runs):
        for peer in [p for p in peers if costs[p] is not None]:
            say(f"{peer.name}, {turn + 1} of {runs}")
            prepare(log)
            cost = runner.run(peer.argv, env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", **(peer.env or {})})
            costs[peer] = costs[peer] + [cost] if cost else None
    return costs


class Load:
    """One log and the programs that read it."""

    def __init__(self, title, log, records, peers):
        self.title, self.log, self.records, self.peers = title, log, records, peers
        self.bytes = os.path.getsize(log)

    def measure(self, runner, runs, cold_runs, say):
        remember(self.log)
        self.warm = _turns(runner, self.peers, self.log, runs, lambda log: None, say)
        self.cold = _turns(runner, self.peers, self.log, cold_runs, forget, say) if cold_runs else {}
        remember(self.log)

    def failed(self):
        """tailboard itself, the first of the peers, could not do it."""
        return not self.warm[self.peers[0]]

    def table(self):
        t = Table(f"{self.title}: {size(self.bytes)}, {self.records:,} records", "program", "what it did", "time>",
                  "CPU>", "MB/s>", "records/s>", "peak memory>", "tailboard is>", "cold MB/s>")
        for peer in self.peers:
            seconds, cold = self._seconds(self.warm, peer), self._seconds(self.cold, peer)
            name = f"{peer.name} {peer.version}" if peer.version else peer.name
            rate = lambda s: number(self.bytes / s / 1e6) if s else "-"  # noqa: E731
            if not seconds:
                t.add(name, peer.does, "failed", *"------")
                continue
            costs = self.warm[peer]
            t.add(name, peer.does, milliseconds(seconds * 1000), milliseconds(median([c.cpu for c in costs]) * 1000),
                  rate(seconds), f"{self.records / seconds:,.0f}", size(max(c.peak for c in costs)), self._ratio(costs),
                  rate(cold))
        return t

    def _ratio(self, costs):
        """How much faster tailboard is: the median over the turns, each against its own neighbour in time."""
        base = self.warm[self.peers[0]]
        return f"{number(median([c.wall / b.wall for c, b in zip(costs, base)]))}x" if base else "-"

    @staticmethod
    def _seconds(costs, peer):
        return median([c.wall for c in costs[peer]]) if costs.get(peer) else None


def run(settings, json_log, json_records, access_log, access_records, peers):
    """(tables, whether tailboard did its part)."""
    runner = Runner(settings.helper("run"), settings.timeout)
    loads = [Load("Load, JSON lines of a Django shop", json_log, json_records, peers.json(json_log)),
             Load("Load, gunicorn access lines", access_log, access_records, peers.access(access_log))]
    for load in loads:
        load.peers = [p for p in load.peers if not settings.without(p.name)]
        load.measure(runner, settings.runs, settings.cold_runs, settings.say)
    tables = [load.table() for load in loads]
    tables[0].note(f"Medians of {settings.runs} runs with the file in the page cache, of {settings.cold_runs} with its "
                   "pages dropped (posix_fadvise DONTNEED), programs taking turns; ratios are medians over the turns.")
    tables[0].note("Peak memory is what was resident at most, pages of a mapped file (ripgrep) included.")
    for missing in peers.missing:
        tables[0].note(missing)
    return tables, not any(load.failed() for load in loads)
