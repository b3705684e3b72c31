namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>The operations of the table and queue services that the simulation knows.</summary>
internal enum StorageOperation
{
    CreateTable,
    DeleteTable,
    GetEntity,
    QueryEntities,
    InsertEntity,
    MergeEntity,
    ReplaceEntity,
    DeleteEntity,
    Transaction,
    CreateQueue,
    DeleteQueue,
    GetQueueProperties,
    SendMessage,
    ReceiveMessages,
    PeekMessages,
    UpdateMessage,
    DeleteMessage,
    ClearMessages,
}
