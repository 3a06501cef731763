using CsCheck;
using SupportConsole.Core.Audit.Asking;

namespace SupportConsole.Core.Tests.Audit.Asking;

public sealed class AskedTextTests
{
    private static readonly string[] Pieces =
    [
        "event:", "actor:", "-", "\"", "\"\"", " ", "\t", "role.*", "outcome:denied", "Ada", ":", "evnet:", "x:y", "\u202e", "\u05d0\u05d1", "\0", "\ud800", "🙂", ",", "-subject:users/u1",
        "after:2026-12-01", "before:", "ticket:SUP-1", "session:s1", "\\", "%", "#", "&", "\u200d", "\u3000",
    ];

    public static TheoryData<string, int, int, string> Unreadable => new()
    {
        { "evnet:role.granted", 0, 6, "“evnet:” is no filter; did you mean “event:”?" },
        { "Ada -evnet:role.granted", 5, 6, "did you mean “event:”?" },
        { "sess:s1", 0, 5, "did you mean “session:”?" },
        { "https://app.example.test", 0, 6, "goes in quotes" },
        { "Ada event:", 4, 6, "“event:” has no value" },
        { "-event: x", 0, 7, "“event:” has no value" },
        { "-", 0, 1, "leaves nothing out" },
        { "Ada - Lovelace", 4, 1, "leaves nothing out" },
        { "Ada \"Love", 4, 1, "never closed" },
        { "actor:\"Mia", 6, 1, "never closed" },
        { "\"a\"\"", 0, 1, "never closed" },
        { "\"a\"b c", 3, 1, "stands a space" },
        { "\"\"", 0, 2, "nothing between" },
        { "text \" \"", 5, 3, "nothing between" },
        { "actor:a b actor:c", 10, 7, "stands here twice" },
        { "-after:2026-12-01", 0, 1, "Write before: instead" },
        { "denied\u202eentry", 6, 1, "U+202E" },
        { "a\0b", 1, 1, "U+0000" },
        { "a \U000e0041", 2, 2, "U+E0041" },
        { new string('x', 10_000), 800, 9_200, "800 characters at most, and this one has 10,000" },
        { string.Join(' ', Enumerable.Repeat("x", 41)), 80, 1, "40 terms at most" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_a_fault_at_its_character(string text, int at, int length, string sentence)
    {
        var fault = Assert.Single(AskedText.Parse(text).Faults);

        Assert.Equal((at, length), (fault.At, fault.Length));
        Assert.Contains(sentence, fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_a_fault() => Assert.Equal((1, 1), AskedText.Parse("a\ud83d").Faults.Select(fault => (fault.At, fault.Length)).Single());

    [Fact]
    public void Terms_keep_their_places()
    {
        var asked = AskedText.Parse("  Ada -event:role.*,key.*  ACTOR:\"Mia \"\"M\"\" Chen\" -\"two words\" שלום 10:30 --x");

        Assert.Empty(asked.Faults);
        Assert.Equal(
            [
                new AskedTerm(AskedKey.Text, "Ada") { At = 2, Length = 3 },
                new AskedTerm(AskedKey.Event, "role.*,key.*", IsNot: true) { At = 6, Length = 19 },
                new AskedTerm(AskedKey.Actor, "Mia \"M\" Chen", IsQuoted: true) { At = 27, Length = 22 },
                new AskedTerm(AskedKey.Text, "two words", IsNot: true, IsQuoted: true) { At = 50, Length = 12 },
                new AskedTerm(AskedKey.Text, "שלום") { At = 63, Length = 4 },
                new AskedTerm(AskedKey.Text, "10:30") { At = 68, Length = 5 },
                new AskedTerm(AskedKey.Text, "-x", IsNot: true) { At = 74, Length = 3 },
            ],
            asked.Terms);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n ")]
    public void Nothing_asks_for_nothing(string? text) => Assert.Equal((0, 0), (AskedText.Parse(text).Terms.Count, AskedText.Parse(text).Faults.Count));

    [Fact]
    public void Whatever_is_typed_is_read_or_pointed_at() =>
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat), Gen.String).Sample(
            text =>
            {
                var asked = AskedText.Parse(text);
                Assert.All(asked.Faults, fault => Assert.True(fault.At >= 0 && fault.Length > 0 && fault.At + fault.Length <= text.Length && fault.Sentence.Length > 0));
                Assert.All(asked.Terms, term => Assert.True(term.Value.Length > 0 && term.At + term.Length <= text.Length));
                Assert.True(asked.Terms.Count + asked.Faults.Count > 0 || text.All(char.IsWhiteSpace));
            },
            iter: 20_000);

    [Fact]
    public void What_was_read_is_written_and_read_again_as_the_same() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat).Sample(
            text =>
            {
                var terms = AskedText.Parse(text).Terms;
                Assert.Equal(terms.Select(Placeless), AskedText.Parse(AskedText.Write(terms)).Terms.Select(Placeless));
            },
            iter: 20_000);

    private static AskedTerm Placeless(AskedTerm term) => term with { At = 0, Length = 0 };
}
