using System.Globalization;

namespace PointWebhooks.Simulator.Downstream.ServiceNow;

/// <summary>An entry of a journal.</summary>
/// <param name="Record">The sys_id of the record.</param>
/// <param name="Field">Such as <c>work_notes</c>.</param>
/// <param name="Text">What was written.</param>
public sealed record JournalEntry(string Record, string Field, string Text);

/// <summary>A table: its fields, and its records by sys_id.</summary>
/// <param name="name">Its name.</param>
/// <param name="prefix">What the numbers of its records begin with.</param>
/// <param name="fields">Its fields beside those that every task has.</param>
public sealed class ServiceNowTable(string name, string prefix, params IReadOnlyList<string> fields)
{
    /// <summary>The fields that are journals: each write adds an entry.</summary>
    public static IReadOnlySet<string> Journals { get; } = new HashSet<string> { "work_notes", "comments" };

    private int last = 10000;
    private int changes;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The names of its fields, journals included.</summary>
    public IReadOnlySet<string> Fields { get; } = new HashSet<string>(
    [
        "sys_id", "sys_updated_on", "number", "state", "active", "short_description", "description", "correlation_id", "correlation_display",
        .. Journals, .. fields,
    ]);

    /// <summary>Its records, in the order of their insertion.</summary>
    public IList<Dictionary<string, string>> Records { get; } = [];

    /// <summary>Adds a record; what is no field of the table is dropped without a word.</summary>
    public Dictionary<string, string> Add(IEnumerable<KeyValuePair<string, string>> values)
    {
        var record = values.Where(value => Fields.Contains(value.Key) && !Journals.Contains(value.Key)).ToDictionary();
        if (!record.TryGetValue("sys_id", out var id) || id.Length != 32)
            record["sys_id"] = Guid.NewGuid().ToString("N");
        record["number"] = prefix + (++last).ToString("D7", CultureInfo.InvariantCulture);
        record.TryAdd("state", "1");
        record.TryAdd("active", "true");
        // What is not set is there all the same, and empty.
        foreach (var field in Fields.Where(field => !Journals.Contains(field)))
            record.TryAdd(field, "");
        Changed(record);
        Records.Add(record);
        return record;
    }

    /// <summary>Notes that a record was changed after all others. Its times are of this table alone, a second for each change.</summary>
    public void Changed(Dictionary<string, string> record) =>
        record["sys_updated_on"] = DateTime.UnixEpoch.AddSeconds(++changes).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
