metadata description = 'The workbook: its layout is workbook.json, and each query in it is a file of its own.'

import { workbookQueries } from '../queries.bicep'

@description('Name that is shown in the portal.')
param displayName string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags { *: string }

@description('Application Insights resource that the queries read.')
param insightsName string

var layout = loadJsonContent('../workbook.json')
// An item of type 3 is a query; its name is that of the query's file.
var items = map(
  layout.items,
  item => item.type == 3 ? union(item, { content: { query: workbookQueries[item.name] } }) : item
)

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'workbook', insightsName)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: insights.id
    serializedData: string(union(layout, { items: items, fallbackResourceIds: [insights.id] }))
  }
}
