metadata description = 'Alert rules, each a query over Application Insights, and who is told. docs/operations.md says what to do about each.'

import { alertQueries } from '../queries.bicep'

@description('End of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Application Insights resource that the queries read.')
param insightsName string

@description('Mail address that is told.')
param email string

@description('Ids of further action groups that are told.')
param furtherActionGroups string[]

@description('Minutes that an event may stay unfinished.')
param oldestOpenMinutes int

@description('Hours that may pass without a new event; 0 is no limit.')
param noEventsHours int

type alertRule = {
  name: string
  description: string
  severity: 1 | 2 | 3

  @description('How far back the query looks.')
  window: string

  @description('Column that is compared with the threshold. Without it, any row raises the alert.')
  measure: string?

  threshold: int?
  enabled: bool?
}

// severity: 1 something is lost or will be, 2 it is being made up for, 3 look at it.
var alerts alertRule[] = [
  {
    name: 'dead-events'
    description: 'There are dead events: given up on after every attempt, and waiting for a replay.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'poison-messages'
    description: 'There are messages in poison queues: the app could not even record that an attempt failed.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'receiver-unavailable'
    description: 'Requests cannot be kept and are answered 503.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'relay-silent'
    description: 'RelayEvents has not got as far as reading the open events for half an hour. What is overdue is not sent again, and no other alert on events can come.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'ledger-damaged'
    description: 'The ledger misses events that messages name, or holds rows that cannot be read.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'registration-silent'
    description: 'The registration with Syskit Point has not gone well for three hours.'
    severity: 1
    window: 'PT3H'
  }
  {
    name: 'requests-refused'
    description: 'Very many requests are refused, or no genuine event arrives any more since some were.'
    severity: 2
    window: 'P2D'
  }
  {
    name: 'key-missing'
    description: 'Requests wait unverified: the signature key cannot be fetched.'
    severity: 2
    window: 'PT30M'
  }
  {
    name: 'registration-failing'
    description: 'The registration with Syskit Point keeps failing.'
    severity: 2
    window: 'PT3H'
  }
  {
    name: 'oldest-open-too-old'
    description: 'An event has been open for longer than ${oldestOpenMinutes} minutes.'
    severity: 2
    window: 'PT30M'
    measure: 'minutes'
    threshold: oldestOpenMinutes
  }
  {
    name: 'handler-paused'
    description: 'A handler has been paused for a day. Its events wait until somebody resumes it.'
    severity: 3
    window: 'P1D'
  }
  {
    name: 'requests-unverified'
    description: 'Requests that were acknowledged without the signature key do not match it.'
    severity: 3
    window: 'PT30M'
  }
  {
    name: 'no-events'
    description: 'No new event for ${noEventsHours} hours.'
    severity: 3
    window: noEventsHours == 0 ? 'PT1H' : noEventsHours < 24 ? 'PT${noEventsHours}H' : 'P${noEventsHours / 24}D'
    enabled: noEventsHours > 0
  }
]

resource onCall 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: take(suffix, 12)
    emailReceivers: [{ name: 'on-call', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var told = concat([onCall.id], furtherActionGroups)

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Every quarter of an hour over twice that or more, so that what arrives late is seen all the same. A rule fires while its query
// finds something, and resolves itself when it does not.
resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'alert-${suffix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${alert.name} (${suffix})'
      description: alert.description
      severity: alert.severity
      enabled: alert.?enabled ?? true
      scopes: [insights.id]
      evaluationFrequency: 'PT15M'
      windowSize: alert.window
      autoMitigate: true
      // The tables of a component that is minutes old are not there yet, and the rule would be refused.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alertQueries[alert.name]
            timeAggregation: alert.?measure == null ? 'Count' : 'Maximum'
            metricMeasureColumn: alert.?measure
            operator: 'GreaterThan'
            threshold: alert.?threshold ?? 0
            failingPeriods: { minFailingPeriodsToAlert: 1, numberOfEvaluationPeriods: 1 }
          }
        ]
      }
      actions: { actionGroups: told }
    }
  }
]

@description('Action groups that are told.')
output actionGroups string[] = told
