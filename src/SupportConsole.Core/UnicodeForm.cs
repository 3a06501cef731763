using System.Text;

namespace SupportConsole.Core;

/// <summary>Normalisation that takes any text.</summary>
public static class UnicodeForm
{
    /// <summary>
    /// The text in a normal form. .NET refuses a whole text because of one code point that stands for no character (U+FFFE, half a
    /// surrogate pair); here such a one stays as it is, and everything around it is normalised.
    /// </summary>
    public static string Of(string text, NormalizationForm form)
    {
        ArgumentNullException.ThrowIfNull(text);
        var normal = new StringBuilder(text.Length);
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
            if (IsCharacter(text, at, length))
            {
                at += length - 1;
                continue;
            }

            normal.Append(text[from..at].Normalize(form)).Append(text, at, length);
            at += length - 1;
            from = at + 1;
        }

        return normal.Append(text[from..].Normalize(form)).ToString();
    }

    // Unicode 16, section 23.7: the last two code points of each plane and 32 in the Arabic presentation forms are noncharacters.
    private static bool IsCharacter(string text, int at, int length)
    {
        var value = length == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
        return (value & 0xFFFE) != 0xFFFE && value is not (>= 0xFDD0 and <= 0xFDEF) and not (>= 0xD800 and <= 0xDFFF);
    }
}
