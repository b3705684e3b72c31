metadata description = 'The vault of the secrets that exist. Their values are put there by hand, never by a deployment.'

@description('Name of the vault.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Workspace that is told of every access.')
param workspaceName string

@description('Whether the vault is closed to the public network.')
param isPrivate bool

@description('Whether to bring back the deleted vault of this name.')
param recover bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    createMode: recover ? 'recover' : 'default'
    publicNetworkAccess: isPrivate ? 'disabled' : 'enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'None' }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}
