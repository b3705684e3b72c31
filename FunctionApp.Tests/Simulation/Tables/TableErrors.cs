using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>The refusals of the table service, with its own codes and texts.</summary>
internal static class TableErrors
{
    public static StorageException TableNotFound() => new(404, nameof(TableNotFound), "The table specified does not exist.");

    public static StorageException TableAlreadyExists() => new(409, nameof(TableAlreadyExists), "The table specified already exists.");

    public static StorageException TableBeingDeleted() => new(
        409, nameof(TableBeingDeleted), "The specified table is being deleted. Try operation later.");

    public static StorageException ResourceNotFound() => new(404, nameof(ResourceNotFound), "The specified resource does not exist.");

    public static StorageException EntityAlreadyExists() => new(409, nameof(EntityAlreadyExists), "The specified entity already exists.");

    public static StorageException UpdateConditionNotSatisfied() => new(
        412, nameof(UpdateConditionNotSatisfied), "The update condition specified in the request was not satisfied.");

    public static StorageException InvalidInput(string message) => new(400, nameof(InvalidInput), message);

    public static StorageException PropertiesNeedValue() => new(
        400, nameof(PropertiesNeedValue), "The values are not specified for all properties in the entity.");

    public static StorageException PropertyValueTooLarge() => new(
        400, nameof(PropertyValueTooLarge), "The property value exceeds the maximum allowed size (64KB). "
        + "If the property value is a string, it is UTF-16 encoded and the maximum number of characters should be 32K or less.");

    public static StorageException EntityTooLarge() => new(
        400, nameof(EntityTooLarge), "The entity is larger than the maximum allowed size (1MB).");

    public static StorageException TooManyProperties() => new(
        400, nameof(TooManyProperties), "The entity contains more properties than allowed. Each entity can include up to 252 properties.");

    public static StorageException KeyTooLarge() => new(
        400, "KeyValueTooLarge", "The key value exceeds the maximum allowed size (1KB).");

    public static StorageException OutOfRangeInput() => new(
        400, nameof(OutOfRangeInput), "The key contains a character that no key may contain.");

    public static StorageException RequestBodyTooLarge() => new(
        413, nameof(RequestBodyTooLarge), "The request body is too large and exceeds the maximum permissible limit.");

    public static StorageException CommandsInBatchActOnDifferentPartitions() => new(
        400, nameof(CommandsInBatchActOnDifferentPartitions), "All commands in a batch must operate on same entity group.");

    public static StorageException InvalidDuplicateRow() => new(
        400, nameof(InvalidDuplicateRow), "The batch request contains multiple changes with same row key. "
        + "An entity can appear only once in a batch request.");
}
