using PointWebhooks.Benchmarks;

return await BenchmarkCommands.Root().Parse(args).InvokeAsync();
