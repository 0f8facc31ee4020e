"""Tells Weir of something that happened. Copy it into your program and change the address.

    weir.event(version="1.2.3", step="install", ok=True)

It says nothing, never fails and waits for nobody: what takes longer than a second, or than the
program, is given up. DO_NOT_TRACK=1 keeps it silent.
"""

import json
import os
import platform
import threading
import urllib.request

URL = os.environ.get("WEIR_URL", "https://get.acme.example/-/collect")


def event(**values):
    """Sends one event; gives the thread that does, for whoever wants to wait a moment at the end."""
    if os.environ.get("DO_NOT_TRACK", "0").lower() in ("", "0", "false"):
        sender = threading.Thread(target=_send, args=(values,), daemon=True)
        sender.start()
        return sender
    return None


def _send(values):
    try:
        agent = f"acme-rocket ({platform.system()}; {platform.machine()})"
        headers = {"Content-Type": "application/json", "User-Agent": agent}
        body = json.dumps(values).encode()
        request = urllib.request.Request(URL, body, headers)
        urllib.request.urlopen(request, timeout=1).close()
    except Exception:  # nobody's work stops because nobody counts it
        pass
