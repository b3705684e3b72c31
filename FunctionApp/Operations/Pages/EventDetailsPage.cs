using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations.Pages;

/// <summary>Something that an event says of itself.</summary>
/// <param name="Link">Where it leads, or null.</param>
internal sealed record EventFact(string Label, string Text, string? Link = null);

/// <summary>
/// One event as a page: what it is, where it stands, what happened and what its handlers did, and the body. With <c>confirm</c> in its
/// query it asks whether to do what was pressed.
/// </summary>
internal static class EventDetailsPage
{
    private const string Template = "event.liquid";
    private const string Root = "../";

    // The page stays below 100 KB; the JSON has all of it.
    private const int MaxBody = 24 * 1024;

    // For people: letters of every script stay letters. The template escapes what HTML needs escaped.
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The page as an answer.</summary>
    /// <param name="details">The same for programs.</param>
    /// <param name="handlers">The names of the handlers that handle the event.</param>
    public static Task<IResult> ToResultAsync(
        FoundEvent found, EventDetails details, IReadOnlyList<string> handlers, DateTimeOffset now, HttpRequest request)
    {
        var values = new Dictionary<string, object?> { ["now"] = now, ["confirm"] = Confirmed(request) };
        if (found.Event is { } read)
        {
            var body = read.Body ?? default;
            values["facts"] = Facts(body);
            values["steps"] = EventTimeline.Of(read);
            values["standings"] = EventTimeline.Standings(read, handlers);
            values["finished"] = request.Query["handler"].ToString() is var asked && read.Done.Contains(asked) ? asked : null;
            values["pretty"] = details.Body is { } json ? Cut(JsonSerializer.Serialize(json, Indented)) : null;
            values["raw"] = Cut(Encoding.UTF8.GetString(body.Span));
            values["size"] = body.Length;
            values["seen"] = read.FinishedAt?.UtcDateTime.ToString("O");
            values["trace"] = TraceLinks.TraceIdOf(read);
            values["canGiveUp"] = read.State is EventState.Received or EventState.Retrying;
            values["canChange"] = !read.IsOpen;
        }

        return new Page(Template, details.WorkspaceName ?? details.IdempotencyKey ?? "Event", details) { Root = Root, Values = values }
            .ToResultAsync(request);
    }

    /// <summary>The page of an event that is not there, is one of several, or cannot be read now.</summary>
    public static Task<IResult> WithoutAsync(string problem, int status, IReadOnlyList<string>? ambiguous, HttpRequest request) =>
        new Page(Template, "Event", new object())
        {
            Root = Root,
            Status = status,
            Values = new Dictionary<string, object?> { ["problem"] = problem, ["ambiguous"] = ambiguous },
        }.ToResultAsync(request);

    private static string? Confirmed(HttpRequest request) =>
        request.Query["confirm"].ToString() is ("erase" or "again" or "run" or "give-up") and var what ? what : null;

    private static List<EventFact> Facts(ReadOnlyMemory<byte> body)
    {
        var facts = new List<EventFact>();
        var pointEvent = PointEventReader.Read(EventEnvelope.Parse(body));
        if (pointEvent is ProvisioningEvent provisioning)
            Add("Kind", provisioning.Kind?.Value);
        switch (pointEvent)
        {
            case ProvisioningStarted started:
                Add("Asked for by", started.RequesterId);
                Add("Asked for on", started.RequestedOn?.Text);
                break;
            case ProvisioningCompleted completed:
                Add("Address", completed.Url, WebLink(completed.Url));
                Add("Id in Microsoft 365", completed.MicrosoftId);
                break;
            case ProvisioningFailed failed:
                Add("What went wrong", failed.Error);
                Add("For the vendor's support", failed.CorrelationId);
                break;
        }

        Add("Sent on", pointEvent?.TimeStamp?.Text);
        return facts;

        void Add(string label, string? text, string? link = null)
        {
            if (!string.IsNullOrWhiteSpace(text))
                facts.Add(new EventFact(label, Cut(text), link));
        }
    }

    // Nothing that a browser would run.
    private static string? WebLink(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var link) && link.Scheme is "https" or "http" ? link.AbsoluteUri : null;

    private static string Cut(string text) =>
        text.Length <= MaxBody ? text : $"{text[..MaxBody]}\n… and {text.Length - MaxBody} characters more: ask for the event as JSON.";
}
