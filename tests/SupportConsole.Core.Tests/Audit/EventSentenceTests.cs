using System.Globalization;
using System.Text;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Tests.Audit;

/// <summary>What an event says as a sentence: every type, however it ended, whatever of it is missing, and whoever wrote it.</summary>
public sealed class EventSentenceTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly AuditActor Mia = new(new StaffId("demo/mia-chen"), "Mia Chen", [Role.Agent]);

    private static readonly AuditActor Ruth = new(new StaffId("demo/ruth-okafor"), "Ruth Okafor", [Role.Manager]);

    private static readonly AuditSubject Ada = new("users", "u1", "Ada Lovelace");

    private static readonly string Hostile =
        $"\u202Eevil\u2066\r\n\u2028<b>\u0000\u001b[31m \t  \ud800 {new string('x', 10_000)}";

    public static TheoryData<string, AuditEvent> Sentences => new()
    {
        { "Mia Chen read 20 posts as Ada Lovelace", Read(AuditEventTypes.RecordsListed, 20) },
        { "Mia Chen read 1 record of posts as Ada Lovelace", Read(AuditEventTypes.RecordsListed, 1) },
        { "Mia Chen looked for posts as Ada Lovelace and found none", Read(AuditEventTypes.RecordsListed, 0) },
        { "Mia Chen read 12,345 posts as Ada Lovelace", Read(AuditEventTypes.RecordsListed, 12_345) },
        { "Mia Chen read posts as Ada Lovelace", Read(AuditEventTypes.RecordsListed, null) },
        { "Mia Chen was refused posts as Ada Lovelace: closed", Read(AuditEventTypes.RecordsListed, null) with { Outcome = AuditOutcome.Denied, Detail = "closed" } },
        { "Mia Chen asked for posts as Ada Lovelace, and it failed: Unreachable", Read(AuditEventTypes.RecordsListed, null) with { Outcome = AuditOutcome.Failed, Detail = "Unreachable" } },
        { "Mia Chen asked for posts as Ada Lovelace", Read(AuditEventTypes.ReadRequested, null) with { Detail = AuditEventTypes.RecordsListed } },
        { "Mia Chen asked for something of the kind records.moved", Read(AuditEventTypes.ReadRequested, null) with { Detail = "records.moved" } },
        { "Mia Chen opened the record p1 of posts as Ada Lovelace", Read(AuditEventTypes.RecordViewed, 1) with { Target = new AuditTarget("posts") { RecordIds = ["p1"] } } },
        { "Mia Chen was refused the search for users", By(Mia, AuditEventTypes.PolicyDenied) with { Detail = "FindUsers" } },
        { "Mia Chen was refused the search for users: and 3 more like it since 12:00:00 UTC", By(Mia, AuditEventTypes.PolicyDenied) with { Detail = "FindUsers · and 3 more like it since 12:00:00 UTC" } },
        { "Mia Chen was refused viewing as users: the proof of identity was too old", By(Mia, AuditEventTypes.PolicyDenied) with { Detail = "ViewAsUsers: the proof of identity was too old" } },
        { "Mia Chen was refused: more than 60 searches a minute", By(Mia, AuditEventTypes.PolicyDenied) with { Detail = "more than 60 searches a minute" } },
        { "Mia Chen was refused: 3", By(Mia, AuditEventTypes.PolicyDenied) with { Detail = "3" } },
        { "Ruth Okafor took the role Support agent from Mia Chen", By(Ruth, AuditEventTypes.RoleRevoked) with { Subject = new AuditSubject(AuditSubject.Staff, "demo/mia-chen", "Mia Chen"), Detail = "Support agent" } },
        { "Ruth Okafor gave somebody a role", By(Ruth, AuditEventTypes.RoleGranted) },
        { "Mia Chen opened a session as Ada Lovelace for 15 min", By(Mia, AuditEventTypes.SessionOpened) with { Subject = Ada, Detail = "15 min" } },
        { "Mia Chen ended a session as Ada Lovelace", By(Mia, AuditEventTypes.SessionEnded) with { Subject = Ada, Detail = "ended by agent" } },
        { "The console ended a session as Ada Lovelace: idle · session of Mia Chen (demo/mia-chen)", By(AuditActor.System, AuditEventTypes.SessionEnded) with { Subject = Ada, Detail = "idle · session of Mia Chen (demo/mia-chen)" } },
        { "Ruth Okafor tested who blocks writes: writes blocked by the console", By(Ruth, AuditEventTypes.SetUpTested) with { Detail = "writes blocked by the console" } },
        { "Ruth Okafor asked for a test of who blocks writes, and it failed: Unreachable", By(Ruth, AuditEventTypes.SetUpTested) with { Outcome = AuditOutcome.Failed, Detail = "Unreachable" } },
        { "The console had PocketBase refuse the token of a session as Ada Lovelace", By(AuditActor.System, AuditEventTypes.SessionTokenRefused) with { Subject = Ada } },
        { "The console started", By(AuditActor.System, AuditEventTypes.SystemStarted) },
        { "demo/mia-chen signed in", By(Mia with { Name = " \u200B" }, AuditEventTypes.SignedIn) },
        { "somebody without a name signed in", By(new AuditActor(new StaffId(""), "", []), AuditEventTypes.SignedIn) },
        { "Mia Chen did something of the kind fair.visited: twice", By(Mia, "fair.visited") with { Detail = "twice" } },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void It_says_who_did_what_as_whom(string sentence, AuditEvent happened) => Assert.Equal(sentence, EventSentence.Of(Kept(happened)).ToString());

    [Fact]
    public void Every_type_has_words_of_its_own_for_each_outcome()
    {
        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            var sentences = AuditEventTypes.All.ToDictionary(type => type, type => EventSentence.Of(Kept(Whole(type) with { Outcome = outcome })).ToString());

            Assert.All(sentences, sentence =>
            {
                Assert.DoesNotContain(sentence.Key, sentence.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("of the kind", sentence.Value, StringComparison.Ordinal);
                Assert.Contains("Mia Chen", sentence.Value, StringComparison.Ordinal);
                Assert.Equal(IsItsOwnEnd(sentence.Key) || outcome == AuditOutcome.Success, !sentence.Value.Contains(outcome == AuditOutcome.Denied ? " was refused " : ", and it failed", StringComparison.Ordinal) || sentence.Key.EndsWith("denied", StringComparison.Ordinal));
            });
            if (outcome == AuditOutcome.Success)
            {
                Assert.Equal(sentences.Count, sentences.Values.Distinct().Count());
            }
        }
    }

    [Fact]
    public void Whatever_is_missing_or_hostile_it_stays_a_sentence_in_one_line()
    {
        var seen = 0;
        foreach (var happened in AuditEventTypes.All.Append(Hostile).Append("").SelectMany(Variants))
        {
            foreach (var outcome in Enum.GetValues<AuditOutcome>())
            {
                var erased = new ErasedText(Noon, Noon);
                foreach (var entry in (AuditEntry[])[Kept(happened with { Outcome = outcome }), Kept(happened) with { Erased = erased }, Kept(happened) with { IsDamaged = true }])
                {
                    Check(EventSentence.Of(entry));
                    Check(EventSentence.Unanswered(entry));
                    Check(EventSentence.OfSession(entry, null, entry, new Dictionary<string, long>()));
                    Check(EventSentence.OfSession(null, entry, entry, new Dictionary<string, long>()));
                    Check(EventSentence.OfSession(entry, entry, entry, new Dictionary<string, long> { [AuditEventTypes.RecordsListed] = long.MaxValue }));
                    seen++;
                }
            }
        }

        Assert.True(seen > 2000);
    }

    [Fact]
    public void People_are_parts_that_find_them_and_words_stand_between()
    {
        var sentence = EventSentence.Of(Kept(Read(AuditEventTypes.RecordsListed, 20)));

        Assert.Equal(
            [new SentencePart("Mia Chen", SentenceRole.Actor, "demo/mia-chen"), new SentencePart(" read 20 posts as "), new SentencePart("Ada Lovelace", SentenceRole.Subject, "users/u1")],
            sentence.Parts);
    }

    /// <summary>A name is the one of then, and finds the same person under the one of now.</summary>
    [Fact]
    public void A_name_that_changed_since_stays_as_it_was()
    {
        var before = EventSentence.Of(Kept(By(Mia, AuditEventTypes.SignedIn)));
        var after = EventSentence.Of(Kept(By(Mia with { Name = "Mia Okafor" }, AuditEventTypes.SignedIn)));

        Assert.Equal(("Mia Chen", "Mia Okafor"), (before.Parts[0].Text, after.Parts[0].Text));
        Assert.Equal(before.Parts[0].Id, after.Parts[0].Id);
    }

    [Fact]
    public void Somebody_erased_is_called_so_with_the_id()
    {
        var happened = Read(AuditEventTypes.RecordsListed, 2) with
        {
            Actor = Mia with { Name = PersonalText.ErasedWord }, Subject = Ada with { Name = PersonalText.ErasedWord },
            Reason = PersonalText.ErasedWord, Ticket = PersonalText.ErasedWord, Detail = PersonalText.ErasedWord,
        };

        var sentence = EventSentence.Of(Kept(happened) with { Erased = new ErasedText(Noon, Noon) });

        Assert.Equal("an erased person (demo/mia-chen) read 2 posts as an erased person (users/u1)", sentence.ToString());
        Assert.Equal([PersonalText.ErasedWord], sentence.Beside);
        // Somebody may be called so.
        Assert.StartsWith("(erased) read", EventSentence.Of(Kept(happened)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_entry_says_so_and_names_nobody()
    {
        var happened = new AuditEvent(AuditEventTypes.RecordsListed, Noon, AuditActor.Unreadable) { Outcome = AuditOutcome.Failed, Detail = "damaged: the bytes of this entry can't be read." };

        var sentence = EventSentence.Of(Kept(happened) with { IsDamaged = true });

        Assert.Equal("A damaged entry (records.listed): the bytes of this entry can't be read.", sentence.ToString());
        Assert.All(sentence.Parts, part => Assert.Equal(SentenceRole.Words, part.Role));
        Assert.Empty(sentence.Beside);
    }

    [Fact]
    public void Without_an_answer_it_says_that_none_was_recorded() => Assert.Equal(
        "Mia Chen asked for posts as Ada Lovelace; no answer was recorded",
        EventSentence.Unanswered(Kept(Read(AuditEventTypes.ReadRequested, null) with { Detail = AuditEventTypes.RecordsListed })).ToString());

    [Fact]
    public void Ticket_reason_and_what_it_has_not_told_stand_beside_it()
    {
        var sentence = EventSentence.Of(Kept(Read(AuditEventTypes.RecordsListed, 3) with { Reason = "Posts are\r\nmissing", Ticket = "SUP-12", Detail = "page 2" }));

        Assert.Equal(["page 2", "SUP-12", "Posts are missing"], sentence.Beside);
        var ended = EventSentence.Of(Kept(By(Mia, AuditEventTypes.SessionEnded) with { Subject = Ada, Detail = "ended by agent · PocketBase refuses the token too" }));
        Assert.Equal("Mia Chen ended a session as Ada Lovelace", ended.ToString());
        Assert.Equal(["PocketBase refuses the token too"], ended.Beside);
        Assert.Empty(EventSentence.Of(Kept(By(Ruth, AuditEventTypes.RoleRevoked) with { Detail = "Admin" })).Beside);
    }

    [Fact]
    public void A_session_is_one_sentence()
    {
        var opened = Kept(By(Mia, AuditEventTypes.SessionOpened) with { Subject = Ada, Ticket = "SUP-12", Reason = "Posts are missing", Detail = "15 min" });
        var ended = Kept(By(Mia, AuditEventTypes.SessionEnded) with { Subject = Ada, At = Noon.AddMinutes(12), Detail = "ended by agent" });
        var counts = new Dictionary<string, long>
        {
            [AuditEventTypes.ReadRequested] = 1053, [AuditEventTypes.RecordsListed] = 20, [AuditEventTypes.RecordViewed] = 1031, [AuditEventTypes.FileViewed] = 1, [AuditEventTypes.AccessCompared] = 1,
        };

        var sentence = EventSentence.OfSession(opened, ended, ended, counts);

        Assert.Equal("Mia Chen viewed as Ada Lovelace for 12 minutes: 20 lists, 1,031 records, 1 file, 1 explanation; SUP-12; ended by Mia Chen", sentence.ToString());
        Assert.Equal(["Posts are missing"], sentence.Beside);
        Assert.Equal(
            "Mia Chen has been viewing as Ada Lovelace: nothing was read; SUP-12; not ended yet",
            EventSentence.OfSession(opened, null, opened, new Dictionary<string, long>()).ToString());
        var by = ended with { Event = ended.Event with { Actor = Ruth, Detail = "ended by colleague · session of Mia Chen (demo/mia-chen)" } };
        Assert.EndsWith("; ended by Ruth Okafor", EventSentence.OfSession(opened, by, by, counts).ToString(), StringComparison.Ordinal);
        var idle = ended with { Event = ended.Event with { Actor = AuditActor.System, At = Noon.AddSeconds(1), Detail = "idle" } };
        Assert.Contains(" for 1 second: ", EventSentence.OfSession(opened, idle, idle, counts).ToString(), StringComparison.Ordinal);
        Assert.EndsWith("; ended: idle", EventSentence.OfSession(opened, idle, idle, counts).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_whose_opening_is_damaged_is_told_by_what_can_be_read()
    {
        var damaged = Kept(new AuditEvent(AuditEventTypes.SessionOpened, Noon, AuditActor.Unreadable)) with { IsDamaged = true };
        var ended = Kept(By(Mia, AuditEventTypes.SessionEnded) with { Subject = Ada, At = Noon.AddMinutes(1), Ticket = "SUP-12", Detail = "idle" });

        Assert.Equal(
            "Somebody (the entry of its opening is damaged) viewed as Ada Lovelace for 1 minute: nothing was read; SUP-12; ended: idle",
            EventSentence.OfSession(damaged, ended, ended, new Dictionary<string, long>()).ToString());
        Assert.EndsWith("; the entry of its end is damaged", EventSentence.OfSession(damaged, damaged, damaged, new Dictionary<string, long>()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_was_not_opened_is_told_by_its_newest_event()
    {
        var denied = Kept(By(Mia, AuditEventTypes.SessionDenied) with { Subject = Ada, Detail = "Protected" });

        Assert.Equal(
            "Mia Chen was refused a session as Ada Lovelace: Protected (2 events of a session that wasn't opened)",
            EventSentence.OfSession(null, null, denied, new Dictionary<string, long> { [AuditEventTypes.SessionRequested] = 1, [AuditEventTypes.SessionDenied] = 1 }).ToString());
    }

    private static void Check(EventSentence sentence)
    {
        var text = sentence.ToString();
        Assert.InRange(text.Length, 5, 800);
        Assert.All(sentence.Parts, part =>
        {
            Assert.NotEmpty(part.Text);
            Assert.Equal(part.Role == SentenceRole.Words, part.Id is null);
        });
        Assert.All(sentence.Beside.Append(text), line =>
        {
            Assert.DoesNotContain(line.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            Assert.DoesNotContain(line, char.IsSurrogate);
            // Whatever turns the direction is closed again, and nothing else does.
            Assert.DoesNotContain('\u202E', line);
            Assert.DoesNotContain('\u2066', line);
            Assert.Equal(line.Count(c => c == '\u2068'), line.Count(c => c == '\u2069'));
            Assert.DoesNotContain("  ", line, StringComparison.Ordinal);
        });
    }

    /// <summary>Each of what can be missing or hostile with most of the others: all with all would take a minute.</summary>
    private static IEnumerable<AuditEvent> Variants(string type)
    {
        AuditActor[] actors = [Mia, Mia with { Name = Hostile }, Mia with { Name = "" }, new AuditActor(new StaffId(Hostile), PersonalText.ErasedWord, []), AuditActor.System, AuditActor.Unreadable, new AuditActor(default, "", [])];
        AuditSubject?[] subjects = [null, Ada, new AuditSubject(Hostile, Hostile, Hostile), new AuditSubject("", "", PersonalText.ErasedWord)];
        AuditTarget?[] targets = [null, new AuditTarget("posts") { Count = 1, RecordIds = ["p1"] }, new AuditTarget(Hostile) { Count = int.MaxValue, RecordIds = [Hostile, ""] }, new AuditTarget("") { RecordIds = default }];
        string?[] texts = [null, "", PersonalText.ErasedWord, Hostile, AuditEventTypes.RecordsListed];
        return Enumerable.Range(0, 28).Select(number => new AuditEvent(type, Noon, actors[number % 7])
        {
            Subject = subjects[number % 4], Target = targets[number / 4 % 4], Detail = texts[number % 5], Reason = texts[number / 5 % 5], Ticket = texts[number / 3 % 5],
        });
    }

    private static AuditEvent Whole(string type) => By(Mia, type) with
    {
        Subject = Ada, Target = new AuditTarget("posts") { Count = 3, RecordIds = ["p1"] }, Detail = type == AuditEventTypes.ReadRequested ? AuditEventTypes.RecordsListed : "so and so",
    };

    private static bool IsItsOwnEnd(string type) => type is AuditEventTypes.ReadRequested or AuditEventTypes.SignInFailed or AuditEventTypes.SessionDenied or AuditEventTypes.SessionOpenFailed
        or AuditEventTypes.SessionTokenRejected or AuditEventTypes.RoleChangeDenied or AuditEventTypes.KeyChangeDenied or AuditEventTypes.KeyCreateFailed or AuditEventTypes.KeyChangeFailed
        or AuditEventTypes.AuditIntegrityFailed or AuditEventTypes.PocketBaseUnreachable or AuditEventTypes.PolicyDenied;

    private static AuditEvent Read(string type, int? count) => By(Mia, type) with { Subject = Ada, SessionId = "s1", Target = new AuditTarget("posts") { Count = count } };

    private static AuditEvent By(AuditActor actor, string type) => new(type, Noon, actor);

    private static AuditEntry Kept(AuditEvent happened) => new(7, happened, [1, 2]);
}
