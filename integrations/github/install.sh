#!/usr/bin/env bash
# Installs shipworthy for the action: from a wheel, into a folder of its own. Nothing is compiled.
set -euo pipefail

python=$(command -v python3 || command -v python) || { echo "::error::shipworthy needs Python to install"; exit 2; }
# The action's own version, unless another is asked for.
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_PATH/Cargo.toml" | head -n 1)}
home=$RUNNER_TEMP/shipworthy

"$python" -m venv "$home"
if [ -d "$home/Scripts" ]; then bin=$home/Scripts; else bin=$home/bin; fi
source=()
if [ -n "$WHEEL_DIR" ]; then source=(--no-index --find-links "$WHEEL_DIR"); fi
"$bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    ${source[@]+"${source[@]}"} "shipworthy==$version"
"$bin/shipworthy" --version
