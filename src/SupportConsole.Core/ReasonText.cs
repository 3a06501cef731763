using System.Globalization;
using System.Text;

namespace SupportConsole.Core;

/// <summary>
/// What counts as a reason that somebody typed, wherever the console asks for one. Letters and digits are counted: blanks, signs and
/// what is drawn as nothing say nothing.
/// </summary>
public static class ReasonText
{
    /// <summary>The fewest letters or digits, where policy sets no other number.</summary>
    public const int MinLength = 10;

    /// <summary>The longest reason kept, in characters. A reason is a sentence, not a document.</summary>
    public const int MaxLength = 500;

    /// <summary>What a form says below its field.</summary>
    public static string Hint(int least = MinLength) => $"Required, at least {least} letters or digits";

    /// <summary>What stands against a reason, as a sentence; null when nothing does.</summary>
    /// <param name="reason">As typed.</param>
    /// <param name="ask">What it should say: "say why".</param>
    /// <param name="least">The fewest letters or digits.</param>
    public static string? Check(string reason, string ask, int least = MinLength)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Length > MaxLength ? $"The reason is too long: at most {MaxLength} characters. Shorten it."
            : Weigh(reason) < least ? $"The reason needs at least {least} letters or digits: {ask}."
            : null;
    }

    // Composed first, so that a text weighs the same however it was typed; marks belong to their letter.
    private static int Weigh(string text) =>
        UnicodeForm.Of(text, NormalizationForm.FormC).EnumerateRunes().Where(IsLetterOrDigit).Sum(WordScripts.WeightOf);

    private static bool IsLetterOrDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber
        && !VisibleText.IsFiller(rune.Value);
}
