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

    // A key on the command line is to be seen in the list of processes, and is kept by the shell.
    private const string KeyVariable = "POINT_SIGNATURE_KEY";

    internal static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event's type, such as ProvisioningCompleted." };
        var to = new Option<Uri?>("--to") { Description = "The url of the receiver.", Required = true, CustomParser = ParseUrl };
        var key = new Option<string?>("--key")
        {
            Description = $"The signature key (webhooksSignatureAuthenticationKey); by default the environment variable {KeyVariable}.",
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
        var command = new Command(
            "send",
            $"Sends signed events and prints the answers. Exits {AsExpected} when every answer was as expected, "
            + $"{NotAsExpected} when one was not, {Unreachable} when there was none.")
        {
            type, to, key, idempotencyKey, count, duplicate, forge, size, chunked,
        };
        command.Validators.Add(result => Check(result, key, forge, idempotencyKey, count));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var isForged = parsed.GetValue(forge);
            var signingKey = isForged
                ? Guid.NewGuid().ToString()
                : parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable)!;
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            var sender = new WebhookSender(http);
            for (var i = 0; i < parsed.GetValue(count); i++)
            {
                var body = SampleEvents.Body(
                    parsed.GetValue(type)!, parsed.GetValue(idempotencyKey) ?? Guid.NewGuid().ToString(), parsed.GetValue(size));
                // 200 alone says that the first of the two was remembered.
                int[][] expected = isForged ? [[401]] : parsed.GetValue(duplicate) ? [[202, 200], [200]] : [[202, 200]];
                foreach (var statuses in expected)
                {
                    var exit = await SendAsync(
                        sender, parsed.GetValue(to)!, body, signingKey, parsed.GetValue(chunked), statuses, cancellationToken);
                    if (exit != AsExpected)
                        return exit;
                }
            }

            return AsExpected;
        });
        return command;
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        result.AddError("--to is not an absolute http or https url.");
        return null;
    }

    private static void Check(
        CommandResult result, Option<string?> key, Option<bool> forge, Option<string?> idempotencyKey, Option<int> count)
    {
        if (!result.GetValue(forge)
            && string.IsNullOrEmpty(result.GetValue(key))
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KeyVariable)))
        {
            result.AddError($"There is no signature key: pass --key, or set {KeyVariable}.");
        }

        if (result.GetValue(idempotencyKey) is not null && result.GetValue(count) > 1)
            result.AddError("--idempotency-key names one event; use --duplicate to send it twice.");
    }

    private static async Task<int> SendAsync(
        WebhookSender sender, Uri to, byte[] body, string key, bool chunked, int[] expected, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await sender.SendAsync(to, body, key, chunked, cancellationToken);
            var status = (int)response.StatusCode;
            Console.WriteLine($"{status} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            return expected.Contains(status) ? AsExpected : NotAsExpected;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            // Not the whole url: its query may be a secret.
            await Console.Error.WriteLineAsync($"{to.GetLeftPart(UriPartial.Path)} did not answer: {e.Message}");
            return Unreachable;
        }
    }
}
