# What is said of shells, with busybox beside the shells that are here anyway.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

command -v busybox > /dev/null || apt-get install --yes --quiet busybox > /dev/null || die "busybox cannot be installed"
for shell in sh dash bash busybox; do command -v "$shell" > /dev/null || die "$shell is not here"; done
expect 0 "verdicts and process 1 in sh, dash, bash and busybox" cargo test --locked --test guards
