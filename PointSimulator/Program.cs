using PointWebhooks.Simulator;

return await SimulatorCommands.Root().Parse(args).InvokeAsync();
