using SupportConsole.Core.Audit;
using SupportConsole.Core.Audit.Asking;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Finding;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

#pragma warning disable RS0030 // Random, of the seed 20301127: the same events and queries in each run.
namespace SupportConsole.Tests.Features.Audit.Finding;

/// <summary>A typed query finds what its terms say, term by term, of each event held in memory.</summary>
public sealed class AskedSearchTests : IAsyncLifetime
{
    private const int Events = 2000, Queries = 400;
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["refund", "refunds", "résumé", "sup-12", "naïve", "日本語", "x", "conversation", "build27", "two", "words", "sup", "12"];
    private static readonly string[] Tickets = ["SUP-1", "SUP-12", "SUP 12", "sup-12", "12-SUP", "refund"];
    private static readonly string[] Types = [AuditEventTypes.SessionOpened, AuditEventTypes.SessionEnded, AuditEventTypes.RecordViewed, AuditEventTypes.PolicyDenied];

    private readonly SqliteFile _file = new();
    private ConsoleDb _db = null!;
    private AuditTrail _trail = null!;
    private AuditReader _reader = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _db = _file.Open();
        _trail = SqliteFile.TrailOn(_file.OpenWriter(_db), _db);
        _reader = new AuditReader(_db, _trail);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Any_query_finds_what_its_terms_say()
    {
        var dice = new Random(20301127);
        var all = await _trail.AppendAsync([.. Enumerable.Range(0, Events).Select(i => Rolled(dice, i))]);
        var empty = 0;
        for (var i = 0; i < Queries; i++)
        {
            AskedTerm[] terms = [.. Asked(dice).Where(term => term is { IsNot: true } or { Key: AskedKey.Text or AskedKey.Event }), .. Asked(dice).Where(term => !term.IsNot).DistinctBy(term => term.Key)];
            terms = [.. terms.Where((term, at) => term.IsNot || term.Key is AskedKey.Text or AskedKey.Event || Array.FindIndex(terms, one => !one.IsNot && one.Key == term.Key) == at)];
            var text = AskedText.Write(terms);
            var address = AskedFilter.AddressOf(text, new AuditAddress(), TimeZoneInfo.Utc);
            var question = FilterReading.Read(address);
            Assert.True(question.Faults.Count == 0, $"{text}: {string.Join(' ', question.Faults.Values)}");
            var fitting = all.Where(entry => Fits(terms, entry.Event));
            var expected = (question.Query.HasWords ? fitting.OrderByDescending(entry => entry.Sequence) : fitting.OrderByDescending(entry => entry.Event.At).ThenByDescending(entry => entry.Sequence))
                .Select(entry => entry.Sequence).ToList();

            var found = await ReadAllAsync(question.Query, take: 60 + (i % 90));

            Assert.True(expected.SequenceEqual(found), $"{text}: {expected.Count} expected, {found.Count} found");
            empty += expected.Count == 0 ? 1 : 0;
            await AssertWalksAnIndexAsync(question.Query, text);
        }

        Assert.InRange(empty, 1, Queries * 2 / 3);
    }

    [Theory]
    [InlineData("-outcome:success", "2 3")]
    [InlineData("-outcome:success -outcome:failed", "2")]
    [InlineData("-outcome:success outcome:success", "")]
    [InlineData("event:role.granted -event:role.*", "")]
    [InlineData("-event:role.*", "2 3")]
    [InlineData("-subject:users/u1", "1 3")]
    [InlineData("-ticket:SUP-1", "1 3")]
    [InlineData("ticket:sup-1", "2")]
    [InlineData("-refund", "3")]
    [InlineData("-\"refund asked\"", "1 3")]
    [InlineData("\"refund asked\"", "2")]
    [InlineData("\"ref\"", "")]
    [InlineData("ref", "1 2")]
    public async Task What_is_left_out_is_left_out_of_everything(string text, string expected)
    {
        await _trail.AppendAsync(
        [
            new AuditEvent(AuditEventTypes.RoleGranted, Noon, AuditActor.System) { Reason = "asked refund" },
            new AuditEvent(AuditEventTypes.SessionDenied, Noon, AuditActor.System)
            {
                Outcome = AuditOutcome.Denied, Subject = new AuditSubject("users", "u1", "Ada"), Ticket = "SUP-1", Reason = "Refund, asked twice",
            },
            new AuditEvent(AuditEventTypes.KeyCreateFailed, Noon, AuditActor.System) { Outcome = AuditOutcome.Failed, Ticket = "SUP-12" },
        ]);

        var found = await ReadAllAsync(FilterReading.Read(AskedFilter.AddressOf(text, new AuditAddress(), TimeZoneInfo.Utc)).Query, 1);

        Assert.Equal(expected, string.Join(' ', found.Order()));
    }

    private async Task<List<long>> ReadAllAsync(AuditQuery query, int take)
    {
        var found = new List<long>();
        AuditCursor? before = null;
        do
        {
            var page = await _reader.ReadAsync(query, before, take, Token);
            Assert.True(page.Next is null || page.Entries.Count == take); // A list by numbers needs whole pages.
            found.AddRange(page.Entries.Select(entry => entry.Sequence));
            before = page.Next;
        }
        while (before is not null);
        return found;
    }

    private async Task AssertWalksAnIndexAsync(AuditQuery query, string text)
    {
        if (TrailSearch.For(query, new AuditCursor(StoredTime.From(Noon), 9), 50) is not { } search)
        {
            return;
        }

        var plan = await _db.ReadAsync(
            connection =>
            {
                using var command = search.On(connection);
#pragma warning disable CA2100 // The statement under test.
                command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
#pragma warning restore CA2100
                return string.Join('\n', command.Rows(row => row.GetString(3)));
            },
            Token);

        Assert.True(plan.Contains("COMPOUND", StringComparison.Ordinal) || !plan.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{text}: {plan}");
        Assert.False(plan.Contains("SCAN f", StringComparison.Ordinal) || plan.Contains("SCAN e", StringComparison.Ordinal), $"{text}: {plan}");
        Assert.DoesNotContain("OFFSET", search.Statement, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("COUNT", search.Statement, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The terms said again, the slow way.</summary>
    private static bool Fits(AskedTerm[] terms, AuditEvent occurred) =>
        terms.Where(term => term.IsNot).All(term => !Fits(term, occurred))
        && terms.Where(term => !term.IsNot && term.Key != AskedKey.Event).All(term => Fits(term, occurred))
        && (!terms.Any(term => term is { IsNot: false, Key: AskedKey.Event }) || terms.Any(term => term is { IsNot: false, Key: AskedKey.Event } && Fits(term, occurred)));

    private static bool Fits(AskedTerm term, AuditEvent occurred) => term.Key switch
    {
        AskedKey.Actor => occurred.Actor.Id.Value == term.Value,
        AskedKey.Subject => $"{occurred.Subject?.Collection}/{occurred.Subject?.Id}" == term.Value,
        AskedKey.Event => term.Value.Split(',').Any(type => type.EndsWith('*') ? occurred.Type.StartsWith(type[..^1], StringComparison.Ordinal) : occurred.Type == type),
        AskedKey.Outcome => string.Equals(occurred.Outcome.ToString(), term.Value, StringComparison.OrdinalIgnoreCase),
        AskedKey.Ticket => string.Equals(occurred.Ticket, term.Value, StringComparison.OrdinalIgnoreCase),
        AskedKey.Session => occurred.SessionId == term.Value,
        AskedKey.After => occurred.At >= DateTimeOffset.Parse($"{term.Value}Z", System.Globalization.CultureInfo.InvariantCulture),
        AskedKey.Before => occurred.At < DateTimeOffset.Parse($"{term.Value}Z", System.Globalization.CultureInfo.InvariantCulture),
        _ when term.IsQuoted => Texts(occurred).Any(text => $" {string.Join(' ', IndexWords.WordsIn(text))} ".Contains($" {string.Join(' ', IndexWords.WordsIn(term.Value))} ", StringComparison.Ordinal)),
        _ => IndexWords.WordsIn(term.Value).All(word => Texts(occurred).SelectMany(IndexWords.WordsIn).Any(have => have.StartsWith(word, StringComparison.Ordinal))),
    };

    private static IEnumerable<string> Texts(AuditEvent occurred) => new[]
    {
        occurred.Reason, occurred.Ticket, occurred.Actor.Id.Value, occurred.Actor.Name, occurred.Subject?.Collection, occurred.Subject?.Id, occurred.Subject?.Name, occurred.SessionId,
    }.OfType<string>();

    private static IEnumerable<AskedTerm> Asked(Random dice)
    {
        for (var left = dice.Next(1, 4); left > 0; left--)
        {
            var not = dice.Next(2) == 0;
            yield return dice.Next(10) switch
            {
                0 => new(AskedKey.Actor, $"demo/staff-{dice.Next(5)}", not),
                1 => new(AskedKey.Subject, $"users/u{dice.Next(6)}", not),
                2 => new(AskedKey.Event, Types[dice.Next(Types.Length)], not),
                3 => new(AskedKey.Event, dice.Next(2) == 0 ? "session.*" : "record.viewed,policy.*", not),
                4 => new(AskedKey.Outcome, ((string[])["success", "denied", "failed"])[dice.Next(3)], not),
                5 => new(AskedKey.Ticket, Tickets[dice.Next(Tickets.Length)], not),
                6 => new(AskedKey.Session, $"s{dice.Next(6)}", not),
                7 => dice.Next(2) == 0 ? new(AskedKey.After, $"2030-01-02T12:0{dice.Next(5)}") : new(AskedKey.Before, $"2030-01-02T12:{dice.Next(8, 20):00}"),
                8 => new(AskedKey.Text, $"{Words[dice.Next(Words.Length)]} {Words[dice.Next(Words.Length)]}", not, IsQuoted: true),
                _ => new(AskedKey.Text, Words[dice.Next(Words.Length)][..1] + Words[dice.Next(Words.Length)][1..], not),
            };
        }
    }

    private static AuditEvent Rolled(Random dice, int i) => new(
        Types[dice.Next(Types.Length)],
        Noon.AddSeconds((i / 2) - (i % 11 == 0 ? 40 : 0)),
        new AuditActor(new StaffId($"demo/staff-{dice.Next(5)}"), "Somebody", [Role.Agent]))
    {
        Outcome = (AuditOutcome)Math.Max(0, dice.Next(8) - 5),
        Subject = dice.Next(4) == 0 ? null : new AuditSubject("users", $"u{dice.Next(6)}", "Ada"),
        SessionId = dice.Next(3) == 0 ? null : $"s{dice.Next(6)}",
        Reason = dice.Next(5) == 0 ? null : string.Join(' ', Enumerable.Range(0, dice.Next(1, 6)).Select(_ => Words[dice.Next(Words.Length)])),
        Ticket = dice.Next(3) == 0 ? null : Tickets[dice.Next(Tickets.Length)],
    };
}
