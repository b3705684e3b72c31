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
    description: 'An event was given up on after every attempt.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'poison-messages'
    description: 'The Functions host gave up on a queue message.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'requests-refused'
    description: 'Requests were refused: signature, age or size.'
    severity: 2
    window: 'PT30M'
  }
  {
    name: 'receiver-unavailable'
    description: 'Requests could not be kept and were answered 503.'
    severity: 1
    window: 'PT30M'
  }
  {
    name: 'key-missing'
    description: 'Requests were kept unverified: the signature key could not be fetched.'
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
    name: 'registration-silent'
    description: 'The registration with Syskit Point has not gone well for three hours.'
    severity: 1
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

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Every quarter of an hour over twice that or more, so that what arrives late is seen all the same.
resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'alert-${suffix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: alert.?enabled ?? true
      scopes: [insights.id]
      evaluationFrequency: 'PT15M'
      windowSize: alert.window
      autoMitigate: true
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
      actions: { actionGroups: [onCall.id] }
    }
  }
]
