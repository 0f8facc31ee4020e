#!/usr/bin/env python3
"""Prints what is in the program as a CycloneDX 1.5 parts list: crates, packages of the page, the engine.

It is made of the lock files alone, so the same commit makes the same list.
"""

import base64
import json
import os
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"


def metadata():
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def checksums():
    """SHA-256 of each crate's archive, by name and version."""
    found, package = {}, {}
    for line in (ROOT / "Cargo.lock").read_text().splitlines():
        if line == "[[package]]":
            package = {}
        key, _, value = line.partition(" = ")
        package[key] = value.strip('"')
        if key == "checksum":
            found[package["name"], package["version"]] = package["checksum"]
    return found


def in_the_program(data):
    """What `weir` is linked of, and of which others each: no tests, no build scripts."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = next(package["id"] for package in data["packages"] if package["name"] == "weir")
    needs, waiting = {}, [root]
    while waiting:
        one = waiting.pop()
        if one in needs:
            continue
        linked = [
            dependency["pkg"]
            for dependency in nodes[one]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        ]
        needs[one] = linked
        waiting.extend(linked)
    return root, needs


def licence(text):
    # Before 2017, crates wrote a slash where SPDX has OR.
    return [{"expression": text.replace("/", " OR ")}] if text else []


def crate(package, sums):
    name, version = package["name"], package["version"]
    purl = f"pkg:cargo/{name}@{version}"
    part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if sums.get((name, version)):
        part["hashes"] = [{"alg": "SHA-256", "content": sums[name, version]}]
    if package.get("license"):
        part["licenses"] = licence(package["license"])
    if package.get("repository"):
        part["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return part


def npm(name, version, integrity, licensed=None):
    purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
    algorithm, digest = integrity.split(" ")[0].split("-", 1)
    part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    content = base64.b64decode(digest).hex()
    part["hashes"] = [{"alg": {"sha512": "SHA-512", "sha1": "SHA-1"}[algorithm], "content": content}]
    if licensed:
        part["licenses"] = licence(licensed)
    return part


def page():
    """Everything that builds the page: what of it ends up in there is the bundler's to choose."""
    lock = json.loads((ROOT / "dashboards/web/package-lock.json").read_text())
    for path, package in lock["packages"].items():
        if package.get("integrity"):
            name = path.rpartition("node_modules/")[2]
            yield npm(name, package["version"], package["integrity"], package.get("license"))


def engine():
    """Fetched and not linked; setup/engine.sh pins it."""
    text = (ROOT / "setup/engine.sh").read_text()
    name, version, integrity = re.search(r"'(@?[^'@]+)@([^']+)' \\\n\s*'(sha512-[^']+)'", text).groups()
    return npm(name, version, integrity) | {"scope": "optional"}


def parts_list():
    data = metadata()
    packages = {package["id"]: package for package in data["packages"]}
    root, needs = in_the_program(data)
    sums = checksums()
    crates = {identity: crate(packages[identity], sums) for identity in needs}
    others = {part["bom-ref"]: part for part in [*page(), engine()]}
    program = crates.pop(root) | {"type": "application"}
    by_ref = lambda part: part["bom-ref"]
    refs = {identity: part["bom-ref"] for identity, part in crates.items()} | {root: program["bom-ref"]}
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), timezone.utc)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": program},
        "components": sorted([*crates.values(), *others.values()], key=by_ref),
        "dependencies": sorted(
            (
                {"ref": refs[identity], "dependsOn": sorted({refs[other] for other in linked})}
                for identity, linked in needs.items()
            ),
            key=lambda entry: entry["ref"],
        ),
    }


if __name__ == "__main__":
    print(json.dumps(parts_list(), indent=1, ensure_ascii=False))
