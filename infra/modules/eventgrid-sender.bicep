metadata description = 'Lets the identity of the app publish to a topic of Event Grid, which may be in another resource group.'

import { roles } from '../roles.bicep'

@description('Object id of the identity.')
param principalId string

@description('Name of the topic.')
param topicName string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: topicName
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, principalId, 'EventGrid Data Sender')
  scope: topic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['EventGrid Data Sender'])
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
