namespace PointWebhooks.Settings;

/// <summary>The settings of telemetry, which the Functions host and the exporters read: this app only looks that they are right.</summary>
internal static class TelemetrySettings
{
    private const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string IdentityClientId = "AZURE_CLIENT_ID";

    public static void Check(SettingsReader settings)
    {
        if (settings.TextOfHost(ApplicationInsights) is { Length: > 0 } text && !NamesInstrumentationKey(text))
        {
            settings.Fail(
                ApplicationInsights,
                "is not a connection string of Application Insights. "
                + "Copy it from the resource's overview: it begins with InstrumentationKey=.");
        }

        if (settings.TextOfHost(Otlp) is { Length: > 0 } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            settings.Fail(Otlp, "is not a url. Set it to the address of an OTLP receiver, such as http://127.0.0.1:4317.");
        }

        settings.IdOfHost(IdentityClientId, "is not a client id. Set it to the client id of the app's managed identity, a GUID with dashes.");
    }

    private static bool NamesInstrumentationKey(string text) => text.Split(';')
        .Select(part => part.Split('=', 2))
        .Any(part => part is [var name, var key]
            && name.Trim().Equals("InstrumentationKey", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(key, out _));
}
