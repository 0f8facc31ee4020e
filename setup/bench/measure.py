"""The measurements. Each starts its servers, asks them in turns, and gives rows for the report."""

import pathlib
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import load
from process import cpu_s, rss_mib, wait_until
from report import Row, median
from servers import TARGET, Certificate, Weir, proxying_nginx, redirecting_nginx, registry_nginx, rewriting_nginx, serving_nginx
from traffic import HOST, REGISTRY, Traffic, document

RATE = 3_000
FEW = "redirect: weir, 100 routes"


def redirects(folder: pathlib.Path, traffic: Traffic, seconds: float, rounds: int) -> list[Row]:
    """The whole path into the spool, against nginx. No engine runs, so that its work does not fall
    into anybody's round; what it costs is measured by `outage`."""
    files = serving_nginx(folder / "files")
    weir = Weir(folder / "redirects", engine=False, files=files.port)
    logged = redirecting_nginx(folder / "logged", log=True)
    silent = redirecting_nginx(folder / "silent", log=False)
    at_rest = rss_mib(weir.gateway)
    asked = {
        "redirect: weir": (weir, traffic.one_route),
        "redirect: weir, 1,000 routes": (weir, traffic.many_routes),
        "redirect: nginx, JSON log": (logged, traffic.one_route),
        "redirect: nginx, no log": (silent, traffic.one_route),
    }
    results = _in_turns(rounds, {
        name: lambda server=server, script=script: load.full_speed(server, script, "/", seconds)
        for name, (server, script) in asked.items()
    })
    after = rss_mib(weir.gateway)
    _stop(weir, logged, silent, files)
    rows = [Row.of(name, found, against="redirect: nginx, JSON log") for name, found in results.items()]
    return [*rows, Row("memory: gateway at rest, 1,000 routes", {"rss_mib": at_rest}), Row("memory: gateway after load", {"rss_mib": after})]


def tls(folder: pathlib.Path, traffic: Traffic, seconds: float, rounds: int) -> list[Row]:
    """The same redirects by TLS: over kept connections of both versions of HTTP, and with a connection for each."""
    certificate = Certificate(folder / "certificate")
    weir = Weir(folder / "weir-tls", engine=False, certificate=certificate)
    nginx = redirecting_nginx(folder / "nginx-tls", log=True, certificate=certificate)
    path = traffic.paths[0]
    ways = {
        "TLS, HTTP/1.1": lambda server: load.full_speed(server, traffic.one_route, "/", seconds, tls=True),
        "TLS, HTTP/2": lambda server: load.over_http2(server, path, seconds),
        "TLS, a connection each": lambda server: load.full_speed(server, traffic.new_connections, "/", seconds, tls=True),
        "TLS, full handshakes": lambda server: load.handshakes(server, seconds),
    }
    rows = []
    for way, ask in ways.items():
        base = f"{way}: nginx, JSON log"
        results = _in_turns(rounds, {f"{way}: weir": lambda ask=ask: ask(weir), base: lambda ask=ask: ask(nginx)})
        rows += [Row.of(name, found, against=base) for name, found in results.items()]
    _stop(weir, nginx)
    return rows


def scale(folder: pathlib.Path, traffic: Traffic, seconds: float, rounds: int) -> list[Row]:
    """A large operator's 10,000 domains against a small one's 10, and a reload of them under load."""
    few = Weir(folder / "few", engine=False, routes=100)
    many = Weir(folder / "many", engine=False, routes=100_000)
    asked = {
        FEW: (few, traffic.over(folder, 100)),
        "redirect: weir, 100,000 routes": (many, traffic.over(folder, 100_000)),
    }
    results = _in_turns(rounds, {
        name: lambda server=server, script=script: load.full_speed(server, script, "/", seconds)
        for name, (server, script) in asked.items()
    })
    memory = rss_mib(many.gateway)
    quiet = [many.reload() / 1e3 for _ in range(3)]
    with ThreadPoolExecutor() as beside:
        # A request that fails ends the round, and the benchmark with it.
        loaded = beside.submit(load.full_speed, many, traffic.over(folder, 100_000), "/", 2 * seconds)
        busy = [many.reload() / 1e3 for _ in range(3)]
        found = loaded.result()
    after = rss_mib(many.gateway)
    _stop(few, many)
    return [
        *(Row.of(name, found, against=FEW) for name, found in results.items()),
        Row("reload of 100,000 routes", {"median_s": median(quiet), "longest_s": max(quiet)}),
        Row("reload of 100,000 routes, under full load", {"median_s": median(busy), "longest_s": max(busy), "requests_per_s": found["requests_per_s"], "p99_ms": found["p99_ms"]}),
        Row("memory: gateway with 100,000 routes", {"rss_mib": memory}),
        Row("memory: the same after six reloads", {"rss_mib": after}),
    ]


def latency(folder: pathlib.Path, traffic: Traffic, seconds: float, rounds: int) -> list[Row]:
    """At a steady rate, with ClickHouse and without it, against an nginx that does nothing else."""
    up = Weir(folder / "up", engine=True)
    resting = rss_mib(up.engine)
    down = Weir(folder / "down", engine=False)
    silent = redirecting_nginx(folder / "floor", log=False)
    floor = f"{RATE} a second: nginx, no log"
    servers = {
        f"{RATE} a second: weir, ClickHouse up": up,
        f"{RATE} a second: weir, ClickHouse down": down,
        floor: silent,
    }
    results = _in_turns(rounds, {
        name: lambda server=server: load.steady(server, traffic.paths, RATE, seconds, folder)
        for name, server in servers.items()
    })
    busy = rss_mib(up.engine)
    _stop(up, down, silent)
    rows = [Row.of(name, found, added_to=floor) for name, found in results.items()]
    return [*rows, Row("memory: engine at rest", {"rss_mib": resting}), Row("memory: engine after this", {"rss_mib": busy})]


def proxied(folder: pathlib.Path, seconds: float, rounds: int) -> list[Row]:
    """A kilobyte from an upstream beside the load, through Weir and through nginx."""
    upstream = serving_nginx(folder / "upstream")
    weir = Weir(folder / "proxied", engine=False, upstream=upstream.port)
    nginx = proxying_nginx(folder / "proxying", upstream.port)
    results = _in_turns(rounds, {
        name: lambda server=server: load.full_speed(server, None, "/proxied/kilobyte", seconds)
        for name, server in {"proxied 1 KB: weir": weir, "proxied 1 KB: nginx, JSON log": nginx}.items()
    })
    _stop(weir, nginx, upstream)
    return [Row.of(name, found, against="proxied 1 KB: nginx, JSON log") for name, found in results.items()]


def documents(folder: pathlib.Path, traffic: Traffic, seconds: float, rounds: int) -> list[Row]:
    """A package's document, which no round asks for twice, with its tarballs pointed at the gateway; for clients that
    read gzip, as all package managers do, and for those that do not."""
    body = document(TARGET)
    registry = registry_nginx(folder / "registry", body)
    weir = Weir(folder / "documents", engine=False, registry=registry.port)
    rows = []
    for gzip, script in traffic.documents.items():
        nginx = rewriting_nginx(folder / f"rewriting{gzip}", registry.port, gzip)
        what = f"document of {len(body) // 1000} KB{', gzip' * gzip}"
        asked = {f"{what}: weir": weir, f"{what}: nginx, JSON log": nginx}
        _expect_rewritten(weir.port, nginx.port)
        results = _in_turns(rounds, {
            name: lambda server=server: load.full_speed(server, script, "/", seconds) for name, server in asked.items()
        })
        nginx.stop()
        rows += [Row.of(name, found, against=f"{what}: nginx, JSON log") for name, found in results.items()]
    _stop(weir, registry)
    return rows


def outage(folder: pathlib.Path, traffic: Traffic, seconds: float) -> list[Row]:
    """Events gather in the spool while there is no engine, and go to ClickHouse when it is back."""
    place = folder / "outage"
    weir = Weir(place, engine=False)
    gathered = load.full_speed(weir, traffic.one_route, "/", 2 * seconds)
    weir.stop()
    spool = _bytes_below(place / "data/spool")

    weir = Weir(place, engine=True)
    begun, before, first = time.monotonic(), (cpu_s(weir.gateway), cpu_s(weir.engine)), weir.rows()
    events = gathered["requests"]
    wait_until(lambda: (weir.rows() or 0) >= events, f"{events} rows", patience_s=180)
    took, rows = time.monotonic() - begun, weir.rows()
    shipped = max(rows - first, 1)
    gateway_s, engine_s = cpu_s(weir.gateway) - before[0], cpu_s(weir.engine) - before[1]
    drained = {
        "events": rows,
        "answered": events,
        "events_per_s": shipped / took,
        "cpu_us": gateway_s / shipped * 1e6,
        "engine_cpu_us": engine_s / shipped * 1e6,
        "spool_bytes_per_event": spool / events,
    }
    mixed = load.full_speed(weir, traffic.one_route, "/", seconds)
    total = rows + mixed["requests"]
    wait_until(lambda: (weir.rows() or 0) >= total, f"{total} rows", patience_s=180)
    parts = "SELECT sum(bytes_on_disk) / sum(rows) AS bytes FROM system.parts WHERE active AND table = 'events'"
    size = weir.ask(parts, user="migrate")[0]["bytes"]
    memory = [Row("memory: gateway after the outage", {"rss_mib": rss_mib(weir.gateway)}), Row("memory: engine after the outage", {"rss_mib": rss_mib(weir.engine)})]
    weir.stop()
    return [
        Row("into the spool, no engine", {"events_per_s": gathered["requests_per_s"], "bytes_per_event": drained["spool_bytes_per_event"]}),
        Row("spool to ClickHouse, after an outage", drained),
        Row("redirect: weir, engine storing on the same core", mixed),
        Row("on disk in ClickHouse", {"bytes_per_event": size}),
        *memory,
    ]


def freshness(folder: pathlib.Path) -> list[Row]:
    """How long a single download takes to become a row, for ten of them."""
    weir = Weir(folder / "freshness", engine=True)
    took = []
    for number in range(10):
        request = urllib.request.Request(
            f"http://127.0.0.1:{weir.port}/rocket/0.{number}.0/linux-amd64.tar.gz", headers={"Host": HOST}
        )
        begun = time.monotonic()
        _without_following(request)
        wait_until(lambda wanted=number + 1: (weir.rows() or 0) >= wanted, "a row")
        took.append(time.monotonic() - begun)
    weir.stop()
    return [Row("from answer to row, at rest", {"median_s": median(took), "longest_s": max(took)})]


def _expect_rewritten(*ports: int) -> None:
    """No tarball in a document of theirs leads past them."""
    for port in ports:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/@acme/package", headers={"Host": REGISTRY})
        with urllib.request.urlopen(request, timeout=10) as answer:
            if TARGET.encode() in answer.read():
                raise SystemExit("a document was not rewritten")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _without_following(request: urllib.request.Request) -> None:
    try:
        urllib.request.build_opener(_Stay).open(request, timeout=10)
    except urllib.error.HTTPError as answer:
        if answer.code != 302:
            raise SystemExit(f"expected a redirect, got {answer.code}") from answer


def _in_turns(rounds: int, asked: dict) -> dict[str, list[dict]]:
    """One round of each, then the next of each; the first, for warming up, does not count."""
    results = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, ask in asked.items():
            found = ask()
            if number:
                results[name].append(found)
    return results


def _bytes_below(folder: pathlib.Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _stop(*servers) -> None:
    for server in servers:
        server.stop()
