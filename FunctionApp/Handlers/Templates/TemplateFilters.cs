using System.Globalization;
using System.Net;
using System.Text;
using Fluid;
using Fluid.Values;

namespace PointWebhooks.Handlers.Templates;

/// <summary>
/// What templates can do beside Liquid's own filters, of which <c>date</c>, <c>default</c>, <c>json</c> and <c>url_encode</c> are the
/// most useful here.
/// </summary>
internal static class TemplateFilters
{
    // Far more than a text takes; a template that counts to a billion ends.
    private const int MaxSteps = 10_000;

    private const string WikiMarkup = @"\{}[]*_-+^~?!|#@";

    public static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { CultureInfo = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc, MaxSteps = MaxSteps };
        Add("last_segment", LastSegment);
        Add("escape_jira", EscapeJira);
        Add("escape_html", WebUtility.HtmlEncode);
        return options;

        void Add(string name, Func<string, string> filter) =>
            options.Filters.AddFilter(name, (input, _, _) => new(new StringValue(filter(input.ToStringValue()))));
    }

    /// <summary>The last segment of a url's path, decoded: <c>IT-12</c> of <c>https://contoso.sharepoint.com/sites/IT-12/</c>.</summary>
    public static string LastSegment(string url)
    {
        var path = Uri.TryCreate(url, UriKind.Absolute, out var absolute) ? absolute.AbsolutePath : url.Split('?', '#')[0];
        return Uri.UnescapeDataString(path.TrimEnd('/').Split('/')[^1]);
    }

    /// <summary>A text in which Jira's wiki markup means nothing.</summary>
    public static string EscapeJira(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (WikiMarkup.Contains(c))
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
