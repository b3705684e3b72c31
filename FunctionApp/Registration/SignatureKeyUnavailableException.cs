namespace PointWebhooks.Registration;

/// <summary>The signature key is not known and could not be fetched just now.</summary>
public sealed class SignatureKeyUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
