using System.Globalization;
using AngleSharp;
using AngleSharp.Html.Parser;
using Ganss.Xss;
using Microsoft.AspNetCore.Components;
using SupportConsole.Core;
using SupportConsole.Core.Html;

namespace SupportConsole.Features.ViewAs.Bodies;

/// <summary>
/// Makes stored markup safe to look at: nothing runs, nothing is loaded from anywhere, and no link can be followed, because whoever
/// clicks it would act with the agent's browser on what was meant for the user. The words all stay. First it is made simple and
/// small, because parsers and browsers take time and memory without bound for what hostile people write; then sanitised.
/// </summary>
internal static class SafeBody
{
    /// <summary>The most a body may cost a browser, in ordinary elements. An article of a book's length has a few thousand.</summary>
    public const int MaximumCost = 20_000;

    // What is simple already has no others; whether it has is not left to what made it so.
    private static readonly string[] Tags =
    [
        "p", "div", "span", "br", "hr", "wbr", "h3", "h4", "h5", "h6", "blockquote", "pre", "address", "figure", "figcaption", "details", "summary",
        "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
        "strong", "b", "em", "i", "u", "s", "sub", "sup", "mark", "small", "code", "kbd", "samp", "var", "abbr", "dfn", "q", "cite", "del", "ins",
        "time", "data", "bdi", "bdo", "ruby", "rt", "rp",
    ];

    private static readonly string[] Attributes =
        ["colspan", "rowspan", "dir", "lang", "title", "open", "start", "reversed", "type", "value", "data-href", "data-image", "data-field", "data-option", "data-list", "data-spaced"];

    private static readonly HtmlSanitizer Sanitizer = new(new HtmlSanitizerOptions
    {
        AllowedTags = Tags.ToHashSet(StringComparer.OrdinalIgnoreCase),
        AllowedAttributes = Attributes.ToHashSet(StringComparer.OrdinalIgnoreCase),
    });

    /// <summary>The body as it may be shown.</summary>
    public static ShownBody Of(string stored)
    {
        var simple = PlainMarkup.Simplify(stored, ShownBody.MaximumLength, MaximumCost);
        if (!simple.TooCostly)
        {
            using var safe = Sanitizer.SanitizeDom(simple.Content);
            var markup = safe.Body!.ChildNodes.ToHtml(Sanitizer.OutputFormatter);
            // A long one has something to see, or enough emptiness to be worth looking at.
            return markup.Length < 1000 && VisibleText.IsBlank(safe.Body.TextContent)
                ? new ShownBody.Nothing()
                : new ShownBody.Formatted(new MarkupString(markup), ShownBody.NoteOf(simple.Shown, simple.LeftOut));
        }

        var words = PlainMarkup.WordsOf(stored, ShownBody.MaximumLength);
        // What is given has no misnested elements, and mostly none at all.
        var text = new HtmlParser().ParseDocument(words.Content).Body!.TextContent;
        return VisibleText.IsBlank(text) ? new ShownBody.Nothing() : new ShownBody.Typed(
            text,
            string.Create(CultureInfo.InvariantCulture, $"This body is built in a way that can't be shown safely as formatted text: a browser would take too long for its very many elements or very long lines. Its text is shown instead. {ShownBody.NoteOf(words.Shown, words.LeftOut)}").TrimEnd());
    }
}
