using System.Collections.Frozen;

namespace SupportConsole.Core.Html;

/// <summary>What the console makes of each element: the nearest one that is harmless, or only its words.</summary>
internal static class HtmlElements
{
    /// <summary>Elements that stay, or become another that can do no more than look alike.</summary>
    public static readonly FrozenDictionary<string, string> Kept = Same(
            "strong b em i u s sub sup mark small code kbd abbr q del ins cite dfn var samp time data bdi bdo span ruby "
            + "p div blockquote pre ul ol li dl dt dd h3 h4 h5 h6 address figure figcaption details table caption thead tbody tfoot tr th td")
        .Concat(As("div", "section article header footer nav main aside center dialog fieldset form hgroup search legend"))
        .Concat(As("h3", "h1 h2"))
        .Concat(As("s", "strike"))
        .Concat(As("code", "tt"))
        .Concat(As("abbr", "acronym"))
        .Concat(As("ul", "menu dir"))
        .Concat(As("pre", "listing"))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Elements that end an open paragraph (13.2.6.4.7).</summary>
    public static readonly FrozenSet<string> Blocks = Names(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup main menu nav "
        + "ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form table hr li dd dt plaintext xmp legend");

    /// <summary>Elements without content.</summary>
    public static readonly FrozenSet<string> Voids = Names(
        "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr");

    /// <summary>Elements that hold nothing but text, where a tag is none, and whose text a browser doesn't draw.</summary>
    public static readonly FrozenSet<string> RawUnseen = Names("script style title iframe noembed noframes");

    /// <summary>Elements that hold nothing but text, drawn as typed.</summary>
    public static readonly FrozenSet<string> RawSeen = Names("xmp plaintext textarea");

    /// <summary>Elements of the line whose end tag closes blocks opened within; that of others doesn't reach so far.</summary>
    public static readonly FrozenSet<string> ReachOverBlocks = Names(
        "a b big code em font i nobr s small strike strong tt u select button object video audio canvas svg math template");

    public static readonly FrozenSet<string> Headings = Names("h1 h2 h3 h4 h5 h6");

    /// <summary>Elements that nothing within reaches out of.</summary>
    public static readonly FrozenSet<string> Bounds = Names("td th caption template");

    public static readonly FrozenSet<string> TableParts = Names("table caption colgroup col thead tbody tfoot tr td th");

    /// <summary>Elements that end a drawing or formula in which they stand (13.2.6.5).</summary>
    public static readonly FrozenSet<string> EndsForeign = Names(
        "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre "
        + "ruby s small span strong strike sub sup table tt u ul var");

    private static FrozenSet<string> Names(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Same(string names) => names.Split(' ').Select(name => KeyValuePair.Create(name, name));

    private static IEnumerable<KeyValuePair<string, string>> As(string kept, string names) => names.Split(' ').Select(name => KeyValuePair.Create(name, kept));
}
