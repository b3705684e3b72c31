using 'main.bicep'

// One instance always ready, because how long Syskit Point waits for an answer is not documented.
param environmentName = 'prod'
param alwaysReadyInstances = 1
param noEventsAlertHours = 48
param pointBaseUrl = 'https://contoso.syskit365demo.com'
param pointApiClientId = '11111111-1111-1111-1111-111111111111'
param alertEmail = 'on-call@contoso.com'
