using System.Buffers;
using System.Text;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Texts that are found nowhere else, planted where a secret would be.</summary>
internal sealed class Canaries
{
    private readonly Dictionary<string, string> planted = [];

    public int Count => planted.Count;

    /// <summary>A new one.</summary>
    /// <param name="what">The secret that it stands for.</param>
    public string New(string what) => Plant($"{what} {planted.Count}", $"canary{Guid.NewGuid():N}");

    /// <summary>Takes a secret as it is for one.</summary>
    public string Plant(string what, string secret) => planted[what] = secret;

    /// <summary>What was found in which text, in any case, plain or in base64.</summary>
    public IReadOnlyList<string> FoundIn(IEnumerable<string> texts)
    {
        var forms = planted.SelectMany(canary => Forms(canary.Value).Select(form => (canary.Key, Form: form))).ToList();
        var any = SearchValues.Create([.. forms.Select(form => form.Form)], StringComparison.OrdinalIgnoreCase);
        return
        [
            .. from text in texts
               where text.AsSpan().ContainsAny(any)
               from form in forms
               where text.Contains(form.Form, StringComparison.OrdinalIgnoreCase)
               select $"{form.Key} in: {text}",
        ];
    }

    // In base64 a text looks in three ways, by where among three bytes it begins.
    private static IEnumerable<string> Forms(string secret) =>
    [
        secret,
        .. Enumerable.Range(0, 3).Select(before =>
            Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(secret)])[(before + 2)..^4]),
    ];
}
