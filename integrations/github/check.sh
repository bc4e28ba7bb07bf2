#!/usr/bin/env bash
# Runs shipworthy for the action: the report into the log, another into the step's summary, SARIF into a
# file. It always succeeds: the exit code is an output, so that an upload can come before the verdict.
set -euo pipefail

home=$RUNNER_TEMP/shipworthy
if [ -d "$home/Scripts" ]; then bin=$home/Scripts; else bin=$home/bin; fi
sarif=$RUNNER_TEMP/shipworthy.sarif
summary=$RUNNER_TEMP/shipworthy.md
rm -f "$sarif" "$summary"

options=(--output-format "$FORMAT" --output-file "sarif=$sarif" --output-file "markdown=$summary" --no-progress)
if [ -n "$CONFIG" ]; then options+=(--config "$CONFIG"); fi
if [ -n "$FAIL_ON" ]; then options+=(--fail-on "$FAIL_ON"); fi
case $RENDER:$FROM_FORK in
    true:* | auto:false) ;;
    false:*) options+=(--no-render) ;;
    auto:*)
        echo "::notice title=shipworthy::a pull request from a fork: charts are not rendered (render: true does)"
        options+=(--no-render)
        ;;
    *)
        echo "::error title=shipworthy::render is auto, true or false"
        echo "exit-code=2" >> "$GITHUB_OUTPUT"
        exit 0
        ;;
esac

paths=()
while IFS= read -r path; do
    if [ -n "$path" ]; then paths+=("$path"); fi
done <<< "$PATHS"

code=0
"$bin/shipworthy" check "${options[@]}" -- ${paths[@]+"${paths[@]}"} || code=$?
echo "exit-code=$code" >> "$GITHUB_OUTPUT"
if [ -s "$sarif" ]; then echo "sarif-file=$sarif" >> "$GITHUB_OUTPUT"; fi
# A step's summary holds 1 MiB.
if [ -s "$summary" ]; then head -c 1000000 "$summary" >> "$GITHUB_STEP_SUMMARY"; fi
