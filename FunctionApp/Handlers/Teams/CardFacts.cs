using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Teams;

/// <summary>The facts that a card shows of any event. One that the event does not have is left out.</summary>
internal static class CardFacts
{
    private static readonly IReadOnlyList<(string Label, EventTemplate Template)> Facts =
    [
        ("Workspace", EventTemplate.Of("{{ name }}")),
        ("Kind", EventTemplate.Of("{% if kind %}{% if kindName == 'workspace' %}{{ kind }}{% else %}{{ kindName }}{% endif %}{% endif %}")),
        ("Address", EventTemplate.Of("{{ url }}")),
        ("Requested by", EventTemplate.Of("{{ requester }}")),
        ("Error", EventTemplate.Of("{{ error }}")),
        ("Correlation id", EventTemplate.Of("{{ correlationId }}")),
        ("Time", EventTemplate.Of("{% if timeStamp %}{{ timeStamp | date: '%Y-%m-%d %H:%M' }} UTC{% endif %}")),
    ];

    /// <summary>The facts of an event, with their labels.</summary>
    public static IEnumerable<(string Label, string Value)> Of(EventModel model) =>
        Facts.Select(fact => (fact.Label, fact.Template.RenderLine(model, AdaptiveCard.LongestText)));
}
