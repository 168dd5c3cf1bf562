#!/bin/sh
# Make sure that a Docker engine answers: use the one that is there, else install Debian's and
# start it. Does nothing where nothing is to do.
set -eu

answers() { docker version >/dev/null 2>&1; }
fail() { echo "error: $*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# A user who may not use the socket yet has an engine, but needs a right, not a package.
refused() { docker version 2>&1 | grep -qi "permission denied"; }

if answers && { [ "$(id -u)" != 0 ] || command -v debootstrap >/dev/null; }; then
  exit 0
fi
if command -v docker >/dev/null && refused; then
  fail "this user may not use Docker: \`sudo usermod -aG docker $(id -un)\`, then log in again"
fi
if [ -n "${DOCKER_HOST:-}" ] && ! answers; then
  fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST"
fi
if [ "$(id -u)" != 0 ] && ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
  fail "no Docker engine answers, and installing one needs root: run \`sudo sh sandbox/engine.sh\`"
fi
command -v apt-get >/dev/null ||
  fail "no Docker engine answers, and this is no Debian to install one on: see docs.docker.com/engine"

missing=""
command -v dockerd >/dev/null || answers || missing="docker.io"
command -v debootstrap >/dev/null || missing="$missing debootstrap"
if [ -n "$missing" ]; then
  echo "installing$( [ "${missing# }" = "$missing" ] && echo " " )$missing"
  as_root apt-get update -qq
  # shellcheck disable=SC2086 - a list of packages
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing ca-certificates iptables >/dev/null
fi
answers && exit 0

echo "starting dockerd"
if [ -d /run/systemd/system ]; then
  as_root systemctl start docker
else
  log=/var/log/aibench-dockerd.log
  as_root sh -c "nohup dockerd >$log 2>&1 </dev/null &"
fi
for _ in $(seq 60); do
  answers && exit 0
  refused && fail "dockerd runs, but this user may not use it: \`sudo usermod -aG docker $(id -un)\`"
  sleep 0.5
done
fail "dockerd was started but does not answer${log:+; the last lines of $log: $(as_root tail -n 3 "$log")}"
