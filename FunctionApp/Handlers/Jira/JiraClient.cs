using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Handlers.Jira;

/// <summary>
/// The part of Jira's API that tickets need. A failed call is permanent when Jira says that the request itself is wrong, in its own words;
/// with 401 and 403, which end when somebody renews a token or grants a right, with 409, 429 and 5xx it is transient. What an empty answer
/// means, its caller knows.
/// </summary>
internal sealed class JiraClient(JiraConnection connection, AccessToken? accessToken, Downstream downstream, TimeProvider time)
{
    private const int CommentsOfPage = 100;

    /// <summary>The two issues at most that a query finds: more than one is already one too many.</summary>
    public async Task<IReadOnlyList<string>> SearchAsync(string jql, CancellationToken cancellationToken)
    {
        var path = connection.IsCloud ? "search/jql" : "search";
        var answer = await CallAsync(
            HttpMethod.Get, $"{path}?jql={Uri.EscapeDataString(jql)}&fields=status&maxResults=2", null, cancellationToken);
        // Something that has no issues is no search without a result.
        return Read(answer, json => json.GetProperty("issues").EnumerateArray().Select(issue => issue.GetProperty("key").GetString()!).ToList());
    }

    /// <summary>An issue, or null where there is none or this account may not see it: Jira tells no difference.</summary>
    /// <param name="property">The property to read with it.</param>
    public async Task<JiraIssue?> FindAsync(string key, string property, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, $"{Issue(key)}?fields=status,labels&properties={property}", null, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : Read(Checked(answer), json => JiraIssue.Of(json, property));
    }

    /// <summary>Creates an issue, once: whether it was created is not known when this is transient and not the answer to too many calls.</summary>
    /// <returns>Its key.</returns>
    public async Task<string> CreateAsync(JsonObject issue, CancellationToken cancellationToken) =>
        Read(await CallAsync(HttpMethod.Post, "issue", issue, cancellationToken), json => json.GetProperty("key").GetString()!);

    public Task EditAsync(string key, JsonObject change, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Put, Issue(key), change, cancellationToken);

    public async Task<IReadOnlyList<JiraTransition>> TransitionsAsync(string key, CancellationToken cancellationToken) => Read(
        await CallAsync(HttpMethod.Get, $"{Issue(key)}/transitions", null, cancellationToken),
        json => json.GetProperty("transitions").EnumerateArray().Select(one => new JiraTransition(
            one.GetProperty("id").GetString()!,
            one.GetProperty("name").GetString() ?? "",
            one.GetProperty("to").GetProperty("name").GetString() ?? "")).ToList());

    public Task TransitionAsync(string key, JsonObject change, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Issue(key)}/transitions", change, cancellationToken);

    /// <summary>Whether some comment of an issue has a text in it.</summary>
    public async Task<bool> HasCommentAsync(string key, string text, CancellationToken cancellationToken)
    {
        for (var start = 0; ;)
        {
            var answer = await CallAsync(
                HttpMethod.Get, $"{Issue(key)}/comment?startAt={start}&maxResults={CommentsOfPage}", null, cancellationToken);
            // As it stands in the answer, whatever the form of its body.
            var (comments, total) = Read(answer, json => (
                json.GetProperty("comments").EnumerateArray().Select(comment => comment.GetRawText()).ToList(),
                json.GetProperty("total").GetInt32()));
            if (comments.Exists(comment => comment.Contains(text, StringComparison.Ordinal)))
                return true;
            start += comments.Count;
            if (comments.Count == 0 || start >= total)
                return false;
        }
    }

    public Task CommentAsync(string key, JsonObject comment, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"{Issue(key)}/comment", comment, cancellationToken);

    /// <summary>Where people see an issue.</summary>
    public Uri Link(string key) => new($"{connection.Site.ToString().TrimEnd('/')}/browse/{key}");

    private static string Issue(string key) => $"issue/{Uri.EscapeDataString(key)}";

    private static T Read<T>(DownstreamAnswer answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(JsonElement.Parse(answer.Text));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw answer.Failure(isPermanent: false, "an answer that is not the JSON that Jira documents");
        }
    }

    private static DownstreamAnswer Checked(DownstreamAnswer answer)
    {
        if (answer.IsSuccess)
            return answer;
        var mayHeal = answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        throw answer.Failure(answer.IsPermanent && !mayHeal, JiraWords.Of(answer.Text) ?? Advice(answer.Status));
    }

    private static string? Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized =>
            "the token is not accepted. One with scopes, and each of a service account, needs CloudId; one without works at the site alone. "
            + "Tokens expire",
        HttpStatusCode.Forbidden => "the account may not do that",
        _ => null,
    };

    private async Task<DownstreamAnswer> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken) =>
        Checked(await SendAsync(method, path, body, cancellationToken));

    private async Task<DownstreamAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var url = new Uri($"{connection.Api.ToString().TrimEnd('/')}/rest/api/{connection.ApiVersion}/{path}");
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(
            connection.Authorization ?? $"Bearer {await accessToken!.GetAsync(downstream, time, cancellationToken)}");
        var answer = await downstream.SendAsync(request, cancellationToken);
        accessToken?.Refused(answer.Status);
        return answer;
    }
}
