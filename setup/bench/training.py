"""Puts the program through its usual paths, so that the compiler learns which of them are usual (setup/profile.sh).
What is asked has the ways of real clients, and is not what is measured: other agents, other heads, other addresses."""

import pathlib
import random
import shutil
import sys

import load
from process import wait_until
from servers import TARGET, Certificate, Weir, registry_nginx, serving_nginx
from traffic import HOST, ROUTES, Traffic, document, domain_of, write_script

SECONDS = 6
REQUESTS = 32_768
FOLDER = pathlib.Path("target/training").resolve()

# What clients of this decade send besides `Host`, in their order.
CLIENTS = [
    ["User-Agent: Debian APT-HTTP/1.3 (2.6.1)"],
    ["User-Agent: pip/25.0.1 {\"ci\":null,\"cpu\":\"x86_64\",\"python\":\"3.12.8\"}", "Accept-Encoding: identity", "Accept: */*", "Connection: keep-alive"],
    ["accept-encoding: gzip", "user-agent: uv/0.5.11", "accept: */*"],
    ["User-Agent: npm/10.9.0 node/v22.12.0 darwin arm64 workspaces/false", "Connection: keep-alive", "Accept: */*", "Accept-Encoding: gzip,deflate,br"],
    ["user-agent: cargo/1.83.0 (5ffbef321 2024-10-29)", "accept-encoding: gzip", "accept: */*"],
    ["User-Agent: docker/27.4.1 go/go1.22.10 git-commit/c710b88 kernel/6.8.0-51-generic os/linux arch/amd64 UpstreamClient(Docker-Client/27.4.1 \\(linux\\))", "Accept-Encoding: gzip"],
    ["User-Agent: curl/8.11.1", "Accept: */*"],
    ["User-Agent: Wget/1.24.5", "Accept: */*", "Accept-Encoding: identity", "Connection: Keep-Alive"],
    ["User-Agent: GitHub-Hosted-Runner/2.321.0 (linux; x64)", "Accept: application/octet-stream"],
    ["User-Agent: Terraform/1.10.3 (+https://www.terraform.io)", "Accept-Encoding: gzip"],
    [
        "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language: en-GB,en;q=0.9",
        "Accept-Encoding: gzip, deflate, br",
        "Referer: https://docs.example/install/?from=search",
        "Sec-Fetch-Dest: document",
        "Connection: keep-alive",
    ],
]
SYSTEMS = ["linux-x86_64", "linux-aarch64", "darwin-arm64", "windows-x86_64", "freebsd-amd64"]


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    usual = FOLDER / "usual.lua"
    chance = random.Random(7_411)
    write_script(usual, [_request(chance) for _ in range(REQUESTS)])
    for step in (_redirects, _tls, _passed_on, _stored):
        print(f"== training: {step.__name__.strip('_').replace('_', ' ')}", file=sys.stderr, flush=True)
        step(usual)
    shutil.rmtree(FOLDER, ignore_errors=True)
    return 0


def _redirects(usual: pathlib.Path) -> None:
    files = serving_nginx(FOLDER / "files")
    weir = Weir(FOLDER / "redirects", engine=False, files=files.port)
    load.full_speed(weir, usual, "/", 2 * SECONDS)
    weir.reload()
    weir.stop()
    files.stop()


def _tls(usual: pathlib.Path) -> None:
    weir = Weir(FOLDER / "tls", engine=False, certificate=Certificate(FOLDER / "certificate"))
    closing = FOLDER / "closing.lua"
    chance = random.Random(7_412)
    write_script(closing, [_request(chance, "Connection: close") for _ in range(REQUESTS // 8)])
    load.full_speed(weir, usual, "/", SECONDS, tls=True)
    load.over_http2(weir, _path(chance, "rocket"), SECONDS)
    load.full_speed(weir, closing, "/", SECONDS / 2, tls=True)
    load.handshakes(weir, 1)
    weir.stop()


def _passed_on(_: pathlib.Path) -> None:
    """Files of an upstream, and documents of a registry. A document is a thousand redirects' work: few are enough."""
    upstream = serving_nginx(FOLDER / "upstream")
    registry = registry_nginx(FOLDER / "registry", document(TARGET, versions=120))
    weir = Weir(FOLDER / "passed-on", engine=False, upstream=upstream.port, registry=registry.port)
    load.full_speed(weir, None, "/proxied/kilobyte", SECONDS / 2)
    (FOLDER / "asked").mkdir()
    for asked in Traffic(FOLDER / "asked").documents.values():
        load.full_speed(weir, asked, "/", 1)
    for server in (weir, registry, upstream):
        server.stop()


def _stored(usual: pathlib.Path) -> None:
    """Events go from the spool to ClickHouse while more come."""
    weir = Weir(FOLDER / "stored", engine=True)
    answered = load.full_speed(weir, usual, "/", SECONDS / 2)["requests"]
    wait_until(lambda: (weir.rows() or 0) >= answered, f"{answered} rows", patience_s=180)
    weir.stop()


def _path(chance: random.Random, route: str) -> str:
    version = f"{chance.randrange(9)}.{chance.randrange(30)}.{chance.randrange(12)}{chance.choice(['', '', '', '-rc.1'])}"
    return f"/{route}/{version}/{chance.choice(SYSTEMS)}.tar.gz"


def _request(chance: random.Random, *more: str) -> str:
    host, route = HOST, "rocket"
    if chance.random() < 0.5:
        number = chance.randrange(ROUTES)
        host, route = domain_of(number), f"tool-{number}"
    client = [field for field in chance.choice(CLIENTS) if not (more and field.startswith("Connection:"))]
    fields = [f"Host: {host}", *client, *_forwarded(chance), *more]
    return "\r\n".join([f"GET {_path(chance, route)} HTTP/1.1", *fields, "", ""])


def _forwarded(chance: random.Random) -> list[str]:
    """Half of all gateways stand behind something that says who asked; a third of who asks does so by IPv6."""
    kind = chance.random()
    if kind < 0.5:
        return [f"X-Forwarded-For: {chance.randrange(1, 224)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"]
    if kind < 0.75:
        parts = ":".join(f"{chance.randrange(65_536):x}" for _ in range(6))
        return [f"X-Forwarded-For: 2a{chance.randrange(16):02x}:{parts}:{chance.randrange(1, 65_536):x}"]
    return []


if __name__ == "__main__":
    sys.exit(main())
