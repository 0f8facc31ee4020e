# Sourced by the scripts beside it: strict mode, the repository's root, one way to speak.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One line about what happens.
say() { printf '== %s\n' "$*"; }

# One line about what is wrong and what to do, then the end.
die() {
  printf '== error: %s\n' "$*" >&2
  exit 1
}
