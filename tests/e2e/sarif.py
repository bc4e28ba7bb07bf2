"""SARIF in three layers: the schema, Microsoft's validator with GitHub's rules, and what GitHub says it wants."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
from release import WEB, check, lint, release

FOLDER = release("sarif")
REPORT = FOLDER / "report.sarif"
TOOL = Path(os.environ["E2E_NPM"]) / "@microsoft/sarif-multitool-linux"


def read():
    text = lint(FOLDER, "sarif")
    REPORT.write_text(text)
    return json.loads(text)


def by_schema(report):
    schema = TOOL / "sarif-2.1.0.json"
    schema = json.loads(schema.read_text(encoding="utf-8-sig"))
    errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(report))
    check("sarif: valid by the schema", not errors, "\n".join(map(str, errors[:3])))


def by_validator():
    done = subprocess.run(
        # Not the script beside it, which hands its arguments to a shell.
        [TOOL / "Sarif.Multitool", "validate", "--rule-kind", "Sarif;Gh", str(REPORT)],
        capture_output=True,
        text=True,
    )
    # It succeeds whatever it finds.
    said = done.stdout + done.stderr
    faults = [line for line in said.splitlines() if re.search(r": (error|warning) ", line)]
    check("sarif: the validator has read it", "nalyz" in said or "alid" in said, said)
    faults = [line for line in faults if " error " in line]
    check("sarif: the validator finds no error", not faults, "\n".join(faults[:10]))


def strings(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def fingerprints(report):
    results = report["runs"][0]["results"]
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]


def for_github(report):
    (run,) = report["runs"]
    results = run["results"]
    check("sarif: there are results, not too many", 5 < len(results) <= 25_000)
    check("sarif: it is small enough", len(gzip.compress(REPORT.read_bytes())) < 10 * 1024 * 1024)
    check("sarif: no string is empty", all(strings(report)))
    for rule in run["tool"]["driver"]["rules"]:
        wanted = ("id", "shortDescription", "fullDescription", "help", "properties")
        problem = rule.get("properties", {}).get("problem.severity")
        if not all(rule.get(key) for key in wanted) or problem not in {"error", "warning", "recommendation"}:
            check("sarif: every rule is described", False, rule)
    for result in results:
        location = result["locations"][0]["physicalLocation"]
        region, uri = location["region"], location["artifactLocation"]["uri"]
        whole = {"startLine", "startColumn", "endLine", "endColumn"} <= region.keys()
        if not whole or re.match(r"/|\w+:|\.", uri) or not result["message"]["text"]:
            check("sarif: every result has a place", False, result)
    check("sarif: rules, places and messages are whole", True)
    marks = fingerprints(report)
    check("sarif: fingerprints are unique", len(set(marks)) == len(marks), marks)
    (FOLDER / "deploy/web.yaml").write_text("# a line above\n\n" + WEB)
    check("sarif: and stay when a line is put above", sorted(fingerprints(read())) == sorted(marks))


report = read()
by_schema(report)
by_validator()
for_github(report)
