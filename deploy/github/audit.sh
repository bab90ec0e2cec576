#!/usr/bin/env bash
# The audit of the GitHub Action: builds the tool where it was checked out, audits the workspace, writes the SARIF report,
# the summary of the job and the step's outputs. Ends with 0 whatever was found, so that the report is uploaded first.
set -euo pipefail

tool="$GITHUB_ACTION_PATH"
if [ ! -f "$tool/dist/bundle/main.js" ]; then
  (cd "$tool" && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build) >&2
fi

options=()
[ -z "${MESHAUDIT_FAIL_ON:-}" ] || options+=("--fail-on=$MESHAUDIT_FAIL_ON")
[ -z "${MESHAUDIT_SINCE:-}" ] || options+=("--since=$MESHAUDIT_SINCE")
while IFS= read -r option; do
  [ -z "$option" ] || options+=("$option")
done <<< "${MESHAUDIT_ARGS:-}"

paths=()
set -f # Globs are the tool's to expand: it knows `**` whatever the shell.
for path in ${MESHAUDIT_PATHS:-}; do paths+=("$path"); done
set +f

sarif="${MESHAUDIT_SARIF:-meshaudit.sarif}"
summary="${GITHUB_STEP_SUMMARY:-/dev/null}"
markdown="$(mktemp)"
rm -f "$sarif"

code=0
node "$tool/bin/meshaudit.js" audit --no-progress "${options[@]+"${options[@]}"}" \
  -f table -f sarif -f markdown -o - -o "$sarif" -o "$markdown" \
  -- "${paths[@]+"${paths[@]}"}" || code=$?

cat "$markdown" >> "$summary"
rm -f "$markdown"
{
  echo "exit-code=$code"
  if [ -f "$sarif" ]; then echo "sarif-file=$sarif"; else echo "sarif-file="; fi
} >> "$GITHUB_OUTPUT"
