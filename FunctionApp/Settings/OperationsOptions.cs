using System.Text.RegularExpressions;

namespace PointWebhooks.Settings;

/// <summary>Section <c>Operations</c>: what the pages of operators lead to, and who may open them without a key.</summary>
public sealed partial record OperationsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Operations";

    /// <summary>
    /// The resource id of the Application Insights resource that traces go to, so that the page of an event leads to its trace; or null.
    /// </summary>
    public string? ApplicationInsightsId { get; init; }

    /// <summary>
    /// Whether <c>/api/signed-in/…</c> is open to whom App Service authentication has let in: only where that lets in operators alone.
    /// </summary>
    public bool SignIn { get; init; }

    internal static OperationsOptions Read(SettingsReader settings)
    {
        const string Name = $"{Section}:{nameof(ApplicationInsightsId)}";
        var id = settings.Text(Name) is { Length: > 0 } text ? text : null;
        if (id is not null && !ResourceId().IsMatch(id))
        {
            settings.Fail(
                Name,
                "is not the id of an Application Insights resource. Set it to the Resource ID of its properties in the portal, "
                + "/subscriptions/…/resourceGroups/…/providers/microsoft.insights/components/…, or remove it.");
        }

        return new OperationsOptions
        {
            ApplicationInsightsId = id,
            SignIn = settings.Flag($"{Section}:{nameof(SignIn)}", otherwise: false),
        };
    }

    [GeneratedRegex(
        @"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/\s?#]+/providers/microsoft\.insights/components/[^/\s?#]+\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ResourceId();
}
