using System.Net;

namespace SupportConsole.Core.Html;

/// <summary>What stays of attributes, and what stands for what isn't loaded.</summary>
public sealed partial class PlainMarkup
{
    // A table as wide or high as this is one to read no more; browsers take long over wider ones.
    private const int WidestCell = 100;
    private const int HighestCell = 1000;

    // Longer addresses and names are cut: nobody reads them, and a hostile one would be repeated in every link.
    private const int LongestTarget = 500;

    // A medium without an address of its own is named by the first of its sources, a few pieces further on.
    private const int SourcesLookedAt = 8;

    private const int LongestNumber = 30;

    // Of an element whose spaces and line breaks stand as typed.
    private const string Spaced = " data-spaced";

    private static string AttributesOf(string name, HtmlAttributes attributes)
    {
        var style = new InlineStyle(attributes.Get("style"));
        var written = style.KeepsSpaces ? Spaced : "";
        if (attributes.Get("dir") is { Length: > 0 } dir && (Is(dir, "ltr") || Is(dir, "rtl") || Is(dir, "auto")))
        {
            written += $" dir=\"{dir}\"";
        }

        if (attributes.Get("lang") is { Length: > 0 and <= 35 } lang && !lang.ContainsAnyExcept(s_languageCharacters))
        {
            written += $" lang=\"{lang}\"";
        }

        return written + name switch
        {
            "a" when Decode(attributes.Get("href")) is { Length: > 0 } target =>
                $" data-href title=\"{Encode(IsData(target) ? "Link to a file in the text itself" : $"Link to {Cut(target)}")}\"",
            "abbr" or "acronym" or "dfn" when Decode(attributes.Get("title")) is { Length: > 0 } title => $" title=\"{Encode(Cut(title))}\"",
            "td" or "th" => Numbered("colspan", attributes, WidestCell) + Numbered("rowspan", attributes, HighestCell),
            "ol" => Numbered("start", attributes, int.MaxValue) + (attributes.TryGet("reversed", out _) ? " reversed" : "")
                + TypeOf(attributes) + Listed(attributes, style),
            "ul" => Listed(attributes, style),
            "li" => Numbered("value", attributes, int.MaxValue) + TypeOf(attributes) + Listed(attributes, style),
            "details" => " open",
            _ => "",
        };
    }

    private static string Numbered(string name, HtmlAttributes attributes, int most) =>
        Number(attributes.Get(name), most) is { Length: > 0 } number ? $" {name}=\"{number}\"" : "";

    private static string TypeOf(HtmlAttributes attributes) =>
        attributes.Get("type") is ['a' or 'A' or 'i' or 'I' or '1'] type ? $" type=\"{type}\"" : "";

    // Quill and TinyMCE write what an item of a list is, and whether it is ticked, into attributes of their own.
    private static string Listed(HtmlAttributes attributes, InlineStyle style)
    {
        var ticked = attributes.Get("data-checked");
        var sign = attributes.Get("data-list") switch
        {
            "bullet" => "disc",
            "checked" => "checked",
            "unchecked" => "unchecked",
            _ when Is(attributes.Get("data-type"), "taskItem") => null, // TipTap's have an input besides.
            _ when Is(ticked, "true") || attributes.Get("class") is "tox-checklist--checked" => "checked",
            _ when Is(ticked, "false") || attributes.Get("class") is "tox-checklist" => "unchecked",
            _ => style.Sign,
        };
        return sign is null ? "" : $" data-list=\"{sign}\"";
    }

    // What stands within is shown where the medium doesn't work, and here it never does: it follows its placeholder.
    private void StartMedia(string name, HtmlAttributes attributes, HtmlReader ahead)
    {
        var (kind, source) = name switch
        {
            "video" => ("Video", "src"),
            "audio" => ("Sound", "src"),
            "canvas" => ("Drawing", ""),
            _ => ("Embedded file", "data"),
        };
        var file = FileName(attributes.Get(source));
        for (var piece = 0; piece < SourcesLookedAt && file.Length == 0 && source == "src" && ahead.Read(foreign: false) && ahead.Part != HtmlPart.End; piece++)
        {
            file = ahead is { Part: HtmlPart.Start, Name: "source" } ? FileName(ahead.Attributes.Get("src")) : "";
        }

        WritePlaceholder(kind, file);
        Push(name, tag: null);
    }

    private void WriteInput(HtmlAttributes attributes)
    {
        var type = attributes.Get("type");
        var value = attributes.Get("value");
        var ticked = attributes.TryGet("checked", out _);
        if (Is(type, "checkbox") || Is(type, "radio"))
        {
            Write(Is(type, "radio") ? ticked ? "◉ " : "○ " : ticked ? "☑ " : "☐ ");
        }
        else if (Is(type, "image"))
        {
            WritePlaceholder("Image", FirstOf(attributes.Get("alt"), FileName(attributes.Get("src"))));
        }
        else if (!Is(type, "hidden") && !Is(type, "password"))
        {
            var shown = !value.IsWhiteSpace() ? value
                : Is(type, "submit") ? "Submit"
                : Is(type, "reset") ? "Reset"
                : attributes.Get("placeholder");
            Enclose("input", "span", " data-field", shown);
        }
    }

    // A bar has no words; how far it goes is its attributes'.
    private void WriteMeasure(HtmlAttributes attributes)
    {
        if (attributes.Get("value") is { Length: > 0 and <= LongestNumber } value)
        {
            var most = attributes.Get("max") is { Length: > 0 and <= LongestNumber } max ? max : "1";
            Enclose("input", "span", " data-field", $"{value} of {most}");
            Space();
        }
    }

    private void WritePlaceholder(string kind, ReadOnlySpan<char> name)
    {
        if (_mute > 0)
        {
            return;
        }

        OwnLine();
        Enclose("img", "span", " data-image", $"{kind}, not loaded{(name.IsWhiteSpace() ? "" : ": ")}{name}");
        OwnLine();
    }

    // Among bare words a placeholder is told apart by a line of its own.
    private void OwnLine() => _breaks = Math.Max(_breaks, _words && _mute == 0 ? 1 : 0);

    private static ReadOnlySpan<char> FirstOf(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third = default) =>
        !first.IsWhiteSpace() ? first : !second.IsWhiteSpace() ? second : third;

    private static string Host(ReadOnlySpan<char> written) =>
        Uri.TryCreate(Decode(written), UriKind.Absolute, out var page) ? Encode(Cut(page.Host)) : "";

    // The last part of an address's path, which is what people call a file. A data address has none.
    private static string FileName(ReadOnlySpan<char> written)
    {
        var address = IsData(written.Trim()) ? "" : Decode(written);
        var path = address.AsSpan().Trim();
        path = path[..(path.IndexOfAny('?', '#') is >= 0 and var end ? end : path.Length)];
        return Encode(Cut(Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..])));
    }

    private static string Decode(ReadOnlySpan<char> written) => WebUtility.HtmlDecode(written[..Math.Min(written.Length, 4 * LongestTarget)].ToString()).Trim();

    private static string Cut(string text) => text.Length <= LongestTarget ? text : text[..(LongestTarget - 1)] + "…";

    private static bool IsData(ReadOnlySpan<char> address) => address.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static bool Is(ReadOnlySpan<char> value, string name) => value.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static readonly System.Buffers.SearchValues<char> s_languageCharacters =
        System.Buffers.SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}
