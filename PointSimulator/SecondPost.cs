namespace PointWebhooks.Simulator;

/// <summary>What registering a url does that is registered already; the vendor does not say.</summary>
public enum SecondPost
{
    /// <summary>The types are replaced.</summary>
    Updates,

    /// <summary>The url is registered twice.</summary>
    Duplicates,

    /// <summary>200, and nothing changes.</summary>
    IsIgnored,

    /// <summary>500, with an error like the documented one.</summary>
    Fails,
}
