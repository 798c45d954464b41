#!/bin/sh
# Joins this Mac to AWS Systems Manager as a managed node. Run it as root, on the machine:
#   sh join.sh [--config FILE] [--force]
# AWS supports its agent on Macs in EC2 only; elsewhere it may work, and nobody answers for it.
# It holds an activation code, which is a secret until the activation is used up or over: delete it when it has run.
set -eu

region=@REGION@
activation_id=@ID@
activation_code=@CODE@
bucket="https://amazon-ssm-$region.s3.$region.@SUFFIX@/latest"
# Where AWS's package puts its agent on every Mac (amazon-ssm-agent, agent/appconfig/constants_darwin.go).
home=/opt/aws/ssm
agent=$home/bin/amazon-ssm-agent
registration=$home/data/registration
configuration=$home/amazon-ssm-agent.json
service=/Library/LaunchDaemons/com.amazon.aws.ssm.plist
signer='(94KV3E626L)'

say() { printf '%s\n' "$*"; }

fail() {
    printf 'join: %s\n' "$*" >&2
    exit 1
}

check_unregistered() {
    if [ ! -s "$registration" ] || [ "$force" = yes ]; then
        return
    fi
    node=$(sed -n 's/.*"ManagedInstanceID" *: *"\([^"]*\)".*/\1/p' "$registration")
    printf 'join: This machine is registered already, as %s. Nothing was changed.\n' "${node:-a node}" >&2
    printf '  To register it anew: Unregister-SsmNode %s in PowerShell, then this script with --force.\n' "$node" >&2
    exit 3
}

# The package must be signed by Amazon's team at Apple.
install_agent() {
    case $(uname -m) in
    arm64) flavour=darwin_arm64 ;;
    *) flavour=darwin_amd64 ;;
    esac
    package=$work/amazon-ssm-agent.pkg
    curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$package" \
        "$bucket/$flavour/amazon-ssm-agent.pkg" </dev/null ||
        fail "The agent could not be downloaded from $bucket: is there a way out to it on port 443?"
    pkgutil --check-signature "$package" >"$work/signature" </dev/null && grep -Fq "$signer" "$work/signature" ||
        fail "The agent's package is not signed by Amazon. Nothing was installed."
    installer -pkg "$package" -target / </dev/null
}

main() {
    umask 077
    config='' force=no
    while [ $# -gt 0 ]; do
        case $1 in
        --config)
            [ $# -ge 2 ] || fail "$1 wants a file."
            config=$2
            shift
            ;;
        --force) force=yes ;;
        *) fail "$1 is no option: --config FILE, --force." ;;
        esac
        shift
    done
    [ "$(uname -s)" = Darwin ] || fail 'This script is for macOS.'
    [ "$(id -u)" = 0 ] || fail 'Run this as root: the agent registers the machine, not a user.'
    check_unregistered
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    [ -x "$agent" ] || install_agent
    [ -z "$config" ] || cp "$config" "$configuration"
    launchctl unload "$service" >/dev/null 2>&1 </dev/null || :
    "$agent" -register -y -code "$activation_code" -id "$activation_id" -region "$region" </dev/null ||
        fail 'The machine was not registered. An activation that is over, used up or deleted is of no use any more: Register-SsmNode makes another one.'
    launchctl load -w "$service" </dev/null
    say "Done. From PowerShell: Get-SsmInstance -Managed shows the node, and Enter-SsmSession opens a shell on it."
}

# The last line, so that a script that is piped in is read to its end before anything runs.
main "$@"
