#!/bin/sh
# Usage: proxy.sh TASK: runs TASK of the proxy that TRAEFIK_ENABLE and CADDY_ENABLE choose.
set -eu

traefik=${TRAEFIK_ENABLE:-true}
caddy=${CADDY_ENABLE:-false}
case $traefik:$caddy in
true:false) exec "${CAST_EXE:-cast}" @traefik "$1" ;;
false:true) exec "${CAST_EXE:-cast}" @caddy "$1" ;;
false:false) printf 'no proxy is enabled: nothing to start\n' >&2 ;;
true:true)
    printf 'error: TRAEFIK_ENABLE and CADDY_ENABLE are both true, and both proxies need the same host ports\n' >&2
    exit 1
    ;;
*)
    printf 'error: TRAEFIK_ENABLE is `%s` and CADDY_ENABLE is `%s`: each must be `true` or `false`\n' "$traefik" "$caddy" >&2
    exit 1
    ;;
esac
