#!/usr/bin/env bash
# Runs RegisterEndpoint now instead of at seven minutes past the hour.
#   FUNCTIONS_MASTER_KEY=… infra/scripts/register.sh https://<app>.azurewebsites.net
# A fresh app may need a minute to answer: it is asked again for up to five minutes (RETRIES × 10 s).
set -euo pipefail

url=${1:?The url of the app is missing.}
: "${FUNCTIONS_MASTER_KEY:?Set FUNCTIONS_MASTER_KEY: az functionapp keys list --query masterKey}"

# The key comes by a file descriptor: the arguments of a process are open to everybody on the machine.
curl --silent --show-error --fail --output /dev/null \
  --retry "${RETRIES:-30}" --retry-delay "${RETRY_DELAY:-10}" --retry-all-errors \
  --header @<(printf 'x-functions-key: %s' "$FUNCTIONS_MASTER_KEY") \
  --header 'Content-Type: application/json' --data '{}' \
  "${url%/}/admin/functions/RegisterEndpoint"
echo "RegisterEndpoint has been started."
