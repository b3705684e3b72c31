using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Benchmarks.Load;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>The least that Kestrel needs for the same check, and for the same check with one insert and one message.</summary>
internal static class BareServer
{
    private const string Name = "bare";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(RawRequest.Key);

    /// <summary>Builds the one that refuses what is not signed.</summary>
    public static WebApplication Build(WebApplicationBuilder builder) => Build(builder, _ => Task.CompletedTask);

    /// <summary>Builds the one that stores what is signed.</summary>
    public static async Task<WebApplication> BuildAcceptingAsync(WebApplicationBuilder builder)
    {
        var storage = Environment.GetEnvironmentVariable("AzureWebJobsStorage");
        var table = new TableClient(storage, Name);
        var queue = new QueueClient(storage, Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await table.CreateIfNotExistsAsync();
        await queue.CreateIfNotExistsAsync();
        return Build(builder, async body =>
        {
            using var json = JsonDocument.Parse(body);
            var key = json.RootElement.GetProperty("meta").GetProperty("idempotencyKey").GetString()!;
            await table.AddEntityAsync(new TableEntity(Name, key) { ["Body"] = body });
            await queue.SendMessageAsync(BinaryData.FromBytes(body));
        });
    }

    private static WebApplication Build(WebApplicationBuilder builder, Func<byte[], Task> storeAsync)
    {
        var app = builder.Build();
        app.MapPost(MeasuredServers.Path, (RequestDelegate)(async context =>
        {
            var request = context.Request;
            if (request.Headers["Signature"] is not [{ } text])
            {
                await AnswerAsync(context.Response, StatusCodes.Status401Unauthorized);
                return;
            }

            var body = new byte[(int)request.ContentLength!];
            await request.Body.ReadExactlyAsync(body);
            if (!IsValid(text, body))
            {
                await AnswerAsync(context.Response, StatusCodes.Status401Unauthorized);
                return;
            }

            await storeAsync(body);
            await AnswerAsync(context.Response, StatusCodes.Status202Accepted);
        }));
        return app;
    }

    private static bool IsValid(string text, byte[] body)
    {
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Key, body, expected);
        return Convert.TryFromBase64String(text, signature, out _) && CryptographicOperations.FixedTimeEquals(signature, expected);
    }

    private static Task AnswerAsync(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new { status = "answered" });
    }
}
