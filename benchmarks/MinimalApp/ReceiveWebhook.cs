using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Benchmarks.MinimalApp;

/// <summary>
/// What the fewest lines of the same packages do: read, compare the HMAC, insert a row, send a message. No limits, no dedupe of what was
/// lost on the way, no answer to anything that goes wrong.
/// </summary>
public sealed class ReceiveWebhook(IConfiguration configuration, TableClient table, QueueClient queue)
{
    /// <summary>Receives.</summary>
    [Function("ReceiveWebhook")]
    public async Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/point")] HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(configuration["Point:SignatureKey"]!), body);
        var signature = new byte[expected.Length];
        if (!Convert.TryFromBase64String(request.Headers["Signature"].ToString(), signature, out _)
            || !CryptographicOperations.FixedTimeEquals(signature, expected))
        {
            return Results.Json(new { status = "refused" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        using var json = JsonDocument.Parse(body);
        var key = json.RootElement.GetProperty("meta").GetProperty("idempotencyKey").GetString()!;
        await table.AddEntityAsync(new TableEntity("events", key) { ["Body"] = body });
        await queue.SendMessageAsync(BinaryData.FromBytes(body));
        return Results.Json(new { status = "accepted" }, statusCode: StatusCodes.Status202Accepted);
    }
}
