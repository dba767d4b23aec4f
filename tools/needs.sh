#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are not there. Where it may not, it says which; with
# --must that is a failure.
set -euo pipefail

# Each line: a command that succeeds where the package is there, and the Debian package that brings it.
needs=(
    'command -v make|make'
    'python3 -c "import ensurepip, venv"|python3-venv'
    'ls /usr/lib/postgresql/*/bin/initdb|postgresql'
)

missing=()
for need in "${needs[@]}"; do
    eval "${need%|*}" >/dev/null 2>&1 || missing+=("${need##*|}")
done
((${#missing[@]})) || exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if [ "${1:-}" != --must ] && ! "${as_root[@]}" apt-get --version >/dev/null 2>&1; then
    echo "Tests that need ${missing[*]} will be skipped: apt-get install ${missing[*]}" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}"
