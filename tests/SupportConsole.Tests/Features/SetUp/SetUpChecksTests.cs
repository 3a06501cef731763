using SupportConsole.Features.SetUp;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.Features.SetUp;

/// <summary>What is said about each thing of the set-up.</summary>
public sealed class SetUpChecksTests
{
    private static readonly CollectionFacts Users = Collection("users", TimeSpan.FromDays(5), "id = @request.auth.id", "CREATE INDEX i ON users (email)") with { Fields = ["id", "email"] };

    private static readonly SetUpFacts Best = new(
        ["192.0.2.1"], "192.0.2.1", LogsAccounts: true, LogDays: 5, LogLevel: 0, LimitsRates: true, ["192.0.2.0/24"],
        [Users, Collection("_superusers", TimeSpan.FromHours(1), null)]);

    private static readonly CompanionState Fitting = new(CompanionFit.Fits, CompanionScript.Version, IsStamped: true);

    [Fact]
    public void Nothing_is_advised_where_everything_is_done()
    {
        var checks = Of(Best);

        Assert.Equal(["The console's superuser"], checks.Where(check => check.State != SetUpState.Good).Select(check => check.Name));
        Assert.Equal(checks.Length, checks.Select(check => check.Name).Distinct().Count());
        Assert.All(checks, check => Assert.EndsWith(".", check.Finding, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_version_does_not_tell_is_unknown_or_advised_and_never_good()
    {
        var checks = Of(new SetUpFacts(null, "", null, null, null, null, null, []), new CompanionState(CompanionFit.Undecided));

        Assert.Equal(["Indexes that hurt"], checks.Where(check => check.State == SetUpState.Good).Select(check => check.Name));
    }

    [Theory]
    [InlineData(CompanionFit.Absent, "", false, SetUpState.Advice, "Not there", SetUpState.Advice)]
    [InlineData(CompanionFit.Older, "0.9", true, SetUpState.Advice, "0.9 is there, too old", SetUpState.Advice)]
    [InlineData(CompanionFit.Newer, "2.0", true, SetUpState.Advice, "2.0 is there, newer", SetUpState.Advice)]
    [InlineData(CompanionFit.Fits, "1.99", true, SetUpState.Advice, "1.99 is there and is used", SetUpState.Good)]
    [InlineData(CompanionFit.Undecided, "", false, SetUpState.Unknown, "no usable answer", SetUpState.Unknown)]
    [InlineData(CompanionFit.Fits, "1.2", false, SetUpState.Good, "1.2 is there", SetUpState.Advice)]
    internal void The_companion_is_told_by_its_version_and_its_stamp(
        CompanionFit fit, string version, bool stamped, SetUpState state, string words, SetUpState tested)
    {
        var checks = Of(Best, new CompanionState(fit, version, stamped));

        Assert.Equal((state, tested), (checks[0].State, checks[1].State));
        Assert.Contains(words, checks[0].Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_shortcoming_is_said_of_the_right_thing()
    {
        AssertAdvised(Best with { SuperuserAddresses = [] }, "Superusers' addresses", "192.0.2.1");
        AssertAdvised(Best with { LogsAccounts = false }, "Accounts in the log", "Enable Auth Id logging");
        AssertAdvised(Best with { LogDays = 0 }, "How long the log is kept", "no log");
        AssertAdvised(Best with { LogDays = 1 }, "How long the log is kept", "24 hours");
        AssertAdvised(Best with { LogLevel = 4 }, "What the log keeps", "INFO");
        AssertAdvised(Best with { UnlimitedAddresses = ["198.51.100.0/24", "nonsense"] }, "Rate limits", "192.0.2.1");
        AssertAdvised(Best with { UnlimitedAddresses = null }, "Rate limits", "0.38");
        AssertAdvised(Best with { Collections = [Users, Collection("_superusers", TimeSpan.FromDays(1), null)] }, "Superusers' tokens", "24 hours");
        AssertAdvised(Best with { Collections = [Users with { TokenLife = TimeSpan.FromDays(30) }, Best.Collections[1]] }, "Tokens of users", "30 days");
    }

    [Theory]
    [InlineData("CREATE UNIQUE INDEX i ON users (email) WHERE email != ''", false)]
    [InlineData("CREATE INDEX i ON users (email COLLATE NOCASE)", false)]
    [InlineData("CREATE INDEX i ON users (created, email)", false)]
    [InlineData("CREATE INDEX i ON users (email, created)", true)]
    public void An_index_on_email_is_one_that_an_exact_search_can_use(string index, bool good)
    {
        var checks = Of(Best with { Collections = [Collection("users", TimeSpan.FromDays(5), null, index) with { Fields = ["email"] }, Best.Collections[1]] });

        Assert.Equal(good ? SetUpState.Good : SetUpState.Advice, checks.Single(check => check.Name == "Index on email of users").State);
    }

    [Theory]
    [InlineData("status = 'published' || author = @request.auth.id", "CREATE INDEX i ON posts (status, created)", true)]
    [InlineData("author = @request.auth.id || status = 'published'", "CREATE INDEX i ON posts (`status`, `created`)", true)]
    [InlineData("status = 'published' && author = @request.auth.id", "CREATE INDEX i ON posts (status, created)", false)]
    [InlineData("status = 'published' || author = @request.auth.id", "CREATE INDEX i ON posts (status)", false)]
    [InlineData("status = 'published' || author = @request.auth.id", "CREATE INDEX i ON posts (created, status)", false)]
    [InlineData("author.status = 'x' || author = @request.auth.id", "CREATE INDEX i ON posts (status, created)", false)]
    [InlineData(null, "CREATE INDEX i ON posts (status, created)", false)]
    public void An_index_hurts_where_that_was_measured(string? rule, string index, bool hurts)
    {
        var posts = Collection("posts", null, rule, index) with { FewValued = ["status"] };

        var check = Of(Best with { Collections = [.. Best.Collections, posts] }).Single(it => it.Name == "Indexes that hurt");

        Assert.Equal(hurts ? (SetUpState.Advice, true) : (SetUpState.Good, false), (check.State, check.Finding.StartsWith("i of posts: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_users_that_may_be_viewed_are_spoken_of()
    {
        var others = Collection("service_accounts", TimeSpan.FromDays(400), null);

        Assert.DoesNotContain(Of(Best with { Collections = [.. Best.Collections, others] }), check => check.Name.Contains("service_accounts", StringComparison.Ordinal));
    }

    private static void AssertAdvised(SetUpFacts facts, string name, string words)
    {
        var check = Assert.Single(Of(facts), check => check.State == SetUpState.Advice);
        Assert.Equal(name, check.Name);
        Assert.Contains(words, check.Finding, StringComparison.Ordinal);
    }

    private static SetUpCheck[] Of(SetUpFacts facts, CompanionState? companion = null) =>
        [.. SetUpChecks.Of(facts, companion ?? Fitting, new PocketBaseOptions { UserCollections = ["users"] })];

    private static CollectionFacts Collection(string name, TimeSpan? life, string? rule, params string[] indexes) =>
        new($"id_of_{name}", name, life, rule, [], [], [.. indexes.Select(CollectionIndex.Parse).OfType<CollectionIndex>()]);
}
