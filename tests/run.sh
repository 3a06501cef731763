#!/usr/bin/env bash
# Builds everything and runs every test. Needs the .NET SDK of global.json and Node.js; Chromium and nginx are installed from the
# distribution where that is possible. The last line is "N passed, N failed" (and ", N skipped"); the exit code is 0 only when
# something ran and nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

RESULTS="$PWD/TestResults"
rm -rf "$RESULTS"
mkdir -p "$RESULTS"

# The counts are the last line however the run ends; one that was broken off is no success, whatever had passed by then.
complete=no
trap 'status=$?; trap - EXIT; [[ $status -ne 0 || $complete == yes ]] || status=1; node tests/summary.mjs "$RESULTS" "$status" && exit 0 || exit 1' EXIT

say() { printf '\n== %s\n' "$*"; }

need() {
  command -v "$1" >/dev/null || { echo "Missing: $2" >&2; exit 1; }
}

# Chromium without the windows around its pages, which spends half as much on each of them.
has_wanted_chromium() {
  [[ -x "${CHROMIUM:-}" ]] || command -v chromium-headless-shell >/dev/null
}

has_chromium() {
  has_wanted_chromium || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

has_nginx() {
  [[ -x "${NGINX:-}" ]] || [[ -x /usr/sbin/nginx ]] || command -v nginx >/dev/null
}

install() {
  [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null || return 0
  say "Installing $1"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends "$@"; } >>"$RESULTS/apt.log" 2>&1 || tail -n 5 "$RESULTS/apt.log" >&2
}

# Whether the distribution's lists are here and say nothing of a package.
knows_no() {
  [[ -n "$(apt-cache pkgnames 2>/dev/null | head -n 1)" ]] && ! apt-cache show "$1" >/dev/null 2>&1
}

need dotnet "the .NET SDK $(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' global.json) or newer (https://dot.net)"
need node "Node.js with npm (https://nodejs.org)"
need npm "Node.js with npm (https://nodejs.org)"

has_wanted_chromium || { has_chromium && knows_no chromium-headless-shell; } || install chromium-headless-shell fonts-noto-core
has_chromium || install chromium fonts-noto-core
has_chromium || echo "No Chromium: install one, or name it with CHROMIUM=/path. Browser tests are skipped, or fail where CI=true." >&2
has_nginx || install nginx
has_nginx || echo "No nginx: install it, or name it with NGINX=/path. Tests of the reverse proxy are skipped, or fail where CI=true." >&2

# Only when the lock has changed: the stamp is a copy of what was installed.
if ! cmp -s tests/package-lock.json tests/node_modules/.installed; then
  say "Fetching PocketBase's own client and other server versions"
  (cd tests && npm ci --ignore-scripts && cp package-lock.json node_modules/.installed)
fi

say "Building"
dotnet build SupportConsole.sln -nodeReuse:false

say "Testing"
# Hundreds of consoles are started for a moment each: compiling each method twice with counters between, and changing the rights of its
# pages each time, is work that only long lives repay.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
dotnet test SupportConsole.sln --no-build -nodeReuse:false --logger trx --results-directory "$RESULTS" \
  --blame-hang --blame-hang-timeout 8m --blame-hang-dump-type none
complete=yes
