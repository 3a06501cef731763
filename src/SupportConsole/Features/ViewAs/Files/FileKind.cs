namespace SupportConsole.Features.ViewAs.Files;

/// <summary>
/// What a file is by its first bytes; its name may say anything. Only pictures of kinds that can't hold a program are shown in the browser,
/// everything else is saved.
/// </summary>
/// <param name="MediaType">What the browser is told.</param>
/// <param name="IsPicture">Whether the browser shows it.</param>
internal sealed record FileKind(string MediaType, bool IsPicture)
{
    /// <summary>How many bytes tell.</summary>
    public const int Telling = 12;

    /// <summary>Finds the kind: the marks of the WHATWG's MIME sniffing standard, section 6.1.</summary>
    public static FileKind Of(ReadOnlySpan<byte> beginning) => beginning switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => new FileKind("image/png", true),
        [0xFF, 0xD8, 0xFF, ..] => new FileKind("image/jpeg", true),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => new FileKind("image/gif", true),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => new FileKind("image/webp", true),
        _ => new FileKind("application/octet-stream", false),
    };
}
