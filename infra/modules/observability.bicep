metadata description = 'Log Analytics workspace and Application Insights, open to Entra ID identities only.'

@description('Name of the workspace.')
param workspaceName string

@description('Name of the Application Insights resource.')
param insightsName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Gigabytes of logs a day; -1 is no limit.')
param dailyLogLimitGB int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: dailyLogLimitGB }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The instrumentation key in the connection string is then no secret: a token of the identity is needed as well.
    DisableLocalAuth: true
  }
}
