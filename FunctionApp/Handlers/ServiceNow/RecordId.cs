using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>The <c>sys_id</c> of the record that a handler opens for an event: the same each time, so that the database refuses a second one.</summary>
internal static class RecordId
{
    private const int Digits = 32;

    /// <summary>32 hex digits of a hash of the event's id, the table and the handler's name: another handler opens a record of its own.</summary>
    public static string Of(string eventId, string table, string handler) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{eventId}|{table}|{handler}")))[..Digits];
}
