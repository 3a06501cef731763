using AngleSharp.Dom;
using Ganss.Xss;
using Microsoft.AspNetCore.Components;

namespace SupportConsole.Features.ViewAs;

/// <summary>
/// Makes a stored body safe to look at: nothing runs, nothing is loaded from anywhere, and no link can be followed, because
/// whoever clicks it would act with the agent's browser on what was meant for the user.
/// </summary>
internal static class SafeBody
{
    /// <summary>The longest body shown, in characters; the rest is cut and the page says so.</summary>
    public const int MaximumLength = 200_000;

    private static readonly string[] Tags =
    [
        "p", "br", "hr", "div", "span", "strong", "b", "em", "i", "u", "s", "sub", "sup", "mark", "small", "blockquote", "pre", "code",
        "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a", "img",
    ];

    private static readonly HtmlSanitizer Sanitizer = Build();

    /// <summary>The body as it may be shown, and whether it was cut.</summary>
    public static (MarkupString Html, bool Cut) Of(string stored)
    {
        var cut = stored.Length > MaximumLength;
        return (new MarkupString(Sanitizer.Sanitize(cut ? stored[..MaximumLength] : stored)), cut);
    }

    private static HtmlSanitizer Build()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Tags.ToHashSet(StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(["href", "src", "alt", "colspan", "rowspan", "dir", "lang"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.PostProcessDom += (_, processed) => Disarm(processed.Document);
        return sanitizer;
    }

    private static void Disarm(AngleSharp.Html.Dom.IHtmlDocument document)
    {
        foreach (var link in document.QuerySelectorAll("a").ToArray())
        {
            Replace(document, link, "span", replacement =>
            {
                if (link.GetAttribute("href") is { Length: > 0 } target)
                {
                    replacement.SetAttribute("data-href", "");
                    replacement.SetAttribute("title", $"Link to {target}");
                }
            });
        }

        foreach (var image in document.QuerySelectorAll("img").ToArray())
        {
            var text = image.GetAttribute("alt");
            var placeholder = document.CreateElement("span");
            placeholder.SetAttribute("data-image", "");
            placeholder.TextContent = string.IsNullOrWhiteSpace(text) ? "Image, not loaded" : $"Image, not loaded: {text}";
            image.Replace(placeholder);
        }

        // The page has its own title; a body's headings stand below it.
        foreach (var heading in document.QuerySelectorAll("h1, h2").ToArray())
        {
            Replace(document, heading, "h3", _ => { });
        }
    }

    private static void Replace(IDocument document, IElement old, string tag, Action<IElement> finish)
    {
        var replacement = document.CreateElement(tag);
        while (old.FirstChild is { } child)
        {
            replacement.AppendChild(child);
        }

        finish(replacement);
        old.Replace(replacement);
    }
}
