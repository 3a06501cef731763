using System.Text;
using CsCheck;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class PocketBaseFilterTests
{
    /// <summary>Text made mostly of what means something to a filter, to LIKE or to a careless encoder.</summary>
    private static readonly Gen<string> s_hostile = Gen.Frequency(
        (3, Gen.OneOf("\"", "'", "\\", "//", "%", "_", "$&", "\n", "\r", "\t", "||", "&&", "(", ")", "{:e}", " ", "é", "😀")),
        (1, Gen.Char.AlphaNumeric.Select(c => c.ToString())))
        .Array[0, 24].Select(parts => string.Concat(parts));

    private static readonly Gen<FilterGrammar> s_grammar = Gen.Enum<FilterGrammar>();

    [Theory]
    [InlineData("", true)]
    [InlineData("(vip = true || name = ')') && (name != \"(\")", true)]
    [InlineData("name = 'it\\'s' // a remark", true)]
    [InlineData("name = 'http://x' && (vip = true // ends here\n)", true)]
    [InlineData("vip = true // ) || (1 = 1", false)]
    [InlineData("vip = true // it's", false)]
    [InlineData("vip = true) || (1 = 1", false)]
    [InlineData("(vip = true", false)]
    [InlineData("name = 'x", false)]
    [InlineData("name = \"x'", false)]
    [InlineData("vip = true // )\n)", false)]
    public void A_filter_stands_alone_or_does_not(string filter, bool alone) => Assert.Equal(alone, PocketBaseFilter.StandsAlone(filter));

    [Theory]
    [InlineData("path = 'C:\\\\'", false, true)]
    [InlineData("a = 'x\\\\' || a = ') || (id != \"''\" && id != '\\''", false, true)]
    [InlineData("a = 'x\\\\' || b'", true, false)]
    [InlineData("a = 'x\\\\y' || (id = 'it\\'s')", true, true)]
    public void Where_a_text_ends_the_grammar_says(string filter, bool legacy, bool modern)
    {
        Assert.Equal((legacy, modern), (PocketBaseFilter.StandsAlone(FilterGrammar.Legacy, filter), PocketBaseFilter.StandsAlone(FilterGrammar.Modern, filter)));
        Assert.Equal(legacy && modern, PocketBaseFilter.StandsAlone(filter));
    }

    [Fact]
    public void A_literal_reads_back_as_the_text_it_was_made_of() =>
        Gen.Select(s_grammar, s_hostile).Sample((grammar, value) =>
        {
            if (PocketBaseFilter.TryLiteral(grammar, value, out var literal))
            {
                Assert.Equal(value, Read(grammar, literal));
            }
        });

    [Fact]
    public void A_pattern_matches_the_text_itself_and_nothing_through_wildcards() =>
        Gen.Select(s_grammar, s_hostile.Where(v => v.Length > 0)).Sample((grammar, value) =>
        {
            var pattern = Read(grammar, PocketBaseFilter.Contains(grammar, value));

            Assert.Equal(value, Unescaped(pattern));
        });

    [Fact]
    public void Only_a_trailing_backslash_of_the_older_grammar_is_refused_among_plain_text() =>
        Gen.Select(s_grammar, s_hostile).Sample((grammar, value) =>
            Assert.Equal(
                grammar == FilterGrammar.Modern || !value.EndsWith('\\'),
                PocketBaseFilter.TryLiteral(grammar, value, out _)));

    [Fact]
    public void Text_that_no_server_can_store_is_refused()
    {
        // No theory: attribute arguments are stored as UTF-8, which would mend half a surrogate pair.
        string[] unwritable = ["a\0b", "half \ud83d", "\ude00 half", "\ud83d\ud83d"];

        foreach (var (grammar, value) in Enum.GetValues<FilterGrammar>().SelectMany(g => unwritable.Select(v => (g, v))))
        {
            Assert.False(PocketBaseFilter.TryLiteral(grammar, value, out var literal));
            Assert.Null(literal);
            Assert.False(PocketBaseFilter.TryContains(grammar, value, out _));
            Assert.Throws<ArgumentException>(() => PocketBaseFilter.Literal(grammar, value));
        }
    }

    [Fact]
    public void Length_counts_in_bytes_with_the_quotes()
    {
        Assert.True(PocketBaseFilter.TryLiteral(FilterGrammar.Modern, new string('a', 3498), out var longest));
        Assert.Equal(PocketBaseFilter.MaxBytes, Encoding.UTF8.GetByteCount(longest));
        Assert.False(PocketBaseFilter.TryLiteral(FilterGrammar.Modern, new string('a', 3499), out _));
        Assert.False(PocketBaseFilter.TryLiteral(FilterGrammar.Modern, new string('é', 1750), out _));
        Assert.True(PocketBaseFilter.Fits(new string('é', 1750)));
        Assert.False(PocketBaseFilter.Fits(new string('é', 1751)));
    }

    [Fact]
    public void Nothing_is_not_a_text_to_search_for() =>
        Assert.False(PocketBaseFilter.TryContains(FilterGrammar.Modern, "", out _));

    /// <summary>Reads a literal the way the server does and fails where the literal ends early or not at all.</summary>
    private static string Read(FilterGrammar grammar, string literal)
    {
        Assert.Equal('"', literal[0]);
        var text = new StringBuilder();
        var i = 1;
        for (; i < literal.Length && literal[i] != '"'; i++)
        {
            if (literal[i] == '\\' && i + 1 < literal.Length && (literal[i + 1] == '"' || grammar == FilterGrammar.Modern))
            {
                i++;
                text.Append(literal[i] switch { 'n' when grammar == FilterGrammar.Modern => '\n', 'r' => '\r', 't' => '\t', var c => c });
            }
            else
            {
                text.Append(literal[i]);
            }
        }

        Assert.Equal(literal.Length - 1, i);
        return text.ToString();
    }

    /// <summary>Takes a LIKE pattern apart and fails on a wildcard that isn't one of the two at its ends.</summary>
    private static string Unescaped(string pattern)
    {
        Assert.Equal(('%', '%'), (pattern[0], pattern[^1]));
        var text = new StringBuilder();
        for (var i = 1; i < pattern.Length - 1; i++)
        {
            Assert.False(pattern[i] is '%' or '_');
            text.Append(pattern[i] == '\\' ? pattern[++i] : pattern[i]);
        }

        return text.ToString();
    }
}
