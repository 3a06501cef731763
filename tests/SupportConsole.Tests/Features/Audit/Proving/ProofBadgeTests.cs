using Bunit;
using SupportConsole.Core.Audit;
using SupportConsole.Features.Audit;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Features.Audit.Retaining;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>What the head of the audit page says of the trail, and what <em>Verify now</em> does.</summary>
public sealed class ProofBadgeTests() : WindowContext(Admin)
{
    private readonly List<AuditEntry> _opened = [];

    [Fact]
    public async Task Before_the_first_verification_it_says_so()
    {
        var badge = await ShowAsync();

        Assert.Equal("Not verified yet", badge.Find(".tag-quiet").TextContent);
        Assert.Equal("no checkpoint is signed yet", badge.Find(".signed").TextContent);
        Assert.Empty(badge.FindAll(".note, .danger-note"));
    }

    [Theory]
    [InlineData(0, "Verified up to event {0} · a moment ago", "tag-good")]
    [InlineData(3, "Verified up to event {0} · 3 minutes ago", "tag-good")]
    [InlineData(23 * 60, "Verified up to event {0} · 23 hours ago", "tag-good")]
    [InlineData(24 * 60, "Verification up to event {0} is 24 hours old", "tag-attention")]
    [InlineData(3 * 24 * 60, "Verification up to event {0} is 3 days old", "tag-attention")]
    public async Task Afterwards_it_says_up_to_where_and_when_and_warns_of_an_old_one(int minutes, string words, string tone)
    {
        var size = (await Console.Get<CheckpointDesk>().MakeAsync())!.Size;
        await Console.Get<Verification>().RunAsync(Me, null, Token);
        await Console.Get<CheckpointDesk>().MakeAsync();
        var badge = await ShowAsync();

        Console.Clock.Advance(TimeSpan.FromMinutes(minutes)); // The window stays as it is; it only counts the minutes.

        var expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, words, size);
        await badge.WaitForAssertionAsync(() => Assert.Equal(expected, badge.Find($".{tone}").TextContent));
        Assert.StartsWith($"signed up to event {size + 1}, ", badge.Find(".signed").TextContent, StringComparison.Ordinal);
        Assert.Empty(badge.FindAll(".note, .danger-note"));
    }

    [Fact]
    public async Task What_is_purged_by_rule_is_said_and_what_will_be()
    {
        await Console.Get<AuditTrail>().AppendAsync(
            new AuditEvent(AuditEventTypes.AuditPurged, Console.Clock.GetUtcNow(), AuditActor.System), connection => PurgeTable.Begin(connection, Console.Clock.GetUtcNow(), 0));
        using (var connection = Console.Get<ConsoleDb>().OpenWriter(700))
        {
            connection.Run("UPDATE audit_purge SET through = 2, gone = 2");
            PurgeTable.SetPlan(connection, new PurgePlan(Console.Clock.GetUtcNow(), 3));
        }

        var badge = await ShowAsync();

        Assert.Equal("events 1 to 2 purged by rule, a moment ago", badge.FindAll(".signed")[1].TextContent);
        Assert.StartsWith("event 3 will be purged by rule after ", badge.FindAll(".signed")[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_signs_for_too_long_is_said_with_what_stands_in_the_way()
    {
        await Console.Get<CheckpointDesk>().MakeAsync();
        await Console.Get<AuditTrail>().AppendAsync(new AuditEvent(AuditEventTypes.UsersSearched, Console.Clock.GetUtcNow(), AuditActor.System));
        Console.Clock.Advance(TimeSpan.FromMinutes(29.5));
        Assert.Empty((await ShowAsync()).FindAll(".note"));

        Console.Clock.Advance(TimeSpan.FromMinutes(91));
        Assert.StartsWith("No checkpoint for 2 hours: the newest events are signed by nobody yet", (await ShowAsync()).Find(".note").TextContent, StringComparison.Ordinal);

        var folder = Console.Get<CheckpointFolder>().Path;
        Directory.Move(folder, $"{folder}-away");
        await File.WriteAllTextAsync(folder, "in the way", Token);
        await Assert.ThrowsAsync<CheckpointFolderException>(Console.Get<CheckpointDesk>().MakeAsync);
        Console.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.StartsWith("No checkpoint for 31 minutes: The folder of the audit log's checkpoints", (await ShowAsync()).Find(".note").TextContent, StringComparison.Ordinal);

        File.Delete(folder);
        await Console.Get<CheckpointDesk>().MakeAsync();
        Assert.Empty((await ShowAsync()).FindAll(".note"));
    }

    [Fact]
    public async Task A_failed_verification_is_red_for_everybody_until_another_is_good()
    {
        await Console.Get<CheckpointDesk>().MakeAsync();
        Tamper("UPDATE audit_event SET body = CAST(replace(CAST(body AS TEXT), 'success', 'suceess') AS BLOB) WHERE seq = 2; DELETE FROM audit_event WHERE seq = 4");
        var badge = await ShowAsync();

        await PressAsync(badge, "Verify now");

        await badge.WaitForAssertionAsync(() => Assert.Equal("Not in order", badge.Find(".tag-bad").TextContent));
        Assert.StartsWith("NOT in order: ", badge.Find("[role=status]").TextContent, StringComparison.Ordinal);
        var again = await ShowAsync();
        Assert.StartsWith("Not in order: Event 2 isn't what was written", again.Find(".danger-note p").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Verify now", "event 2"], Buttons(again).Distinct().Take(2)); // Nothing that takes the red away.
        var faults = again.FindAll(".danger-note li").Select(fault => string.Join(' ', fault.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains(faults, fault => fault.StartsWith("Event altered · event 2 · Event 2 isn't", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Events missing · event 4 · ", StringComparison.Ordinal));

        await again.InvokeAsync(() => again.Find(".danger-note button").ClickAsync(new()));

        await again.WaitForAssertionAsync(() => Assert.Equal((2, true), (Assert.Single(_opened).Sequence, _opened[0].IsDamaged)));
        Assert.Equal((AuditEventTypes.AuditViewed, "event 2"), ((await Console.EventsAsync())[^1].Type, (await Console.EventsAsync())[^1].Detail));
    }

    [Fact]
    public async Task A_verdict_that_was_changed_is_no_good_one()
    {
        await Console.Get<Verification>().RunAsync(Me, null, Token);
        Tamper("UPDATE audit_verification SET verdict = replace(verdict, '\"FaultCount\":0', '\"FaultCount\":1')");

        Assert.Contains("was changed in the database", (await ShowAsync()).Find(".danger-note").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_verifies_it_shows_how_far_it_is_and_then_the_verdict()
    {
        var badge = await ShowAsync();
        var held = await HeldWriter.HoldAsync(Console.Get<ConsoleWriter>());

        var pressed = PressAsync(badge, "Verify now");

        await badge.WaitForAssertionAsync(() => Assert.Equal("100", badge.Find("[role=progressbar]").GetAttribute("aria-valuenow")));
        Assert.Matches("^100 % · ([0-9]+) of \\1 events$", badge.Find(".progress-words").TextContent);
        Assert.True(IsOff(Button(badge, "Verify now")));
        await held.DisposeAsync();
        await pressed;
        Assert.StartsWith("In order: all ", badge.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Verified up to event", badge.Find(".tag-good").TextContent, StringComparison.Ordinal);
        Assert.Empty(badge.FindAll("[role=progressbar]"));
        Assert.Equal(AuditEventTypes.AuditVerified, (await Console.EventsAsync())[^1].Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_can_be_cancelled_and_is_when_the_page_is_left(bool isLeft)
    {
        var badge = await ShowAsync();
        using var free = HoldFolder();
        var pressed = PressAsync(badge, "Verify now");
        await badge.WaitForAssertionAsync(() => Assert.NotEmpty(badge.FindAll("[role=progressbar]")));

        await (isLeft ? DisposeComponentsAsync() : PressAsync(badge, "Cancel"));

        free.Set();
        await pressed;
        if (!isLeft)
        {
            Assert.StartsWith("The verification was cancelled.", badge.Find("[role=status]").TextContent, StringComparison.Ordinal);
            Assert.Equal("Not verified yet", badge.Find(".tag").TextContent);
        }

        Assert.Null(await Console.Get<Verification>().LastAsync(Token));
    }

    [Fact]
    public async Task While_another_one_goes_on_it_says_that()
    {
        var badge = await ShowAsync();
        using var free = HoldFolder();
        var other = Console.Get<Verification>().RunAsync(Console.As(Admin), null, Token);

        await PressAsync(badge, "Verify now");

        await badge.WaitForAssertionAsync(() => Assert.StartsWith("The log is being verified at this moment", badge.Find("[role=status]").TextContent, StringComparison.Ordinal));
        free.Set();
        Assert.True((await other).IsGood);
    }

    private async Task<IRenderedComponent<ProofBadge>> ShowAsync()
    {
        var badge = Render<ProofBadge>(badge => badge.Add(b => b.OnOpen, _opened.Add));
        await badge.WaitForAssertionAsync(() => Assert.NotEmpty(badge.FindAll(".signed")));
        return badge;
    }

    private void Tamper(string statements)
    {
        using var connection = Console.File.Connect();
        SqliteFile.Tamper(connection, statements);
    }

    /// <summary>Has whoever looks into the folder of checkpoints, as each verification does first, wait until it is free.</summary>
    private ManualResetEventSlim HoldFolder()
    {
        var free = new ManualResetEventSlim();
        Console.Get<CheckpointFolder>().Files.Beginning = () => free.Wait(Token);
        return free;
    }
}
