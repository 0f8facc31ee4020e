#!/usr/bin/env bash
# The files that Weir is installed with: the systemd unit, the container and the chart. What is not installed here to judge
# them with is said and left out.
source "$(dirname "$0")/say.sh"

have() { command -v "$1" >/dev/null; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The scale is systemd-analyze's: 0 is shut in, 10 is open. --threshold counts tenths.
most_exposed=20

say 'unit: hardening'
if have systemd-analyze; then
  systemd-analyze security --offline=true --threshold=$most_exposed config/systemd/weir.service >"$folder/score" ||
    { cat "$folder/score"; die "the unit is more exposed than $((most_exposed / 10)).0"; }
  tail -n 1 "$folder/score"
else
  say 'systemd-analyze is not installed: the unit is not judged (apt-get install systemd)'
fi

say 'unit: directives'
if have systemd-analyze; then
  # The program is not installed where the unit looks for it.
  sed "s|/usr/local/bin/weir|/bin/true|" config/systemd/weir.service >"$folder/weir.service"
  systemd-analyze verify --man=no "$folder/weir.service" 2>&1 | grep -F weir.service && die 'the unit has mistakes'
fi

say 'container: compose file'
if have ruby; then
  ruby -ryaml -e 'YAML.load_file(ARGV[0]).fetch("services").fetch("weir").fetch("read_only") or exit 1' config/container/compose.yaml ||
    die 'config/container/compose.yaml is no compose file with a read-only weir'
fi
if have docker && docker compose version >/dev/null 2>&1; then
  docker compose --file config/container/compose.yaml config --quiet
else
  say 'docker compose is not installed: compose.yaml is only read as YAML'
fi
if have hadolint; then
  hadolint config/container/Containerfile
else
  say 'hadolint is not installed: the container file is not linted'
fi

chart=config/helm/weir
say 'chart: templates'
if have helm; then
  helm lint --strict $chart
  helm template downloads $chart >"$folder/default.yaml"
  helm template downloads $chart --values setup/chart/all.yaml >"$folder/all.yaml"
elif have go && have ruby; then
  say 'helm is not installed: the templates are rendered by setup/chart/render.go'
  json() { ruby -ryaml -rjson -e 'merge = ->(_, a, b) { a.is_a?(Hash) && b.is_a?(Hash) ? a.merge(b, &merge) : b }
    puts JSON.generate(ARGV.map { |file| YAML.load_file(file) }.reduce { |a, b| a.merge(b, &merge) })' "$@"; }
  json $chart/Chart.yaml >"$folder/chart.json"
  render() {
    json $chart/values.yaml "${@:2}" >"$folder/values.json"
    GO111MODULE=off go run setup/chart/render.go $chart "$folder/values.json" downloads <"$folder/chart.json" >"$folder/$1.yaml"
  }
  render default
  render all setup/chart/all.yaml
else
  say 'neither helm nor go and ruby are installed: the chart is not rendered'
  exit 0
fi

say 'chart: what they make'
for rendered in default all; do
  ruby -ryaml setup/chart/judge.rb "$folder/$rendered.yaml" || die "the chart makes something wrong with $rendered values"
done
