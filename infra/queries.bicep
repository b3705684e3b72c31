// Every query stands in a file of its own, once; tests parse each and compare the names in it with the code.

@export()
var alertQueries = {
  'dead-events': loadTextContent('queries/alerts/dead-events.kql')
  'poison-messages': loadTextContent('queries/alerts/poison-messages.kql')
  'receiver-unavailable': loadTextContent('queries/alerts/receiver-unavailable.kql')
  'relay-silent': loadTextContent('queries/alerts/relay-silent.kql')
  'ledger-damaged': loadTextContent('queries/alerts/ledger-damaged.kql')
  'registration-silent': loadTextContent('queries/alerts/registration-silent.kql')
  'requests-refused': loadTextContent('queries/alerts/requests-refused.kql')
  'key-missing': loadTextContent('queries/alerts/key-missing.kql')
  'registration-failing': loadTextContent('queries/alerts/registration-failing.kql')
  'oldest-open-too-old': loadTextContent('queries/alerts/oldest-open-too-old.kql')
  'handler-paused': loadTextContent('queries/alerts/handler-paused.kql')
  'requests-unverified': loadTextContent('queries/alerts/requests-unverified.kql')
  'no-events': loadTextContent('queries/alerts/no-events.kql')
}

@export()
var workbookQueries = {
  'last-event': loadTextContent('queries/workbook/last-event.kql')
  intake: loadTextContent('queries/workbook/intake.kql')
  refusals: loadTextContent('queries/workbook/refusals.kql')
  waiting: loadTextContent('queries/workbook/waiting.kql')
  quarantine: loadTextContent('queries/workbook/quarantine.kql')
  'time-to-completion': loadTextContent('queries/workbook/time-to-completion.kql')
  completions: loadTextContent('queries/workbook/completions.kql')
  handlers: loadTextContent('queries/workbook/handlers.kql')
  retries: loadTextContent('queries/workbook/retries.kql')
  'oldest-open': loadTextContent('queries/workbook/oldest-open.kql')
  died: loadTextContent('queries/workbook/died.kql')
  registration: loadTextContent('queries/workbook/registration.kql')
}
