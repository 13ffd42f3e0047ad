# Usage: init.sh ENVIRONMENT: makes the vault of an environment and the secrets that can be made.
# What is there already stays as it is. No secret is printed.
set -eu

environment=$1
case $environment in
prod | test) ;;
*)
    printf 'error: there is no environment `%s`\n' "$environment" >&2
    exit 2
    ;;
esac

vault=${HOMELAB_VAULT:-${HOME:-}/.local/share/kpv/$environment.kdbx}

command -v kpv >/dev/null || {
    printf 'error: `kpv` is not installed; it makes and reads the vault\n' >&2
    exit 1
}

# The master password goes into a file that only you can read, unless KPV_PASSWORD or
# KPV_PASSWORD_FILE says what it is. Keep a copy of it elsewhere.
[ -e "$vault" ] || kpv --vault "$vault" init >/dev/null

# One opening of the vault for all of them.
kpv --vault "$vault" --quiet import --json --stdin >/dev/null <<'EOF'
{
  "postgres-password": {"ensure": true, "size": 32, "noSpecial": true},
  "redis-password": {"ensure": true, "size": 32, "noSpecial": true}
}
EOF

printf 'init-%s: the vault %s has what the services need\n' "$environment" "$vault" >&2
