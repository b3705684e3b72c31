using System.Text.Json;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>A record, as far as it was asked for.</summary>
/// <param name="json">The fields, each with its value and with what people see.</param>
internal sealed class ServiceNowRecord(JsonElement json)
{
    /// <summary>Its id.</summary>
    public string SysId => Value("sys_id") ?? "";

    /// <summary>Its number, such as <c>INC0010001</c>, or its id where it has none.</summary>
    public string Number => Value("number") is { Length: > 0 } number ? number : SysId;

    /// <summary>The value of a field; null when the record does not have it.</summary>
    public string? Value(string field) => Text(field, "value");

    /// <summary>What people see of a field, such as all entries of a journal; empty when there is nothing.</summary>
    public string Shown(string field) => Text(field, "display_value") ?? "";

    private string? Text(string field, string which) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? value.TryGetProperty(which, out var text) ? text.ToString() : null
        : value.ToString();
}
