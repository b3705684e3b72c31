metadata description = 'The storage account: the ledger\'s table, the queues, the deployed package and what the Functions host keeps. No keys.'

@description('Name of the account.')
param name string

@description('Copies of the data, as the name of a storage SKU.')
param redundancy string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Workspace of the audit log.')
param workspaceName string

@description('Whether every access to the queues and the table is logged.')
param audit bool

@description('Whether the account is closed to the public network.')
param isPrivate bool

@description('Whether the account cannot be deleted.')
param isLocked bool

// One list, which a test compares with the code.
var names = loadJsonContent('../names.json')
// The host moves a message that it cannot process to the queue of the same name with this ending.
var poisonQueues = map(names.queues, queue => '${queue}-poison')
var deploymentContainer = 'app-package'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'None' }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: deploymentContainer
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [
      for queueName in concat(names.queues, poisonQueues): {
        name: queueName
      }
    ]
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource ledger 'tables' = {
      name: names.table
    }
  }
}

// Against deleting the account. What is in it can be deleted all the same by who may write there.
resource deleteLock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  name: 'ledger'
  scope: account
  properties: { level: 'CanNotDelete', notes: 'Holds the ledger of Syskit Point events.' }
}

resource queueAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (audit) {
  name: 'to-workspace'
  scope: account::queues
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

resource tableAudit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (audit) {
  name: 'to-workspace'
  scope: account::tables
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Url of the container that the code is deployed to.')
output deploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${deploymentContainer}'
