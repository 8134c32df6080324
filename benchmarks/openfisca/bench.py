"""Time sequential POSTs of example.json to /calculate: bench.py PORT [COUNT]"""

import http.client
import json
import statistics
import sys
import time
from pathlib import Path

port, count = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500
body = Path(__file__).with_name("example.json").read_bytes()
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)  # reconnects when closed


def post():
    connection.request("POST", "/calculate", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        raise SystemExit(f"{response.status} {answer.decode()}")
    return json.loads(answer)["households"]["h1"]["dibao"]["2026-08"]


for _ in range(50):  # warm up
    if post() != 2374:
        raise SystemExit("dibao is not 2374")

times = []
started = time.perf_counter()
for _ in range(count):
    before = time.perf_counter()
    post()
    times.append(time.perf_counter() - before)
elapsed = time.perf_counter() - started
cuts = statistics.quantiles(times, n=100)
print(
    f"{count} requests, {count / elapsed:.0f} a second, "
    f"median {cuts[49] * 1000:.2f} ms, p99 {cuts[98] * 1000:.2f} ms"
)
