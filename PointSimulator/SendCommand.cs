using System.CommandLine;
using System.CommandLine.Parsing;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>send</c>: signed events to any receiver, with an exit code that a script can go by.</summary>
public static class SendCommand
{
    /// <summary>Every answer was as it should be.</summary>
    public const int AsExpected = 0;

    /// <summary>An answer was not as it should be.</summary>
    public const int NotAsExpected = 1;

    /// <summary>There was no answer.</summary>
    public const int Unreachable = 2;

    private const int LargestSize = 64 << 20;

    internal static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event's type, such as ProvisioningCompleted." };
        var to = new Option<Uri?>("--to")
        {
            Description = "The url of the receiver.",
            Required = true,
            CustomParser = CommandInput.ParseUrl,
        };
        var key = new Option<string?>("--key")
        {
            Description = "The signature key (webhooksSignatureAuthenticationKey); by default the environment variable "
                + $"{CheckCommand.SignatureKeyVariable}, which no list of processes shows.",
        };
        var idempotencyKey = new Option<string?>("--idempotency-key")
        {
            Description = "The event's idempotency key; by default a new one.",
        };
        var count = new Option<int>("--count")
        {
            Description = "How many events to send, one after the other.",
            DefaultValueFactory = _ => 1,
        };
        var duplicate = new Option<bool>("--duplicate")
        {
            Description = "Send each event twice; the second is expected to be answered 200.",
        };
        var forge = new Option<bool>("--forge") { Description = "Sign with another key; 401 is what is expected." };
        var size = new Option<int>("--size") { Description = "Fill the body up to so many bytes.", DefaultValueFactory = _ => 0 };
        var chunked = new Option<bool>("--chunked") { Description = "Send the body in chunks, without a Content-Length." };
        var timeout = new Option<int>("--timeout")
        {
            Description = "Seconds that an answer may take.",
            DefaultValueFactory = _ => 30,
        };
        count.Validators.Add(result => CommandInput.CheckRange(result, 1, int.MaxValue));
        size.Validators.Add(result => CommandInput.CheckRange(result, 0, LargestSize));
        timeout.Validators.Add(result => CommandInput.CheckRange(result, 1, 3600));
        var command = new Command(
            "send",
            $"Sends signed events and prints the answers. Exits {AsExpected} when every answer was as expected, "
            + $"{NotAsExpected} when one was not, {Unreachable} when there was none.")
        {
            type, to, key, idempotencyKey, count, duplicate, forge, size, chunked, timeout,
        };
        command.Validators.Add(result => Check(result, type, key, forge, idempotencyKey, count));
        command.SetAction((parsed, cancellationToken) =>
        {
            var isForged = parsed.GetValue(forge);
            var isTwice = parsed.GetValue(duplicate);
            var sending = new Sending(
                parsed.GetValue(type)!,
                parsed.GetValue(to)!,
                isForged ? Guid.NewGuid().ToString() : SignatureKey(parsed.GetValue(key))!,
                parsed.GetValue(idempotencyKey),
                parsed.GetValue(size),
                parsed.GetValue(chunked),
                TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                // 200 alone says that the first of the two was remembered.
                (isForged, isTwice) switch
                {
                    (true, true) => [[401], [401]],
                    (true, false) => [[401]],
                    (false, true) => [[202, 200], [200]],
                    (false, false) => [[202, 200]],
                });
            return sending.RunAsync(parsed.GetValue(count), cancellationToken);
        });
        return command;
    }

    private static string? SignatureKey(string? given) =>
        string.IsNullOrWhiteSpace(given) ? CommandInput.Secret(CheckCommand.SignatureKeyVariable) : given;

    private static void Check(
        CommandResult result,
        Argument<string> type,
        Option<string?> key,
        Option<bool> forge,
        Option<string?> idempotencyKey,
        Option<int> count)
    {
        if (string.IsNullOrWhiteSpace(result.GetValue(type)))
            result.AddError("The type is blank.");
        if (!result.GetValue(forge) && SignatureKey(result.GetValue(key)) is null)
            result.AddError($"There is no signature key: pass --key, or set {CheckCommand.SignatureKeyVariable}.");
        if (result.GetValue(idempotencyKey) is not null && result.GetResult(count)?.Tokens is [{ Value: not "1" }])
            result.AddError("--idempotency-key names one event; use --duplicate to send it twice.");
    }
}
