// Every query stands in a file of its own, once; a test compares the names in them with the code.

@export()
var alertQueries = {
  'dead-events': loadTextContent('queries/alerts/dead-events.kql')
  'poison-messages': loadTextContent('queries/alerts/poison-messages.kql')
  'requests-refused': loadTextContent('queries/alerts/requests-refused.kql')
  'receiver-unavailable': loadTextContent('queries/alerts/receiver-unavailable.kql')
  'key-missing': loadTextContent('queries/alerts/key-missing.kql')
  'registration-failing': loadTextContent('queries/alerts/registration-failing.kql')
  'registration-silent': loadTextContent('queries/alerts/registration-silent.kql')
  'oldest-open-too-old': loadTextContent('queries/alerts/oldest-open-too-old.kql')
  'no-events': loadTextContent('queries/alerts/no-events.kql')
}

@export()
var workbookQueries = {
  'last-event': loadTextContent('queries/workbook/last-event.kql')
  intake: loadTextContent('queries/workbook/intake.kql')
  refusals: loadTextContent('queries/workbook/refusals.kql')
  quarantine: loadTextContent('queries/workbook/quarantine.kql')
  'time-to-completion': loadTextContent('queries/workbook/time-to-completion.kql')
  completions: loadTextContent('queries/workbook/completions.kql')
  handlers: loadTextContent('queries/workbook/handlers.kql')
  retries: loadTextContent('queries/workbook/retries.kql')
  open: loadTextContent('queries/workbook/open.kql')
  'oldest-open': loadTextContent('queries/workbook/oldest-open.kql')
  dead: loadTextContent('queries/workbook/dead.kql')
  registration: loadTextContent('queries/workbook/registration.kql')
}
