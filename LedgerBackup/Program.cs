using System.CommandLine;
using PointWebhooks.LedgerBackup;

// Named although it is the default: without a configuration, System.CommandLine 2.0.0 leaves Ctrl+C to the runtime.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(2) };
return await BackupCommands.Root().Parse(args).InvokeAsync(configuration);
