# The order of hooks: what helm creates on a first install, against what `facts` says of it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

helm_module=helm.sh/helm/v3@v3.17.3
program=$go_home/bin/helm-hook-order
if [ ! -x "$program" ]; then
    source=$go_home/helm-hook-order
    rm -rf "$source"
    mkdir -p "$source"
    cp tests/e2e/hook-order.go.txt "$source/main.go"
    (cd "$source" && go mod init e2e && go get "$helm_module" && go mod tidy && go build -o "$program" .) > /dev/null 2>&1 \
        || die "the program that asks helm cannot be built"
fi

# Every object is built twice: to be created, and to be looked at again.
"$program" tests/e2e/hook-order | grep -B 5 -A 5 'helm.sh/hook:' \
    | awk '/^kind:/ {kind = $2} /^  name:/ {print kind, $2}' | uniq > "$E2E_WORK/helm-order"
helm template shop tests/e2e/hook-order --namespace shop | shipworthy facts - \
    | sed -n -E 's/^  [0-9]+ (pre|post)-install weight -?[0-9]+ ([A-Za-z]+ [^:]+): .*/\2/p' > "$E2E_WORK/our-order"
diff "$E2E_WORK/helm-order" "$E2E_WORK/our-order" || die "the order differs"
[ "$(wc -l < "$E2E_WORK/our-order")" -ge 8 ] || die "hooks are missing"
ok "$(wc -l < "$E2E_WORK/our-order") hooks in helm's order"
