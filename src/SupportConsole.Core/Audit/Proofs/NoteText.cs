namespace SupportConsole.Core.Audit.Proofs;

/// <summary>
/// What notes and proofs are written with. Each part has one form, and only that is read: what was read is written back as it stood, so
/// that no signature comes to stand under a text that another reader takes for a different one.
/// </summary>
internal static class NoteText
{
    /// <summary>Base64 as RFC 4648, 4 has it: padded, without white space, unused bits zero.</summary>
    public static bool TryReadBase64(ReadOnlySpan<char> text, out ReadOnlySpan<byte> bytes)
    {
        var room = new byte[text.Length / 4 * 3];
        var isRead = Convert.TryFromBase64Chars(text, room, out var length) && text.SequenceEqual(Convert.ToBase64String(room, 0, length));
        bytes = isRead ? room.AsSpan(0, length) : default;
        return isRead;
    }
}
