using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Tests.Registration;

/// <summary>Keeps what is logged, exceptions included.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> lines = [];

    public IReadOnlyList<string> Lines => [.. lines.Select(line => line.Text)];

    public int CountOf(int eventId) => lines.Count(line => line.Id == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
