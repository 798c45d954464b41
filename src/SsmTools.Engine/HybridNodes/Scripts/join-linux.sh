#!/bin/sh
# Joins this machine to AWS Systems Manager as a managed node. Run it as root, on the machine:
#   sh join.sh [--agent FILE] [--config FILE] [--key FILE] [--foreground] [--force]
# It holds an activation code, which is a secret until the activation is used up or over: delete it when it has run.
set -eu

region=@REGION@
activation_id=@ID@
activation_code=@CODE@
bucket="https://amazon-ssm-$region.s3.$region.@SUFFIX@/latest"
registration=/var/lib/amazon/ssm/registration
configuration=/etc/amazon/ssm/amazon-ssm-agent.json

say() { printf '%s\n' "$*"; }

fail() {
    printf 'join: %s\n' "$*" >&2
    exit 1
}

usage() {
    say 'sh join.sh [--agent FILE] [--config FILE] [--key FILE] [--foreground] [--force]'
    say '  --agent FILE   the amazon-ssm-agent to register, where it is in no usual place'
    say "  --config FILE  becomes the agent's configuration: a proxy, the endpoints of a VPC"
    say "  --key FILE     AWS's public key of the agent: the installer's own signature is checked with it too"
    say '  --foreground   runs the agent here, where no service manager does (a container)'
    say '  --force        registers although the machine is registered already'
}

# The agent that is there: in its package, in its snap, or on the path.
find_agent() {
    for candidate in /usr/bin/amazon-ssm-agent /snap/amazon-ssm-agent/current/amazon-ssm-agent; do
        if [ -x "$candidate" ]; then
            say "$candidate"
            return
        fi
    done
    command -v amazon-ssm-agent || :
}

service_name() {
    case $1 in
    /snap/*) say snap.amazon-ssm-agent.amazon-ssm-agent.service ;;
    *) say amazon-ssm-agent ;;
    esac
}

service() { systemctl "$1" "$(service_name "$agent")" </dev/null; }

has_service() {
    [ -d /run/systemd/system ] && systemctl cat "$(service_name "$agent")" >/dev/null 2>&1 </dev/null
}

check_unregistered() {
    if [ ! -s "$registration" ] || [ "$force" = yes ]; then
        return
    fi
    node=$(sed -n 's/.*"ManagedInstanceID" *: *"\([^"]*\)".*/\1/p' "$registration")
    home=$(sed -n 's/.*"Region" *: *"\([^"]*\)".*/\1/p' "$registration")
    printf 'join: This machine is registered already, as %s in %s. Nothing was changed.\n' "${node:-a node}" "${home:-a region}" >&2
    printf '  To use it as it is, see that its agent runs: systemctl start amazon-ssm-agent\n' >&2
    printf '  To register it anew: Unregister-SsmNode %s in PowerShell, then this script with --force.\n' "$node" >&2
    exit 3
}

flavour() {
    case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    i?86) arch=386 ;;
    arm*) arch=arm ;;
    *) fail "There is no agent for this machine's $(uname -m)." ;;
    esac
    if command -v dpkg >/dev/null 2>&1; then
        say "debian_$arch"
    else
        say "linux_$arch"
    fi
}

download() {
    if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$2" "$1" </dev/null
    elif command -v wget >/dev/null 2>&1; then
        wget --quiet --tries=3 --output-document="$2" "$1" </dev/null
    else
        fail 'Neither curl nor wget is here to download the agent.'
    fi || fail "$1 could not be downloaded: is there a way out to it on port 443?"
}

# AWS's own installer checks the signature of the agent's package with the key that it carries, and installs nothing else.
install_agent() {
    command -v gpg >/dev/null 2>&1 ||
        fail "gpg is missing (package gnupg or gnupg2): without it the signature of the agent's package cannot be checked."
    setup=$work/ssm-setup-cli
    # By itself, so that a machine that there is no agent for ends it here: within an argument it would not.
    flavour=$(flavour)
    download "$bucket/$flavour/ssm-setup-cli" "$setup"
    if [ -n "$key" ]; then
        download "$bucket/$flavour/ssm-setup-cli.sig" "$setup.sig"
        mkdir -m 700 "$work/gnupg"
        gpg --homedir "$work/gnupg" --batch --quiet --import "$key" </dev/null &&
            gpg --homedir "$work/gnupg" --batch --verify "$setup.sig" "$setup" </dev/null ||
            fail "The signature of ssm-setup-cli does not fit the key in $key. Nothing was installed."
    fi
    chmod 700 "$setup"
    "$setup" -register -activation-code "$activation_code" -activation-id "$activation_id" -region "$region" </dev/null ||
        failed_to_register
}

failed_to_register() {
    fail "The machine was not registered. An activation that is over, used up or deleted is of no use any more: Register-SsmNode makes another one. Else look at the way out to ssm.$region.@SUFFIX@ on port 443, and at this machine's clock."
}

register() {
    if has_service; then
        service stop || :
    fi
    "$agent" -register -y -code "$activation_code" -id "$activation_id" -region "$region" </dev/null || failed_to_register
}

start() {
    if [ "$foreground" = yes ]; then
        rm -rf "$work"
        exec "$agent"
    elif has_service; then
        systemctl enable "$(service_name "$agent")" </dev/null >/dev/null 2>&1 || :
        service restart || fail "The machine is registered, but its agent did not start: systemctl status $(service_name "$agent")"
    else
        say "The machine is registered. No service manager was found that starts the agent: run $agent as root, or this script with --foreground."
    fi
}

main() {
    umask 077
    agent='' config='' key='' foreground=no force=no
    while [ $# -gt 0 ]; do
        case $1 in
        --agent | --config | --key)
            [ $# -ge 2 ] || fail "$1 wants a file."
            case $1 in
            --agent) agent=$2 ;;
            --config) config=$2 ;;
            --key) key=$2 ;;
            esac
            shift
            ;;
        --foreground) foreground=yes ;;
        --force) force=yes ;;
        --help)
            usage
            exit 0
            ;;
        *) fail "$1 is no option; --help lists them." ;;
        esac
        shift
    done
    [ "$(uname -s)" = Linux ] || fail 'This script is for Linux.'
    [ "$(id -u)" = 0 ] || fail 'Run this as root: the agent registers the machine, not a user.'
    check_unregistered
    [ -z "$agent" ] || [ -x "$agent" ] || fail "$agent is no program."
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    if [ -n "$config" ]; then
        mkdir -p "$(dirname "$configuration")"
        cp "$config" "$configuration"
    fi
    [ -n "$agent" ] || agent=$(find_agent)
    if [ -n "$agent" ]; then
        register
    else
        install_agent
        agent=$(find_agent)
    fi
    start
    say "Done. From PowerShell: Get-SsmInstance -Managed shows the node, and Enter-SsmSession opens a shell on it."
}

# The last line, so that a script that is piped in is read to its end before anything runs.
main "$@"
