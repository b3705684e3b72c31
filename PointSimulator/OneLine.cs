using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PointWebhooks.Simulator;

/// <summary>Text of any origin as one line of bounded length, for a console.</summary>
internal static class OneLine
{
    /// <summary>A text, with escapes for what would move the cursor, hide or reorder text, or is no character.</summary>
    public static string Of(string text, int longest)
    {
        var line = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.Length > 0 && line.Length < longest)
        {
            var isCharacter = Rune.DecodeFromUtf16(rest, out var rune, out var length) == OperationStatus.Done;
            if (isCharacter && IsPlain(rune))
                line.Append(rest[..length]);
            else
                line.Append(Escape(rest[0]));
            rest = rest[length..];
        }

        return rest.Length == 0 ? line.ToString() : $"{line}… ({rest.Length} characters more)";
    }

    /// <summary>An exception: each of its chain, and the line of this repository that it came from.</summary>
    public static string Of(Exception exception, int longest)
    {
        var chain = new List<string>();
        for (var e = exception; e is not null; e = e.InnerException)
            chain.Add($"{e.GetType().Name}: {e.Message}");
        var frame = new StackTrace(exception, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(frame => frame.GetFileLineNumber() > 0);
        var place = frame is null ? "" : $" at {Path.GetFileName(frame.GetFileName())}:{frame.GetFileLineNumber()}";
        return Of(string.Join(" <- ", chain), longest) + place;
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Escape(char character) => character switch
    {
        '\r' => @"\r",
        '\n' => @"\n",
        '\t' => @"\t",
        _ => $@"\u{(int)character:x4}",
    };
}
