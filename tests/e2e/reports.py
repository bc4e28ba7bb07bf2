"""Reports for programs, read back as those programs read them, and compared with the JSON report."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter

from junitparser import JUnitXml
from release import ODD_PATH, check, lint, release

FOLDER = release("reports")
FINDINGS = json.loads(lint(FOLDER, "json"))["findings"]
PLACES = Counter((finding["rule"], finding["path"], finding["start"]["line"]) for finding in FINDINGS)
check("the release has findings of three severities", {finding["severity"] for finding in FINDINGS} == {"error", "warning", "info"})
check("and odd ones", ODD_PATH in {finding["path"] for finding in FINDINGS})


def gitlab():
    issues = json.loads(lint(FOLDER, "gitlab"))
    places = Counter((issue["check_name"], issue["location"]["path"], issue["location"]["lines"]["begin"]) for issue in issues)
    check("gitlab: every finding is there", places == PLACES, f"{places}\n{PLACES}")
    check("gitlab: severities", {issue["severity"] for issue in issues} <= {"info", "minor", "major", "critical", "blocker"})
    check("gitlab: fingerprints are unique", len({issue["fingerprint"] for issue in issues}) == len(issues))
    check("gitlab: descriptions", all(issue["description"] for issue in issues))
    check("gitlab: paths are relative", not any(re.match(r"\./|/", issue["location"]["path"]) for issue in issues))


def junit():
    path = FOLDER / "junit.xml"
    path.write_text(lint(FOLDER, "junit"))
    suites = JUnitXml.fromfile(str(path))
    results = [result for suite in suites for case in suite for result in case.result]
    suites.update_statistics()
    check("junit: junitparser reads it", suites.tests > 0, path.read_text())
    told = "\n".join(f"{result.message} {result.text}" for result in results)
    named = [finding for finding in FINDINGS if finding["severity"] == "error"]
    check("junit: every error fails a case", suites.failures + suites.errors >= len(named), told)
    plain = lambda text: re.sub(r"\s+", " ", text)
    missing = [finding["message"] for finding in named if plain(finding["message"]) not in plain(told)]
    check("junit: with its message", not missing, missing)


def checkstyle():
    root = ElementTree.fromstring(lint(FOLDER, "checkstyle"))
    check("checkstyle: is one", root.tag == "checkstyle")
    places = Counter()
    for file in root.iter("file"):
        for error in file.iter("error"):
            places[error.get("source").rsplit(".", 1)[-1], file.get("name"), int(error.get("line"))] += 1
            if error.get("severity") not in {"error", "warning", "info"}:
                check("checkstyle: severities", False, error.attrib)
    check("checkstyle: every finding is there", places == PLACES, f"{places}\n{PLACES}")


def unescaped(text, is_property):
    """As the runner reads a workflow command."""
    pairs = [("%3A", ":"), ("%2C", ",")] if is_property else []
    for code, letter in [("%0D", "\r"), ("%0A", "\n"), *pairs, ("%25", "%")]:
        text = text.replace(code, letter)
    return text


def github():
    output = lint(FOLDER, "github")
    # The full report follows, and nothing in it is a command.
    output, stop, report = output.partition("::stop-commands::")
    token = report.splitlines()[0] if stop else ""
    check("github: the report ends where commands begin again", not stop or report.rstrip().endswith(f"::{token}::"), report)
    commands = [re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line) for line in output.splitlines() if line.startswith("::")]
    check("github: every command is one line", all(commands), output)
    seen, levels = Counter(), []
    for command in commands:
        level, properties, message = command.groups()
        fields = {}
        for field in properties.split(","):
            name, value = field.split("=", 1)
            fields[name] = unescaped(value, True)
        if "file" not in fields:
            continue
        levels.append(level)
        seen[fields["file"], int(fields["line"])] += 1
        if "col" in fields and fields.get("endLine", fields["line"]) != fields["line"]:
            check("github: columns only within a line", False, command.group(0))
    places = Counter((finding["path"], finding["start"]["line"]) for finding in FINDINGS)
    check("github: every finding is at its place", seen == places, f"{seen}\n{places}")
    check("github: the odd path is read back", any(path == ODD_PATH for path, _ in seen), seen)
    check("github: errors first", levels == sorted(levels, key=["error", "warning", "notice"].index), levels)
    told = "\n".join(unescaped(command.group(3), False) for command in commands)
    missing = [finding["message"] for finding in FINDINGS if finding["message"] not in told]
    check("github: messages are read back", not missing, missing)


gitlab()
junit()
checkstyle()
github()
