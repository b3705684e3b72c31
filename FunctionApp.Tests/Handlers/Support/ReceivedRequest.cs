namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>A request as it arrived.</summary>
/// <param name="Path">With its query.</param>
/// <param name="At">When all of it had arrived.</param>
internal sealed record ReceivedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
