#!/usr/bin/env bash
# Runs as root in a machine that is thrown away (setup/vm.sh): installs Weir by the commands of docs/install.md, and asks
# systemd, the kernel and clients whether what that page and the unit promise is so. A line for each promise.
set -uo pipefail
cd "$(dirname "$0")/../.."

domain=get.acme.example
codes=$(mktemp)
failed=0
since=0
patience=900 # seconds for the engine, which needs minutes of processor time before it has its tables

# A sentence, and the command that is content if it is so.
so() {
  if "${@:2}" >/dev/null 2>&1; then
    echo "ok $1"
  else
    echo "not ok $1"
    failed=1
  fi
}
not() { ! "$@"; }

# Asks again for so many seconds until the command is content: an emulated machine is slow.
within() {
  local end=$((SECONDS + $1))
  until "${@:2}" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# Types the commands of a section of the page, but for those that build.
follow() {
  bash -euo pipefail -c "$(awk -v section="$1" '
    /^#/ { inside = ($0 ~ "^#+ " section "$") }
    /^```/ { code = inside && /```sh/; next }
    code && !/^make/' docs/install.md)"
}

# Downloads from SCHEME those versions, as curl writes ranges; each answer is a line of $codes.
download() {
  curl --silent --max-time 60 --output /dev/null --write-out '%{http_code}\n' --cacert /etc/weir/get.pem \
    --connect-to "$domain::${at:-127.0.0.1}:" "${@:3}" "$1://$domain/rocket/$2/linux-amd64.tar.gz" >>"$codes"
}
redirects() { download "$@" && [ "$(tail -n 1 "$codes")" = 302 ]; }
# Where a download is sent to; it counts as one.
leads_to() {
  local codes_and_place=$(mktemp)
  codes=$codes_and_place download http "$2" --write-out '%{http_code} %{redirect_url}\n'
  cut --delimiter ' ' --fields 1 "$codes_and_place" >>"$codes"
  grep --quiet --fixed-strings " https://$1/" "$codes_and_place"
}
answered() { grep --count '^302$' "$codes"; }
refused() { grep --count --invert-match '^302$' "$codes"; }

# As the service's user, in a shell.
weir_says() { sudo -u weir weir "$@" --config /etc/weir/weir.toml; }
stored() { weir_says export --range 28d --format csv 2>/dev/null | grep --count "\"$domain\".*,302,"; }
all_is_stored() { [ "$(stored)" = "$(answered)" ]; }

shown() { systemctl show weir --property "$1" --value; }
main() { shown MainPID; }
is_another() { [ "$(main)" != "$1" ] && [ "$(main)" != 0 ] && systemctl --quiet is-active weir; }
engine() { pgrep --full '^/usr/local/bin/weir engine'; }
from_now() { since=$(date +%s.%6N); }
logged() { journalctl --unit weir --output cat --since "@$since" | grep --quiet --fixed-strings "$1"; }
engine_is_ready() { logged 'the engine is ready'; }
has() { grep --quiet --extended-regexp "^$1:\s+$2$" "/proc/$(main)/status"; }
metrics_are_told() { curl --silent http://127.0.0.1:9080/metrics | grep --quiet ^process_open_fds; }
has_a_certificate() { weir_says domains 2>/dev/null | grep --quiet "of $domain"; }
may_write() { nsenter --target "$(main)" --mount touch "$1/written"; }

configure() {
  install -d /etc/weir /etc/systemd/system/weir.service.d
  install -d -m 0700 /etc/weir/secret
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" \
    -keyout /etc/weir/secret/get.key -out /etc/weir/get.pem 2>/dev/null
  chmod 0600 /etc/weir/secret/get.key
  printf '[Service]\nLoadCredential=get.key:/etc/weir/secret/get.key\n' >/etc/systemd/system/weir.service.d/key.conf
  cat >weir.toml <<END
data_dir = "/var/lib/weir"
[gateway]
http  = ["[::]:80"]
https = ["[::]:443"]
verify_files = false # the machine has no network
[privacy]
salt_file = "/run/weir/salt"
[operator]
listen = "127.0.0.1:9080"
[[certificate]]
chain = "/etc/weir/get.pem"
key   = "/run/credentials/weir.service/get.key"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["$domain"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.acme.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
END
}

echo "on $(systemctl --version | head -n 1), Linux $(uname -r), $(weir --version 2>/dev/null || target/release/weir --version | head -n 1)"
configure
from_now
so 'the commands of the page install it, and systemd starts it' follow 'A machine, with systemd'
so 'systemd calls it started when it answers on port 80' redirects http 1.0.0
at='[::1]' so 'by IPv6 as well' redirects http 1.0.1
so 'and on port 443, with a key that is handed over as a credential' redirects https 1.0.2 --http2
so 'it is not root' has Uid "$(id -u weir 2>/dev/null).*"
so 'its one capability is to bind low ports' has CapEff 0000000000000400
so 'its system calls are filtered' has Seccomp 2
so 'the kernel filters the addresses that it may reach' not logged 'does not support BPF'
so 'the hardening is scored at most 2.0' systemd-analyze security --threshold=20 weir
for place in /usr /etc/weir /root /boot; do so "it cannot write to $place" not may_write $place; done
so 'the engine starts inside of the sandbox' within $patience engine_is_ready
so 'every download is stored' within $patience all_is_stored
so 'metrics are told' metrics_are_told
so 'weir domains finds the certificate from a shell' has_a_certificate

from_now
so 'it leads where the configuration says' leads_to files.acme.example 1.0.3
sed -i 's|//files.acme|//mirror.acme|' weir.toml && cat weir.toml >/etc/weir/weir.toml
so 'systemctl reload is taken' systemctl reload weir
so 'another configuration is loaded' within 60 leads_to mirror.acme.example 1.0.4
echo 'wrong = 1' >>/etc/weir/weir.toml
systemctl reload weir
so 'one that is wrong is refused, and all goes on' within 60 logged 'configuration not loaded again'
so 'with the former one' leads_to mirror.acme.example 1.0.5
cat weir.toml >/etc/weir/weir.toml

from_now
before=$(main)
touch /run/load
(while [ -e /run/load ]; do download http '2.0.[1-20]' --header 'Connection: close'; done) &
(while [ -e /run/load ]; do download https '2.1.[1-20]'; done) &
follow 'Another version'
so 'SIGUSR2 puts the program on disk in its place' within 180 is_another "$before"
so 'which keeps the systemd unit active, without a restart' test "$(shown NRestarts)$(shown ActiveState)" = 0active
so 'the one before goes' within 180 test ! -e "/proc/$before"
so 'the engine is handed over' within $patience engine_is_ready
rm /run/load && wait
so "no request failed meanwhile, of $(grep --count . "$codes")" test "$(refused)" = 0
so 'every download is stored once' within $patience all_is_stored

from_now
before=$(engine)
kill -KILL "$before"
so 'downloads go on without the engine' redirects http 3.0.0
so 'a killed engine is started again' within $patience engine_is_ready
before=$(main)
kill -KILL "$before"
so 'a killed successor is started again by systemd' within 120 is_another "$before"
so 'and answers' redirects http 3.0.1
so 'and the former engine is gone' test "$(engine | wc -l)" -le 1
before=$(main)
salt=$(sha256sum /run/weir/salt)
kill -STOP "$before"
so 'one that hangs is ended by the watchdog and started again' within 300 is_another "$before"
so 'it leaves no core' test -z "$(find / -xdev -name 'core*' -type f -newer "$codes" -size +100k 2>/dev/null)"
so 'the salt of the day outlives that' test "$(sha256sum /run/weir/salt)" = "$salt"
so 'it answers' redirects http 3.0.2

from_now
so 'systemctl stop ends it' systemctl stop weir
so 'in order' logged '"message":"ended"'
so 'and well' test "$(shown Result)$(shown ExecMainStatus)" = success0
so 'nothing of it is left' test -z "$(pgrep --uid weir)"
so 'it starts again' systemctl start weir
so 'with the engine' within $patience engine_is_ready
so 'after all that every download is stored once' within $patience all_is_stored
since=0
so 'nothing panicked' not logged panicked

echo "$(answered) downloads, $(stored) stored; the journal:"
journalctl --unit weir --output short-iso --no-pager
[ $failed = 0 ] && echo 'all is so'
