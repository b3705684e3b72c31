using PointWebhooks.LocalHost;

return await LocalHostCommand.Root().Parse(args).InvokeAsync();
