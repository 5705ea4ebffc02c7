"""What a program costs: wall clock, CPU, peak resident memory. The helper bench/run measures, this reads."""
import os
import signal
import subprocess
import tempfile


class Cost:
    def __init__(self, wall, user, system, peak, status):
        self.wall, self.cpu, self.peak, self.status = wall, user + system, peak, status


class Runner:
    def __init__(self, helper, timeout):
        self.helper, self.timeout = helper, timeout

    def run(self, argv, env=None, fine=(0,)):
        """Its cost, or None when it failed, was not done in time or could not be started.

        Its output goes to a file and is dropped: grep reads no further than the first match when it is /dev/null.
        """
        with tempfile.NamedTemporaryFile("r") as out, tempfile.TemporaryFile() as dropped:
            process = subprocess.Popen([self.helper, out.name, *argv], env=env, stdin=subprocess.DEVNULL,
                                       stdout=dropped, stderr=subprocess.DEVNULL, start_new_session=True)
            try:
                process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return None
            fields = out.read().split()
        if process.returncode or len(fields) != 5:
            return None
        cost = Cost(*map(float, fields[:3]), int(fields[3]), int(fields[4]))
        return cost if cost.status in fine else None
