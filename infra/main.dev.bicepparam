using 'main.bicep'

// A trial: scales to zero, the data in one place instead of three zones, nothing beyond what must be set.
param environmentName = 'dev'
param storageRedundancy = 'Standard_LRS'

// Yours, from the environment: what is not set stops the deployment before anything is made.
param pointBaseUrl = readEnvironmentVariable('POINT_BASE_URL')
param pointApiClientId = readEnvironmentVariable('POINT_API_CLIENT_ID')
param pointClientId = readEnvironmentVariable('POINT_CLIENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
