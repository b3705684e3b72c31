using 'main.bicep'

// A trial: scales to zero, one copy of the data less, nothing beyond what must be set.
param environmentName = 'dev'
param storageRedundancy = 'Standard_LRS'
param pointBaseUrl = 'https://contoso.syskit365demo.com'
param pointApiClientId = '11111111-1111-1111-1111-111111111111'
param alertEmail = 'on-call@contoso.com'
