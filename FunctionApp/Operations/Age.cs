namespace PointWebhooks.Operations;

/// <summary>How long ago something was, or how soon it will be, in words.</summary>
internal static class Age
{
    /// <summary>An age with its two largest units, such as <c>3 min 20 s ago</c>.</summary>
    public static string Text(TimeSpan age) => age switch
    {
        // The clocks of instances differ.
        { TotalSeconds: <= -1 } => $"in {Text(-age)[..^" ago".Length]}",
        { TotalSeconds: < 1 } => "just now",
        { TotalMinutes: < 1 } => $"{age.Seconds} s ago",
        { TotalHours: < 1 } => $"{age.Minutes} min {age.Seconds} s ago",
        { TotalDays: < 1 } => $"{age.Hours} h {age.Minutes} min ago",
        _ => $"{age.Days} d {age.Hours} h ago",
    };
}
