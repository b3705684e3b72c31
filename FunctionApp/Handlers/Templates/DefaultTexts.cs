namespace PointWebhooks.Handlers.Templates;

/// <summary>What handlers say unless the settings say something else.</summary>
internal static class DefaultTexts
{
    /// <summary>What happened, in a few words: for a title.</summary>
    public const string Title =
        "{% case type %}"
        + "{% when 'ProvisioningStarted' %}The {{ kindName }} {{ name | default: 'without a name' }} is being provisioned"
        + "{% when 'ProvisioningCompleted' %}The {{ kindName }} {{ name | default: 'without a name' }} is ready"
        + "{% when 'ProvisioningFailed' %}The {{ kindName }} {{ name | default: 'without a name' }} could not be provisioned"
        + "{% else %}Syskit Point sent an event of type {{ type }}"
        + "{% endcase %}";

    /// <summary>What happened, in plain text of one or more lines.</summary>
    public const string Text =
        Title
        + ".{% if url %}\nIt is at {{ url }}{% endif %}"
        + "{% if error %}\nSyskit Point says: {{ error }}{% endif %}"
        + "{% if correlationId %}\nCorrelation id: {{ correlationId }}{% endif %}";
}
