namespace PointWebhooks.Tests.Telemetry;

/// <summary>
/// Texts that are malformed where a secret stands. System.Text.Json quotes in its message what is no literal of JSON and begins
/// like one: <c>'f81d4fae…' is an invalid JSON literal. Expected the literal 'false'</c>.
/// </summary>
internal static class PlantedAnswers
{
    /// <summary>Options of Syskit Point.</summary>
    public static IEnumerable<string> Options(Canaries canaries) => In(
        canaries, "signature key of malformed options",
        "{\"webhooksSignatureAuthenticationKey\":$}",
        "{\"webhooksSignatureAuthenticationKey\":[\"$\"]}",
        "{\"webhooksSignatureAuthenticationKey\":\"$", "$");

    /// <summary>Lists of endpoints of Syskit Point.</summary>
    public static IEnumerable<string> Endpoints(Canaries canaries) => In(
        canaries, "url of a malformed list",
        "[{\"endpoint\":$,\"types\":[\"*\"]}]", "[{\"endpoint\":\"https://h.example\",\"types\":[$]}]", "[$]", "$");

    /// <summary>A token of an identity endpoint; only one, because the client asks for each again and again for ten seconds.</summary>
    public static string Token(Canaries canaries) =>
        $$"""{"access_token":{{canaries.NewLiterals("malformed token")[1]}},"expires_on":"1999999999"}""";

    /// <summary>Bodies of events.</summary>
    public static IEnumerable<string> Bodies(Canaries canaries) => In(
        canaries, "malformed body",
        "{\"type\":\"ProvisioningStarted\",\"content\":$}", "{\"type\":\"ProvisioningStarted\",\"content\":\"{\\\"name\\\":$}\"}", "$");

    /// <summary>Messages of a queue.</summary>
    public static IEnumerable<string> Messages(Canaries canaries) => In(
        canaries, "malformed message", "{\"type\":\"X\",\"idempotencyKey\":\"k\",\"receivedAt\":$}", "{\"type\":\"X\",\"body\":\"$", "$");

    private static IEnumerable<string> In(Canaries canaries, string what, params IReadOnlyList<string> texts) =>
        from text in texts from literal in canaries.NewLiterals(what) select text.Replace("$", literal, StringComparison.Ordinal);
}
