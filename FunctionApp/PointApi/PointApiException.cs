using System.Net;

namespace PointWebhooks.PointApi;

/// <summary>
/// A call of the Syskit Point API that did not do what it was for. The message is written for an operator and holds neither the
/// vendor's text, which may quote an endpoint's url, nor any other secret.
/// </summary>
/// <param name="message">What happened and what to do about it.</param>
/// <param name="status">The HTTP status, or null when there was no answer.</param>
internal sealed class PointApiException(string message, HttpStatusCode? status = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The HTTP status of the answer, or null when there was none.</summary>
    public HttpStatusCode? Status { get; } = status;
}
