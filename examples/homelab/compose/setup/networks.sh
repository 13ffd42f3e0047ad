#!/bin/sh
# Usage: networks.sh up|down: makes or removes the shared networks. Both can be repeated.
set -eu

say() { printf '%s\n' "$*" >&2; }

if ! command -v docker >/dev/null 2>&1; then
    say 'error: the `docker` command was not found'
    exit 127
fi

# The subnets of a network on one line, or failure when there is no such network.
subnets() {
    found=$(docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}} {{end}}' "$1" 2>/dev/null) || return 1
    printf '%s\n' "${found% }"
}

up() {
    name=$1 variable=$2 wanted=$3
    if have=$(subnets "$name"); then
        if [ "$have" = "$wanted" ]; then
            say "network $name: $have, unchanged"
            return 0
        fi
        say "error: drift: network \`$name\` has subnet ${have:-(none)}, this repository wants $wanted"
        say "help: stop what uses it, remove it with \`docker network rm $name\` and run this again,"
        say "      or keep it with \`export $variable=$have\`"
        return 1
    fi
    if ! docker network create --driver bridge --subnet "$wanted" --label homelab.network=true "$name" >/dev/null; then
        say "error: network \`$name\` could not be made with subnet $wanted; the engine has:"
        docker network ls --quiet |
            xargs docker network inspect --format '  {{.Name}} {{range .IPAM.Config}}{{.Subnet}} {{end}}' >&2 || true
        say "help: remove what overlaps, or choose a free range with \`export $variable=…\`"
        return 1
    fi
    say "network $name: $wanted, created"
}

down() {
    name=$1
    if ! subnets "$name" >/dev/null; then
        say "network $name: not there"
        return 0
    fi
    users=$(docker ps --all --filter "network=$name" --format '{{.Names}}' | tr '\n' ' ')
    if [ -n "$users" ]; then
        say "network $name: kept, in use by ${users% }"
        return 0
    fi
    docker network rm "$name" >/dev/null
    say "network $name: removed"
}

case ${1-} in
up)
    up vnet-frontend VNET_FRONTEND_SUBNET "$VNET_FRONTEND_SUBNET"
    up vnet-backend VNET_BACKEND_SUBNET "$VNET_BACKEND_SUBNET"
    ;;
down)
    down vnet-backend
    down vnet-frontend
    ;;
*)
    say 'usage: networks.sh up|down'
    exit 2
    ;;
esac
