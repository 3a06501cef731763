#!/usr/bin/env bash
# Commands for API keys on a machine where the console runs as its unit: as the console's account, with the settings of the unit.
# Run it as root:  keys.sh list --as STAFF_ID
#
# A file for --out is made by the console's account, so name one where it may write: /var/lib/support-console/importer.key
set -euo pipefail

export ASPNETCORE_ENVIRONMENT=Production
export Storage__ConnectionString="Data Source=/var/lib/support-console/console.db"
export DataProtection__KeyFolder=/var/lib/support-console/keys
export Logging__Folder=/var/log/support-console
export Audit__CheckpointFolder=/var/lib/support-console-checkpoints
export DOTNET_EnableDiagnostics=0

# Read line by line and not as a script: a value may hold spaces and signs. Nothing of it stands in an argument, which others could see.
while IFS= read -r line || [[ -n $line ]]; do
  if [[ $line == [A-Za-z_]*=* ]]; then
    value=${line#*=}
    if [[ $value == \"*\" ]]; then
      value=${value:1:-1}
    fi
    export "${line%%=*}=$value"
  fi
done < /etc/support-console/environment

umask 077
cd /opt/support-console
exec runuser -u support-console -- ./SupportConsole keys "$@"
