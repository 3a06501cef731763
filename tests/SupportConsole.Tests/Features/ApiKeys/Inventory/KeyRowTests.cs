using Bunit;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.ApiKeys.Inventory;

/// <summary>What a line of the inventory says of a key, and what it offers to do with it.</summary>
public sealed class KeyRowTests : ConsoleContext
{
    private static readonly StaffId Ines = new("demo/ines-duarte"), Omar = new("demo/omar-haddad");

    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ApiKey Live = new(
        "k1", "service_accounts", "k1", KeyKind.ScheduledJob, "importer", "Imports the catalogue", Ines, Now.AddDays(-100), Ines, "Ines Duarte", Now.AddDays(100), KeyPhase.Live)
    { Fingerprint = "0a1b2c3d" };

    private static readonly ApiKey Foreign = Live with { ExpiresAt = null, Name = "outsider", Owner = new StaffId(""), CreatedByName = "", Fingerprint = null };

    private static readonly ApiKey Superuser = Live with { Collection = "_superusers", Kind = KeyKind.Superuser };

    private static readonly KeyRevocation Ending = new(Omar, "Omar Haddad", "The partner left");

    /// <summary>A key, where its account is, what is said of its state, and the buttons beside it.</summary>
    public static TheoryData<string, ApiKey, AccountPresence, string, string> States => new()
    {
        { "works", Live, AccountPresence.There, "active", "Rotate importer, Suspend importer, Revoke" },
        { "ends soon", Live with { ExpiresAt = Now.AddDays(6) }, AccountPresence.There, "in 6 days", "Rotate importer, Suspend importer, Revoke" },
        { "was rotated", Live with { RevokeAt = Now.AddHours(1) }, AccountPresence.There, "active", "Suspend importer, Revoke" },
        { "is suspended", Live with { SuspendedAt = Now }, AccountPresence.There, "suspended", "Rotate importer, Resume importer, Revoke" },
        { "has ended", Live with { ExpiresAt = Now }, AccountPresence.There, "expired", "" },
        { "is being revoked", Live with { Phase = KeyPhase.Revoking, Revocation = Ending }, AccountPresence.There, "being revoked", "Revoke" },
        { "was revoked", Live with { Phase = KeyPhase.Revoked, Revocation = Ending }, AccountPresence.Gone, "revoked", "" },
        { "came back", Live with { Phase = KeyPhase.Revoked, Revocation = Ending, RevivedAt = Now }, AccountPresence.There, "may work again", "Revoke" },
        { "lost its account", Live, AccountPresence.Gone, "unknown", "Revoke" },
        { "was made elsewhere", Foreign, AccountPresence.There, "unknown", "Revoke" },
        { "may do everything", Superuser, AccountPresence.There, "active", "Revoke" },
        { "waits for me", Superuser with { Phase = KeyPhase.Requested, CreatedBy = Omar }, AccountPresence.There, "waits for approval", "Approve importer, Decline" },
        { "waits for another", Superuser with { Phase = KeyPhase.Requested }, AccountPresence.There, "waits for approval", "Give up" },
        { "was approved", Superuser with { Phase = KeyPhase.Approved }, AccountPresence.There, "approved", "Create importer, Give up" },
        { "was approved by me", Superuser with { Phase = KeyPhase.Approved, CreatedBy = Omar }, AccountPresence.There, "approved", "Decline" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Each_state_has_its_word_and_offers_what_can_be_done(string what, ApiKey key, AccountPresence account, string word, string buttons)
    {
        var row = Show(key, account);

        Assert.Equal((what, word), (what, row.Find("[data-label=State] .tag").TextContent.Trim()));
        Assert.Equal((what, buttons), (what, string.Join(", ", row.FindAll("td.actions button").Select(button => button.GetAttribute("aria-label") ?? button.TextContent.Trim()))));
    }

    [Fact]
    public void Where_no_rule_cares_about_a_suspended_key_none_is_offered_but_its_end_is()
    {
        Assert.Equal(["Rotate importer", "Revoke"], Buttons(Show(Live, canSuspend: false)).Where(name => !name.StartsWith("History", StringComparison.Ordinal)));
        Assert.Contains("Resume importer", Buttons(Show(Live with { SuspendedAt = Now }, canSuspend: false)));
    }

    [Fact]
    public async Task What_is_pressed_is_what_is_told()
    {
        var acts = new List<KeyAct>();
        var given = 0;
        var live = Render<KeyRow>(p => p.Add(r => r.Line, Line(Live)).Add(r => r.Now, Now).Add(r => r.CanSuspend, true).Add(r => r.OnAct, acts.Add));
        var asked = Render<KeyRow>(p => p
            .Add(r => r.Line, Line(Superuser with { Phase = KeyPhase.Requested })).Add(r => r.Now, Now).Add(r => r.Me, Omar).Add(r => r.OnAct, acts.Add).Add(r => r.OnGiveUp, () => { given++; }));

        await PressAsync(live, "Rotate importer");
        await PressAsync(live, "Suspend importer");
        await PressAsync(live, "Revoke");
        await PressAsync(asked, "Approve importer");
        Assert.Equal(0, given);
        await PressAsync(asked, "Decline");

        Assert.Equal([KeyAct.Rotate, KeyAct.Suspend, KeyAct.Revoke, KeyAct.Approve], acts);
        Assert.Equal(1, given);
    }

    [Theory]
    [InlineData(AccountPresence.NotKnown, "PocketBase can't be asked.")]
    [InlineData(AccountPresence.Elsewhere, "Its account is in the collection service_accounts")]
    [InlineData(AccountPresence.Gone, "so it can't work. Revoke it to close it.")]
    public void Why_a_state_is_not_known_stands_under_it(AccountPresence account, string why) =>
        Assert.Contains(why, Show(Live, account).Find("[data-label=State] .person-detail").TextContent, StringComparison.Ordinal);

    [Fact]
    public void A_revoked_key_says_when_and_by_whom_and_what_proves_it()
    {
        var row = Show(Live with { Phase = KeyPhase.Revoked, Revocation = Ending with { At = Now.AddDays(-20), Proof = "refused (401)" } });

        Assert.Equal("13 Dec 2029 by Omar Haddad", row.Find("[data-label=State] .person-detail").TextContent);
        Assert.Equal("refused (401)", row.Find("[data-label=State] .tag").GetAttribute("title"));
    }

    [Fact]
    public void A_key_made_elsewhere_is_said_to_be_so_and_nothing_is_invented_about_it()
    {
        var row = Show(Foreign);

        Assert.Contains("made outside the console", row.Markup, StringComparison.Ordinal);
        Assert.Equal("not known", row.Find("[data-label=Owner] .quiet").TextContent);
        Assert.Equal("not known", row.Find("[data-label=Expires]").TextContent.Trim());
        Assert.Empty(row.FindAll("a.history, .expiry"));
    }

    [Fact]
    public void A_key_nobody_answers_for_is_flagged_while_it_may_work()
    {
        Assert.Equal("no role", Show(Live, holdsRole: false).Find("[data-label=Owner] .tag").TextContent.Trim());
        Assert.Empty(Show(Live with { ExpiresAt = Now }, holdsRole: false).FindAll("[data-label=Owner] .tag"));
        Assert.Empty(Show(Live).FindAll("[data-label=Owner] .tag"));
    }

    [Theory]
    [InlineData(-100, 100, "width:50%")]
    [InlineData(-10, 190, "width:5%")]
    [InlineData(-10, -1, "width:100%")]
    [InlineData(1, 10, "width:0%")]
    [InlineData(0, 0, "width:100%")]
    public void The_bar_shows_how_much_of_a_keys_life_is_gone(int made, int ends, string width) =>
        Assert.Equal(width, Show(Live with { CreatedAt = Now.AddDays(made), ExpiresAt = Now.AddDays(ends) }).Find(".expiry span").GetAttribute("style"));

    /// <summary>What the log told, and the words for it; what isn't read yet is null.</summary>
    public static TheoryData<KeyUsage?, string> Usages => new()
    {
        { null, "…" },
        { new KeyUsage(Recorded: false, 7, new Dictionary<string, KeyUse>()), "not recorded" },
        { Used(null, 0), "not in 7 days" },
        { Used(null, 0, days: 200), "not yet" },
        { Used(Now.AddMinutes(-4), 0.4), "03:00:05 fewer than 1 a day" },
        { Used(Now.AddMinutes(-4), 2.54), "03:00:05 2.5 a day" },
        { Used(Now.AddMinutes(-4), 12345.6), "03:00:05 12,346 a day" },
    };

    [Theory]
    [MemberData(nameof(Usages))]
    public void When_it_was_last_used_is_told_as_far_as_it_is_known(KeyUsage? usage, string words) =>
        Assert.Equal(words, string.Join(' ', Show(Live, usage: usage).Find("[data-label='Last used']").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Of_a_key_that_can_not_be_used_no_use_is_told()
    {
        Assert.Equal("—", Show(Live with { ExpiresAt = Now }, usage: Used(Now, 1)).Find("[data-label='Last used']").TextContent.Trim());
        Assert.Equal("—", Show(Live, AccountPresence.Gone, usage: Used(Now, 1)).Find("[data-label='Last used']").TextContent.Trim());
    }

    private static KeyUsage Used(DateTimeOffset? seen, double perDay, int days = 7) =>
        new(Recorded: true, days, new Dictionary<string, KeyUse> { [Live.Id] = new(seen, perDay) });

    private static KeyLine Line(ApiKey key, AccountPresence account = AccountPresence.There, bool holdsRole = true) =>
        new(key, account, new KeyOwner("Ines Duarte", holdsRole));

    private IRenderedComponent<KeyRow> Show(
        ApiKey key, AccountPresence account = AccountPresence.There, bool holdsRole = true, bool canSuspend = true, KeyUsage? usage = null) =>
        Render<KeyRow>(p => p
            .Add(r => r.Line, Line(key, account, holdsRole)).Add(r => r.Now, Now).Add(r => r.Usage, usage).Add(r => r.Me, Ines).Add(r => r.CanSuspend, canSuspend));
}
