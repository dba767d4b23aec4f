#!/usr/bin/env bash
# Prints a working interpreter for each Python that the package supports and this machine has, one a line.
set -u
for version in 3.11 3.12 3.13; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            command -v "$candidate"
            break
        fi
    done
done
