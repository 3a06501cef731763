using System.Text;

namespace SupportConsole.Core;

/// <summary>Scripts whose characters are words or syllables: a name or a reason needs fewer of them.</summary>
internal static class WordScripts
{
    /// <summary>How much a letter says: one of such a script as much as two of an alphabet.</summary>
    public static int WeightOf(Rune letter) => Holds(letter.Value) ? 2 : 1;

    private static bool Holds(int value) => value switch
    {
        >= 0x1200 and <= 0x139F => true, // Ethiopic
        >= 0x13A0 and <= 0x167F => true, // Cherokee, Canadian syllabics
        >= 0x1100 and <= 0x11FF or >= 0xA960 and <= 0xA97F or >= 0xAC00 and <= 0xD7FF => true, // Hangul
        >= 0x2E80 and <= 0x2FDF or >= 0x3005 and <= 0x3007 or >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF => true, // Han
        >= 0x3040 and <= 0x31FF => true, // Kana, Bopomofo, Hangul letters
        >= 0xA000 and <= 0xA4CF or >= 0xA500 and <= 0xA63F => true, // Yi, Vai
        >= 0xFF66 and <= 0xFF9F => true, // Halfwidth kana
        >= 0x1B000 and <= 0x1B2FF or >= 0x20000 and <= 0x3FFFF => true, // Kana and Han beyond the first plane
        _ => false,
    };
}
