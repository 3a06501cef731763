using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// A text and who signed it (c2sp.org/signed-note). Whether the signatures are right is not known here, and until one of a trusted key is,
/// the text is nobody's.
/// </summary>
/// <param name="Text">The text, whose last line ends too.</param>
/// <param name="Signatures">From 1 to <see cref="MaxSignatures"/>.</param>
/// <exception cref="ArgumentException">It can't be written as a note.</exception>
public sealed record SignedNote(string Text, ImmutableArray<NoteSignature> Signatures)
{
    /// <summary>The most signatures that a note may have.</summary>
    public const int MaxSignatures = 100;

    /// <summary>The most bytes that a note may have in UTF-8.</summary>
    public const int MaxBytes = 1_000_000;

    // The last empty line parts the signatures from the text, which may have others.
    private const string Parting = "\n\n";

    /// <summary>The text that is signed, whose last line ends too.</summary>
    public string Text { get; } = NoteText.IsText(Text) && Text.EndsWith('\n') ? Text : throw new ArgumentException("No text of a note.", nameof(Text));

    /// <summary>Who signed it, in the order in which they stand below it.</summary>
    public ImmutableArray<NoteSignature> Signatures { get; } =
        !Signatures.IsDefault && Signatures.Length is >= 1 and <= MaxSignatures && Fits(Text, Signatures)
            ? Signatures
            : throw new ArgumentException("Too few or too many signatures for a note.", nameof(Signatures));

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryRead(string? note, [NotNullWhen(true)] out SignedNote? read)
    {
        read = null;
        if (note is null || note.Length > MaxBytes || !NoteText.IsText(note) || Encoding.UTF8.GetByteCount(note) > MaxBytes
            || note.LastIndexOf(Parting, StringComparison.Ordinal) is not (>= 0 and var end) || !note.EndsWith('\n'))
        {
            return false;
        }

        var lines = note[(end + Parting.Length)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MaxSignatures)
        {
            return false;
        }

        var signatures = ImmutableArray.CreateBuilder<NoteSignature>(lines.Length);
        foreach (var line in lines)
        {
            if (!NoteSignature.TryRead(line, out var signature))
            {
                return false;
            }

            signatures.Add(signature);
        }

        read = new SignedNote(note[..(end + 1)], signatures.MoveToImmutable());
        return true;
    }

    /// <summary>The note with a signature more, which takes the place of what the same key signed before.</summary>
    /// <exception cref="ArgumentException">It would be more than a note holds.</exception>
    public SignedNote With(NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return new SignedNote(Text, [.. Signatures.Where(one => one.Name != signature.Name || one.KeyId != signature.KeyId), signature]);
    }

    /// <summary>The note with the signatures of one name alone.</summary>
    /// <exception cref="ArgumentException">It has none of that name.</exception>
    public SignedNote SignedBy(string name) => new(Text, [.. Signatures.Where(signature => signature.Name == name)]);

    /// <summary>The note as it is kept and sent.</summary>
    public override string ToString() => Written(Text, Signatures);

    private static bool Fits(string text, ImmutableArray<NoteSignature> signatures) => Encoding.UTF8.GetByteCount(Written(text, signatures)) <= MaxBytes;

    private static string Written(string text, ImmutableArray<NoteSignature> signatures) =>
        $"{text}\n{string.Concat(signatures.Select(signature => $"{signature}\n"))}";
}
