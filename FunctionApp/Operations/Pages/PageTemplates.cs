using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace PointWebhooks.Operations.Pages;

/// <summary>The templates of the pages, in Liquid, each parsed when it is first asked for.</summary>
internal static class PageTemplates
{
    private static readonly TemplateOptions Options = CreateOptions();
    private static readonly ConcurrentDictionary<string, IFluidTemplate> Parsed = new(StringComparer.Ordinal);

    public static IFluidTemplate Get(string name) => Parsed.GetOrAdd(name, Parse);

    public static TemplateContext Context(object? model) =>
        model is null ? new TemplateContext(Options) : new TemplateContext(model, Options);

    private static IFluidTemplate Parse(string name)
    {
        using var stream = typeof(PageTemplates).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The template {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return new FluidParser().Parse(reader.ReadToEnd());
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { MemberAccessStrategy = UnsafeMemberAccessStrategy.Instance };
        options.Filters.AddFilter("ago", (input, arguments, _) => new(new StringValue(Ago(input, arguments.At(0)), encode: false)));
        options.Filters.AddFilter("time", (input, arguments, _) => new(new StringValue(Time(input, arguments.At(0)), encode: false)));
        options.Filters.AddFilter("tone", (input, _, _) => new(new StringValue(Tone(input.ToStringValue()))));
        options.Filters.AddFilter("took", (input, _, _) => new(new StringValue(Took(input.ToNumberValue()))));
        return options;
    }

    private static DateTimeOffset? TimeOf(FluidValue value) => value.ToObjectValue() as DateTimeOffset?;

    // A pointer that rests on it is told the time itself, and so is a program.
    private static string Ago(FluidValue time, FluidValue now) => (TimeOf(time), TimeOf(now)) is ({ } then, { } at)
        ? Element(then, $" title=\"{Utc(then)} UTC\"", Age.Text(at - then))
        : "never";

    // With how long ago it was, where now is given.
    private static string Time(FluidValue time, FluidValue now)
    {
        if (TimeOf(time) is not { } then)
            return "unknown";
        var shown = Element(then, "", Utc(then));
        return TimeOf(now) is { } at
            ? $"<span>{shown}<br><span class=\"soft\">{HtmlEncoder.Default.Encode(Age.Text(at - then))}</span></span>"
            : shown;
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Element(DateTimeOffset time, string attributes, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"<time datetime=\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\"{attributes}>{HtmlEncoder.Default.Encode(text)}</time>");

    private static string Tone(string state) => state switch
    {
        "Completed" => "good",
        "Retrying" or "Dead" or "Unreadable" => "bad",
        _ => "",
    };

    private static string Took(decimal milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");
}
