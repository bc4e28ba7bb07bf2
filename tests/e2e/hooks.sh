# pre-commit and prek: the hooks of this repository, and a mirror that installs the wheel.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

export PRE_COMMIT_HOME=$E2E_WORK/pre-commit PREK_HOME=$E2E_WORK/prek MATURIN_PEP517_ARGS="--target $E2E_TARGET"
export CARGO_BUILD_TARGET=$E2E_TARGET
expect 0 "the manifest of the hooks is valid" pre-commit validate-manifest .pre-commit-hooks.yaml

ours=$E2E_WORK/shipworthy
tagged_repository "$ours"

# The mirror, as docs/pre-commit.md shows it.
mirror=$E2E_WORK/mirror
mkdir -p "$mirror"
sed -n '/^\[project\]$/,/^```$/p' docs/pre-commit.md | sed '/^```$/d' > "$mirror/pyproject.toml"
sed -n '/^- id: shipworthy$/,/^$/p' .pre-commit-hooks.yaml > "$mirror/.pre-commit-hooks.yaml"
commit_all "$mirror"
git -C "$mirror" tag "v$E2E_VERSION"

user=$E2E_WORK/user
mkdir -p "$user/deploy"
printf 'replicas: 3\n' > "$user/values.yaml"
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {A: "1"}\n' > "$user/deploy/settings.yaml"
commit_all "$user"
cd "$user"

config() {
    printf 'repos:\n  - repo: %s\n    rev: v%s\n    hooks: [{id: %s}]\n' "$1" "$E2E_VERSION" "$2" > config.yaml
}

# A bad manifest fails, a good one passes, and a commit of something else alone is not blocked.
exercise() {
    local who=$1
    shift
    expect 0 "$who: a good manifest passes" "$@" --all-files
    says Passed
    sed -i 's/"1"/1/' deploy/settings.yaml
    expect 1 "$who: a bad one does not" "$@" --all-files
    says config-value-not-string
    sed -i 's/A: 1/A: "1"/' deploy/settings.yaml
    expect 0 "$who: values alone are not blocked" "$@" --files values.yaml
}

config "$mirror" shipworthy
export PIP_FIND_LINKS=$E2E_DIST UV_FIND_LINKS=$E2E_DIST
exercise "pre-commit, the wheel" pre-commit run --config config.yaml
exercise "prek, the wheel" prek run --config config.yaml
unset PIP_FIND_LINKS UV_FIND_LINKS
config "$ours" shipworthy-system
exercise "pre-commit, the system's" pre-commit run --config config.yaml
# What is built here need not be fast, and shares what is compiled.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
config "$ours" shipworthy
exercise "pre-commit, a package from source" pre-commit run --config config.yaml
config "$ours" shipworthy-src
exercise "pre-commit, from source" pre-commit run --config config.yaml
