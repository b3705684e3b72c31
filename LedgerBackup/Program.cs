using PointWebhooks.LedgerBackup;

return await BackupCommands.Root().Parse(args).InvokeAsync();
