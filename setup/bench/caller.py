"""A client for what wrk cannot do: handshakes for many names, and connections that wait, opened one after the other."""

import resource
import select
import socket
import ssl
import sys
import time

CONTEXT = ssl.create_default_context()
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE


def shake(port: int, count: int) -> None:
    """Shakes hands `count` times for the names that are read, one connection after the other; says how long it took."""
    names = sys.stdin.read().split()
    # Far apart in the list, so that neighbours are not asked for one after the other.
    step = len(names) * 5 // 8 + 1
    begun = time.monotonic()
    for number in range(count):
        _connect(port, names[number * step % len(names)]).close()
    print(time.monotonic() - begun)


def hold(port: int, count: int, host: str, path: str, tls: bool) -> None:
    """Opens `count` connections, asks once on each, says so, and keeps them until its input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    held = []
    for _ in range(count):
        connection = _connect(port, host if tls else None)
        connection.sendall(request)
        if not connection.recv(4096).startswith(b"HTTP/1.1 302"):
            raise SystemExit("a connection was not answered")
        held.append(connection)
    watched = select.poll()
    for connection in held:
        watched.register(connection, select.POLLIN)
    if ended := watched.poll(0):
        raise SystemExit(f"{len(ended)} connections ended while others were opened: the machine is too busy")
    print("ready", flush=True)
    sys.stdin.read()


def _connect(port: int, name: str | None) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    return CONTEXT.wrap_socket(plain, server_hostname=name) if name else plain


if __name__ == "__main__":
    what, port, count, *more = sys.argv[1:]
    if what == "shake":
        shake(int(port), int(count))
    else:
        host, path, scheme = more
        hold(int(port), int(count), host, path, scheme == "https")
