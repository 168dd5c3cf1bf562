#!/bin/sh
# Make sure that a Docker engine answers: use the one that is there, else install Debian's and
# start it. Does nothing where nothing is to do.
set -eu

answers() { docker version >/dev/null 2>&1; }
refused() { docker version 2>&1 | grep -qi "permission denied"; }
fail() { echo "error: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

join="\`sudo usermod -aG docker $(id -un)\`, then log in again"

if ! command -v docker >/dev/null && [ -z "${DOCKER_HOST:-}" ] && [ -S /var/run/docker.sock ]; then
  # An engine without its command line: the Python SDK needs only the socket.
  if [ -w /var/run/docker.sock ]; then exit 0; fi
  fail "this user may not use Docker: $join"
fi
if answers; then exit 0; fi
if [ -n "${DOCKER_HOST:-}" ]; then fail "no Docker engine answers at DOCKER_HOST=$DOCKER_HOST"; fi
if refused; then fail "this user may not use Docker: $join"; fi
may_be_root || fail "no Docker engine answers, and to start one needs root: run \`sudo sh $0\`"

if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || fail "no Docker engine answers: install one (docs.docker.com/engine)"
  echo "installing docker.io"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    docker.io ca-certificates >/dev/null
fi

log=/var/log/aibench-dockerd.log
if answers; then exit 0; fi # the package started it
echo "starting dockerd"
if [ -d /run/systemd/system ]; then
  as_root systemctl start docker
else
  as_root sh -c "nohup dockerd >$log 2>&1 </dev/null &"
fi
tries=60
while [ "$tries" -gt 0 ]; do
  if answers; then exit 0; fi
  if refused; then fail "dockerd runs, but this user may not use it: $join"; fi
  tries=$((tries - 1))
  sleep 0.5
done
fail "dockerd was started, but does not answer: $(as_root tail -n 3 "$log" 2>/dev/null)"
