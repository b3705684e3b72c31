namespace PointWebhooks.Settings;

/// <param name="Setting">Its name, such as <c>Retry:Schedule:1</c>.</param>
/// <param name="Text">The entry, cleaned.</param>
internal readonly record struct SettingEntry(string Setting, string Text);
