metadata description = 'Asks for the health of the app from outside, and raises an alert when it is not there.'

@description('End of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Application Insights resource that takes the results.')
param insightsName string

@description('Url that answers 200 while an event sent now would be kept.')
param healthUrl string

@description('Action groups that are told.')
param actionGroups string[]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Virginia, Ireland, Amsterdam, Singapore, Sydney, by the ids that Azure documents for them.
var places = ['us-va-ash-azr', 'emea-gb-db3-azr', 'emea-nl-ams-azr', 'apac-sg-sin-azr', 'emea-au-syd-edge']

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'health-${suffix}'
  location: location
  // The portal shows a test under the component that this tag names.
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'health-${suffix}'
    Name: 'health-${suffix}'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: map(places, place => { Id: place })
    Request: { RequestUrl: healthUrl, HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-${suffix}-health-failing'
  location: 'global'
  tags: tags
  properties: {
    description: 'The health of the app does not answer 200 in two places of the world or more.'
    severity: 1
    enabled: true
    scopes: [test.id, insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insights.id
      failedLocationCount: 2
    }
    #disable-next-line use-resource-id-functions
    actions: [for group in actionGroups: { actionGroupId: group }]
  }
}
