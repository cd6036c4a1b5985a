# Sourced by run.sh and test.sh: virtual environments with the pinned packages, made when they
# are missing or the pins have changed.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
python="$root/.venv/bin/python"
ray_python="$root/.venv-ray/bin/python"

say() { printf '%s\n' "$*" >&2; }

# Runs a command as root: directly, or through sudo where it asks no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi
}

apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >&2
}

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# ensure_environment FILE: the packages of a requirements file are in .venv.
ensure_environment() {
  local requirements="$root/$1" base stamp
  stamp="$root/.venv/.installed-$(cat "$root"/requirements*.txt | sha256sum | cut -c1-16)-$1"
  [ -e "$stamp" ] && return
  if ! base="$(find_python)"; then
    apt_install python3 python3-venv || true
    base="$(find_python)" || { say "vaelab needs Python 3.11 or newer; please install it."; exit 1; }
  fi
  if [ ! -x "$python" ]; then
    say "Making a virtual environment in .venv ..."
    if ! "$base" -m venv "$root/.venv" >/dev/null 2>&1; then
      rm -rf "$root/.venv"
      apt_install "$base-venv" || { say "Please install the package $base-venv."; exit 1; }
      "$base" -m venv "$root/.venv"
    fi
  fi
  say "Installing the packages of $1 (once; a few minutes on a slow line) ..."
  "$python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  touch "$stamp"
}

# ensure_ray: .venv-ray has Ray, which is large, and everything of .venv beside it.
ensure_ray() {
  local stamp
  stamp="$root/.venv-ray/.installed-$(cat "$root"/requirements*.txt | sha256sum | cut -c1-16)"
  [ -e "$stamp" ] && return
  rm -rf "$root/.venv-ray"
  "$python" -m venv "$root/.venv-ray"
  local packages='import sysconfig; print(sysconfig.get_path("purelib"))'
  "$python" -c "$packages" >"$("$ray_python" -c "$packages")/of-vaelab.pth"
  say "Installing the packages of requirements-ray.txt (once) ..."
  "$ray_python" -m pip install --quiet --disable-pip-version-check -r "$root/requirements-ray.txt"
  touch "$stamp"
}

chromium_path() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

has_node() {
  command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)'
}
