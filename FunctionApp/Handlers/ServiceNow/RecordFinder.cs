using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Finds the open record of an event: the one that a query finds, if it is one, and is what was asked for.</summary>
internal sealed class RecordFinder(ServiceNowOptions options, ServiceNowClient serviceNow)
{
    // More than one is already one too many.
    private const int EnoughToKnow = 2;

    // Each may cost a call that looks into its journal. One that was changed minutes ago is among the first.
    private const int MostClosed = 5;

    /// <summary>The query of an event, without closed records; null when the event does not have one of its values.</summary>
    public EncodedQuery? Query(EventModel model) => QueryOfAll(model) is not { } query ? null
        : options.ClosedStates.Count == 0 ? query
        : query with { Text = $"{query.Text}^stateNOT IN{string.Join(',', options.ClosedStates)}" };

    /// <summary>The record, or null when there is none.</summary>
    /// <exception cref="PermanentFailureException">There are several, or ServiceNow did not heed the query.</exception>
    public async Task<ServiceNowRecord?> FindAsync(EventModel model, CancellationToken cancellationToken)
    {
        if (Query(model) is not { } query)
            return null;
        var found = await AskAsync(query, EnoughToKnow, cancellationToken);
        // The first of what a condition on an unknown field has let through is enough to know.
        if (found.Select(query.WhyNot).FirstOrDefault(why => why is not null) is { } wrong)
            throw new PermanentFailureException($"The table {options.Table} {wrong}: nothing was changed. Correct Query.");
        if (found.Count > 1)
        {
            throw new PermanentFailureException(
                $"The query finds more than one open record, such as {found[0].Number} and {found[1].Number}: none was touched.");
        }

        return found.Count == 0 ? null
            : options.ClosedStates.Contains(found[0].Value("state") ?? "")
                ? throw new PermanentFailureException(
                    $"The table {options.Table} ignores the condition on state: nothing was changed. Set ClosedStates to none.")
            : found[0];
    }

    /// <summary>The records of an event, closed ones included, those that were changed last.</summary>
    public async Task<IReadOnlyList<ServiceNowRecord>> LatestAsync(EventModel model, CancellationToken cancellationToken)
    {
        if (QueryOfAll(model) is not { } query)
            return [];
        var found = await AskAsync(query with { Text = $"ORDERBYDESCsys_updated_on^{query.Text}" }, MostClosed, cancellationToken);
        return [.. found.Where(record => query.WhyNot(record) is null)];
    }

    private EncodedQuery? QueryOfAll(EventModel model) => options.Query is { } template ? EncodedQuery.Build(template.Render(model)) : null;

    private Task<IReadOnlyList<ServiceNowRecord>> AskAsync(EncodedQuery query, int most, CancellationToken cancellationToken) =>
        serviceNow.QueryAsync(options.Table, query.Text, ServiceNowOptions.AlwaysRead.Union(query.Fields), most, cancellationToken);
}
