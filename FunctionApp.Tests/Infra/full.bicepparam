using '../../infra/main.bicep'

// Every parameter at another value than its default, so that the snapshot beside this file shows what each does.
param workload = 'hooks'
param environmentName = 'test'
param location = 'northeurope'
param pointBaseUrl = 'https://point.example.com'
param pointApiClientId = '11111111-1111-1111-1111-111111111111'
param pointClientId = '22222222-2222-2222-2222-222222222222'
param pointTenantId = '33333333-3333-3333-3333-333333333333'
param pointEventTypes = ['ProvisioningCompleted', 'ProvisioningFailed']
param endpointUrl = 'https://hooks.example.com/api/webhooks/point?code=in-the-parameter-alone'
param ledgerRetentionDays = 30
param furtherSettings = {
  Retry__Schedule__0: '00:00:30'
  Handlers__EventGrid__all__Endpoint: 'https://contoso.westeurope-1.eventgrid.azure.net/api/events'
  Handlers__ServiceBus__all__Namespace: 'contoso.servicebus.windows.net'
  Handlers__ServiceBus__all__QueueOrTopic: 'events'
  Handlers__Http__Crm__Url: 'https://crm.contoso.example/point'
}
param eventGridTopics = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/messaging/providers/Microsoft.EventGrid/topics/contoso'
]
param serviceBusEntities = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/messaging/providers/Microsoft.ServiceBus/namespaces/contoso/queues/events'
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/messaging/providers/Microsoft.ServiceBus/namespaces/contoso/topics/all'
]
param secretSettings = ['Point__ClientSecret', 'Handlers__Http__Crm__Headers__X_Api_Key']
param recoverVault = true
param storageRedundancy = 'Standard_GZRS'
param lockStorage = true
param zoneRedundant = true
param alwaysReadyInstances = 1
param maximumInstanceCount = 100
param requestsPerInstance = 0
param instanceMemoryMB = 2048
param updateStrategy = 'Recreate'
param allowedAddresses = ['203.0.113.0/24', '203.0.113.7', '2001:db8::1', 'AzureFrontDoor.Backend']
param appSubnetId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/app'
param endpointSubnetId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints'
param privateDnsZones = {
  blob: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/network/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
}
param operatorsClientId = '44444444-4444-4444-4444-444444444444'
param alertEmail = 'on-call@example.com'
param furtherActionGroups = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/monitoring/providers/Microsoft.Insights/actionGroups/night-shift'
]
param oldestOpenAlertMinutes = 30
param noEventsAlertHours = 6
param availabilityTest = true
param dailyLogLimitGB = 1
param hostLogLevel = 'Information'
param tracesPercent = 5
param auditStorage = true
