# The wheel: one static binary for every Linux, and it installs where there is nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

rustup target list --installed | grep -qx "$E2E_TARGET" || rustup target add "$E2E_TARGET"
expect 0 "the wheel is built" maturin build --release --locked --target "$E2E_TARGET" \
    --compatibility musllinux_1_2 manylinux_2_17 --out "$E2E_DIST"
wheel=$(find "$E2E_DIST" -name '*.whl')
case $wheel in *manylinux*musllinux* | *musllinux*manylinux*) ok "$(basename "$wheel")" ;; *) die "$wheel is for one libc" ;; esac

# In a folder of its own without any other package.
python3 -m venv --clear "$E2E_WORK/venv"
expect 0 "it installs without an index" \
    "$E2E_WORK/venv/bin/pip" install --no-index --find-links "$E2E_DIST" --only-binary :all: shipworthy
expect 0 "it runs" "$E2E_WORK/venv/bin/shipworthy" --version
says "shipworthy $E2E_VERSION"
# A program that needs no loader has no interpreter.
if readelf --program-headers "$E2E_WORK/venv/bin/shipworthy" | grep -q INTERP; then die "the binary is not static"; fi
ok "the binary is static"
expect 1 "it lints" "$E2E_WORK/venv/bin/shipworthy" check testdata/demo/bad
expect 0 "and lets a good release through" "$E2E_WORK/venv/bin/shipworthy" check testdata/demo/good

# From source, as `pip install .` does it, with what is compiled already.
export MATURIN_PEP517_ARGS="--target $E2E_TARGET"
python3 -m venv --clear "$E2E_WORK/venv-source"
expect 0 "pip install . builds it from source" "$E2E_WORK/venv-source/bin/pip" install .
expect 0 "and that runs" "$E2E_WORK/venv-source/bin/shipworthy" --version
