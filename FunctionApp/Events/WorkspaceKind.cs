namespace PointWebhooks.Events;

/// <summary>
/// The kind of workspace that is provisioned: an open text with known values, since the vendor may add kinds at any time.
/// Compared without regard to case.
/// </summary>
/// <param name="Value">The text, known values in the vendor's spelling, any other as received.</param>
public readonly record struct WorkspaceKind(string Value)
{
    /// <summary>A team in Microsoft Teams.</summary>
    public static readonly WorkspaceKind MicrosoftTeams = new("MicrosoftTeams");

    /// <summary>A SharePoint site collection.</summary>
    public static readonly WorkspaceKind SharePointSiteCollection = new("SharePointSiteCollection");

    /// <summary>A Viva Engage (Yammer) community.</summary>
    public static readonly WorkspaceKind YammerCommunity = new("YammerCommunity");

    /// <summary>A Microsoft 365 group.</summary>
    public static readonly WorkspaceKind M365Group = new("M365Group");

    private static readonly WorkspaceKind[] Known = [MicrosoftTeams, SharePointSiteCollection, YammerCommunity, M365Group];

    /// <summary>Whether the vendor documents it.</summary>
    public bool IsKnown => Known.Contains(this);

    /// <summary>Reads a kind; <c>teams</c>, from an older example of the vendor's, is <see cref="MicrosoftTeams"/>.</summary>
    public static WorkspaceKind Parse(string text)
    {
        if (text.Equals("teams", StringComparison.OrdinalIgnoreCase))
            return MicrosoftTeams;

        var kind = new WorkspaceKind(text);
        var known = Array.IndexOf(Known, kind);
        return known >= 0 ? Known[known] : kind;
    }

    /// <inheritdoc/>
    public bool Equals(WorkspaceKind other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => Value is null ? 0 : Value.GetHashCode(StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
