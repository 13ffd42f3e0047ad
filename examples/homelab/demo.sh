#!/bin/sh
# Starts the networks and the whoami stack for real. Where that cannot be done, one line says why
# and the plan of the same command is shown instead.
set -eu

cast=${CAST_EXE:-cast}
module=../../.cast/modules/docker/compose.sh

plan() {
    printf 'demo: %s; showing what `cast @compose @whoami up` would do\n' "$1" >&2
    exec "$cast" @compose @whoami up --dry-run
}

# An engine that is configured but unreachable may keep the client waiting.
answers() {
    if command -v timeout >/dev/null 2>&1; then timeout 10 "$@"; else "$@"; fi >/dev/null 2>&1
}

command -v docker >/dev/null 2>&1 || plan 'no Docker engine was found (no `docker` command)'
answers docker version || plan 'no Docker engine was found (`docker version` gets no answer)'
(cd compose/whoami && sh "$module" default version) >/dev/null 2>&1 ||
    plan 'a Docker engine answers, but Docker Compose 2 or later was not found'

"$cast" @compose @setup up || plan 'the networks could not be made (reason above)'

image=$(cd compose/whoami && sh "$module" default config --images)
docker image inspect "$image" >/dev/null 2>&1 ||
    docker pull --quiet "$image" >/dev/null 2>&1 ||
    plan "the networks are up, but image \`$image\` is neither here nor can it be pulled"

"$cast" @compose @whoami up
printf 'demo: whoami answers at http://127.0.0.1:18080/ - take it down with `cast demo:down`\n' >&2
