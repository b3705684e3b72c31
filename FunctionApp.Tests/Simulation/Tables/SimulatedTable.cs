using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>One table: its entities in the order of their keys.</summary>
/// <param name="time">The clock of the service.</param>
/// <param name="written">Told of each write, with the entity before and after it.</param>
internal sealed class SimulatedTable(TimeProvider time, Action<SimulatedEntity?, SimulatedEntity?> written)
{
    private static readonly Comparer<SimulatedEntity> ByKey = Comparer<SimulatedEntity>.Create((a, b) => a.Key.CompareTo(b.Key));

    private readonly SortedSet<SimulatedEntity> entities = new(ByKey);
    private DateTimeOffset lastWrite;

    /// <summary>The entities.</summary>
    public IEnumerable<SimulatedEntity> Entities => entities;

    /// <summary>Finds an entity.</summary>
    public SimulatedEntity? Find(EntityKey key) => entities.TryGetValue(Probe(key), out var found) ? found : null;

    /// <summary>Does what a request asks for, and returns the entity as it then is, or null when that is deleted.</summary>
    /// <exception cref="StorageException">It cannot be done, and nothing is changed.</exception>
    public SimulatedEntity? Write(StorageRequest request)
    {
        var isInsert = request.Operation == StorageOperation.InsertEntity;
        var (partition, row, properties) = request.Operation == StorageOperation.DeleteEntity
            ? (null, null, [])
            : EntityJson.Read(request.Body);
        var key = !isInsert ? TableRoutes.Key(request.Path)
            : partition is null || row is null ? throw TableErrors.PropertiesNeedValue()
            : new EntityKey(partition, row);
        var found = Find(key);
        if (isInsert && found is not null)
            throw TableErrors.EntityAlreadyExists();
        if (request.IfMatch is { } expected)
            CheckVersion(found, expected);
        if (request.Operation == StorageOperation.DeleteEntity)
            return Replace(found ?? throw TableErrors.ResourceNotFound(), null);

        if (request.Operation == StorageOperation.MergeEntity && found is not null)
            properties = Merged(found.Properties, properties);
        EntityLimits.Check(key, properties);
        return Replace(found, new SimulatedEntity(key, NextWrite(), properties));
    }

    /// <summary>Undoes a write.</summary>
    public void Restore(EntityKey key, SimulatedEntity? before) => Replace(Find(key), before);

    /// <summary>Reads a page.</summary>
    /// <param name="filter">What an entity must pass, or null.</param>
    /// <param name="from">Where the page begins, or null for the first.</param>
    /// <param name="take">How many entities it may have.</param>
    /// <param name="scan">How many entities may be looked at, whether they pass or not.</param>
    public (IReadOnlyList<SimulatedEntity> Entities, EntityKey? Next) Query(Filter? filter, EntityKey? from, int take, int scan)
    {
        var (first, last) = EntityKey.Range(filter);
        first = from > first ? from.Value : first;
        if (first > last)
            return ([], null);

        var page = new List<SimulatedEntity>();
        foreach (var entity in entities.GetViewBetween(Probe(first), Probe(last)))
        {
            if (page.Count == take || scan-- == 0)
                return (page, entity.Key);
            if (filter?.Matches(entity) != false)
                page.Add(entity);
        }

        return (page, null);
    }

    private static SimulatedEntity Probe(EntityKey key) => new(key, default, new Dictionary<string, object>());

    private static Dictionary<string, object> Merged(IReadOnlyDictionary<string, object> old, Dictionary<string, object> changed)
    {
        var merged = new Dictionary<string, object>(old);
        foreach (var (name, value) in changed)
            merged[name] = value;
        return merged;
    }

    private static void CheckVersion(SimulatedEntity? found, string expected)
    {
        if (found is null)
            throw TableErrors.ResourceNotFound();
        if (expected != "*" && expected != found.ETag)
            throw TableErrors.UpdateConditionNotSatisfied();
    }

    private SimulatedEntity? Replace(SimulatedEntity? before, SimulatedEntity? after)
    {
        if (before is not null)
            entities.Remove(before);
        if (after is not null)
            entities.Add(after);
        written(before, after);
        return after;
    }

    private DateTimeOffset NextWrite()
    {
        var now = time.GetUtcNow();
        return lastWrite = now > lastWrite ? now : lastWrite.AddTicks(1);
    }
}
