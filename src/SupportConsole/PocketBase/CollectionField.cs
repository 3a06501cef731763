using SupportConsole.Core;

namespace SupportConsole.PocketBase;

/// <summary>One field of a collection. Of a hidden one only superusers get the value; a required one may not be empty and isn't filled in by PocketBase itself.</summary>
internal sealed record CollectionField(string Name, string Type, bool Hidden, bool Required)
{
    // PocketBase's limit where a text field gives none.
    private const int LongestText = 5000;

    private const int LongestWhole = 20_000;

    /// <summary>Whether the app says that the field stands for the record.</summary>
    public bool Presentable { get; init; }

    /// <summary>Of an <c>autodate</c>: whether PocketBase fills it in when a record is made.</summary>
    public bool OnCreate { get; init; }

    /// <summary>Of an <c>autodate</c>: whether PocketBase fills it in at each change.</summary>
    public bool OnUpdate { get; init; }

    /// <summary>Of a <c>relation</c>: the id of the collection that it points to.</summary>
    public string CollectionId { get; init; } = "";

    /// <summary>Of a <c>select</c>, <c>relation</c> or <c>file</c>: whether it may hold several values.</summary>
    public bool Many { get; init; }

    /// <summary>Of a <c>text</c> or <c>password</c>: the fewest characters; 0 for none given.</summary>
    public int Min { get; init; }

    /// <summary>Of a <c>text</c> or <c>password</c>: the most characters; 0 for PocketBase's own limit.</summary>
    public int Max { get; init; }

    /// <summary>Of a <c>text</c> or <c>password</c>: what the whole must look like, in Go's spelling; empty for anything.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Of a <c>text</c>: the pattern that PocketBase fills an empty one in by; empty where it doesn't.</summary>
    public string Generated { get; init; } = "";

    /// <summary>Of a <c>file</c>: whether PocketBase gives the files to those alone who may view the record.</summary>
    public bool Protected { get; init; }

    /// <summary>Of an <c>email</c>: whether only addresses of certain domains are taken.</summary>
    public bool OnlyDomains { get; init; }

    /// <summary>Of a <c>select</c>: what may be chosen.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Of a <c>select</c>, <c>relation</c> or <c>file</c>: the fewest values; 0 for none given.</summary>
    public int Fewest { get; init; }

    /// <summary>Of a <c>select</c>, <c>relation</c> or <c>file</c>: the most values; at most one where it isn't <see cref="Many"/>.</summary>
    public int Most { get; init; }

    /// <summary>Of a <c>number</c>: the smallest; null for none given.</summary>
    public double? Smallest { get; init; }

    /// <summary>Of a <c>number</c>: the largest; null for none given.</summary>
    public double? Largest { get; init; }

    /// <summary>Of a <c>number</c>: whether only whole ones are taken.</summary>
    public bool OnlyWhole { get; init; }

    /// <summary>Of a <c>date</c>: the earliest, as PocketBase writes it; empty for none given.</summary>
    public string Earliest { get; init; } = "";

    /// <summary>Of a <c>date</c>: the latest, as PocketBase writes it; empty for none given.</summary>
    public string Latest { get; init; } = "";

    /// <summary>Whether an index of the collection keeps two records from holding the same here, alone or together with other fields.</summary>
    public bool Unique { get; init; }

    /// <summary>Whether a page of its values is still a small answer. A text that may be longer is asked for by its beginning, or not at all.</summary>
    public bool IsShort => this is not { Type: "text", Max: > LongestWhole };

    /// <summary>Whether PocketBase would take a text here, as far as can be told: a pattern that .NET can't read is left to PocketBase.</summary>
    public bool Takes(string text) => TextPattern.Of(Pattern, Min, Max > 0 ? Max : LongestText).Fits(text);
}
