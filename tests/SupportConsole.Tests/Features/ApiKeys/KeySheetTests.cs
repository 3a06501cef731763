using System.Text;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ApiKeys;

public sealed class KeySheetTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 8, 30, 0, TimeSpan.Zero);

    private static readonly ApiKey Key = new(
        "k00000000000001", "service_accounts", "k00000000000001", KeyKind.ScheduledJob, "importer", "Imports the catalogue", new StaffId("demo/omar-haddad"),
        Now.AddDays(-1), new StaffId("demo/ines-duarte"), "Ines Duarte", Now.AddDays(89), KeyPhase.Live)
    { Fingerprint = "ba7816bf8f01cfea" };

    [Fact]
    public void A_sheet_tells_of_each_key_in_its_columns()
    {
        var revoked = Key with
        {
            Id = "k00000000000002", Phase = KeyPhase.Revoked, RevokeAt = Now.AddDays(7),
            Revocation = new KeyRevocation(new StaffId("demo/ines-duarte"), "Ines Duarte", "No longer needed", Now, "401"),
        };

        var rows = Read([Line(Key), Line(revoked)], new KeyUsage(true, 7, new Dictionary<string, KeyUse> { [Key.Id] = new(Now.AddHours(-1), 3.5) }));

        Assert.Equal(
            [
                "id", "name", "purpose", "owner", "owner holds a role", "kind", "fingerprint", "state", "created by", "created", "expires",
                "is revoked by the console at", "revoked by", "revoked", "reason", "made outside the console", "last seen",
            ],
            rows[0]);
        Assert.Equal(
            [
                "k00000000000001", "importer", "Imports the catalogue", "Omar Haddad", "yes", "Scheduled job", "ba7816bf8f01cfea", "active", "Ines Duarte",
                "2027-02-28T08:30:00Z", "2027-05-29T08:30:00Z", "", "", "", "", "no", "2027-03-01T07:30:00Z",
            ],
            rows[1]);
        Assert.Equal(
            ["revoked", "Ines Duarte", "2027-02-28T08:30:00Z", "2027-05-29T08:30:00Z", "2027-03-08T08:30:00Z", "Ines Duarte", "2027-03-01T08:30:00Z", "No longer needed", "no", ""],
            rows[2][7..]);
    }

    [Fact]
    public void A_key_made_outside_the_console_leaves_empty_what_nobody_knows()
    {
        var foreign = Key with { ExpiresAt = null, Fingerprint = null, CreatedByName = "", Purpose = "" };

        var row = Read([new KeyLine(foreign, AccountPresence.There, new KeyOwner("", HoldsRole: false))])[1];

        Assert.Equal(["", "", "no", "Scheduled job", "", "unknown", "", "2027-02-28T08:30:00Z", "", "", "", "", "", "yes", ""], row[2..]);
    }

    [Theory]
    [InlineData("a, b; c")]
    [InlineData("the \"nightly\" importer")]
    [InlineData("\"")]
    [InlineData("'quoted'")]
    [InlineData("импортёр 🐟")]
    [InlineData("one line\r\nand another\nand a third")]
    [InlineData("a|b\tc")]
    [InlineData("1e5 #hash")]
    public void Every_text_comes_back_as_it_was(string text)
    {
        var rows = Read([Line(Key with { Name = text, Purpose = text })]);

        Assert.Equal(2, rows.Count);
        Assert.Equal((text, text), (PlainCsv.Undone(rows[1][1]), PlainCsv.Undone(rows[1][2])));
        Assert.Equal(17, rows[1].Length);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")")]
    [InlineData("+1+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(1,1)")]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("  =1+1")]
    [InlineData("＝1+1")]
    [InlineData("importer;=cmd|' /C calc'!A0")]
    [InlineData("one line\n@SUM(1)")]
    public void What_begins_like_a_formula_is_text_to_a_spreadsheet(string text)
    {
        var hostile = Key with { Name = text, Purpose = text, CreatedByName = text, Revocation = new KeyRevocation(new StaffId("x"), text, text) };

        var row = Read([new KeyLine(hostile, AccountPresence.There, new KeyOwner(text, HoldsRole: true))])[1];

        Assert.Equal(6, row.Count(cell => PlainCsv.Undone(cell) == text));
        Assert.All(row, cell => Assert.DoesNotMatch("(^|[,;|\t\r\n\"])\\s*[=+\\-@＝]", cell));
    }

    [Fact]
    public void A_sheet_of_nothing_is_its_header() => Assert.Single(Read([]));

    private static KeyLine Line(ApiKey key) => new(key, AccountPresence.There, new KeyOwner("Omar Haddad", HoldsRole: true));

    private static IReadOnlyList<string[]> Read(KeyLine[] lines, KeyUsage? usage = null)
    {
        var bytes = KeySheet.Of(lines, usage, Now);
        // The mark that tells a spreadsheet of UTF-8, and the line ends of RFC 4180.
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "\"id\",\"name\""u8], bytes[..14]);
        Assert.EndsWith("\r\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        return PlainCsv.Rows(bytes);
    }
}
