#!/usr/bin/env bash
# Known vulnerabilities of the packages in .venv and of the frontend's. It needs a network that has
# the advisories; what could not be asked about is said, and is no success.
# Ends with 0: nothing is known; 1: something is; 2: not everything could be asked about.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
PIP_AUDIT=2.9.0
status=0
worse() { if [ "$status" != 1 ]; then status=$1; fi; }

ensure_environment requirements-dev.txt
tools="$(mktemp -d)"
trap 'rm -rf "$tools"' EXIT

say "== Python: pip-audit $PIP_AUDIT on all packages in .venv"
if "$python" -m venv "$tools/venv" &&
  "$tools/venv/bin/python" -m pip install --quiet "pip-audit==$PIP_AUDIT" 2>/dev/null; then
  packages="$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
  said="$("$tools/venv/bin/pip-audit" --path "$packages" --progress-spinner off 2>&1)"
  found=$?
  say "$said"
  if grep -q "^Found .* vulnerabilit" <<<"$said"; then
    worse 1
  elif [ $found -ne 0 ]; then
    say "The advisories could not be reached: this says nothing." && worse 2
  fi
  if grep -q "Skip Reason" <<<"$said"; then
    say "Of the packages that were skipped nothing is known here." && worse 2
  fi
else
  say "pip-audit could not be installed: Python's packages are not audited." && worse 2
fi

say "== The frontend: npm audit on package-lock.json"
if has_node; then
  said="$(cd "$root/vaelab/web/frontend" && npm audit --package-lock-only 2>&1)"
  found=$?
  say "$said"
  if grep -q "audit endpoint returned an error" <<<"$said"; then
    say "This registry gives no advisories: the frontend's packages are not audited." && worse 2
  elif [ $found -ne 0 ]; then
    worse 1
  fi
else
  say "No Node 20 or newer here: the frontend's packages are not audited." && worse 2
fi
exit $status
