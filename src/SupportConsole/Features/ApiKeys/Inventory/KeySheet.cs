using System.Globalization;
using System.Text;
using CsvHelper;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys.Inventory;

/// <summary>The inventory as a file for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, instants in ISO 8601.</summary>
internal static class KeySheet
{
    private static readonly string[] Columns =
    [
        "id", "name", "purpose", "owner", "owner holds a role", "kind", "fingerprint", "state", "created by", "created", "expires", "is revoked by the console at",
        "revoked by", "revoked", "reason", "made outside the console", "last seen",
    ];

    public static byte[] Of(IEnumerable<KeyLine> lines, KeyUsage? usage, DateTimeOffset now)
    {
        using var bytes = new MemoryStream();
        // Without the mark a spreadsheet opened by a double click reads the machine's old code page.
        bytes.Write(Encoding.UTF8.Preamble);
        // A name that is read as a formula must stay a name where the sheet is opened; the library's own guard knows the first letter of a cell alone.
        using (var sheet = CsvWriter.Create(bytes, new CsvWriterOptions { Quoting = CsvQuoting.Always, Injection = CsvInjection.None }, leaveOpen: true))
        {
            sheet.WriteHeader(Columns);
            foreach (var line in lines)
            {
                sheet.WriteRecord([.. CellsOf(line, usage, now).Select(SpreadsheetText.Of)]);
            }
        }

        return bytes.ToArray();
    }

    private static string[] CellsOf(KeyLine line, KeyUsage? usage, DateTimeOffset now) =>
    [
        line.Key.Id, line.Key.Name, line.Key.Purpose, line.Owner.Name, line.Owner.HoldsRole ? "yes" : "no", KeyKinds.NameOf(line.Key.Kind),
        line.Key.Fingerprint ?? "", line.StateAt(now).ToString().ToLowerInvariant(), line.Key.CreatedByName, Text(line.Key.CreatedAt),
        Text(line.Key.ExpiresAt), Text(line.Key.RevokeAt), line.Key.Revocation?.ByName ?? "", Text(line.Key.Revocation?.At),
        line.Key.Revocation?.Reason ?? "", line.Key.IsForeign ? "yes" : "no", Text(usage?.Uses.GetValueOrDefault(line.Key.Id)?.LastSeen),
    ];

    private static string Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
