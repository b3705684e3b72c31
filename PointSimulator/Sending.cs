namespace PointWebhooks.Simulator;

/// <summary>Sends events, says what each was answered, and stops at the first answer that is not as expected.</summary>
/// <param name="Type">The events' type.</param>
/// <param name="To">The receiver.</param>
/// <param name="SignatureKey">What they are signed with.</param>
/// <param name="IdempotencyKey">The idempotency key of the only event, or null for a new one each.</param>
/// <param name="Size">The bytes that a body is filled up to.</param>
/// <param name="IsChunked">Whether a body is sent in chunks.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="Expected">The status codes that are expected, each time that an event is sent.</param>
internal sealed record Sending(
    string Type,
    Uri To,
    string SignatureKey,
    string? IdempotencyKey,
    int Size,
    bool IsChunked,
    TimeSpan Timeout,
    IReadOnlyList<IReadOnlyList<int>> Expected)
{
    /// <summary>Sends a number of events, one after the other.</summary>
    /// <returns>The exit code of <see cref="SendCommand"/>.</returns>
    public async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var http = CommandInput.CreateClient(Timeout);
        for (var i = 0; i < count; i++)
        {
            var key = IdempotencyKey ?? Guid.NewGuid().ToString();
            var body = SampleEvents.Body(Type, key, Size);
            foreach (var expected in Expected)
            {
                var exitCode = await SendAsync(http, key, body, expected, cancellationToken);
                if (exitCode != SendCommand.AsExpected)
                    return exitCode;
            }
        }

        return SendCommand.AsExpected;
    }

    private async Task<int> SendAsync(
        HttpClient http, string key, byte[] body, IReadOnlyList<int> expected, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await new WebhookSender(http).SendAsync(To, body, SignatureKey, IsChunked, cancellationToken);
            var answer = await AppAnswer.ReadAsync(response, cancellationToken);
            var isExpected = expected.Contains(answer.Status);
            var wrong = isExpected ? "" : $" instead of {string.Join(" or ", expected)}";
            Console.WriteLine($"{OneLine.Of(Type, 100)} {OneLine.Of(key, 100)}: answered {Said(answer)}{wrong}.");
            return isExpected ? SendCommand.AsExpected : SendCommand.NotAsExpected;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{CommandInput.Display(To)} {CommandInput.WhyNoAnswer(e, Timeout)}");
            return SendCommand.Unreachable;
        }
    }

    private static string Said(AppAnswer answer) => answer.Text("status") is { } status ? $"{answer.Status}, {status}" : answer.Said;
}
