using 'main.bicep'

// Two instances always ready, so that one receives while the other is replaced.
param environmentName = 'prod'
param alwaysReadyInstances = 2
param lockStorage = true
param availabilityTest = true
param noEventsAlertHours = 48

// Yours, from the environment: what is not set stops the deployment before anything is made.
param pointBaseUrl = readEnvironmentVariable('POINT_BASE_URL')
param pointApiClientId = readEnvironmentVariable('POINT_API_CLIENT_ID')
param pointClientId = readEnvironmentVariable('POINT_CLIENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
