# The job for GitLab, by gitlab-ci-local.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

user=$E2E_WORK/gitlab
mkdir -p "$user/deploy"
cp integrations/gitlab/shipworthy.yml "$user/shipworthy.yml"
printf 'include: [{local: shipworthy.yml}]\n' > "$user/.gitlab-ci.yml"
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {A: 1}\n' > "$user/deploy/settings.yaml"
commit_all "$user"
git -C "$user" remote add origin git@gitlab.example.com:team/user.git
cd "$user"

job() {
    gitlab-ci-local --force-shell-executor --no-color --variable "PIP_FIND_LINKS=$E2E_DIST" \
        --variable "SHIPWORTHY_PATHS=deploy" --variable "SHIPWORTHY_VERSION=$E2E_VERSION" "$@" shipworthy
}

expect 1 "a bad release fails the job" job
says config-value-not-string
report=$(find "$user" -name gl-code-quality-report.json | head -n 1)
[ -n "$report" ] || die "there is no report"
"$E2E_PYTHON" -c '
import json, sys
(finding,) = json.load(open(sys.argv[1]))
assert finding["check_name"] == "config-value-not-string", finding
assert finding["location"]["path"] == "deploy/settings.yaml", finding
' "$report"
ok "and the report for the merge request is there"
expect 0 "options reach it" job --variable "SHIPWORTHY_OPTIONS=--fail-on never"
sed -i 's/A: 1/A: "1"/' deploy/settings.yaml
git add -A && git -c user.name=e2e -c user.email=e2e@example.com commit -qm good
expect 0 "a good release passes" job
