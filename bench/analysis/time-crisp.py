# Times CRISP's own code (github.com/uber-research/CRISP) on traces given as Jaeger JSON, one a line.
# usage: time-crisp.py FOLDER_OF_CRISP FILE SERVICE OPERATION; prints the seconds and the number of spans found on critical paths. Reading the file is not counted.
import json
import sys
import time

folder, path, service, operation = sys.argv[1:5]
sys.path.insert(0, folder)
from crisp.graph import Graph  # noqa: E402 - found in the folder given

with open(path, encoding="utf-8") as lines:
    traces = [json.loads(line) for line in lines]


def critical_path(trace):
    graph = Graph(trace, service, operation, "trace.json", True)
    # Older versions name the spans of the path only, without the stretches of time.
    return graph.criticalPathSegments() if hasattr(graph, "criticalPathSegments") else graph.findCriticalPath()


started = time.perf_counter()
spans = sum(len(critical_path(trace)) for trace in traces)
print(json.dumps({"seconds": time.perf_counter() - started, "spans": spans}))
