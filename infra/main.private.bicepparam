using 'main.bicep'

// As prod, for a landing zone: storage, and a vault where secretSettings makes one, behind private endpoints, callers by address, zones.
param environmentName = 'prod'
param zoneRedundant = true
param alwaysReadyInstances = 2
param lockStorage = true
param availabilityTest = true
param noEventsAlertHours = 48

// Yours, from the environment: what is not set stops the deployment before anything is made.
param pointBaseUrl = readEnvironmentVariable('POINT_BASE_URL')
param pointApiClientId = readEnvironmentVariable('POINT_API_CLIENT_ID')
param pointClientId = readEnvironmentVariable('POINT_CLIENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param allowedAddresses = map(split(readEnvironmentVariable('ALLOWED_ADDRESSES'), ','), one => trim(one))
param appSubnetId = readEnvironmentVariable('APP_SUBNET_ID')
param endpointSubnetId = readEnvironmentVariable('ENDPOINT_SUBNET_ID')
