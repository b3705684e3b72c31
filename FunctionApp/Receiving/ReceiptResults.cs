using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Receiving;

/// <summary>Receipts as HTTP answers: JSON for what is kept, problem details (RFC 9457) with a reason code for what is not.</summary>
public static class ReceiptResults
{
    /// <summary>How long a sender is asked to wait before it tries again, in seconds.</summary>
    public const int RetryAfterSeconds = 30;

    /// <summary>The answer to a request.</summary>
    public static IResult ToResult(this Receipt receipt, HttpResponse response)
    {
        if (receipt.Kept is { } kept)
        {
            return TypedResults.Json(
                kept,
                ReceivingJsonContext.Default.KeptEvent,
                statusCode: kept.Status == KeptEvent.Duplicate ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        }

        var refusal = receipt.Refused!;
        if (refusal.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        // What is left of a body that is too large or too slow shall not be waited for.
        if (refusal == Refusal.BodyTooLarge || refusal == Refusal.BodyIncomplete)
            response.Headers.Connection = "close";

        return TypedResults.Problem(
            type: $"urn:point-webhooks:problem:{refusal.Reason}",
            title: refusal.Title,
            detail: refusal.Detail,
            statusCode: refusal.Status,
            extensions: [KeyValuePair.Create<string, object?>("reason", refusal.Reason)]);
    }
}
