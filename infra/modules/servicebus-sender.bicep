metadata description = 'Lets the identity of the app send to a queue or a topic of Service Bus, which may be in another resource group.'

import { roles } from '../roles.bicep'

@description('Object id of the identity.')
param principalId string

@description('Name of the namespace.')
param namespaceName string

@description('Whether it is a topic, not a queue.')
param isTopic bool

@description('Name of the queue or topic.')
param entityName string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = if (!isTopic) {
  parent: namespace
  name: entityName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = if (isTopic) {
  parent: namespace
  name: entityName
}

var sender = {
  roleDefinitionId: subscriptionResourceId(
    'Microsoft.Authorization/roleDefinitions',
    roles['Azure Service Bus Data Sender']
  )
  principalId: principalId
  principalType: 'ServicePrincipal'
}

resource queueAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!isTopic) {
  name: guid(queue.id, principalId, 'Azure Service Bus Data Sender')
  scope: queue
  properties: sender
}

resource topicAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (isTopic) {
  name: guid(topic.id, principalId, 'Azure Service Bus Data Sender')
  scope: topic
  properties: sender
}
