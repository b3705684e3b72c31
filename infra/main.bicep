metadata description = 'Receives Syskit Point webhooks: function app, queues, ledger, telemetry and alerts.'

targetScope = 'resourceGroup'

// What this deployment is called and where it runs

@description('Short workload name, the stem of every resource name.')
@minLength(3)
@maxLength(11)
param workload string = 'syskitpoint'

@description('Environment that the resources serve, such as dev or prod; a part of every resource name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Azure region. Defaults to the region of the resource group.')
param location string = resourceGroup().location

// Syskit Point

@description('Address of the Syskit Point web app, such as https://contoso.syskit365demo.com.')
param pointBaseUrl string

@description('Client id of the "Syskit Point API" application in Entra ID.')
param pointApiClientId string

@description('Client id of an app registration that holds the role Point.Admin. Empty: the managed identity itself holds it.')
param pointClientId string = ''

@description('Tenant of that app registration.')
param pointTenantId string = empty(pointClientId) ? '' : tenant().tenantId

@description('Event types to subscribe to; * means all, those of the future included.')
param pointEventTypes string[] = ['*']

@description('Public url of the receiver, where it is not the app\'s own host name: a custom domain or a gateway.')
param endpointUrl string = ''

@description('Days for which finished events are remembered.')
@minValue(1)
@maxValue(3650)
param ledgerRetentionDays int = 90

// Further settings, such as those of handlers

@description('Further app settings, with __ for the colon of a section. No secrets: their names go into secretSettings.')
param furtherSettings { *: string } = {}

@description('App settings whose values are secrets of the vault, such as Point__ClientSecret: each reads the secret of its name, with -- for __. The vault exists only while this list has an entry.')
param secretSettings string[] = []

// Storage and scale

@description('Copies of the data: in three zones of the region, in one place, or in a second region as well. Not every region has zones.')
@allowed(['Standard_ZRS', 'Standard_LRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Instances that are always ready to receive. 0 scales to zero; 1 spares a sender with a short timeout the cold start.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Upper bound of the instances of one function group.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of one instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

// Observation

@description('Mail address that alerts are sent to.')
param alertEmail string

@description('Minutes after which the oldest event that is not finished raises an alert.')
@minValue(5)
param oldestOpenAlertMinutes int = 60

@description('Hours without any new event that raise an alert; 0 turns this alert off. Azure Monitor looks back two days at most.')
@allowed([0, 1, 2, 3, 4, 5, 6, 24, 48])
param noEventsAlertHours int = 0

@description('Gigabytes of logs a day, after which Azure takes no more until the next day; -1 is no limit.')
param dailyLogLimitGB int = 2

@description('Log every access to the queues and the table. The app\'s own polling is most of it, and it is paid by volume.')
param auditStorage bool = false

var suffix = '${workload}-${environmentName}'
var token = uniqueString(resourceGroup().id, suffix)
var names = {
  identity: 'id-${suffix}'
  workspace: 'log-${suffix}'
  insights: 'appi-${suffix}'
  storage: 'st${take(replace(toLower(suffix), '-', ''), 9)}${token}'
  vault: 'kv-${take(workload, 6)}-${token}'
  plan: 'plan-${suffix}'
  app: 'func-${suffix}-${take(token, 6)}'
}
var tags = { workload: workload, environment: environmentName }
var hasSecrets = !empty(secretSettings)

// The one identity that the app has, towards storage, vault, telemetry and Syskit Point. It exists before the app, and so do its roles.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.identity
  location: location
  tags: tags
}

module observability 'modules/observability.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    identityName: identity.name
    dailyLogLimitGB: dailyLogLimitGB
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: names.storage
    redundancy: storageRedundancy
    location: location
    tags: tags
    identityName: identity.name
    workspaceName: names.workspace
    audit: auditStorage
  }
  dependsOn: [observability]
}

module vault 'modules/vault.bicep' = if (hasSecrets) {
  params: {
    name: names.vault
    location: location
    tags: tags
    identityName: identity.name
    workspaceName: names.workspace
  }
  dependsOn: [observability]
}

module app 'modules/app.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityName: identity.name
    storageName: names.storage
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    insightsName: names.insights
    workspaceName: names.workspace
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    settings: union(
      {
        Point__BaseUrl: pointBaseUrl
        Point__ApiClientId: pointApiClientId
        Ledger__RetentionDays: string(ledgerRetentionDays)
      },
      contains(pointEventTypes, '*')
        ? {}
        : toObject(range(0, length(pointEventTypes)), i => 'Point__EventTypes__${i}', i => pointEventTypes[i]),
      empty(pointClientId) ? {} : { Point__ClientId: pointClientId, Point__TenantId: pointTenantId },
      empty(endpointUrl) ? {} : { Point__EndpointUrl: endpointUrl },
      furtherSettings
    )
    secretSettings: secretSettings
    vaultName: names.vault
  }
  dependsOn: [observability, vault]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: tags
    insightsName: names.insights
    email: alertEmail
    oldestOpenMinutes: oldestOpenAlertMinutes
    noEventsHours: noEventsAlertHours
  }
  dependsOn: [observability]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    displayName: 'Syskit Point webhooks (${environmentName})'
    location: location
    tags: tags
    insightsName: names.insights
  }
  dependsOn: [observability]
}

@description('Name of the function app, the target of the code deployment.')
output functionAppName string = names.app

@description('Host name of the function app.')
output functionAppHostName string = app.outputs.hostName

@description('Url that Syskit Point sends its events to.')
output endpointUrl string = empty(endpointUrl) ? app.outputs.receiverUrl : endpointUrl

@description('Object id of the app\'s identity, which is given the role Point.Admin.')
output identityPrincipalId string = identity.properties.principalId

@description('Name of the vault to put the secrets into; empty where there are none.')
output vaultName string = hasSecrets ? names.vault : ''
