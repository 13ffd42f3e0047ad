#!/bin/sh
# Usage: compose.sh ENVIRONMENT COMPOSE-ARGUMENT...
# Runs Docker Compose on the stack of the current service directory in one environment.
set -eu

environment=$1
shift

# Old packages still install the first generation as `docker-compose`: it knows neither `name:` nor
# `include:`, so its version is looked at and not only its presence.
if docker compose version >/dev/null 2>&1; then
    compose() { docker compose "$@"; }
else
    version=$(docker-compose version --short 2>/dev/null || true)
    version=${version#v}
    case ${version%%.*} in
    '' | 1 | *[!0-9]*)
        printf 'error: Docker Compose 2 or later was not found, neither as `docker compose` nor as `docker-compose`\n' >&2
        exit 127
        ;;
    esac
    compose() { docker-compose "$@"; }
fi

enabled() {
    case $1 in
    '' | 0 | false | False | FALSE | no | off) return 1 ;;
    esac
}

# Labels cannot be left out by a variable, so what belongs to a switch is a file of its own:
# `CADDY_ENABLE` adds caddy.yaml, `ACME_ENABLE` adds acme.yaml.
if [ -f caddy.yaml ] && enabled "${CADDY_ENABLE:-}"; then
    set -- --file caddy.yaml "$@"
fi
if [ -f acme.yaml ] && enabled "${ACME_ENABLE:-}"; then
    set -- --file acme.yaml "$@"
fi
set -- --file "$environment/compose.yaml" "$@"
if [ -f "$environment/.env" ]; then
    set -- --env-file "$environment/.env" "$@"
fi

compose "$@"
