using System.Globalization;
using System.Text;

namespace SupportConsole.Core;

/// <summary>
/// A reason that somebody typed, wherever the console asks for one: read once, judged by one rule and written down as it was judged.
/// Letters and digits are counted: blanks, signs and what is drawn as nothing say nothing.
/// </summary>
public sealed record ReasonText
{
    private readonly bool _isTooLong;

    private ReasonText(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var text = typed.Trim();
        (Text, _isTooLong) = (text[..Math.Min(text.Length, MaxLength)], text.Length > MaxLength);
    }

    /// <summary>The fewest letters or digits, where policy sets no other number.</summary>
    public const int MinLength = 10;

    /// <summary>The longest reason kept, in characters. A reason is a sentence, not a document.</summary>
    public const int MaxLength = 500;

    /// <summary>As it is written down: without the blanks around it, and cut where it is too long, since a refusal is written down too.</summary>
    public string Text { get; }

    /// <summary>Reads what was typed, whatever it is.</summary>
    public static implicit operator ReasonText(string typed) => new(typed);

    /// <summary>Reads what was typed, whatever it is.</summary>
    public static ReasonText FromString(string typed) => new(typed);

    /// <summary>What a form says below its field.</summary>
    public static string Hint(int least = MinLength) => $"Required, at least {least} letters or digits";

    /// <summary>What stands against it, as a sentence; null when nothing does.</summary>
    /// <param name="ask">What it should say: "say why".</param>
    /// <param name="least">The fewest letters or digits.</param>
    public string? Against(string ask, int least = MinLength) =>
        _isTooLong ? $"The reason is too long: at most {MaxLength} characters. Shorten it."
        : Weigh(Text) < least ? $"The reason needs at least {least} letters or digits: {ask}."
        : null;

    /// <inheritdoc />
    public override string ToString() => Text;

    // Composed first, so that a text weighs the same however it was typed; marks belong to their letter.
    private static int Weigh(string text) =>
        UnicodeForm.Of(text, NormalizationForm.FormC).EnumerateRunes().Where(IsLetterOrDigit).Sum(WordScripts.WeightOf);

    private static bool IsLetterOrDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber
        && !VisibleText.IsFiller(rune.Value);
}
