using System.Globalization;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>The table service of an account.</summary>
internal sealed class SimulatedTables(TimeProvider time)
{
    /// <summary>The most entities that the service puts on a page.</summary>
    public const int MaxPage = 1000;

    private readonly Dictionary<string, SimulatedTable> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DateTimeOffset> deleted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Told of each write, with the entity before and after it.</summary>
    public event Action<SimulatedEntity?, SimulatedEntity?>? Written;

    /// <summary>
    /// How many entities a query looks at before it ends its page; the service may do so anywhere, even on an empty page.
    /// </summary>
    public int ScanLimit { get; set; } = int.MaxValue;

    /// <summary>How long a deleted table is refused as being deleted; the service takes at least 40 seconds, Azurite none.</summary>
    public TimeSpan DeletionTime { get; set; }

    /// <summary>Whether a table exists.</summary>
    public bool Exists(string table) => tables.ContainsKey(table);

    /// <summary>The entities of a table, none when it does not exist.</summary>
    public IReadOnlyList<SimulatedEntity> Entities(string table) => tables.TryGetValue(table, out var found) ? [.. found.Entities] : [];

    /// <summary>An entity of a table, or null.</summary>
    public SimulatedEntity? Find(string table, EntityKey key) => tables.GetValueOrDefault(table)?.Find(key);

    /// <summary>Performs a request.</summary>
    /// <exception cref="StorageException">It is refused.</exception>
    public StorageAnswer Perform(StorageRequest request) => request.Operation switch
    {
        StorageOperation.CreateTable => Create(request.Resource),
        StorageOperation.DeleteTable => Delete(request.Resource),
        StorageOperation.Transaction => Transact(request),
        StorageOperation.QueryEntities => Query(Existing(request.Resource), request.Query),
        StorageOperation.GetEntity => TableAnswers.Entity(
            Existing(request.Resource).Find(TableRoutes.Key(request.Path)) ?? throw TableErrors.ResourceNotFound(),
            Selected(request.Query)),
        _ => TableAnswers.Written(Existing(request.Resource).Write(request)),
    };

    /// <summary>Creates a table.</summary>
    public StorageAnswer Create(string name) =>
        IsBeingDeleted(name) ? throw TableErrors.TableBeingDeleted()
        : tables.TryAdd(name, new SimulatedTable(time, (before, after) => Written?.Invoke(before, after))) ? StorageAnswer.Empty(204)
        : throw TableErrors.TableAlreadyExists();

    private static string[]? Selected(IReadOnlyDictionary<string, string> query) =>
        query.TryGetValue("$select", out var columns) ? columns.Split(',') : null;

    private SimulatedTable Existing(string name) =>
        IsBeingDeleted(name) ? throw TableErrors.TableBeingDeleted()
        : tables.TryGetValue(name, out var table) ? table
        : throw TableErrors.TableNotFound();

    private bool IsBeingDeleted(string name) => deleted.TryGetValue(name, out var at) && time.GetUtcNow() < at + DeletionTime;

    private StorageAnswer Delete(string name)
    {
        if (!tables.Remove(name))
            throw TableErrors.ResourceNotFound();
        deleted[name] = time.GetUtcNow();
        return StorageAnswer.Empty(204);
    }

    // A refusal stands in the one part of an answer that is in itself a success.
    private StorageAnswer Transact(StorageRequest request)
    {
        try
        {
            return TableAnswers.Transaction(TableTransaction.Perform(Existing(request.Resource), TableTransaction.Read(request.Body)));
        }
        catch (StorageException refusal)
        {
            return TableAnswers.Transaction([TableAnswers.Error(refusal)]);
        }
    }

    private StorageAnswer Query(SimulatedTable table, IReadOnlyDictionary<string, string> query)
    {
        var filter = query.TryGetValue("$filter", out var text) ? FilterParser.Parse(text) : null;
        var top = query.TryGetValue("$top", out var number) ? int.Parse(number, CultureInfo.InvariantCulture) : MaxPage;
        if (top is < 1 or > MaxPage)
            throw TableErrors.InvalidInput($"$top must be from 1 to {MaxPage}.");

        var (entities, next) = table.Query(filter, ContinuationToken.Read(query), top, ScanLimit);
        return TableAnswers.Page(entities, Selected(query), next);
    }
}
