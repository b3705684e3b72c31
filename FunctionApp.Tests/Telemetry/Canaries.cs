using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Texts that are found nowhere else, planted where a secret would be. In every run they are the same.</summary>
internal sealed class Canaries(int seed = 0)
{
    // A parser takes what begins so for true, false, null or a number, and may quote the rest.
    private const string BeginningsOfLiterals = "tfn08-";

    private readonly Dictionary<string, string> planted = [];

    public int Count => planted.Count;

    /// <summary>A new one.</summary>
    /// <param name="what">The secret that it stands for.</param>
    public string New(string what) => Plant($"{what} {planted.Count}", $"canary{Next():N}");

    /// <summary>New ones, as JSON knows values without quotes around them: one of each beginning, the rest as of a GUID.</summary>
    /// <param name="what">The secret that they stand for.</param>
    public IReadOnlyList<string> NewLiterals(string what) =>
        [.. BeginningsOfLiterals.Select(beginning => Plant($"{what} {planted.Count}", $"{beginning}{Next().ToString()[1..]}"))];

    /// <summary>A new one in the form of a signature key.</summary>
    public string NewKey(string what) => Plant($"{what} {planted.Count}", Next().ToString());

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

    private Guid Next() => new(SHA256.HashData(BitConverter.GetBytes(((long)seed << 32) + planted.Count)).AsSpan(0, 16));

    // In base64 a text looks in three ways, by where among three bytes it begins.
    private static IEnumerable<string> Forms(string secret) =>
    [
        secret,
        .. Enumerable.Range(0, 3).Select(before =>
            Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(secret)])[(before + 2)..^4]),
    ];
}
