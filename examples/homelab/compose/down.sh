#!/bin/sh
# Usage: down.sh TASK: runs TASK of every service, last started first. A service that fails does not
# keep the others up; it is named at the end.
set -eu

failed=
for service in whoami dashboard redis postgres coredns caddy traefik; do
    "${CAST_EXE:-cast}" "@$service" "$1" || failed="$failed $service"
done
if [ -n "$failed" ]; then
    printf 'error: `%s` failed for:%s\n' "$1" "$failed" >&2
    exit 1
fi
