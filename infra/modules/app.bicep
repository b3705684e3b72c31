metadata description = 'The function app on Flex Consumption, and its settings.'

@description('Name of the app.')
param name string

@description('Name of the plan.')
param planName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('User-assigned identity of the app.')
param identityName string

@description('Storage account of the app.')
param storageName string

@description('Url of the container that the code is deployed to.')
param deploymentContainerUrl string

@description('Application Insights resource of the app.')
param insightsName string

@description('Workspace of the platform\'s own log.')
param workspaceName string

@description('Instances that are always ready to receive.')
param alwaysReadyInstances int

@description('Upper bound of the instances of one function group.')
param maximumInstanceCount int

@description('Memory of one instance in MB.')
param instanceMemoryMB int

@description('App settings beside those of the platform.')
param settings { *: string }

@description('App settings that read a secret of the vault.')
param secretSettings string[]

@description('Vault of the secrets, which exists where there are any.')
param vaultName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // The Azure Developer CLI finds the app by the name that azure.yaml gives it.
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
        // The host signs in with this one, the worker with AZURE_CLIENT_ID.
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
        AZURE_CLIENT_ID: identity.properties.clientId
        AzureWebJobsStorage__accountName: storageName
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.properties.clientId
      },
      settings,
      toObject(secretSettings, setting => setting, setting => keyVaultReference(vaultName, setting))
    )
  }

  resource scmBasicAuth 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftpBasicAuth 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

@description('A reference that the platform resolves to the newest version of a setting\'s secret.')
func keyVaultReference(vaultName string, setting string) string =>
  '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${replace(setting, '__', '--')})'

// The platform's log is what still speaks when telemetry itself is broken.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName

@description('Url of the receiver.')
output receiverUrl string = 'https://${app.properties.defaultHostName}/api/webhooks/point'
