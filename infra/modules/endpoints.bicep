metadata description = 'Private endpoints of the storage account and the vault.'

@description('End of every name.')
param suffix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Subnet of the endpoints.')
param subnetId string

@description('Storage account.')
param storageName string

@description('Vault; empty where there is none.')
param vaultName string

@description('Private DNS zones by what they are for; what is missing is entered by somebody else.')
param zoneIds { *: string }

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = if (!empty(vaultName)) {
  name: vaultName
}

var targets = concat(
  map(['blob', 'queue', 'table'], service => { service: service, id: account.id }),
  empty(vaultName) ? [] : [{ service: 'vault', id: vault.id }]
)

resource endpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for target in targets: {
    name: 'pe-${suffix}-${target.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: target.service
          properties: { privateLinkServiceId: target.id, groupIds: [target.service] }
        }
      ]
    }
  }
]

resource zones 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (target, i) in targets: if (contains(zoneIds, target.service)) {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        { name: target.service, properties: { privateDnsZoneId: zoneIds[target.service] } }
      ]
    }
  }
]
