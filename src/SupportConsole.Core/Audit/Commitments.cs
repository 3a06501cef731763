using System.Buffers.Text;
using System.Security.Cryptography;

namespace SupportConsole.Core.Audit;

/// <summary>
/// Holds personal text against the commitments of its event straight by its bytes: the quick way for whoever goes through millions.
/// Where it says no, <see cref="KeptEvent.IsBoundTo"/> says whether that's so, for erased text among others.
/// </summary>
public static class Commitments
{
    private const int EncodedSalt = 44, Longest = 64 * 1024;

    /// <summary>Whether both groups are written as <see cref="PersonalText.Encode"/> writes them, and are what was committed to.</summary>
    /// <param name="personal">The bytes beside an event; empty for none.</param>
    /// <param name="by">The event's commitment to what it says of who acted, as base64 in UTF-8; empty for none.</param>
    /// <param name="about">The same for whom and what it was about.</param>
    public static bool AreKept(ReadOnlySpan<byte> personal, ReadOnlySpan<byte> by, ReadOnlySpan<byte> about)
    {
        if (personal.IsEmpty)
        {
            return by.IsEmpty && about.IsEmpty;
        }

        if (personal.Length is < 4 or > Longest || personal[0] != '{' || personal[^1] != '}')
        {
            return false;
        }

        // A quote in a text has a backslash before it, so this is never found within one.
        var inner = personal[1..^1];
        var second = inner.IndexOf("},\"by\":{\"salt\":\""u8);
        return second >= 0
            ? IsKept(inner[..(second + 1)], "\"about\":{\"salt\":\""u8, about) && IsKept(inner[(second + 2)..], "\"by\":{\"salt\":\""u8, by)
            : by.IsEmpty ? IsKept(inner, "\"about\":{\"salt\":\""u8, about) : about.IsEmpty && IsKept(inner, "\"by\":{\"salt\":\""u8, by);
    }

    private static bool IsKept(ReadOnlySpan<byte> group, ReadOnlySpan<byte> head, ReadOnlySpan<byte> commitment)
    {
        ReadOnlySpan<byte> middle = "\",\"text\":"u8;
        var text = head.Length + EncodedSalt + middle.Length;
        if (group.Length <= text || commitment.IsEmpty || !group.StartsWith(head) || !group[(head.Length + EncodedSalt)..].StartsWith(middle) || group[^1] != '}')
        {
            return false;
        }

        var committed = group[text..^1];
        Span<byte> salted = committed.Length <= 1024 ? stackalloc byte[PersonalText.SaltLength + 1024] : new byte[PersonalText.SaltLength + committed.Length];
        if (Base64.DecodeFromUtf8(group.Slice(head.Length, EncodedSalt), salted, out _, out var length) != System.Buffers.OperationStatus.Done
            || length != PersonalText.SaltLength || !IsEncoded(salted[..length], group.Slice(head.Length, EncodedSalt)))
        {
            return false;
        }

        committed.CopyTo(salted[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted[..(length + committed.Length)], hash);
        return IsEncoded(hash, commitment);
    }

    // Bytes have one encoding that counts, and others that a decoder lets pass.
    private static bool IsEncoded(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> encoded)
    {
        Span<byte> ours = stackalloc byte[EncodedSalt];
        Base64.EncodeToUtf8(bytes, ours, out _, out _);
        return ours.SequenceEqual(encoded);
    }
}
