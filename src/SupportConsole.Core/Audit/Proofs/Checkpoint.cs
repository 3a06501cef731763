using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>What a log says of its tree at a moment (c2sp.org/tlog-checkpoint): the text of the note that it signs.</summary>
/// <param name="Origin">Which log it is: a line, best an address without its scheme.</param>
/// <param name="Size">How many leaves the tree has.</param>
/// <param name="Root">The tree's root.</param>
/// <exception cref="ArgumentException">The origin isn't a line, or the size is negative.</exception>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>Which log it is.</summary>
    public string Origin { get; } = NoteText.IsLine(Origin) ? Origin : throw new ArgumentException("An origin is a line.", nameof(Origin));

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; } = Size >= 0 ? Size : throw new ArgumentOutOfRangeException(nameof(Size), Size, "A tree has no fewer leaves than none.");

    /// <summary>Lines that another log may have added, for readers of its own. This one writes none.</summary>
    /// <exception cref="ArgumentException">One isn't a line.</exception>
    public ImmutableArray<string> Extensions
    {
        get;
        init => field = !value.IsDefault && value.All(NoteText.IsLine) ? value : throw new ArgumentException("An extension is a line.", nameof(value));
    } = [];

    /// <summary>The lines that are signed, each with its end.</summary>
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n{string.Concat(Extensions.Select(line => $"{line}\n"))}");

    /// <summary>Reads what <see cref="Text"/> writes, and nothing else.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text?.Split('\n') is not [var origin, var number, var base64, .. var extensions, ""]
            || !NoteText.IsLine(origin) || !NoteText.TryReadNumber(number, out var size) || !TreeHash.TryParse(base64, out var root)
            || !extensions.All(NoteText.IsLine))
        {
            return false;
        }

        checkpoint = new Checkpoint(origin, size, root) { Extensions = [.. extensions] };
        return true;
    }
}
