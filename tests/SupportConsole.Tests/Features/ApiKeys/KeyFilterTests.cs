using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys.Inventory;

namespace SupportConsole.Tests.Features.ApiKeys;

public sealed class KeyFilterTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 8, 30, 0, TimeSpan.Zero);

    private static readonly KeyLine[] Lines =
    [
        Line("k1", "beta", "Ines Duarte", made: -1, ends: 300),
        Line("k2", "Alpha", "Omar Haddad", made: -85, ends: 5, holdsRole: false),
        Line("k3", "gamma", "Jan Peeters", made: -40, ends: -10),
        Line("k4", "delta", "Omar Haddad", made: -2, ends: 100, holdsRole: false, revoked: true),
        new(Key("k5", "outsider", -400, 1) with { ExpiresAt = null, Owner = new StaffId("") }, AccountPresence.There, new KeyOwner("", HoldsRole: false)),
    ];

    [Fact]
    public void Nothing_asked_for_is_everything_in_the_order_it_came_in()
    {
        Assert.Equal("k1 k2 k3 k4 k5", Ids(new KeyFilter()));
        Assert.Equal("k1 k2 k3 k4 k5", Ids(new KeyFilter(" ", "", " ")));
        Assert.Equal("everything", new KeyFilter(" ", "").Describe());
    }

    [Theory]
    [InlineData("ALPHA", "k2")]
    [InlineData("  alpha ", "k2")]
    [InlineData("haddad", "k2 k4")]
    [InlineData("purpose of gam", "k3")]
    [InlineData("maker of delta", "k4")]
    [InlineData("fingerprintofk1", "k1")]
    [InlineData("K5", "k5")]
    [InlineData("k", "k1 k2 k3 k4 k5")]
    [InlineData("%", "")]
    [InlineData("nothing like it", "")]
    public void A_text_is_found_wherever_people_would_look(string text, string found) => Assert.Equal(found, Ids(new KeyFilter(text)));

    [Theory]
    [InlineData("active", "k1")]
    [InlineData("Expiring", "k2")]
    [InlineData(" EXPIRED ", "k3")]
    [InlineData("revoked", "k4")]
    [InlineData("unknown", "k5")]
    [InlineData("suspended", "")]
    [InlineData("orphaned", "k2")]
    [InlineData(" Orphaned ", "k2")]
    public void A_state_narrows(string state, string found) => Assert.Equal(found, Ids(new KeyFilter(State: state)));

    [Theory]
    [InlineData("broken")]
    [InlineData("99")]
    [InlineData("0")]
    [InlineData("active,expired")]
    [InlineData("active|expired")]
    public void What_is_no_state_shows_nothing_and_says_so(string state)
    {
        var filter = new KeyFilter(State: state);

        Assert.Equal("", Ids(filter));
        Assert.Equal("nothing: the state can't be read", filter.Describe());
        Assert.EndsWith("is no state of a key. Choose from the list.", filter.Fault, StringComparison.Ordinal);
        Assert.Null((filter with { State = "orphaned" }).Fault);
    }

    [Theory]
    [InlineData("name", "k2 k1 k4 k3 k5")]
    [InlineData("-name", "k5 k3 k4 k1 k2")]
    [InlineData("owner", "k5 k1 k3 k2 k4")]
    [InlineData("-owner", "k2 k4 k3 k1 k5")]
    [InlineData("created", "k5 k2 k3 k4 k1")]
    [InlineData("-created", "k1 k4 k3 k2 k5")]
    [InlineData("expires", "k3 k2 k4 k1 k5")]
    [InlineData("-expires", "k5 k1 k4 k2 k3")]
    [InlineData("state", "k1 k2 k3 k4 k5")]
    [InlineData("-state", "k5 k4 k3 k2 k1")]
    [InlineData("token", "k1 k2 k3 k4 k5")]
    [InlineData("-", "k1 k2 k3 k4 k5")]
    public void An_order_sorts_and_an_unknown_one_does_not(string sort, string found) => Assert.Equal(found, Ids(new KeyFilter(Sort: sort)));

    [Fact]
    public void A_column_sorts_up_then_down_then_not_at_all()
    {
        var filter = new KeyFilter("text", "active");

        Assert.Equal(filter with { Sort = "name" }, filter.SortedBy("name"));
        Assert.Equal(filter with { Sort = "-name" }, filter.SortedBy("name").SortedBy("name"));
        Assert.Equal(filter, filter.SortedBy("name").SortedBy("name").SortedBy("name"));
        Assert.Equal(filter with { Sort = "owner" }, filter.SortedBy("name").SortedBy("owner"));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("importer", null, "-name")]
    [InlineData("a&b=c #1 100% 'ü' +", "expiring", "owner")]
    [InlineData(null, "orphaned", null)]
    public void A_filter_comes_back_from_its_address(string? text, string? state, string? sort)
    {
        var address = new Uri(new Uri("https://console.test"), new KeyFilter(text, state, sort).ToAddress());

        var values = QueryHelpers.ParseQuery(address.Query);

        Assert.Equal("/keys", address.AbsolutePath);
        Assert.Equal(new KeyFilter(text, state, sort), new KeyFilter(Value("text"), Value("state"), Value("sort")));

        string? Value(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    [Theory]
    [InlineData(null, null, "everything")]
    [InlineData("secret", null, "a text")]
    [InlineData(null, "expired", "state expired")]
    [InlineData("secret", "orphaned", "state orphaned, a text")]
    public void What_narrows_is_described_without_the_text(string? text, string? state, string expected) =>
        Assert.Equal(expected, new KeyFilter(text, state, "name").Describe());

    private static string Ids(KeyFilter filter) => string.Join(' ', filter.Apply(Lines, Now).Select(line => line.Key.Id));

    private static KeyLine Line(string id, string name, string owner, int made, int ends, bool holdsRole = true, bool revoked = false) =>
        new(Key(id, name, made, ends) with { Phase = revoked ? KeyPhase.Revoked : KeyPhase.Live }, AccountPresence.There, new KeyOwner(owner, holdsRole));

    private static ApiKey Key(string id, string name, int made, int ends) => new(
        id, "service_accounts", id, KeyKind.Service, name, $"purpose of {name}", new StaffId("demo/owner"), Now.AddDays(made), new StaffId("demo/maker"), $"maker of {name}",
        Now.AddDays(ends), KeyPhase.Live)
    { Fingerprint = $"fingerprintof{id}" };
}
