using System.Globalization;
using Microsoft.AspNetCore.Components;
using SupportConsole.Core;
using SupportConsole.Core.Html;

namespace SupportConsole.Features.ViewAs.Bodies;

/// <summary>A stored body as it may be shown. What it is, the field's type says and nothing else: a text may look like markup.</summary>
/// <param name="Note">What the reader must know of how it is shown; null for nothing.</param>
public abstract record ShownBody(string? Note)
{
    /// <summary>The longest body shown, in characters of its text; how many more there are is said.</summary>
    public const int MaximumLength = 500_000;

    /// <summary>There is nothing to see.</summary>
    public sealed record Nothing() : ShownBody(Note: null);

    /// <summary>Formatted text, with everything removed that could run, load or lead away.</summary>
    public sealed record Formatted(MarkupString Markup, string? Note) : ShownBody(Note);

    /// <summary>Text as it was typed.</summary>
    public sealed record Typed(string Text, string? Note) : ShownBody(Note);

    /// <summary>A document for machines, with what it is called.</summary>
    public sealed record Json(string Text, string Name, string? Note) : ShownBody(Note);

    /// <summary>The body of a field.</summary>
    /// <param name="fieldType">PocketBase's name for the field's type: <c>editor</c> holds markup, <c>json</c> JSON, any other text.</param>
    /// <param name="stored">The value: as typed, or for JSON the document.</param>
    public static ShownBody Of(string fieldType, string stored) => fieldType switch
    {
        "editor" => SafeBody.Of(stored),
        _ when VisibleText.IsBlank(stored) => new Nothing(),
        "json" => JsonBody.Of(stored),
        _ => Plain(DataAddresses.Shorten(stored)),
    };

    /// <summary>How a text that is too long is cut: never within a character.</summary>
    internal static string Cut(string text) => VisibleText.Beginning(text, MaximumLength);

    internal static string? NoteOf(int shown, long leftOut) => leftOut == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"This body is too long to show whole. The first {shown:N0} characters are shown; {leftOut:N0} more are left out.");

    private static Typed Plain(string text)
    {
        var cut = Cut(text);
        return new Typed(cut, NoteOf(cut.Length, text.Length - cut.Length));
    }
}
