using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>The <c>sys_id</c> of the record that an event opens: the same each time, so that the database refuses a second one.</summary>
internal static class RecordId
{
    private const int Digits = 32;

    /// <summary>32 hex digits of a hash of the event's id and the table.</summary>
    public static string Of(string eventId, string table) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{eventId}|{table}")))[..Digits];
}
