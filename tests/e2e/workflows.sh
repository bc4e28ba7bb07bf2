# action.yml and the workflows, by everything that reads such files.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/lib.sh

expect 0 "check-jsonschema: action.yml" check-jsonschema --builtin-schema vendor.github-actions action.yml
expect 0 "check-jsonschema: workflows" check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
expect 0 "zizmor" zizmor --offline --no-progress action.yml .github/workflows
expect 0 "actionlint" actionlint -no-color .github/workflows/*.yml
expect 0 "the actions' language server" node tests/e2e/languageserver.mjs action.yml .github/workflows/*.yml
if grep -nE 'uses: [^.#]*@' action.yml .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$'; then
    die "an action is not pinned by its commit"
fi
ok "every action is pinned by its commit"
# A value of an expression must not become part of a script.
"$E2E_PYTHON" - << 'PY'
import glob, sys, yaml
for path in ["action.yml", *glob.glob(".github/workflows/*.yml")]:
    document = yaml.safe_load(open(path))
    jobs = document.get("jobs", {"action": document.get("runs", {})})
    for job in jobs.values():
        for step in job.get("steps", []):
            if "${{" in step.get("run", ""):
                sys.exit(f"  NOT OK: {path}: an expression in a script: {step['run']}")
print("  ok: no expression stands in a script")
PY
