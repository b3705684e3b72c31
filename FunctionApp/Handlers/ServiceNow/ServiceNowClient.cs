using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>
/// The part of the Table API that tickets need. A failed call is permanent when ServiceNow says that the request itself is wrong, in its own
/// words; with 401, with 403 unless a data policy is the reason, with 429 and 5xx it is transient, and so is a 200 that is not the documented
/// JSON: a transaction that was cut, or an instance that sleeps.
/// </summary>
internal sealed class ServiceNowClient(ServiceNowConnection connection, AccessToken? accessToken, Downstream downstream, TimeProvider time)
{
    private static readonly string[] ErrorParts = ["message", "detail"];
    private static readonly string[] JournalFields = ["sys_id", "element_id", "value"];

    /// <summary>The records that a query finds.</summary>
    /// <param name="fields">The fields to answer with.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<ServiceNowRecord>> QueryAsync(
        string table, string query, IEnumerable<string> fields, int most, CancellationToken cancellationToken) =>
        Records(Checked(await AskAsync(table, query, fields, most, cancellationToken)));

    /// <summary>A record, or null where there is none or this account may not see it.</summary>
    public async Task<ServiceNowRecord?> FindAsync(string table, string sysId, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            HttpMethod.Get, $"{table}/{sysId}?sysparm_display_value=all&sysparm_fields=sys_id,number", null, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : Read(Checked(answer), result => new ServiceNowRecord(result.Clone()));
    }

    /// <summary>Inserts a record.</summary>
    /// <returns>The record; or null and the failure, which may be that the record is there already.</returns>
    public async Task<(ServiceNowRecord? Record, Exception? Refusal)> InsertAsync(
        string table, JsonObject record, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Post, table, record, cancellationToken);
        return answer.IsSuccess || answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests
            ? (Read(Checked(answer), result => new ServiceNowRecord(result.Clone())), null)
            : (null, Failure(answer));
    }

    /// <summary>Changes a record.</summary>
    public async Task UpdateAsync(string table, string sysId, JsonObject change, CancellationToken cancellationToken) => Read(
        Checked(await SendAsync(HttpMethod.Patch, $"{table}/{sysId}?sysparm_fields=sys_id", change, cancellationToken)), result => result.ValueKind);

    /// <summary>
    /// Whether the journal of a record has an entry with a text in it, as far as this account may read the journals: one that may not is
    /// shown none, or refused the table.
    /// </summary>
    public async Task<bool> HasEntryAsync(string sysId, string text, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            "sys_journal_field", $"element_id={sysId}^valueLIKE{text}", JournalFields, most: 1, cancellationToken);
        return answer.Status != HttpStatusCode.Forbidden && Records(Checked(answer)).Exists(entry =>
            entry.Value("element_id") == sysId && (entry.Value("value") ?? "").Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Where people see a record.</summary>
    public Uri Link(string table, string sysId) => new(connection.Url, $"/{table}.do?sys_id={sysId}");

    private static List<ServiceNowRecord> Records(DownstreamAnswer answer) =>
        Read(answer, result => result.EnumerateArray().Select(record => new ServiceNowRecord(record.Clone())).ToList());

    private static T Read<T>(DownstreamAnswer answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(JsonElement.Parse(answer.Text).GetProperty("result"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw answer.Failure(isPermanent: false, answer.MediaType == "text/html"
                ? "a page instead of data, as an instance that hibernates"
                : "an answer that is not the JSON that ServiceNow documents");
        }
    }

    private static DownstreamAnswer Checked(DownstreamAnswer answer) => answer.IsSuccess ? answer : throw Failure(answer);

    private static Exception Failure(DownstreamAnswer answer)
    {
        var words = Words(answer.Text);
        var isPolicy = words?.Contains("Data Policy", StringComparison.OrdinalIgnoreCase) == true;
        var mayHeal = answer.Status == HttpStatusCode.Unauthorized || (answer.Status == HttpStatusCode.Forbidden && !isPolicy);
        return answer.Failure(answer.IsPermanent && !mayHeal, words);
    }

    private static string? Words(string text)
    {
        try
        {
            var error = JsonElement.Parse(text).GetProperty("error");
            return error.ValueKind == JsonValueKind.String ? error.GetString()
                : string.Join(": ", ErrorParts.Select(name => error.GetProperty(name).ToString()).Where(said => said.Length > 0));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private Task<DownstreamAnswer> AskAsync(
        string table, string query, IEnumerable<string> fields, int most, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get,
        $"{table}?sysparm_query={Uri.EscapeDataString(query)}&sysparm_limit={most}&sysparm_display_value=all&sysparm_exclude_reference_link=true"
        + $"&sysparm_fields={Uri.EscapeDataString(string.Join(',', fields))}",
        null,
        cancellationToken);

    private async Task<DownstreamAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(connection.Url, $"/api/now/table/{path}"))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(
            connection.Authorization ?? $"Bearer {await accessToken!.GetAsync(downstream, time, cancellationToken)}");
        var answer = await downstream.SendAsync(request, cancellationToken);
        accessToken?.Refused(answer.Status);
        return answer;
    }
}
