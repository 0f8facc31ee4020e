"""What is asked: downloads by many clients from many places, the same for every server."""

import base64
import json
import pathlib
import random

HOST = "get.bench.localhost"
REGISTRY = "npm.bench.localhost"
ROUTES = 1_000
ROUTES_A_DOMAIN = 10
# As many clients; a round asks each a few times, and what it asks again is recorded as a repeat.
REQUESTS = 65_536
# What h2load walks through; it has no headers of its own for each.
PATHS = 4_096

AGENTS = [
    "curl/8.5.0",
    "curl/7.88.1",
    "Wget/1.21.3",
    "Homebrew/4.4.2 (Macintosh; arm64 Mac OS X 15.1) curl/8.7.1",
    "Go-http-client/1.1",
    "python-requests/2.32.3",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
]
PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-arm64", "darwin-amd64", "windows-amd64"]


class Traffic:
    """Scripts for wrk and a list of addresses for h2load, made in `folder` from a fixed seed."""

    def __init__(self, folder: pathlib.Path):
        chance = random.Random(20_261_121)
        self.one_route = folder / "one-route.lua"
        self.many_routes = folder / "many-routes.lua"
        self.new_connections = folder / "new-connections.lua"
        self.paths = [self._path(chance) for _ in range(PATHS)]
        write_script(self.one_route, [_request(chance, HOST, self._path(chance)) for _ in range(REQUESTS)])
        closing = [_request(chance, HOST, self._path(chance), "Connection: close") for _ in range(REQUESTS // 8)]
        write_script(self.new_connections, closing)
        self.documents = {
            gzip: folder / f"documents{'-gzip' * gzip}.lua" for gzip in (False, True)
        }
        for gzip, script in self.documents.items():
            write_script(script, [_document(number, gzip) for number in range(REQUESTS)])
        write_script(self.many_routes, [self._to_any_route(chance, ROUTES) for _ in range(REQUESTS)])

    def over(self, folder: pathlib.Path, routes: int) -> pathlib.Path:
        """A script that asks for any of the first `routes`."""
        chance = random.Random(routes)
        script = folder / f"{routes}-routes.lua"
        write_script(script, [self._to_any_route(chance, routes) for _ in range(REQUESTS)])
        return script

    @staticmethod
    def _path(chance: random.Random) -> str:
        # Few versions have most downloads.
        minor = min(int(chance.expovariate(0.25)), 40)
        return f"/rocket/1.{40 - minor}.{chance.randrange(3)}/{chance.choice(PLATFORMS)}.tar.gz"

    @staticmethod
    def _to_any_route(chance: random.Random, routes: int) -> str:
        route = chance.randrange(routes)
        # Few files a route: each is asked for at its host once, which is no part of what is measured.
        path = f"/tool-{route}/2.{chance.randrange(2)}.0/{chance.choice(PLATFORMS)}.tar.gz"
        return _request(chance, domain_of(route), path)


def _document(number: int, gzip: bool) -> str:
    """A request for a package that nobody asked for before, called as the tarballs in `document` are."""
    fields = [f"Host: {REGISTRY}", "User-Agent: npm/11.6.2 node/v24.11.0 linux x64 workspaces/false"]
    fields += ["Accept: application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"]
    fields += ["Accept-Encoding: gzip"] if gzip else []
    return "\r\n".join([f"GET /@scope-{number}/package HTTP/1.1", *fields, "", ""])


def document(target: str, versions: int = 300) -> bytes:
    """What a registry says of a package of so many versions to who installs it, its tarballs below `target`."""
    chance = random.Random(versions)
    described = {}
    for version in (f"{number // 30}.{number // 5 % 6}.{number % 5}" for number in range(versions)):
        names = chance.sample(range(900), 8)
        described[version] = {
            "name": "package",
            "version": version,
            "dependencies": {f"dependency-{name}": f"^{name % 9}.{name % 7}.0" for name in names},
            "dist": {
                "integrity": "sha512-" + base64.b64encode(chance.randbytes(64)).decode(),
                "shasum": chance.randbytes(20).hex(),
                "tarball": f"{target}/package/-/package-{version}.tgz",
                "fileCount": chance.randrange(400),
                "unpackedSize": chance.randrange(1 << 20),
            },
            "engines": {"node": ">=18"},
        }
    said = {"name": "package", "dist-tags": {"latest": version}, "versions": described, "modified": "2026-11-01T10:00:00.000Z"}
    return json.dumps(said, separators=(",", ":")).encode()


def domain_of(route: int) -> str:
    return f"tools-{route // ROUTES_A_DOMAIN}.bench.localhost"


def _request(chance: random.Random, host: str, path: str, *more: str) -> str:
    # First numbers of networks all over the world, so that most have a country.
    networks = [23, 46, 62, 81, 93, 101, 133, 177, 196, 203]
    address = ".".join(str(part) for part in [chance.choice(networks), *(chance.randrange(1, 255) for _ in range(3))])
    fields = [f"Host: {host}", f"User-Agent: {chance.choice(AGENTS)}", "Accept: */*", f"X-Forwarded-For: {address}", *more]
    return "\r\n".join([f"GET {path} HTTP/1.1", *fields, "", ""])


def write_script(file: pathlib.Path, requests: list[str]) -> None:
    """A script for wrk that sends `requests` again and again. They lie beside it, because a Lua
    function holds no more than so many constants."""
    data = file.with_suffix(".requests")
    data.write_text("\0".join([*requests, ""]), newline="")
    file.write_text(
        "local requests = {}\n"
        f"for request in io.open('{data}', 'rb'):read('*a'):gmatch('([^%z]+)%z') do\n"
        "  requests[#requests + 1] = request\nend\n"
        "local at = 0\n"
        "request = function()\n  at = at % #requests + 1\n  return requests[at]\nend\n"
    )
