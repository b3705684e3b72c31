using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PointWebhooks.Ledger;

/// <summary>
/// What errors of different events have in common: their text without what is of one event or one moment, so that the 38 events that
/// died of one cause are seen as one.
/// </summary>
internal static partial class ErrorCause
{
    private const int IdLength = 12;

    /// <summary>The id of an error's cause: 12 hex digits.</summary>
    public static string IdOf(string error) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(error))))[..IdLength];

    /// <summary>
    /// The error with <c>…</c> for what differs from event to event: ids, times, durations, numbers of five digits and more. A status
    /// such as 401 stays.
    /// </summary>
    public static string TextOf(string error) => Varying().Replace(error, "…");

    /// <summary>Whether a text is such an id.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    // In this order: a duration, a time, a GUID, a long hex text, a long number, a ticket's key.
    [GeneratedRegex(
        @"\b\d+([.,]\d+)?\s?(ms|s|min|h)\b|\b\d{4}-\d\d-\d\dT[0-9:.+Z-]+"
        + @"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{16,}\b|\b\d{5,}\b|\b[A-Z][A-Z0-9]+-\d+\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Varying();

    [GeneratedRegex(@"^[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
