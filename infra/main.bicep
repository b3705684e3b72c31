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

@description('Address of the Syskit Point web app, which begins with https://.')
@minLength(9)
param pointBaseUrl string

@description('Client id of the "Syskit Point API" application in Entra ID.')
@minLength(36)
@maxLength(36)
param pointApiClientId string

@description('Client id of an app registration that holds the role Point.Admin. Empty: the managed identity itself holds it.')
param pointClientId string = ''

@description('Tenant of that app registration.')
param pointTenantId string = empty(pointClientId) ? '' : tenant().tenantId

@description('Event types to subscribe to; * means all, those of the future included.')
param pointEventTypes string[] = ['*']

@description('Public url of the receiver, where it is not the app\'s own host name: a custom domain or a gateway. One with a query that is a secret goes into secretSettings, as Point__EndpointUrl.')
param endpointUrl string = ''

@description('Days for which the content of finished events is kept.')
@minValue(1)
@maxValue(3650)
param ledgerRetentionDays int = 90

// Further settings, such as those of handlers

@description('Further app settings, with __ for the colon of a section. No secrets: their names go into secretSettings.')
param furtherSettings { *: string } = {}

@description('App settings whose values are secrets of the vault, such as Point__ClientSecret: each reads the secret of its name, with -- for __ and - for _. The vault exists only while this list has an entry.')
param secretSettings string[] = []

@description('Bring back the deleted vault of this name, which Azure keeps for 90 days, instead of making one.')
param recoverVault bool = false

// Where handlers send to. The settings of the handlers themselves go into furtherSettings.

@description('Ids of topics of Event Grid that the app may publish to.')
param eventGridTopics string[] = []

@description('Ids of queues and topics of Service Bus that the app may send to: …/namespaces/contoso/queues/events or …/topics/events.')
param serviceBusEntities string[] = []

// Storage and scale

@description('Copies of the data: in three zones of the region, in one place, or in a second region as well. Not every region has zones.')
@allowed(['Standard_ZRS', 'Standard_LRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Refuse to delete the storage account. Whoever deploys needs Owner or User Access Administrator for it.')
param lockStorage bool = false

@description('Spread instances over the zones of the region. The platform then keeps two instances of each function group, and bills them.')
param zoneRedundant bool = false

@description('Instances that are always ready to receive. 0 scales to zero; 2 keep one receiving while the other is replaced.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Upper bound of the instances of one function group. The platform is known not to hold values below 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Requests that one instance takes at a time before another one is started; 0 leaves it to the platform.')
@minValue(0)
@maxValue(1000)
param requestsPerInstance int = 100

@description('Memory of one instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('How an update reaches the instances: RollingUpdate (a preview) replaces them in turn, Recreate stops all at once.')
@allowed(['RollingUpdate', 'Recreate'])
param updateStrategy string = 'RollingUpdate'

// Network. The receiver stays public in every profile: Syskit Point must reach it.

@description('Who may call the app: addresses and ranges such as 203.0.113.0/24, or service tags such as AzureFrontDoor.Backend. Empty: everybody.')
param allowedAddresses string[] = []

@description('Subnet that the app sends through, delegated to Microsoft.App/environments. Empty: the public network.')
param appSubnetId string = ''

@description('Subnet of private endpoints for the storage account and the vault, which are then closed to the public network. Needs appSubnetId.')
param endpointSubnetId string = ''

@description('Ids of the private DNS zones that the private endpoints are entered into, by blob, queue, table and vault. Empty: somebody else enters them, such as a policy of the landing zone.')
param privateDnsZones { *: string } = {}

// Operators

@description('Client id of an app registration that operators sign in to at /api/signed-in. It must ask for assignment, so that only they get in: docs/deploying.md. Empty: function keys alone.')
param operatorsClientId string = ''

// Observation

@description('Mail address that alerts are sent to.')
@minLength(3)
param alertEmail string

@description('Ids of action groups of your own that alerts are sent to as well.')
param furtherActionGroups string[] = []

@description('Minutes after which the oldest event that is not finished raises an alert.')
@minValue(5)
param oldestOpenAlertMinutes int = 60

@description('Hours without any new event that raise an alert; 0 turns this alert off. Azure Monitor looks back two days at most.')
@allowed([0, 1, 2, 3, 4, 5, 6, 24, 48])
param noEventsAlertHours int = 0

@description('Ask for /api/health every five minutes from five places of the world, and raise an alert when two of them get no 200.')
param availabilityTest bool = false

@description('Gigabytes of logs a day, after which Azure takes no more until the next day; -1 is no limit.')
param dailyLogLimitGB int = 2

@description('Least level of the log of the Functions host. The app\'s own log has its own: Logging__LogLevel__… in furtherSettings.')
@allowed(['Information', 'Warning', 'Error'])
param hostLogLevel string = 'Warning'

@description('Percentage of traces that are kept. Metrics and logs, and so the alerts, are never sampled.')
@minValue(1)
@maxValue(100)
param tracesPercent int = 100

@description('Log every access to the queues and the table. The app\'s own polling is most of it, and it is paid by volume.')
param auditStorage bool = false

var suffix = '${workload}-${environmentName}'
var token = uniqueString(resourceGroup().id, suffix)
var names = {
  identity: 'id-${suffix}'
  workspace: 'log-${suffix}'
  insights: 'appi-${suffix}'
  storage: 'st${take(replace(toLower(suffix), '-', ''), 9)}${token}'
  // No two hyphens in a row.
  vault: 'kv-${take(replace(workload, '-', ''), 6)}-${token}'
  plan: 'plan-${suffix}'
  app: 'func-${suffix}-${take(token, 6)}'
}
var tags = { workload: workload, environment: environmentName }
var hasSecrets = !empty(secretSettings)
var isPrivate = !empty(endpointSubnetId)

// The one identity that the app has, towards storage, vault, telemetry and Syskit Point. It exists before the app, and so do its roles.
module identity 'identity.bicep' = {
  params: { workload: workload, environmentName: environmentName, location: location }
}

module observability 'modules/observability.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    dailyLogLimitGB: dailyLogLimitGB
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: names.storage
    redundancy: storageRedundancy
    location: location
    tags: tags
    workspaceName: names.workspace
    audit: auditStorage
    isPrivate: isPrivate
    isLocked: lockStorage
  }
  dependsOn: [observability]
}

module vault 'modules/vault.bicep' = if (hasSecrets) {
  params: {
    name: names.vault
    location: location
    tags: tags
    workspaceName: names.workspace
    isPrivate: isPrivate
    recover: recoverVault
  }
  dependsOn: [observability]
}

module access 'modules/access.bicep' = {
  params: {
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.identityPrincipalId
    storageName: names.storage
    insightsName: names.insights
    vaultName: hasSecrets ? names.vault : ''
  }
  dependsOn: [observability, storage, vault]
}

module eventGridSender 'modules/eventgrid-sender.bicep' = [
  for topic in eventGridTopics: {
    scope: resourceGroup(split(topic, '/')[2], split(topic, '/')[4])
    params: {
      #disable-next-line what-if-short-circuiting
      principalId: identity.outputs.identityPrincipalId
      topicName: last(split(topic, '/'))
    }
  }
]

module serviceBusSender 'modules/servicebus-sender.bicep' = [
  for entity in serviceBusEntities: {
    scope: resourceGroup(split(entity, '/')[2], split(entity, '/')[4])
    params: {
      #disable-next-line what-if-short-circuiting
      principalId: identity.outputs.identityPrincipalId
      namespaceName: split(entity, '/')[8]
      isTopic: toLower(split(entity, '/')[9]) == 'topics'
      entityName: last(split(entity, '/'))
    }
  }
]

module endpoints 'modules/endpoints.bicep' = if (isPrivate) {
  params: {
    suffix: suffix
    location: location
    tags: tags
    subnetId: endpointSubnetId
    storageName: names.storage
    vaultName: hasSecrets ? names.vault : ''
    zoneIds: privateDnsZones
  }
  dependsOn: [storage, vault]
}

module app 'modules/app.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityName: names.identity
    storageName: names.storage
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    insightsName: names.insights
    workspaceName: names.workspace
    zoneRedundant: zoneRedundant
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstanceCount: maximumInstanceCount
    requestsPerInstance: requestsPerInstance
    instanceMemoryMB: instanceMemoryMB
    updateStrategy: updateStrategy
    subnetId: appSubnetId
    // The availability test comes from addresses of Azure that its service tag names.
    allowedAddresses: empty(allowedAddresses) || !availabilityTest
      ? allowedAddresses
      : union(allowedAddresses, ['ApplicationInsightsAvailability'])
    settings: union(
      {
        Point__BaseUrl: pointBaseUrl
        Point__ApiClientId: pointApiClientId
        Ledger__RetentionDays: string(ledgerRetentionDays)
        AzureFunctionsJobHost__logging__logLevel__default: hostLogLevel
      },
      contains(pointEventTypes, '*')
        ? {}
        : toObject(range(0, length(pointEventTypes)), i => 'Point__EventTypes__${i}', i => pointEventTypes[i]),
      empty(pointClientId) ? {} : { Point__ClientId: pointClientId, Point__TenantId: pointTenantId },
      empty(endpointUrl) ? {} : { Point__EndpointUrl: endpointUrl },
      // From its own addresses, which are not among them. A gateway's url it can reach.
      empty(allowedAddresses) || !empty(endpointUrl) ? {} : { Point__SelfCheck: 'false' },
      tracesPercent == 100
        ? {}
        : {
            OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
            OTEL_TRACES_SAMPLER_ARG: '0.${padLeft(tracesPercent, 2, '0')}'
          },
      furtherSettings
    )
    secretSettings: secretSettings
    vaultName: names.vault
    operatorsClientId: operatorsClientId
  }
  dependsOn: [observability, vault, endpoints, access, eventGridSender, serviceBusSender]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    suffix: suffix
    location: location
    tags: tags
    insightsName: names.insights
    email: alertEmail
    furtherActionGroups: furtherActionGroups
    oldestOpenMinutes: oldestOpenAlertMinutes
    noEventsHours: noEventsAlertHours
  }
  dependsOn: [observability]
}

module availability 'modules/availability.bicep' = if (availabilityTest) {
  params: {
    suffix: suffix
    location: location
    tags: tags
    insightsName: names.insights
    healthUrl: 'https://${app.outputs.hostName}/api/health'
    actionGroups: alerts.outputs.actionGroups
  }
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

@description('Url of the function app.')
output functionAppUrl string = 'https://${app.outputs.hostName}'

@description('Url that Syskit Point sends its events to, unless Point__EndpointUrl is a secret.')
output endpointUrl string = empty(endpointUrl) ? app.outputs.receiverUrl : split(endpointUrl, '?')[0]

@description('Object id of the app\'s identity, which is given the role Point.Admin.')
output identityPrincipalId string = identity.outputs.identityPrincipalId

@description('Name of the storage account, which holds the ledger.')
output storageAccountName string = names.storage

@description('Name of the vault to put the secrets into; empty where there are none.')
output vaultName string = hasSecrets ? names.vault : ''
