#!/bin/sh
# Makes the proxy labels of the services that `routes.yaml` names. Can be repeated.
set -eu
cd "$(dirname "$0")"
labelgen=${LABELGEN_EXE:-labelgen}

for service in whoami dashboard; do
    "$labelgen" synth routes.yaml --service "$service" --proxy traefik --apply "compose/$service/base.yaml"
    {
        printf '# Made of routes.yaml by labels.sh; added when CADDY_ENABLE is true. A list, as only there a label'"'"'s\n'
        printf '# name can hold a variable.\n'
        "$labelgen" synth routes.yaml --service "$service" --proxy caddy --format compose
    } >"compose/$service/caddy.yaml"
done
