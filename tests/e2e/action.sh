# The GitHub action, by act: the workflow that tests it on GitHub, on this machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

copy=$E2E_WORK/action
tagged_repository "$copy"
mkdir -p "$copy/dist"
cp "$E2E_DIST"/*.whl "$copy/dist"
# act fetches every action that a step names, whether or not the step runs: here stands one of that name.
stub=$E2E_WORK/stub
mkdir -p "$stub/upload-sarif"
cat > "$stub/upload-sarif/action.yml" <<'YAML'
name: stub
description: Says what it was given
inputs: {sarif_file: {description: the file, required: true}, category: {description: the category}}
runs:
  using: composite
  steps:
    - {shell: bash, run: 'echo "uploaded $FILE as $CATEGORY"', env: {FILE: "${{ inputs.sarif_file }}", CATEGORY: "${{ inputs.category }}"}}
YAML
pin=$(sed -n 's/.*uses: \(github\/codeql-action\)\/upload-sarif\(@[0-9a-f]*\).*/\1\2/p' action.yml)
export HOME=$E2E_WORK/home
mkdir -p "$HOME"

act_on() {
    (cd "$copy" && act "$@" -P ubuntu-latest=-self-hosted --no-cache-server --action-offline-mode \
        --local-repository "$pin=$stub" --env "RUNNER_TEMP=$E2E_WORK/runner")
}

mkdir -p "$E2E_WORK/runner"
expect 0 "the action's own workflow passes" act_on push --workflows .github/workflows/action-self-test.yml
says "good: success 0, bad: failure 1, hostile: failure 2"
says "::error"

# A pull request from a fork: nothing is rendered, nothing is uploaded.
mkdir -p "$copy/.github/other"
cat > "$copy/.github/other/upload.yml" <<'YAML'
on: [push, pull_request]
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./
        with: {paths: testdata/demo/good, wheel-dir: dist, sarif: "true"}
YAML
expect 0 "SARIF is uploaded when it is asked for" act_on push --workflows .github/other/upload.yml
says "shipworthy.sarif as shipworthy"
printf '{"pull_request": {"number": 1, "head": {"ref": "x", "repo": {"full_name": "other/fork"}}, "base": {"ref": "main"}}}' > "$copy/event.json"
expect 0 "a pull request from a fork is linted" act_on pull_request --eventpath event.json --workflows .github/other/upload.yml
says "charts are not rendered"
if grep -Fq "as shipworthy" "$E2E_WORK/out"; then die "a fork's pull request uploads"; fi
ok "and uploads nothing"
