using System.Globalization;
using System.Text;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>An entity-group transaction: operations on one partition, all or none.</summary>
internal static class TableTransaction
{
    private const int MaxOperations = 100;
    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>Reads the operations out of the body that the client sends to <c>$batch</c>.</summary>
    /// <exception cref="StorageException">There are too many, or they are too large.</exception>
    public static IReadOnlyList<StorageRequest> Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxLength)
            throw TableErrors.RequestBodyTooLarge();

        var text = Encoding.UTF8.GetString(body.Span);
        var start = text.IndexOf("boundary=", StringComparison.Ordinal) + "boundary=".Length;
        var boundary = "--" + text[start..text.IndexOf("\r\n", start, StringComparison.Ordinal)];
        var operations = text.Split(boundary)[1..^1].Select(ReadOperation).ToList();
        return operations.Count <= MaxOperations
            ? operations
            : throw TableErrors.InvalidInput(
                $"{MaxOperations}:The batch request operation exceeds the maximum {MaxOperations} changes per change set.");
    }

    /// <summary>Performs operations; when one is refused, none was.</summary>
    /// <exception cref="StorageException">The refusal; its text begins with the number of the operation, from 0.</exception>
    public static IReadOnlyList<StorageAnswer> Perform(SimulatedTable table, IReadOnlyList<StorageRequest> operations)
    {
        var undo = new Stack<(EntityKey Key, SimulatedEntity? Before)>();
        var answers = new List<StorageAnswer>();
        try
        {
            foreach (var operation in operations)
            {
                var key = Key(operation);
                if (undo.Count > 0 && undo.Peek().Key.Partition != key.Partition)
                    throw TableErrors.CommandsInBatchActOnDifferentPartitions();
                if (undo.Any(done => done.Key == key))
                    throw TableErrors.InvalidDuplicateRow();
                undo.Push((key, table.Find(key)));
                answers.Add(TableAnswers.Written(table.Write(operation)));
            }

            return answers;
        }
        catch (StorageException refusal)
        {
            foreach (var (key, before) in undo)
                table.Restore(key, before);
            var number = answers.Count.ToString(CultureInfo.InvariantCulture);
            throw new StorageException(refusal.Status, refusal.Code, $"{number}:{refusal.Message}");
        }
    }

    private static EntityKey Key(StorageRequest operation)
    {
        if (operation.Operation != StorageOperation.InsertEntity)
            return TableRoutes.Key(operation.Path);
        var (partition, row, _) = EntityJson.Read(operation.Body);
        return new EntityKey(partition ?? "", row ?? "");
    }

    // The headers of the part, the request line with the request's headers, the body; an empty line behind each.
    private static StorageRequest ReadOperation(string part)
    {
        var sections = part.Split("\r\n\r\n", 3);
        var lines = sections[1].Split("\r\n");
        var requestLine = lines[0].Split(' ');
        var ifMatch = lines.FirstOrDefault(line => line.StartsWith("If-Match: ", StringComparison.Ordinal))?["If-Match: ".Length..];
        return StorageRequest.Read(requestLine[0], new Uri(requestLine[1]), ifMatch, Encoding.UTF8.GetBytes(sections[2].Trim()));
    }
}
