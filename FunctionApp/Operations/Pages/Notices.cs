using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Operations.Pages;

/// <summary>What a page says of what was pressed before. The query names an outcome; no text of it is shown.</summary>
internal static class Notices
{
    public const string NothingDone = nameof(NothingDone);
    public const string Acknowledged = nameof(Acknowledged);
    public const string Withdrawn = nameof(Withdrawn);
    public const string Paused = nameof(Paused);
    public const string Resumed = nameof(Resumed);
    public const string NoSuchHandler = nameof(NoSuchHandler);

    /// <summary>The notice, or an empty text.</summary>
    public static string Of(IQueryCollection query) => query["replay"].ToString() switch
    {
        nameof(ChangeOutcome.Replayed) => "The event is processed again.",
        nameof(ChangeOutcome.Erased) => "The content of the event is erased.",
        nameof(ChangeOutcome.GivenUp) => "The event is given up. It can be replayed.",
        nameof(ChangeOutcome.Open) => "Nothing was done: the event is open, or is being processed just now.",
        nameof(ChangeOutcome.Completed) => "The event is completed; nothing was done.",
        nameof(ChangeOutcome.Finished) => "The event is finished already; nothing was done.",
        nameof(ChangeOutcome.Changed) => "The event has changed since the page was made; nothing was done. Look again.",
        nameof(ChangeOutcome.Gone) => "The content of the event is gone or cannot be read; nothing was done.",
        nameof(ChangeOutcome.Unsure) =>
            "Storage has not answered in time: it is not known whether this was done, and it may still be. Look again in a moment.",
        Acknowledged => "The cause is marked as known.",
        Withdrawn => "The cause is not marked as known any more.",
        NothingDone => "Storage has not answered in time: nothing was done.",
        "Dead" => Replayed(query["replayed"], query["more"], query["unknown"]),
        "Unknown" => "There is no such event.",
        Paused => "The handler is paused: within a minute no instance runs it, and its events wait.",
        Resumed => "The handler is resumed: the events that wait for it run within minutes.",
        NoSuchHandler => "There is no such handler; nothing was done.",
        "SelfCheckRight" => "This app answers at its registered url.",
        "SelfCheckWrong" => "The registered url does not lead to this app: the log says why (event 46), and so does the next registration.",
        _ => "",
    };

    private static string Replayed(string? replayed, string? more, string? unknown)
    {
        var count = Number(replayed);
        var what = count switch
        {
            0 => "No dead event was left to replay.",
            1 => "1 event is processed again.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} events are processed again."),
        };
        if (Number(unknown) is > 0 and var unsure)
            return string.Create(CultureInfo.InvariantCulture, $"{what} Storage stopped answering: of {unsure} it is not known, and the rest was left.");
        return more == "true" ? what + " The rest follow within minutes: load the page again to see how far it is." : what;
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
