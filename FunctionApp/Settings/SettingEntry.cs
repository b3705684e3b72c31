namespace PointWebhooks.Settings;

/// <summary>An entry of a list.</summary>
/// <param name="Setting">Its name, such as <c>Retry:Schedule:1</c>.</param>
/// <param name="Text">The entry, cleaned.</param>
internal readonly record struct SettingEntry(string Setting, string Text);
