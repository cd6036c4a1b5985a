#!/usr/bin/env bash
# The whole suite: style, types, tests, and the app in a real Chromium. Arguments go to pytest.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
ensure_environment requirements-dev.txt
if ! chromium_path >/dev/null; then
  apt_install chromium || say "No Chromium here, and it could not be installed."
fi
if ! compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then
  say "No PostgreSQL here (Debian: apt-get install postgresql): its tests are left out."
fi
cd "$root"
cores="$(nproc)" # before the next line, which nproc takes for the number
# Several test processes share the cores: threads of their own would make them spin.
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE

if [ $# -gt 0 ]; then exec "$python" -m pytest "$@"; fi

"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
if has_node; then
  (cd vaelab/web/frontend && npm ci --silent --ignore-scripts && npm run --silent check)
else
  say "No Node 20 or newer here: the frontend's own tests are left out (its bundle is built)."
fi
# A browser, a cluster or a worker process that waits for a busy machine may be late: what failed is
# tried once more, alone, and the log keeps both. What fails twice, fails.
twice() { "$@" || { say "Once more, what failed:"; "$@" --last-failed; }; }

# One process more than cores: while it waits, for a worker or for a clock, another one computes.
twice "$python" -m pytest -m "not browser" -n $((cores + 1)) --dist loadfile
# A cluster waits most of the time: it does so beside the browser, and what it said comes after.
if [ "${CI:-}" = true ]; then
  ensure_ray
  ray_log="$(mktemp)"
  (twice timeout --signal=INT --kill-after=60 900 "$ray_python" -m pytest -o cache_dir=.pytest_cache/ray tests/runs/launchers/test_ray_cluster.py) \
    >"$ray_log" 2>&1 &
  ray=$!
fi
status=0
twice timeout --signal=INT --kill-after=60 1500 \
  "$python" -m pytest -m browser -n "$cores" --dist loadfile || status=$?
if [ "${CI:-}" = true ]; then
  wait "$ray" || status=$?
  cat "$ray_log" && rm "$ray_log"
else
  say "Ray's own tests, which install it first (400 MB), are left out: CI=true runs them."
fi
exit "$status"
