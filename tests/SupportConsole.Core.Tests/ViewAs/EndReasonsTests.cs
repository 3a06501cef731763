using SupportConsole.Core.ViewAs;

namespace SupportConsole.Core.Tests.ViewAs;

public sealed class EndReasonsTests
{
    private static readonly EndReason[] All = Enum.GetValues<EndReason>();

    [Fact]
    public void Every_reason_is_read_back_from_the_word_it_is_written_as() =>
        Assert.All(All, reason => Assert.Equal(reason, EndReasons.Parse(EndReasons.CodeOf(reason))));

    [Fact]
    public void Every_reason_is_said_in_a_sentence() =>
        Assert.All(All, reason => Assert.EndsWith(".", EndReasons.SentenceOf(reason, own: true), StringComparison.Ordinal));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Idle")]
    [InlineData("a word of a later version")]
    public void An_unknown_word_is_no_reason(string? code) => Assert.Null(EndReasons.Parse(code));

    [Fact]
    public void A_value_outside_the_list_has_no_word() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EndReasons.CodeOf((EndReason)99));
}
