"""What connections cost before anything is asked: handshakes among many certificates, and memory while they wait."""

import pathlib
import subprocess
import sys

from load import full_speed
from process import LOAD_CORE, anonymous_mib, cpu_s, rss_mib
from report import Row
from servers import Certificate, Certificates, Weir, redirecting_nginx
from traffic import HOST, Traffic

CERTIFICATES = 10_000
HANDSHAKES = 2_000
IDLE = 10_000
CALLER = pathlib.Path(__file__).with_name("caller.py")


def names(folder: pathlib.Path, rounds: int) -> list[Row]:
    """Full handshakes for names of 10,000 certificates, each by its own, against those for one."""
    one, many = Certificate(folder / "one-certificate"), Certificates(folder / "certificates", CERTIFICATES)
    few = Weir(folder / "one-name", engine=False, certificate=one)
    full = Weir(folder / "many-names", engine=False, certificate=many)
    base = "TLS, full handshakes by name: 1 certificate"
    servers = {base: (few, [HOST]), f"TLS, full handshakes by name: {CERTIFICATES:,} certificates": (full, many.names)}
    results = {name: [] for name in servers}
    for number in range(rounds + 1):
        for name, (server, known) in servers.items():
            found = _handshakes(server, known)
            if number:
                results[name].append(found)
    memory = [
        Row("memory: gateway with 1 certificate", {"rss_mib": rss_mib(few.gateway)}),
        Row(f"memory: gateway with {CERTIFICATES:,} certificates", {"rss_mib": rss_mib(full.gateway)}),
    ]
    few.stop()
    full.stop()
    return [*(Row.of(name, found, against=base) for name, found in results.items()), *memory]


def _handshakes(server: Weir, known: list[str]) -> dict:
    before = cpu_s(server.gateway)
    command = ["taskset", "-c", LOAD_CORE, sys.executable, str(CALLER), "shake", str(server.https), str(HANDSHAKES)]
    done = subprocess.run(command, input="\n".join(known), capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"a handshake failed: {done.stderr}")
    took = float(done.stdout)
    cpu = cpu_s(server.gateway) - before
    return {"requests": HANDSHAKES, "requests_per_s": HANDSHAKES / took, "cpu_us": cpu / HANDSHAKES * 1e6}


def idle(folder: pathlib.Path, traffic: Traffic) -> list[Row]:
    """Memory of kept connections whose clients asked once and wait."""
    certificate = Certificate(folder / "idle-certificate")
    rows = []
    for name, start in {
        "weir": lambda place: Weir(place, engine=False, certificate=certificate),
        "nginx": lambda place: redirecting_nginx(place, log=True, certificate=certificate, connections=2 * IDLE),
    }.items():
        for way, scheme in {"in the clear": "http", "by TLS": "https"}.items():
            # One of its own for each, since what was given back may not be the system's again.
            server = start(folder / f"idle-{name}-{scheme}")
            full_speed(server, traffic.one_route, "/", 1, tls=scheme == "https")
            rows.append(Row(f"memory: an idle connection {way}, {name}", {"kib": _kib_each(server, traffic.paths[0], scheme)}))
            server.stop()
    return rows


def _kib_each(server, path: str, scheme: str) -> float:
    """What each of `IDLE` connections takes, measured once all of them were answered."""
    before = anonymous_mib(server.gateway)
    port = server.https if scheme == "https" else server.port
    command = ["taskset", "-c", LOAD_CORE, sys.executable, str(CALLER), "hold", str(port), str(IDLE), HOST, path, scheme]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as clients:
        if clients.stdout.readline() != "ready\n":
            raise SystemExit(f"{IDLE} connections could not be opened, see above")
        after = anonymous_mib(server.gateway)
        clients.stdin.close()
    return (after - before) * 1024 / IDLE
