metadata description = 'The identity of the app alone. Deployed first, so that it has its role at Syskit Point before any code asks for a token.'

targetScope = 'resourceGroup'

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

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${workload}-${environmentName}'
  location: location
  tags: { workload: workload, environment: environmentName }
}

@description('Object id of the identity, which is given the role Point.Admin.')
output identityPrincipalId string = identity.properties.principalId
