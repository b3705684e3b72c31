using System.Globalization;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>The workspace that the events of one key are of.</summary>
/// <param name="Number">The number in the key.</param>
internal sealed record Workspace(int Number)
{
    /// <summary>More than the events of any history have.</summary>
    public const int Most = 5;

    public string Name => $"Site {Number}";

    /// <summary>The ticket that asked for it.</summary>
    public string Ticket => $"ITSM-{Number + 1}";

    /// <summary>Whether a search finds its ticket by the name.</summary>
    public bool IsLabelled => Number % 2 == 0;

    public static Workspace Of(EventName name) => new(int.Parse(name.Key.Split('-')[1], CultureInfo.InvariantCulture));

    /// <summary>What of it is in an event's content.</summary>
    public string Content(string type) => type == "ProvisioningCompleted"
        ? $$"""{"name":"{{Name}}","type":"MicrosoftTeams","url":"https://contoso.sharepoint.com/sites/{{Ticket}}"}"""
        : $$"""{"name":"{{Name}}","type":"MicrosoftTeams"}""";
}
