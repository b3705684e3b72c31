namespace PointWebhooks.Handlers;

/// <summary>What a handler has done in the system that it calls.</summary>
/// <param name="Text">In a few words, such as <c>Commented on IT-12</c>.</param>
/// <param name="Link">Where a person can see it, or null.</param>
internal sealed record HandlerEffect(string Text, Uri? Link);
