using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Tests.ApiKeys;

public sealed class KeyStatesTests
{
    private static readonly DateTimeOffset Made = new(2027, 3, 1, 8, 30, 0, TimeSpan.Zero);

    private static readonly ApiKey Key = new(
        "k00000000000001", "service_accounts", "k00000000000001", KeyKind.Service, "importer", "Imports the catalogue", new StaffId("demo/ines-duarte"),
        Made, new StaffId("demo/ines-duarte"), "Ines Duarte", Made.AddDays(90), KeyPhase.Live);

    public static TheoryData<KeyPhase, AccountPresence, KeyState> Phases => new()
    {
        { KeyPhase.Requested, AccountPresence.There, KeyState.Waiting },
        { KeyPhase.Requested, AccountPresence.Gone, KeyState.Waiting },
        { KeyPhase.Requested, AccountPresence.NotKnown, KeyState.Waiting },
        { KeyPhase.Requested, AccountPresence.Elsewhere, KeyState.Waiting },
        { KeyPhase.Approved, AccountPresence.There, KeyState.Waiting },
        { KeyPhase.Approved, AccountPresence.Gone, KeyState.Waiting },
        { KeyPhase.Approved, AccountPresence.NotKnown, KeyState.Waiting },
        { KeyPhase.Approved, AccountPresence.Elsewhere, KeyState.Waiting },
        { KeyPhase.Draft, AccountPresence.There, KeyState.Unknown },
        { KeyPhase.Draft, AccountPresence.Gone, KeyState.Unknown },
        { KeyPhase.Draft, AccountPresence.NotKnown, KeyState.Unknown },
        { KeyPhase.Draft, AccountPresence.Elsewhere, KeyState.Unknown },
        { KeyPhase.Making, AccountPresence.There, KeyState.Unknown },
        { KeyPhase.Making, AccountPresence.Gone, KeyState.Unknown },
        { KeyPhase.Making, AccountPresence.NotKnown, KeyState.Unknown },
        { KeyPhase.Making, AccountPresence.Elsewhere, KeyState.Unknown },
        { KeyPhase.Dropping, AccountPresence.There, KeyState.Unknown },
        { KeyPhase.Dropping, AccountPresence.Gone, KeyState.Unknown },
        { KeyPhase.Dropping, AccountPresence.NotKnown, KeyState.Unknown },
        { KeyPhase.Dropping, AccountPresence.Elsewhere, KeyState.Unknown },
        { KeyPhase.Dropped, AccountPresence.There, KeyState.Unknown },
        { KeyPhase.Dropped, AccountPresence.Gone, KeyState.Unknown },
        { KeyPhase.Dropped, AccountPresence.NotKnown, KeyState.Unknown },
        { KeyPhase.Dropped, AccountPresence.Elsewhere, KeyState.Unknown },
        { KeyPhase.Live, AccountPresence.There, KeyState.Active },
        { KeyPhase.Live, AccountPresence.Gone, KeyState.Unknown },
        { KeyPhase.Live, AccountPresence.NotKnown, KeyState.Unknown },
        { KeyPhase.Live, AccountPresence.Elsewhere, KeyState.Unknown },
        { KeyPhase.Revoking, AccountPresence.There, KeyState.Revoking },
        { KeyPhase.Revoking, AccountPresence.Gone, KeyState.Revoking },
        { KeyPhase.Revoking, AccountPresence.NotKnown, KeyState.Revoking },
        { KeyPhase.Revoking, AccountPresence.Elsewhere, KeyState.Revoking },
        { KeyPhase.Revoked, AccountPresence.There, KeyState.Revoked },
        { KeyPhase.Revoked, AccountPresence.Gone, KeyState.Revoked },
        { KeyPhase.Revoked, AccountPresence.NotKnown, KeyState.Revoked },
        { KeyPhase.Revoked, AccountPresence.Elsewhere, KeyState.Revoked },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_phase_and_its_account_tell_the_state(KeyPhase phase, AccountPresence account, KeyState expected) =>
        Assert.Equal(expected, KeyStates.Of(Key with { Phase = phase }, account, Made));

    [Fact]
    public void Every_phase_is_told_with_every_presence() =>
        Assert.Equal(Enum.GetValues<KeyPhase>().Length * Enum.GetValues<AccountPresence>().Length, Phases.Select(row => (row.Data.Item1, row.Data.Item2)).Distinct().Count());

    [Theory]
    [InlineData(KeyPhase.Revoking, KeyState.Revoking)]
    [InlineData(KeyPhase.Revoked, KeyState.Revoked)]
    [InlineData(KeyPhase.Requested, KeyState.Waiting)]
    [InlineData(KeyPhase.Live, KeyState.Expired)]
    public void What_was_done_to_a_key_outlives_its_end(KeyPhase phase, KeyState expected) =>
        Assert.Equal(expected, KeyStates.Of(Key with { Phase = phase }, AccountPresence.There, Key.ExpiresAt!.Value.AddDays(1)));

    [Theory]
    [InlineData(AccountPresence.There)]
    [InlineData(AccountPresence.Gone)]
    [InlineData(AccountPresence.NotKnown)]
    public void An_end_that_has_come_needs_no_question(AccountPresence account) =>
        Assert.Equal(KeyState.Expired, KeyStates.Of(Key, account, Key.ExpiresAt!.Value));

    [Fact]
    public void A_key_works_until_the_very_end() =>
        Assert.Equal(KeyState.Expiring, KeyStates.Of(Key, AccountPresence.There, Key.ExpiresAt!.Value.AddTicks(-1)));

    [Fact]
    public void A_suspended_key_is_that_first_until_it_ends()
    {
        var suspended = Key with { SuspendedAt = Made.AddDays(1) };

        Assert.Equal(KeyState.Suspended, KeyStates.Of(suspended, AccountPresence.There, Made.AddDays(2)));
        Assert.Equal(KeyState.Suspended, KeyStates.Of(suspended, AccountPresence.There, Made.AddDays(89)));
        Assert.Equal(KeyState.Unknown, KeyStates.Of(suspended, AccountPresence.Gone, Made.AddDays(2)));
        Assert.Equal(KeyState.Expired, KeyStates.Of(suspended, AccountPresence.There, Made.AddDays(90)));
    }

    [Fact]
    public void A_key_made_outside_the_console_is_unknown_and_never_warned_of()
    {
        var foreign = Key with { ExpiresAt = null };

        Assert.True(foreign.IsForeign);
        Assert.Equal(KeyState.Unknown, KeyStates.Of(foreign, AccountPresence.There, Made));
        Assert.Null(KeyStates.WarningDue(foreign, DateTimeOffset.MaxValue));
        Assert.Equal(KeyState.Revoked, KeyStates.Of(foreign with { Phase = KeyPhase.Revoked }, AccountPresence.There, Made));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(59.9, null)]
    [InlineData(60, 30)]
    [InlineData(82.9, 30)]
    [InlineData(83, 7)]
    [InlineData(88.9, 7)]
    [InlineData(89, 1)]
    [InlineData(89.999, 1)]
    [InlineData(90, 0)]
    [InlineData(9000, 0)]
    public void The_shortest_warning_that_has_begun_stands(double days, int? expected) =>
        Assert.Equal(expected, KeyStates.WarningDue(Key, Made.AddDays(days)));

    [Theory]
    [InlineData(30, 0, null)]
    [InlineData(30, 22.9, null)]
    [InlineData(30, 23, 7)]
    [InlineData(30, 29, 1)]
    [InlineData(7, 0, null)]
    [InlineData(7, 5.9, null)]
    [InlineData(7, 6, 1)]
    [InlineData(1, 0, null)]
    [InlineData(1, 0.9, null)]
    [InlineData(1, 1, 0)]
    [InlineData(31, 0, null)]
    [InlineData(31, 1, 30)]
    [InlineData(8, 0, null)]
    [InlineData(8, 1, 7)]
    public void A_key_is_not_warned_of_a_time_that_it_was_made_for(int life, double days, int? expected) =>
        Assert.Equal(expected, KeyStates.WarningDue(Key with { ExpiresAt = Made.AddDays(life) }, Made.AddDays(days)));

    [Theory]
    [InlineData(-30)]
    [InlineData(0)]
    [InlineData(30)]
    public void Seconds_that_its_making_took_make_no_warning(int seconds)
    {
        var key = Key with { ExpiresAt = Made.AddDays(30).AddSeconds(seconds) };

        Assert.Null(KeyStates.WarningDue(key, Made.AddSeconds(40)));
        Assert.Equal(KeyState.Active, KeyStates.Of(key, AccountPresence.There, Made.AddSeconds(40)));
    }

    [Fact]
    public void A_key_that_is_warned_of_is_expiring()
    {
        Assert.Equal(KeyState.Active, KeyStates.Of(Key, AccountPresence.There, Made.AddDays(59)));
        Assert.Equal(KeyState.Expiring, KeyStates.Of(Key, AccountPresence.There, Made.AddDays(60)));
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<KeyKind>().Select(KeyKinds.NameOf).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyKinds.NameOf((KeyKind)99));
    }
}
