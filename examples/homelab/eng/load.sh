# Usage: load.sh ENVIRONMENT: prints `export NAME=value;` lines for eval in bash, and nothing at all
# when the vault cannot be read. A quoted and an unquoted eval set the same bytes.
set -euo pipefail

environment=$1
case $environment in
prod) domain=home.arpa ;;
test) domain=test.home.arpa ;;
*)
    printf 'error: there is no environment `%s`\n' "$environment" >&2
    exit 2
    ;;
esac

vault=${HOMELAB_VAULT:-${HOME:-}/.local/share/kpv/$environment.kdbx}
# What the stacks take from the environment; vault entries are named alike (`postgres-password`).
secrets=(POSTGRES_PASSWORD REDIS_PASSWORD CF_DNS_API_TOKEN)

# `%q` alone is not enough: an unquoted eval splits words and expands patterns before it evaluates,
# which damages blanks inside $'…' and any * ? [. Such values are written byte by byte.
quoted() {
    local value=$1 result octal
    printf -v result %q "$value"
    if [[ $result == "\$'"* || $result == *[*?[]* ]]; then
        octal=$(printf %s "$value" | od -An -v -to1 | tr -d '\n')
        result="\$'${octal// /\\}'"
    fi
    printf %s "$result"
}

lines=
add() {
    lines+="export $1=$(quoted "$2");"$'\n'
}

add HOMELAB_ENV "$environment"
add HOMELAB_DOMAIN "$domain"
add HOMELAB_TITLE "Homelab ($environment)"

if [[ ! -f $vault ]]; then
    printf 'load-%s: there is no vault at %s (`cast @eng init-%s` makes it): only the context is set, no secrets\n' \
        "$environment" "$vault" "$environment" >&2
elif ! command -v kpv >/dev/null; then
    printf 'load-%s: `kpv` is not installed: only the context is set, no secrets\n' "$environment" >&2
else
    # One opening of the vault for all values, which come through a pipe: no value is on a command
    # line or in a file.
    exec {values}< <(
        unset "${secrets[@]}"
        # shellcheck disable=SC2016 # expanded by the inner shell
        kpv --vault "$vault" exec -- sh -c '
            for name in "$@"; do
                eval "value=\${$name-}"
                [ -z "$value" ] || printf "%s=%s\0" "$name" "$value"
            done' sh "${secrets[@]}"
    )
    reader=$!
    while IFS= read -r -d '' pair; do
        add "${pair%%=*}" "${pair#*=}"
    done <&"$values"
    wait "$reader" || {
        printf 'error: the vault %s could not be read; nothing is set\n' "$vault" >&2
        exit 1
    }
fi

printf %s "$lines"
