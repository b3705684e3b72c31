using System.Collections.Frozen;

namespace PointWebhooks.Events;

/// <summary>The values of an event's <c>type</c> that Syskit Point documents, and the one this app gives to what it cannot read.</summary>
public static class EventTypes
{
    /// <summary>The provisioning of a workspace has begun.</summary>
    public const string ProvisioningStarted = "ProvisioningStarted";

    /// <summary>A workspace has been provisioned.</summary>
    public const string ProvisioningCompleted = "ProvisioningCompleted";

    /// <summary>The provisioning of a workspace has failed.</summary>
    public const string ProvisioningFailed = "ProvisioningFailed";

    /// <summary>Not a vendor's type: an authentic body that is not JSON or names no type.</summary>
    public const string Unreadable = "Unreadable";

    /// <summary>
    /// The longest type text that is taken for a type, in characters; a longer one makes the event <see cref="Unreadable"/>.
    /// </summary>
    public const int MaxLength = 128;

    private static readonly FrozenSet<string> Documented =
        new[] { ProvisioningStarted, ProvisioningCompleted, ProvisioningFailed }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this is a documented type, in its spelling.</summary>
    public static bool IsDocumented(string type) => type is ProvisioningStarted or ProvisioningCompleted or ProvisioningFailed;

    /// <summary>The documented spelling of a type given in any case, with blanks around it or without; another text unchanged.</summary>
    public static string Canonical(string type) => Documented.TryGetValue(type.Trim(), out var documented) ? documented : type;
}
