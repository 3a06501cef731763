using System.Text;

namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>Small files of the kinds that apps accept; PocketBase judges them by their first bytes.</summary>
internal static class SampleFiles
{
    private static readonly Dictionary<string, (string Name, byte[] Content)> Kinds = new(StringComparer.Ordinal)
    {
        ["image/png"] = ("pixel.png", Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")),
        ["image/gif"] = ("pixel.gif", Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")),
        ["image/jpeg"] = ("pixel.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xD9]),
        ["image/webp"] = ("pixel.webp", [.. "RIFF"u8, 26, 0, 0, 0, .. "WEBPVP8L"u8, 13, 0, 0, 0, 0x2F, 0, 0, 0, 0x10, 7, 0x10, 0x11, 0x11, 0x88, 0x88, 0xFE, 7, 0]),
        ["image/svg+xml"] = ("drawing.svg", Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>")),
        ["application/pdf"] = ("bill.pdf", Encoding.UTF8.GetBytes("%PDF-1.4\n%%EOF\n")),
        ["application/json"] = ("data.json", Encoding.UTF8.GetBytes("{\"a\":1}")),
        ["application/zip"] = ("empty.zip", [.. "PK"u8, 5, 6, .. new byte[18]]),
        ["audio/mpeg"] = ("beep.mp3", [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 0, 0xFF, 0xFB, 0x90, 0]),
        ["video/mp4"] = ("clip.mp4", [0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, .. "mp42isom"u8]),
        ["text/plain"] = ("notes.txt", Encoding.UTF8.GetBytes("Just text.\n")),
    };

    /// <summary>A file that a field accepts; null where none of the known kinds is accepted.</summary>
    public static (string Name, byte[] Content)? For(AppField field, Dice dice)
    {
        var accepted = field.List("mimeTypes");
        (string Name, byte[] Content)[] fitting = [.. Kinds.Where(kind => accepted.Count == 0 || accepted.Contains(kind.Key)).Select(kind => kind.Value)];
        return fitting.Length == 0 ? null : dice.Pick(fitting);
    }
}
