using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Teams;

/// <summary>
/// Gives a card to a workflow of Teams. A workflow knows no repetition and cannot be asked what it has posted: a request whose answer
/// was lost is sent again, and the card may be there twice.
/// </summary>
internal sealed partial class TeamsHandler(TeamsOptions options, Downstream workflow, string pointUrl) : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Payload(pointEvent, context));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, options.WebhookUrl) { Content = content };
        var answer = await workflow.SendAsync(request, cancellationToken);
        if (!answer.IsSuccess)
            throw answer.Failure(ErrorCode().Match(answer.Text).Groups["code"].Value);
        context.Report("Gave a card to the workflow");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        yield return $"POST {options.WebhookUrl!.Scheme}://{options.WebhookUrl.Authority}/…\n\n"
            + Encoding.UTF8.GetString(Payload(pointEvent, context));
    }

    private byte[] Payload(PointEvent pointEvent, EventContext context)
    {
        var model = EventModel.Of(pointEvent, context, pointUrl);
        return AdaptiveCard.Payload(
            new CardContent(
                pointEvent.Type,
                Line(options.Title, model) is { Length: > 0 } title ? title : pointEvent.Type,
                options.Text?.Render(model) ?? "",
                [.. CardFacts.Of(model), .. options.Facts.Select(fact => (fact.Key.Replace('_', ' '), Line(fact.Value, model)))],
                Line(options.Link, model),
                Line(options.LinkTitle, model)),
            options.IsBareCard);
    }

    private static string Line(EventTemplate? template, EventModel model) => template?.RenderLine(model, AdaptiveCard.LongestText) ?? "";

    // The one thing in such an answer that surely quotes nothing, such as WorkflowTriggerIsNotEnabled.
    [GeneratedRegex("\"code\"\\s*:\\s*\"(?<code>[A-Za-z0-9]{1,80})\"")]
    private static partial Regex ErrorCode();
}
