"""The servers that are compared, each answering the same requests."""

import base64
import json
import os
import pathlib
import re
import ssl
import subprocess
import urllib.request

from process import LOAD_CORE, SERVER_CORE, Server, free_port, wait_until
from traffic import HOST, REGISTRY, ROUTES, ROUTES_A_DOMAIN, domain_of

PROGRAM = os.environ.get("BENCH_PROGRAM", "target/release/weir")
NO_ENGINE = "/nonexistent/libchdb.so"
TARGET = "https://files.example"


class Weir:
    """`weir serve` with country data, and with the engine or without one. `files` is the port of the
    host that redirects lead to; without one nothing answers there, so it is not asked what it has."""

    def __init__(
        self,
        folder: pathlib.Path,
        engine: bool,
        upstream: int | None = None,
        routes: int = ROUTES,
        files: int | None = None,
        certificate: "Certificate | Certificates | None" = None,
        registry: int | None = None,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.data = folder / "data"
        self.port, self.https = free_port(), free_port()
        self.certificate = certificate
        self.config = folder / "weir.toml"
        self.log = folder / "weir.log"
        self.config.write_text(self._config(engine, upstream, routes, files) + _registry(registry))
        self.server = Server([PROGRAM, "serve", "--config", str(self.config)], self.log)
        self.server.wait_until_listening(self.port)
        if engine:
            wait_until(lambda: self.rows() is not None, "the engine's tables")

    def _config(self, engine: bool, upstream: int | None, routes: int, files: int | None) -> str:
        geo = sorted(str(file) for file in pathlib.Path(".setup/geo").resolve().glob("*country*.mmdb"))
        target = f"http://127.0.0.1:{files}" if files else TARGET
        verify = "true" if files else "false"
        parts = [
            f'data_dir = "{self.data}"',
            f'[gateway]\nhttp = ["127.0.0.1:{self.port}"]\ntrusted_proxies = ["127.0.0.0/8"]\nprivate_upstreams = ["127.0.0.0/8"]\nverify_files = {verify}',
            f'https = ["127.0.0.1:{self.https}"]\n{self.certificate.of_weir()}' if self.certificate else "",
            '[dashboards]\nlisten = "127.0.0.1:0"',
            f"[geo]\ncountry = {json.dumps(geo)}",
            "" if engine else f'[clickhouse]\nengine = "{NO_ENGINE}"',
            _package("acme/rocket", HOST, ["rocket"], target, upstream),
        ]
        for first in range(0, routes, ROUTES_A_DOMAIN):
            names = [f"tool-{route}" for route in range(first, first + ROUTES_A_DOMAIN)]
            parts.append(_package(f"acme/tools-{first}", domain_of(first), names, target))
        return "\n".join(parts) + "\n"

    @property
    def gateway(self) -> list[int]:
        return [self.server.pid]

    @property
    def engine(self) -> list[int]:
        return self.server.children()

    def stop(self) -> None:
        self.server.stop()

    def ask(self, sql: str, user: str = "dash") -> list[dict] | None:
        """Rows of a query; nothing while the engine does not answer or has no tables."""
        try:
            access = json.loads((self.data / "clickhouse/access.json").read_text())
            request = urllib.request.Request(
                f"http://127.0.0.1:{access['port']}/?database=weir&default_format=JSONEachRow"
                "&output_format_json_quote_64bit_integers=0",
                data=sql.encode(),
                headers={"X-ClickHouse-User": f"weir_{user}", "X-ClickHouse-Key": access[user]},
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                return [json.loads(line) for line in answer.read().splitlines()]
        except OSError:
            return None

    def reload(self) -> int:
        """Changes the configuration without changing what it says; how long Weir took, in milliseconds."""
        before = self._reloads()
        changed = self.config.with_suffix(".new")
        changed.write_text(self.config.read_text() + "# changed\n")
        changed.rename(self.config)
        wait_until(lambda: len(self._reloads()) > len(before), "a reload")
        return self._reloads()[-1]

    def _reloads(self) -> list[int]:
        return [int(found) for found in re.findall(r'"took_ms":(\d+)', self.log.read_text())]

    def rows(self) -> int | None:
        """Every event, whether a download or a repeat of one: as many as were answered."""
        found = self.ask("SELECT count() AS rows FROM events")
        return found[0]["rows"] if found else None


def _package(name: str, domain: str, routes: list[str], target: str, upstream: int | None = None) -> str:
    written = "".join(
        f'  [[package.route]]\n  path = "/{route}/{{version}}/{{os}}-{{arch}}.tar.gz"\n'
        f'  to = "{target}/{route}/v{{version}}/{route}-{{os}}-{{arch}}.tar.gz"\n'
        for route in routes
    )
    if upstream:
        written += (
            '  [[package.route]]\n  path = "/proxied/{file}"\n'
            f'  to = "http://127.0.0.1:{upstream}/{{file}}"\n  proxy = true\n'
        )
    return f'[[package]]\nname = "{name}"\nkind = "file"\ndomains = ["{domain}"]\n{written}'


def _registry(port: int | None) -> str:
    """An index of npm packages at the same host, of the registry at `port`."""
    if port is None:
        return ""
    return (
        f'[[index]]\nkind = "npm"\ndomains = ["{REGISTRY}"]\nupstream = "http://127.0.0.1:{port}/"\npackages = ["*"]\n'
    )


JSON_LOG = (
    "log_format json escape=json '{\"time\":\"$time_iso8601\",\"host\":\"$host\",\"method\":\"$request_method\","
    "\"uri\":\"$request_uri\",\"status\":$status,\"bytes\":$body_bytes_sent,\"agent\":\"$http_user_agent\","
    "\"referrer\":\"$http_referer\",\"client\":\"$http_x_forwarded_for\",\"duration\":$request_time}';"
)


class Nginx:
    """nginx with one worker; with a JSON access log or without."""

    def __init__(
        self,
        folder: pathlib.Path,
        location: str,
        log: bool,
        upstream: str = "",
        core: str = SERVER_CORE,
        certificate: "Certificate | None" = None,
        connections: int = 4096,
    ):
        folder.mkdir(parents=True)
        self.port, self.https = free_port(), free_port()
        tls = f"listen 127.0.0.1:{self.https} ssl http2; {certificate.of_nginx()}" if certificate else ""
        access = f"access_log {folder}/access.log json;" if log else "access_log off;"
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        config = folder / "nginx.conf"
        config.write_text(
            f"daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{ worker_connections {connections}; }}\n"
            f"http {{\n{JSON_LOG}\n{access}\n{temporary}\n{upstream}\n"
            "keepalive_requests 100000000; keepalive_timeout 60;\n"
            f"server {{ listen 127.0.0.1:{self.port}; {tls} {location} }}\n}}\n"
        )
        self.server = Server(["/usr/sbin/nginx", "-p", str(folder), "-c", str(config)], folder / "nginx.log", core)
        self.server.wait_until_listening(self.port)

    @property
    def gateway(self) -> list[int]:
        return [self.server.pid, *self.server.children()]

    def stop(self) -> None:
        self.server.stop()


class Certificate:
    """A certificate that nobody checks; its key is on P-256, as those of authorities mostly are."""

    def __init__(self, folder: pathlib.Path, name: str = HOST):
        folder.mkdir(parents=True)
        self.chain, self.key = folder / "chain.pem", folder / "key.pem"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "2"]
        command += ["-keyout", str(self.key), "-out", str(self.chain)]
        subprocess.run(command, check=True, capture_output=True)
        self.key.chmod(0o600)

    def of_weir(self) -> str:
        return f'[[certificate]]\nchain = "{self.chain}"\nkey = "{self.key}"'

    def of_nginx(self) -> str:
        # Both versions that Weir speaks: nginx before 1.23.4 has no TLS 1.3 unless told.
        return f"ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {self.chain}; ssl_certificate_key {self.key};"


class Certificates:
    """One for each of many names, all with the same key. They are the first one with another name written into it, so
    their signatures are wrong, which nobody checks."""

    def __init__(self, folder: pathlib.Path, count: int):
        self.names = [f"n{number:06}.bench.localhost" for number in range(count)]
        first = Certificate(folder, self.names[0])
        self.key = first.key
        self._chains = [folder / f"{name}.pem" for name in self.names]
        pattern = ssl.PEM_cert_to_DER_cert(first.chain.read_text())
        for name, chain in zip(self.names, self._chains, strict=True):
            chain.write_text(ssl.DER_cert_to_PEM_cert(pattern.replace(self.names[0].encode(), name.encode())))

    def of_weir(self) -> str:
        return "\n".join(f'[[certificate]]\nchain = "{chain}"\nkey = "{self.key}"' for chain in self._chains)


def redirecting_nginx(
    folder: pathlib.Path, log: bool, certificate: Certificate | None = None, connections: int = 4096
) -> Nginx:
    """The same `Location` as the routes of `Weir` give."""
    location = (
        r'location ~ "^/([a-z0-9-]+)/([^/]+)/([a-z]+)-([a-z0-9]+)\.tar\.gz$" '
        f"{{ return 302 {TARGET}/$1/v$2/$1-$3-$4.tar.gz; }}"
    )
    return Nginx(folder, location, log, certificate=certificate, connections=connections)


def serving_nginx(folder: pathlib.Path) -> Nginx:
    """An upstream that answers everything with a kilobyte, beside the load."""
    location = f'location / {{ default_type application/octet-stream; return 200 "{"x" * 1024}"; }}'
    return Nginx(folder, location, log=False, core=LOAD_CORE)


def proxying_nginx(folder: pathlib.Path, upstream: int) -> Nginx:
    """What the proxied route of `Weir` does, with connections kept as it does."""
    return Nginx(
        folder,
        'location /proxied/ { proxy_pass http://kept/; proxy_http_version 1.1; proxy_set_header Connection ""; }',
        log=True,
        upstream=f"upstream kept {{ server 127.0.0.1:{upstream}; keepalive 128; }}",
    )


def registry_nginx(folder: pathlib.Path, document: bytes) -> Nginx:
    """A registry that has the same document for every package, beside the load."""
    folder.mkdir(parents=True)
    (folder / "document.json").write_bytes(document)
    location = (
        "location / { default_type application/json; add_header Cache-Control max-age=300; "
        f"root {folder}; rewrite ^ /document.json break; }}"
    )
    return Nginx(folder / "nginx", location, log=False, core=LOAD_CORE)


def rewriting_nginx(folder: pathlib.Path, upstream: int, gzip: bool) -> Nginx:
    """The same document with its tarballs pointed here, compressed for those who read that or not."""
    compressed = "gzip on; gzip_types application/json; gzip_http_version 1.0; gzip_proxied any; gzip_comp_level 4;" if gzip else ""
    return Nginx(
        folder,
        f'location / {{ proxy_pass http://kept/; proxy_http_version 1.1; proxy_set_header Connection ""; '
        f'proxy_set_header Accept-Encoding ""; proxy_buffers 64 8k; sub_filter_types application/json; '
        f'sub_filter_once off; sub_filter "{TARGET}" "http://{REGISTRY}"; {compressed} }}',
        log=True,
        upstream=f"upstream kept {{ server 127.0.0.1:{upstream}; keepalive 128; }}",
    )
