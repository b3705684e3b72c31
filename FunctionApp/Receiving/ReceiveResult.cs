using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Settings;

namespace PointWebhooks.Receiving;

/// <summary>The answer to a request whose event is kept.</summary>
/// <param name="Status"><see cref="Accepted"/>, <see cref="Duplicate"/> or <see cref="Quarantined"/>.</param>
/// <param name="Id">The id the event is kept under; null while its body may not be read.</param>
/// <param name="IdempotencyKey">The event's key; null while its body may not be read.</param>
internal sealed record KeptResponse(string Status, string? Id, string? IdempotencyKey)
{
    /// <summary>The event is new.</summary>
    public const string Accepted = "accepted";

    /// <summary>The event was accepted before.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The event is kept unread until its signature can be checked.</summary>
    public const string Quarantined = "quarantined";
}

/// <summary>The result of receiving a request: exactly one of the two is set.</summary>
/// <param name="Kept">The event that was kept, now or before.</param>
/// <param name="Refused">Why it was not.</param>
internal sealed partial record ReceiveResult(KeptResponse? Kept, Refusal? Refused)
{
    /// <summary>How long a sender is asked to wait before it tries again, in seconds.</summary>
    public const int RetryAfterSeconds = 30;

    public static ReceiveResult Of(KeptResponse kept) => new(kept, null);

    public static ReceiveResult Of(Refusal refusal) => new(null, refusal);

    /// <summary>The HTTP answer: JSON for what is kept, problem details (RFC 9457) with a reason code for what is not.</summary>
    /// <param name="response">Takes the headers.</param>
    /// <param name="mark">What tells this deployment from others, for its self-check.</param>
    public IResult ToResult(HttpResponse response, string mark)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        if (Kept is not null)
        {
            return TypedResults.Json(
                Kept,
                AnswerJson.Readable.KeptResponse,
                statusCode: Kept.Status == KeptResponse.Duplicate ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        }

        if (Refused!.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        // The rest of a body that is not read to its end must not be waited for. A small one is there by now, unless it is what was missing,
        // and a new connection for every refusal would cost more than the refusal.
        var isSmall = response.HttpContext.Request.ContentLength <= LargeBodies.MaxSmall;
        if (Refused.LeavesBodyUnread && (!isSmall || Refused == Refusal.BodyIncomplete))
            response.Headers.Connection = "close";
        if (Refused == Refusal.SignatureMissing)
            response.Headers[EndpointMark.Header] = mark;
        return new RefusalResult(Refused);
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(KeptResponse))]
    private sealed partial class AnswerJson : JsonSerializerContext
    {
        private static AnswerJson? readable;

        // The key's letters stay letters; the answer is never part of a page.
        public static AnswerJson Readable => readable ??= new AnswerJson(
            new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
