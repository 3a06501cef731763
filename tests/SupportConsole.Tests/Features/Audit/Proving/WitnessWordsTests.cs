using SupportConsole.Features.Audit.Proving;

namespace SupportConsole.Tests.Features.Audit.Proving;

public sealed class WitnessWordsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly WitnessState Good = new("a.example/w", 12_300, Now.AddMinutes(-8), null, null, null);

    [Fact]
    public void What_is_said_counts_those_who_cosigned_the_newest_and_names_the_others()
    {
        var gone = Good with { Size = 12_000, Fault = "b.example/w can't be reached at https://b.example/add-checkpoint (Connection refused).", Since = Now.AddHours(-3) };

        Assert.Equal(
            "2 of 3 witnesses cosigned event 12,300, 8 minutes ago. Since 2030-01-02 09:00 UTC: b.example/w can't be reached at https://b.example/add-checkpoint (Connection refused).",
            WitnessWords.Of([Good, gone, Good with { SignedAt = Now.AddMinutes(-1) }], Now));
        Assert.StartsWith("It contradicts. 1 of 2 witnesses", WitnessWords.Of([Good, gone with { Alarm = "It contradicts.", Fault = null }], Now), StringComparison.Ordinal);
        Assert.Equal("", WitnessWords.Of([], Now));
        Assert.Equal("None of 1 witness has cosigned yet.", WitnessWords.Of([new WitnessState("a", 0, null, null, null, null)], Now));
    }

    [Theory]
    [InlineData(-5, "a moment ago")]
    [InlineData(59, "a moment ago")]
    [InlineData(60, "1 minute ago")]
    [InlineData(7_199, "1 hour ago")]
    [InlineData(86_400 * 3, "3 days ago")]
    public void Its_age_is_said_in_the_largest_unit(int seconds, string ago) =>
        Assert.Equal($"1 of 1 witness cosigned event 12,300, {ago}.", WitnessWords.Of([Good with { SignedAt = Now.AddSeconds(-seconds) }], Now));
}
