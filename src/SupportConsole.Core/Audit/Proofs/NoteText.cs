using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// What notes and proofs are written with. Each part has one form, and only that is read: what was read is written back as it stood, so
/// that no signature comes to stand under a text that another reader takes for a different one.
/// </summary>
internal static class NoteText
{
    /// <summary>Whether a text can stand in a note: it has a UTF-8 form, and no control characters but ends of lines.</summary>
    public static bool IsText(string? text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || (rune.Value < ' ' && rune.Value != '\n'))
            {
                return false;
            }

            rest = rest[length..];
        }

        return text is not null;
    }

    /// <summary>Whether a text can be a line that says something.</summary>
    public static bool IsLine([NotNullWhen(true)] string? text) =>
        !string.IsNullOrEmpty(text) && !text.Contains('\n', StringComparison.Ordinal) && IsText(text);

    /// <summary>Whether a text can be the name of a key.</summary>
    public static bool IsName([NotNullWhen(true)] string? text) =>
        IsLine(text) && !text.Contains('+', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace);

    /// <summary>A number that isn't negative, in decimal digits without leading zeroes.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && text.SequenceEqual(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Base64 as RFC 4648, 4 has it: padded, without white space, unused bits zero.</summary>
    public static bool TryReadBase64(ReadOnlySpan<char> text, out ReadOnlySpan<byte> bytes)
    {
        var room = new byte[text.Length / 4 * 3];
        var isRead = Convert.TryFromBase64Chars(text, room, out var length) && text.SequenceEqual(Convert.ToBase64String(room, 0, length));
        bytes = isRead ? room.AsSpan(0, length) : default;
        return isRead;
    }

    /// <summary>Lines that each are a hash.</summary>
    public static bool TryReadHashes(ReadOnlySpan<string> lines, out ImmutableArray<TreeHash> hashes)
    {
        hashes = default;
        if (lines.Length > MerkleProof.MaxLength)
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<TreeHash>(lines.Length);
        foreach (var line in lines)
        {
            if (!TreeHash.TryParse(line, out var hash))
            {
                return false;
            }

            read.Add(hash);
        }

        hashes = read.MoveToImmutable();
        return true;
    }

    /// <summary>Whether a note's text is a checkpoint.</summary>
    public static bool IsCheckpoint([NotNullWhen(true)] SignedNote? note) => note is not null && Checkpoint.TryRead(note.Text, out _);

    /// <summary>What stands before a checkpoint, parted from it by an empty line.</summary>
    /// <param name="text">The whole.</param>
    /// <param name="lines">The lines that stand before.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    public static bool TryPart(string? text, [NotNullWhen(true)] out string[]? lines, [NotNullWhen(true)] out SignedNote? checkpoint)
    {
        (lines, checkpoint) = (null, null);
        if (text is null || text.IndexOf("\n\n", StringComparison.Ordinal) is not (> 0 and var end)
            || !SignedNote.TryRead(text[(end + 2)..], out checkpoint) || !IsCheckpoint(checkpoint))
        {
            return false;
        }

        lines = text[..end].Split('\n');
        return true;
    }
}
