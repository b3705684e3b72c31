namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>Which Jira is simulated.</summary>
public enum JiraEdition
{
    /// <summary>Jira Cloud: versions 2 and 3 of the API, and a search that lags.</summary>
    Cloud,

    /// <summary>Jira Data Center: version 2 alone.</summary>
    DataCenter,
}
