using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>What somebody types as a filter, on servers of either grammar; the classes at the end run all of it on each.</summary>
public abstract class FilterBoxTests(AnyApp server) : IAsyncLifetime
{
    private ConsoleServices _console = null!;
    private ViewAsSession _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server, settings: [("PocketBase:UserCollections:0", "people"), ("ViewAs:ProtectedUsers", "")]);
        _session = await _console.OpenAsync(User(AnyApp.Ann, "people"));
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("title != ''", 45)]
    [InlineData("title != '' // all of them", 45)]
    [InlineData("title != '' //", 45)]
    [InlineData("// nothing else\ntitle != ''", 45)]
    [InlineData("title ~ 'Mine' || title ~ 'Other'", 45)]
    [InlineData("rank = 1", 9)]
    [InlineData("(rank = 1 || rank = 2) && (kinds:length > 0)", 18)]
    [InlineData("title:lower ~ 'MINE 1%'", 11)]
    [InlineData("title:lower = 'mine 1'", 1)]
    [InlineData("kinds ?= 'a'", 0)]
    [InlineData("kinds:each ?= 'b'", 23)]
    [InlineData("kinds:length = 2", 23)]
    [InlineData("owner.mine_via_owner.rank ?= 4", 45)]
    [InlineData("owner.name = \"Ann\"", 45)]
    [InlineData("note ~ \"it's\"", 44)]
    [InlineData("note ~ 'it\\'s \"'", 44)]
    [InlineData("note ~ '('", 44)]
    [InlineData("note ~ ')'", 0)]
    [InlineData("created <= @now && created > '2020-01-01 00:00:00'", 45)]
    [InlineData("id = id", 45)]
    [InlineData("1 = 1", 45)]
    public async Task Each_page_keeps_to_the_filter_and_none_repeats(string filter, int count)
    {
        var titles = await AllAsync(new RecordsPlace("mine") { Filter = filter });

        Assert.Equal(count, titles.Count);
        Assert.Equal(count, titles.Distinct().Count());
        Assert.All(titles, title => Assert.StartsWith("Mine ", title, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title = 'x') || (1 = 1")]
    [InlineData("title = 'x' || 1 = 1) || (1 = 1")]
    [InlineData("1 = 1 // \n) || (1 = 1 //")]
    [InlineData("title = 'x\\\\' || title = ') || (id != \"''\" && id != '\\''")]
    [InlineData("title = '\\\\' || title = ') || (1=1) || (title = '")]
    [InlineData("title = 'x\\' || title = ' || 1=1) || (1=1 || title = \"'\"")]
    [InlineData("title = 'x' // ' \n ) || (id != '' // '")]
    [InlineData("title = \"x\\\") || (1=1) || (title = \\\"")]
    [InlineData("inner = 'x' || 1 = 1")]
    [InlineData("owner.tokenKey != ''")]
    [InlineData("owner.mine_via_owner.inner != ''")]
    [InlineData("@request.auth.id != ''")]
    [InlineData("@collection.secrets.title != ''")]
    [InlineData("title = '@collection.'")]
    [InlineData("title = '@request.'")]
    [InlineData("title ~ 'x'; DROP TABLE mine")]
    [InlineData("title ~ 'x' UNION SELECT 1")]
    [InlineData("2nd = 1")]
    [InlineData("&& title = 'x'")]
    [InlineData("\0")]
    [InlineData("title = 'a\0b'")]
    public async Task A_filter_that_is_none_shows_nothing_and_says_something(string filter)
    {
        foreach (var after in new[] { null, "2999-01-01 00:00:00.000Z~zzzzzzzzzzzzzzz" })
        {
            var listing = await ListAsync(new RecordsPlace("mine") { Filter = filter, After = after });

            if (listing is RecordListing.FilterRefused refused)
            {
                Assert.NotEmpty(refused.Hints);
            }
            else
            {
                // A text in one grammar can be an end of a text in the other; then it's a filter that nothing fits.
                Assert.Empty(Found(listing).Rows);
            }
        }
    }

    [Theory]
    [InlineData("title = 'x' || title = 'Mine 1'")]
    [InlineData("title = 'Mine 1' // ) || 1 = 1")]
    public async Task No_filter_takes_down_the_paging_around_it(string filter)
    {
        var listing = await ListAsync(new RecordsPlace("mine") { Filter = filter, After = "1999-01-01 00:00:00.000Z~0" });

        Assert.True(listing is RecordListing.FilterRefused || Found(listing).Rows.Count == 0, "Before the first record there is none.");
    }

    [Fact]
    public async Task A_filter_takes_as_much_as_the_paging_leaves_it()
    {
        var long3000 = $"title != '{new string('x', 2980)}'";
        var titles = await AllAsync(new RecordsPlace("mine") { Filter = long3000 });
        Assert.Equal(45, titles.Count);

        Assert.Contains("too long", Assert.IsType<RecordListing.FilterRefused>(await ListAsync(new RecordsPlace("mine") { Filter = $"title != '{new string('x', 3490)}'" })).Hints[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~'); DROP")]
    [InlineData("2024-01-01' || '1'='1~x")]
    [InlineData("~\" || 1=1 || \"")]
    [InlineData("-~\\")]
    [InlineData("nonsense")]
    [InlineData("~\uD83D")]
    [InlineData("~")]
    public async Task A_place_to_go_on_from_that_is_none_shows_no_more_than_there_is(string after)
    {
        var list = Found(await ListAsync(new RecordsPlace("mine") { After = after }));

        Assert.All(list.Rows, row => Assert.StartsWith("Mine ", row.Name, StringComparison.Ordinal));
    }

    private async Task<List<string>> AllAsync(RecordsPlace? place)
    {
        List<string> titles = [];
        while (place is not null)
        {
            var page = Found(await ListAsync(place));
            titles.AddRange(page.Rows.Select(row => row.Name));
            place = page.Next;
        }

        return titles;
    }

    private Task<RecordListing> ListAsync(RecordsPlace place) => _console.Get<RecordReader>().ListAsync(_console.As(Agent), _session.Id, place, Token);

    private static RecordList Found(RecordListing listing) =>
        Assert.IsType<ReadOutcome<RecordList>.Found>(Assert.IsType<RecordListing.Read>(listing).Outcome).Value;
}

public sealed class FilterBoxOfOlderGrammarTests(AnyApp server) : FilterBoxTests(server), IClassFixture<AnyApp>;

public sealed class FilterBoxOfNewerGrammarTests(NewestAnyApp server) : FilterBoxTests(server), IClassFixture<NewestAnyApp>;
