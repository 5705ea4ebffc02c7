"""The count that teams write first: a json.loads for each line, levels, hours, response times."""
import json
import sys
from collections import Counter

levels, hours, durations = Counter(), Counter(), []
with open(sys.argv[1], encoding="utf-8") as log:
    for line in log:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        levels[record.get("levelname")] += 1
        hours[record.get("asctime", "")[:13]] += 1
        if "duration" in record:
            durations.append(record["duration"])
durations.sort()
json.dump({"levels": levels, "hours": hours, "average": sum(durations) / max(1, len(durations)),
           "max": durations[-1:], "p95": durations[int(len(durations) * 0.95):][:1]}, sys.stdout)
