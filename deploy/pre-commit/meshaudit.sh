#!/usr/bin/env bash
# The hook of pre-commit: builds the tool where pre-commit has cloned it, once, and audits the repository at hand. Needs
# Node 20 and npm. (`language: node` would install what `npm pack` makes, and sources that are not built yet make nothing.)
set -euo pipefail

tool="$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)"
if [ ! -f "$tool/dist/bundle/main.js" ]; then
  (cd "$tool" && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build) >&2
fi

since=()
if git rev-parse --quiet --verify HEAD >/dev/null; then since=(--since HEAD); fi
exec node "$tool/bin/meshaudit.js" audit --no-progress "${since[@]+"${since[@]}"}" "$@"
