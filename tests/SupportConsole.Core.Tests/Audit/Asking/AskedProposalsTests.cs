using SupportConsole.Core.Audit.Asking;

namespace SupportConsole.Core.Tests.Audit.Asking;

public sealed class AskedProposalsTests
{
    [Theory]
    [InlineData("ev", "event:")]
    [InlineData("-EV", "-event:")]
    [InlineData("Ada a", "Ada actor:|Ada after:")]
    [InlineData("event:gra", "event:role.granted ")]
    [InlineData("Ada -event:role.g", "Ada -event:role.granted ")]
    [InlineData("outcome:", "outcome:denied |outcome:failed ")]
    [InlineData("actor:chen", "actor:demo/mia-chen ")]
    [InlineData("mia", "actor:demo/mia-chen ")]
    [InlineData("den", "outcome:denied ")]
    [InlineData("subject:", "")]
    [InlineData("nothing:", "")]
    [InlineData("", "")]
    [InlineData("Ada ", "")]
    [InlineData("-", "")]
    [InlineData("\"ev", "")]
    [InlineData("actor:\"ev", "")]
    [InlineData("\"a b\" ev", "\"a b\" event:")]
    public void A_term_goes_on_as_what_fits(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', AskedProposals.For(text, -1, ValuesOf).Select(proposal => proposal.Text)));

    [Fact]
    public void What_stands_behind_stays() =>
        Assert.Equal("event:role.granted Ada", Assert.Single(AskedProposals.For("event:role.g Ada", 12, ValuesOf)).Text);

    [Theory]
    [InlineData("", "e", 1)]
    [InlineData("aa", "aaa", 3)]
    [InlineData("a b", "a xb", 3)]
    [InlineData("event: Ada", "event:r Ada", 7)]
    [InlineData("abc", "ac", 1)]
    [InlineData("abc", "", 0)]
    public void Where_somebody_types_is_behind_what_changed(string before, string after, int at) => Assert.Equal(at, AskedProposals.EditedAt(before, after));

    [Fact]
    public void No_more_are_proposed_than_can_be_looked_over() =>
        Assert.Equal(AskedProposals.Most, AskedProposals.For("event:x", 7, _ => Enumerable.Range(0, 100).Select(i => ($"x{i}", $"x{i}"))).Count);

    private static IEnumerable<(string, string)> ValuesOf(AskedKey key) => key switch
    {
        AskedKey.Event => [("role.granted", "role.granted"), ("key.created", "key.created")],
        AskedKey.Outcome => [("denied", "denied"), ("failed", "failed")],
        AskedKey.Actor => [("demo/mia-chen", "Mia Chen")],
        _ => [],
    };
}
