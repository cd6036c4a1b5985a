#!/usr/bin/env bash
# Start vaelab; further arguments go to `streamlit run`, such as --server.port 8600.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
ensure_environment requirements.txt
cd "$root"
exec "$python" -m streamlit run app.py "$@"
