// Reads queries from standard input, [{ "name": …, "text": … }], and writes what the official parser finds wrong in them:
// [{ "name": …, "line": …, "message": … }]. The tables are those of Application Insights as schemas.json has them, from
// https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete and its pages, each with the columns that all share.
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { readFileSync } = require('node:fs');
const { GlobalState, KustoCode, Symbols } = Kusto.Language;

const shared = 'timestamp:datetime, customDimensions:dynamic, customMeasurements:dynamic, operation_Name:string, operation_Id:string, '
  + 'operation_ParentId:string, operation_SyntheticSource:string, session_Id:string, user_Id:string, user_AuthenticatedId:string, '
  + 'user_AccountId:string, application_Version:string, client_Type:string, client_Model:string, client_OS:string, client_IP:string, '
  + 'client_City:string, client_StateOrProvince:string, client_CountryOrRegion:string, client_Browser:string, cloud_RoleName:string, '
  + 'cloud_RoleInstance:string, appId:string, appName:string, iKey:string, sdkVersion:string, itemId:string, itemType:string, '
  + 'itemCount:int, _ResourceId:string';
const tables = Object.entries(require('./schemas.json'))
  .map(([name, columns]) => Symbols.TableSymbol.From(`(${shared}, ${columns})`).WithName(name));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('insights', tables));

const findings = JSON.parse(readFileSync(0, 'utf8')).flatMap(({ name, text }) => {
  const diagnostics = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
  return Array.from({ length: diagnostics.Count }, (_, i) => diagnostics.getItem(i)).map(diagnostic => ({
    name,
    line: text.slice(0, diagnostic.Start).split('\n').length,
    message: diagnostic.Message,
  }));
});
console.log(JSON.stringify(findings));
