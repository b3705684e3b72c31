namespace PointWebhooks.Handlers.Jira;

/// <summary>What Jira is told unless the settings say something else, where texts are wiki markup.</summary>
internal static class JiraTexts
{
    // A url is not escaped as text, which would break it: what ends a link or begins a macro is, as urls are.
    private const string Url =
        "{{ url | replace: '{', '%7B' | replace: '[', '%5B' | replace: ']', '%5D' | replace: '|', '%7C' | replace: '!', '%21' | replace: ' ', '%20' }}";

    /// <summary>As <c>DefaultTexts.Text</c>, with what an event holds escaped.</summary>
    public const string Wiki =
        "{% case type %}"
        + "{% when 'ProvisioningStarted' %}The {{ kindName }} {{ name | default: 'without a name' | escape_jira }} is being provisioned"
        + "{% when 'ProvisioningCompleted' %}The {{ kindName }} {{ name | default: 'without a name' | escape_jira }} is ready"
        + "{% when 'ProvisioningFailed' %}The {{ kindName }} {{ name | default: 'without a name' | escape_jira }} could not be provisioned"
        + "{% else %}Syskit Point sent an event of type {{ type | escape_jira }}"
        + "{% endcase %}."
        + "{% if url %}\nIt is at " + Url + "{% endif %}"
        + "{% if error %}\nSyskit Point says: {{ error | escape_jira }}{% endif %}"
        + "{% if correlationId %}\nCorrelation id: {{ correlationId | escape_jira }}{% endif %}";
}
