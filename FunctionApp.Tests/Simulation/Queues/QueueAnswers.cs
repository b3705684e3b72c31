using System.Globalization;
using System.Text;
using System.Xml.Linq;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>What the queue service answers, and the message it reads.</summary>
internal static class QueueAnswers
{
    private const string Xml = "application/xml";

    /// <summary>Reads the text of a message out of a request.</summary>
    public static string ReadText(ReadOnlyMemory<byte> body)
    {
        using var stream = new MemoryStream(body.ToArray());
        return XDocument.Load(stream).Root!.Element("MessageText")?.Value ?? "";
    }

    /// <summary>A message that was sent.</summary>
    public static StorageAnswer Sent(SimulatedMessage message) => List([message], isSent: true, isPeeked: false, 201);

    /// <summary>Messages that are handed out.</summary>
    public static StorageAnswer Received(IReadOnlyList<SimulatedMessage> messages) => List(messages, isSent: false, isPeeked: false);

    /// <summary>Messages that are only looked at.</summary>
    public static StorageAnswer Peeked(IReadOnlyList<SimulatedMessage> messages) => List(messages, isSent: false, isPeeked: true);

    /// <summary>A message that was changed.</summary>
    public static StorageAnswer Updated(SimulatedMessage message) => StorageAnswer.Empty(
        204, ("x-ms-popreceipt", message.PopReceipt), ("x-ms-time-next-visible", Text(message.VisibleAt)));

    /// <summary>A refusal.</summary>
    public static StorageAnswer Error(StorageException reason) => StorageAnswer.Of(
        Xml,
        Write(new XElement("Error", new XElement("Code", reason.Code), new XElement("Message", reason.Message))),
        reason.Status,
        ("x-ms-error-code", reason.Code));

    private static StorageAnswer List(
        IReadOnlyList<SimulatedMessage> messages, bool isSent, bool isPeeked, int status = 200) => StorageAnswer.Of(
        Xml,
        Write(new XElement("QueueMessagesList", messages.Select(message => new XElement(
            "QueueMessage",
            new XElement("MessageId", message.Id),
            new XElement("InsertionTime", Text(message.InsertedAt)),
            new XElement("ExpirationTime", Text(message.ExpiresAt)),
            isPeeked ? null : new XElement("PopReceipt", message.PopReceipt),
            isPeeked ? null : new XElement("TimeNextVisible", Text(message.VisibleAt)),
            isSent ? null : new XElement("DequeueCount", message.DequeueCount),
            isSent ? null : new XElement("MessageText", message.Text))))),
        status);

    private static string Text(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private static byte[] Write(XElement root) =>
        Encoding.UTF8.GetBytes("""<?xml version="1.0" encoding="utf-8"?>""" + root.ToString(SaveOptions.DisableFormatting));
}
