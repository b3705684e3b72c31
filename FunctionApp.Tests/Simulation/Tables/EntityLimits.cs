using System.Text;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>What an entity may be, by "Understanding the Table service data model" of the service's documentation.</summary>
internal static class EntityLimits
{
    private const int MaxProperty = 64 * 1024;
    private const int MaxKey = 1024;
    private const int MaxProperties = 252;
    private const long MaxEntity = 1024 * 1024;

    /// <summary>Refuses what is too large or may not be a key.</summary>
    public static void Check(EntityKey key, IReadOnlyDictionary<string, object> properties)
    {
        CheckKey(key.Partition);
        CheckKey(key.Row);
        if (properties.Count > MaxProperties)
            throw TableErrors.TooManyProperties();
        if (properties.Values.Any(value => Size(value) > MaxProperty))
            throw TableErrors.PropertyValueTooLarge();
        // The documented formula: four bytes, the keys, and each property's name and value with eight bytes for each.
        var keys = 4 + (2 * (key.Partition.Length + key.Row.Length));
        if (keys + properties.Sum(one => 8L + (2 * one.Key.Length) + Size(one.Value)) > MaxEntity)
            throw TableErrors.EntityTooLarge();
    }

    private static void CheckKey(string key)
    {
        if (Encoding.Unicode.GetByteCount(key) > MaxKey)
            throw TableErrors.KeyTooLarge();
        if (key.Any(character => character is '/' or '\\' or '#' or '?' || char.IsControl(character)))
            throw TableErrors.OutOfRangeInput();
    }

    private static int Size(object value) => value switch
    {
        string text => 2 * text.Length,
        byte[] bytes => bytes.Length,
        Guid => 16,
        int => 4,
        bool => 1,
        _ => 8,
    };
}
