# Sourced by the scripts beside it, which run in the root of the repository.

# Asks for a variable by name: needs NAME 'what it is, such as …'
needs() {
  [ -n "${!1:-}" ] || {
    printf 'Set %s: %s\n' "$1" "$2" >&2
    exit 1
  }
}

# Repeats a command while it fails: RETRIES times (20), RETRY_SECONDS (15) apart. Writes what the command wrote in the end.
retry() {
  local what=$1 tries=${RETRIES:-20} said errors
  shift
  errors=$(mktemp)
  while ! said=$("$@" 2> "$errors"); do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      cat "$errors" >&2
      printf '%s: it goes on failing.\n' "$what" >&2
      rm "$errors"
      return 1
    fi
    printf '%s: not yet (%s). Once more in %s s.\n' "$what" "$(tail -n 1 "$errors" | cut -c 1-200)" "${RETRY_SECONDS:-15}" >&2
    sleep "${RETRY_SECONDS:-15}"
  done
  rm "$errors"
  [ -z "$said" ] || printf '%s\n' "$said"
}

# An output of the deployment of the infrastructure: output NAME [DEPLOYMENT]
output() {
  az deployment group show --resource-group "$RESOURCE_GROUP" --name "${2:-main}" \
    --query "properties.outputs.$1.value" --output tsv
}

# The Bicep that the tests have compiled the files with.
install_bicep() {
  az bicep install --version "v$(sed -n 's:.*<BicepVersion>\(.*\)</BicepVersion>.*:\1:p' infra/Bicep.props)"
}
