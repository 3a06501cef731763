using System.Text.Json.Nodes;
using CsCheck;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.PocketBase;

/// <summary>The adapter against a real server; the classes at the end run all of it on each version.</summary>
public abstract class PocketBaseContract : IAsyncDisposable
{
    private const string Accounts = "service_accounts";
    private static readonly Caller s_agent = new("abc123", "s-42");

    private readonly PocketBaseServer _server;
    private readonly PocketBaseAccess _console;

    protected PocketBaseContract(PocketBaseServer server)
    {
        Assert.SkipUnless(server.Executable is not null, $"PocketBase {server.Version} is not installed: run 'npm ci' in tests and in src/SupportConsole/Demo.");
        _server = server;
        _console = new PocketBaseAccess(server.Url);
    }

    private static AppUserId Target => User("target000000000");

    private const string Mark = "0f1e2d3c4b5a6978";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_grammar_is_learnt_from_the_server()
    {
        var grammar = await _console.Superuser.GrammarAsync(Cancellation);

        Assert.Equal(_server.Version == "0.40.4" ? FilterGrammar.Modern : FilterGrammar.Legacy, grammar);
    }

    [Fact]
    public async Task What_is_stored_is_found_and_nothing_else()
    {
        string[] hostile =
        [
            "plain", "a\"b", "a'b", "\\", "a\\b", "a\\\"b", "\\\\", "\\\\\"", "\\n", "line\nbreak", "cr\rlf\r\n", "tab\tbed",
            "// comment", "a // \"", "\" // \\", "100%", "%", "_", "a_b", "\\%", "\\_", "$&", "$`", "{:e}", "\" || 1=1 // ", "' || 1=1 // ",
            "\\\" || 1=1 // ", "\\' || 1=1 // ", "|| 1=1 // \\", "\\\") || id != \"", "\") || (\"\" = \"", "@request.auth.id", "null", "true", "0",
            "😀 smile", "Ünal", "\u202eright to left", " inner  space ", new string('x', 3000), new string('é', 1400),
        ];

        foreach (var value in hostile)
        {
            await AssertFoundAloneAsync(value);
        }
    }

    [Fact]
    public async Task Random_nasty_text_is_found_and_nothing_else()
    {
        var parts = Gen.OneOf("\"", "'", "\\", "//", "%", "_", "$&", "\n", "\t", "||", "&&", "(", ")", "=", "~", "id", "1=1", " ", "é", "😀", "a");
        var text = parts.Array[1, 14].Select(p => string.Concat(p)).Where(t => t.Trim().Length > 0);
        var samples = new List<string>();
        text.Sample(samples.Add, iter: 60, threads: 1);

        foreach (var value in samples)
        {
            await AssertFoundAloneAsync(value);
        }
    }

    [Fact]
    public async Task A_guarded_list_may_fill_the_whole_filter()
    {
        var grammar = await _console.Superuser.GrammarAsync(Cancellation);
        var room = PocketBaseFilter.MaxBytes - "@request.auth.collectionName = '_superusers' && (\n)".Length - "name = ".Length - 2;

        var page = await FindAsync($"name = {PocketBaseFilter.Literal(grammar, new string('x', room))}");
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            FindAsync($"name = {PocketBaseFilter.Literal(grammar, new string('x', room + 1))}"));

        Assert.Empty(page.Items);
        Assert.Equal(PocketBaseProblemKind.Refused, problem.Kind);
    }

    [Fact]
    public async Task Searching_is_one_request_once_the_server_is_known()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);
        await console.Superuser.FindUsersAsync(SuperuserUse.FindUsers, s_agent, "users", "", 1, 20, Cancellation);
        relay.Clear();

        var page = await console.Superuser.FindUsersAsync(SuperuserUse.FindUsers, s_agent, "users", "verified = true", 1, 20, Cancellation);

        Assert.Equal("target000000000", Assert.Single(page.Items).Id);
        var seen = Assert.Single(relay.Requests);
        Assert.Equal("SupportConsole/1.0 (find-users; session s-42; actor abc123)", seen.UserAgent);
        Assert.Contains("sort=-created", seen.Path, StringComparison.Ordinal);
        Assert.Contains("skipTotal=1", seen.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_in_a_policy_filter_hides_neither_bracket_nor_guard() =>
        Assert.True(await _console.Superuser.MatchesAsync(
            SuperuserUse.CheckProtection, s_agent, Target, "verified = true // staff only", Cancellation));

    [Fact]
    public async Task A_filter_holds_for_one_user_and_not_for_another()
    {
        Assert.True(await _console.Superuser.MatchesAsync(SuperuserUse.CheckSignIn, s_agent, Target, "verified = true", Cancellation));
        Assert.False(await _console.Superuser.MatchesAsync(SuperuserUse.CheckSignIn, s_agent, User("decoy0100000000"), "verified = true", Cancellation));
        Assert.True(await _console.Superuser.MatchesAsync(SuperuserUse.CheckSignIn, s_agent, Target, "", Cancellation));
        Assert.False(await _console.Superuser.MatchesAsync(SuperuserUse.CheckSignIn, s_agent, User("nobody"), "", Cancellation));
        Assert.Equal(
            ["decoy0100000000", "decoy0200000000", "decoy0300000000"],
            (await _console.Superuser.FindIdsAsync(SuperuserUse.CheckProtection, s_agent, "users", "verified = false", Cancellation)).Order());
    }

    [Fact]
    public async Task A_broken_policy_filter_is_refused_and_not_taken_for_no()
    {
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            _console.Superuser.MatchesAsync(SuperuserUse.CheckProtection, s_agent, Target, "no_such_field = 1", Cancellation));

        Assert.Equal(PocketBaseProblemKind.Refused, problem.Kind);
    }

    [Fact]
    public async Task One_user_is_found_by_id_or_not_at_all()
    {
        var found = await _console.Superuser.FindUserAsync(SuperuserUse.ReadUser, s_agent, Target, Cancellation);

        Assert.Equal("target@example.test", found?.Text("email"));
        Assert.True(found?.Flag("verified"));
        Assert.NotNull(found?.Moment("created"));
        Assert.Null(await _console.Superuser.FindUserAsync(SuperuserUse.ReadUser, s_agent, User("nobody"), Cancellation));
    }

    [Fact]
    public async Task Collections_outside_the_list_are_refused_without_asking()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);

        foreach (var collection in (string[])["_superusers", "_Superusers", "posts", "users/../_superusers", ""])
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
                console.Superuser.FindUsersAsync(SuperuserUse.FindUsers, s_agent, collection, "", 1, 20, Cancellation));
            Assert.Equal(PocketBaseProblemKind.NotAllowed, problem.Kind);
        }

        Assert.True(AppUserId.TryCreate("posts", "post00000000001", out var post));
        var other = await Assert.ThrowsAsync<PocketBaseProblem>(() => console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, post, 60, Cancellation));
        Assert.Equal(PocketBaseProblemKind.NotAllowed, other.Kind);
        Assert.Empty(relay.Requests);
    }

    [Fact]
    public async Task Accounts_of_people_and_superusers_are_out_of_reach_in_every_spelling_without_asking()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);

        foreach (var collection in (string[])["_superusers", "_Superusers", "_SUPERUSERS", "pbc_3142635823", "users", "Users", "users/../_superusers", ""])
        {
            var account = new AccountId(collection, "post00000000001");
            foreach (var change in (Func<Task>[])[
                () => console.Accounts.ListAsync(SuperuserUse.ListKeys, s_agent, collection, Cancellation),
                () => console.Accounts.CreateAsync(s_agent, collection, [], wish: null, Cancellation),
                () => console.Accounts.SetDisabledAsync(s_agent, account, disabled: true, Cancellation),
                () => console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, account, Cancellation)])
            {
                Assert.Equal(PocketBaseProblemKind.NotAllowed, (await Assert.ThrowsAsync<PocketBaseProblem>(change)).Kind);
            }
        }

        Assert.Empty(relay.Requests);
    }

    [Fact]
    public async Task A_schema_keeps_no_rule_and_the_empty_rule_apart()
    {
        var users = await _console.Superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, s_agent, "users", Cancellation);
        var members = await _console.Superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, s_agent, "members", Cancellation);
        var locked = await _console.Superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, s_agent, "locked", Cancellation);

        Assert.Equal(("auth", "", "id = @request.auth.id"), (users.Type, users.AuthRule, users.ViewRule));
        Assert.True(users.Fields.Single(f => f.Name == "secret_note").Hidden);
        Assert.Null(members.AuthRule);
        Assert.Null(locked.ListRule);
        Assert.False(locked.HasField("created"));
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            _console.Superuser.ReadCollectionAsync(SuperuserUse.ReadSchema, s_agent, "nothing", Cancellation));
        Assert.Equal(PocketBaseProblemKind.Gone, problem.Kind);
    }

    [Fact]
    public async Task A_collection_without_creation_time_is_searched_in_order_of_insertion()
    {
        var page = await _console.Superuser.FindUsersAsync(SuperuserUse.FindUsers, s_agent, "members", "", 1, 20, Cancellation);

        Assert.Empty(page.Items);
    }

    [Fact]
    public async Task The_console_signs_in_once_and_renews_at_half_of_the_life()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => console.Superuser.ProbeAsync(Cancellation)));
        Assert.Single(relay.Requests, r => r.Path.EndsWith("/auth-with-password", StringComparison.Ordinal));

        relay.Clear();
        console.Clock.Advance(TimeSpan.FromHours(11.9));
        await console.Superuser.ProbeAsync(Cancellation);
        Assert.Single(relay.Requests);

        console.Clock.Advance(TimeSpan.FromHours(0.2));
        relay.Clear();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => console.Superuser.ProbeAsync(Cancellation)));
        Assert.Single(relay.Requests, r => r.Path.EndsWith("/auth-refresh", StringComparison.Ordinal));
        Assert.Equal(9, relay.Requests.Count);
    }

    [Fact]
    public async Task A_dead_superuser_token_is_replaced_without_an_empty_answer_in_between()
    {
        // Once before, so that the schema is known and the search itself is the first to meet the dead token.
        await FindAsync("");
        await _server.UpsertSuperuserAsync(PocketBaseServer.SuperuserPassword);

        var page = await FindAsync("");

        Assert.Equal(4, page.Items.Count);
    }

    [Fact]
    public async Task A_changed_password_is_said_and_mended_by_changing_it_back()
    {
        await FindAsync("");
        await _server.UpsertSuperuserAsync("another-root-pass-2");
        try
        {
            var first = await Assert.ThrowsAsync<PocketBaseProblem>(() => FindAsync(""));
            var second = await Assert.ThrowsAsync<PocketBaseProblem>(() => FindAsync(""));
            var heldBack = await Assert.ThrowsAsync<PocketBaseProblem>(() => FindAsync(""));
            Assert.All([first, second, heldBack], p => Assert.Equal(PocketBaseProblemKind.SuperuserRejected, p.Kind));
        }
        finally
        {
            await _server.UpsertSuperuserAsync(PocketBaseServer.SuperuserPassword);
        }

        _console.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(4, (await FindAsync("")).Items.Count);
    }

    [Fact]
    public async Task A_static_token_stands_in_for_a_password_until_it_dies()
    {
        var token = await _server.StaticSuperuserTokenAsync();
        await using var console = new PocketBaseAccess(
            _server.Url, ("PocketBase:SuperuserToken", token), ("PocketBase:SuperuserEmail", ""), ("PocketBase:SuperuserPassword", ""));

        Assert.NotNull(await console.Superuser.FindUserAsync(SuperuserUse.ReadUser, s_agent, Target, Cancellation));
        await _server.UpsertSuperuserAsync(PocketBaseServer.SuperuserPassword);
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            console.Superuser.FindUserAsync(SuperuserUse.ReadUser, s_agent, Target, Cancellation));

        Assert.Equal(PocketBaseProblemKind.SuperuserRejected, problem.Kind);
        Assert.Contains("PocketBase:SuperuserToken", problem.Message, StringComparison.Ordinal);
        AssertNowhere(console, token);
    }

    [Fact]
    public async Task A_second_factor_is_explained()
    {
        const string superusers = "/api/collections/_superusers";
        await _server.AdminAsync(HttpMethod.Patch, superusers, new JsonObject
        {
            ["otp"] = new JsonObject { ["enabled"] = true, ["duration"] = 180, ["length"] = 8 },
            ["mfa"] = new JsonObject { ["enabled"] = true, ["duration"] = 1800, ["rule"] = "" },
        });
        try
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Superuser.ProbeAsync(Cancellation));

            Assert.Equal(PocketBaseProblemKind.SecondFactorRequired, problem.Kind);
            Assert.Contains("PocketBase:SuperuserToken", problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            await _server.AdminAsync(HttpMethod.Patch, superusers, new JsonObject
            {
                ["mfa"] = new JsonObject { ["enabled"] = false, ["duration"] = 1800, ["rule"] = "" },
                ["otp"] = new JsonObject { ["enabled"] = false, ["duration"] = 180, ["length"] = 8 },
            });
        }
    }

    [Fact]
    public async Task A_session_reads_what_the_user_sees()
    {
        using var user = await ImpersonateAsync();

        var posts = await user.ListAsync(new RecordQuery("posts") { Sort = "title,id", Expand = "author" }, Cancellation);
        var own = await user.ViewAsync("posts", "post00000000001", "author", null, Cancellation);

        var page = Assert.IsType<ReadOutcome<RecordPage>.Found>(posts).Value;
        Assert.Equal(["Own draft", "Public"], page.Items.Select(p => p.Text("title")));
        var record = Assert.IsType<ReadOutcome<PocketBaseRecord>.Found>(own).Value;
        Assert.Equal("target@example.test", record.ExpandedAll("author").Single().Text("email"));
        Assert.False(record.ExpandedAll("author").Single().Has("secret_note"));
        Assert.Empty(record.Texts("attachments"));
    }

    [Fact]
    public async Task Empty_locked_hidden_and_missing_are_told_apart()
    {
        using var user = await ImpersonateAsync();

        var none = await user.ListAsync(new("empty"), Cancellation);
        var closed = await user.ListAsync(new("locked"), Cancellation);
        var nowhere = await user.ListAsync(new("nothing"), Cancellation);
        var outside = await user.ListAsync(new("../users"), Cancellation);
        var hidden = await user.ViewAsync("posts", "post00000000002", null, null, Cancellation);
        var locked = await user.ViewAsync("locked", "any", null, null, Cancellation);
        var climbing = await user.ViewAsync("posts", "../../users", null, null, Cancellation);

        Assert.Empty(Assert.IsType<ReadOutcome<RecordPage>.Found>(none).Value.Items);
        Assert.IsType<ReadOutcome<RecordPage>.Locked>(closed);
        Assert.IsType<ReadOutcome<RecordPage>.Missing>(nowhere);
        Assert.IsType<ReadOutcome<RecordPage>.Missing>(outside);
        Assert.IsType<ReadOutcome<PocketBaseRecord>.Missing>(hidden);
        Assert.IsType<ReadOutcome<PocketBaseRecord>.Locked>(locked);
        Assert.IsType<ReadOutcome<PocketBaseRecord>.Missing>(climbing);
    }

    [Fact]
    public async Task Reads_are_gets_with_a_proof_and_carry_the_session_in_their_name()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);
        using var user = await console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, Target, 60, Cancellation);
        relay.Clear();

        await user.ListAsync(new RecordQuery("posts"), Cancellation);

        Assert.Equal(["GET", "POST"], relay.Requests.Select(r => r.Method));
        Assert.Equal("/api/files/token", relay.Requests[1].Path);
        Assert.All(relay.Requests, r => Assert.Equal("SupportConsole/1.0 (session s-42; actor abc123)", r.UserAgent));
        AssertNowhere(console, relay.Requests[0].Authorization);
        Assert.All(relay.Requests, r => Assert.DoesNotContain(r.Authorization, r.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(relay.Requests[0].Authorization, user.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_with_a_dead_token_is_never_trusted()
    {
        using var user = await ImpersonateAsync();
        await user.ListAsync(new RecordQuery("posts"), Cancellation);
        await _server.RotateTokenKeyAsync(Target.Record);

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));
        var after = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ProveAliveAsync(Cancellation));

        Assert.Equal(PocketBaseProblemKind.TokenRejected, problem.Kind);
        Assert.Equal(PocketBaseProblemKind.TokenRejected, after.Kind);
    }

    [Fact]
    public async Task Changes_come_of_what_the_user_sees_with_the_fields_that_were_asked_for()
    {
        using var user = await ImpersonateAsync();
        using var changes = await user.ReadChangesAsync("posts", ["id", "title"], Cancellation);

        var theirs = await AddPostAsync("theirs", "decoy0100000000", "draft");
        var own = await AddPostAsync("own", Target.Record, "draft");
        await AssertNextAsync(ChangeKind.Created, "own");
        await _server.AdminAsync(HttpMethod.Patch, $"/api/collections/posts/records/{own}", new JsonObject { ["title"] = "own\ntoo" });
        await AssertNextAsync(ChangeKind.Updated, "own\ntoo");
        await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/posts/records/{own}");
        await AssertNextAsync(ChangeKind.Deleted, "own\ntoo");
        await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/posts/records/{theirs}");

        // One after the other: PocketBase announces in no certain order what happens at the same time.
        async Task AssertNextAsync(ChangeKind kind, string title)
        {
            var change = (await changes.NextAsync(Cancellation))!;
            Assert.Equal((kind, own, title), (change.Kind, change.Record.Id, change.Record.Text("title")));
            Assert.Equal(["id", "title"], change.Record.FieldNames.Order());
        }
    }

    [Fact]
    public async Task Changes_go_on_past_the_tokens_death_and_only_the_proof_tells()
    {
        using var user = await ImpersonateAsync();
        using var changes = await user.ReadChangesAsync("posts", ["id"], Cancellation);
        await _server.RotateTokenKeyAsync(Target.Record);

        var hidden = await AddPostAsync("own draft", Target.Record, "draft");
        var open = await AddPostAsync("open", Target.Record, "published");

        var heard = new HashSet<string> { (await changes.NextAsync(Cancellation))!.Record.Id };
        if (_server.Version == "0.36.8")
        {
            heard.Add((await changes.NextAsync(Cancellation))!.Record.Id);
        }

        Assert.Equal(_server.Version == "0.36.8" ? [hidden, open] : [open], heard);
        Assert.Equal(PocketBaseProblemKind.TokenRejected, (await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ProveAliveAsync(Cancellation))).Kind);
        await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/posts/records/{hidden}");
        await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/posts/records/{open}");
    }

    [Fact]
    public async Task Nobody_follows_with_a_dead_token()
    {
        using var user = await ImpersonateAsync();
        await _server.RotateTokenKeyAsync(Target.Record);

        Assert.Equal(PocketBaseProblemKind.TokenRejected, (await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ReadChangesAsync("posts", ["id"], Cancellation))).Kind);
    }

    [Fact]
    public async Task Access_ends_on_the_consoles_own_clock_and_when_forgotten()
    {
        using var user = await ImpersonateAsync(300);
        using var other = await ImpersonateAsync(300);
        Assert.Equal(_console.Clock.GetUtcNow().AddSeconds(300), user.ExpiresAt);

        other.Forget();
        _console.Clock.Advance(TimeSpan.FromSeconds(299));
        await user.ProveAliveAsync(Cancellation);
        _console.Clock.Advance(TimeSpan.FromSeconds(1));

        foreach (var ended in (ImpersonatedClient[])[user, other])
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => ended.ListAsync(new RecordQuery("posts"), Cancellation));
            Assert.Equal(PocketBaseProblemKind.TokenRejected, problem.Kind);
        }
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(59)]
    [InlineData(3601)]
    [InlineData(999999)]
    public async Task A_time_outside_the_bounds_is_refused(int seconds) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ImpersonateAsync(seconds));

    [Fact]
    public async Task A_user_that_is_gone_is_said_to_be_gone()
    {
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() =>
            _console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, User("nobody"), 60, Cancellation));

        Assert.Equal(PocketBaseProblemKind.Gone, problem.Kind);
    }

    [Fact]
    public async Task An_outage_is_said_and_passes()
    {
        using var user = await ImpersonateAsync();
        await _server.StopAsync();
        try
        {
            var asSuperuser = await Assert.ThrowsAsync<PocketBaseProblem>(() => FindAsync(""));
            var asUser = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));
            Assert.Equal(PocketBaseProblemKind.Unreachable, asSuperuser.Kind);
            Assert.Equal(PocketBaseProblemKind.Unreachable, asUser.Kind);
        }
        finally
        {
            await _server.StartAsync();
        }

        Assert.Equal(4, (await FindAsync("")).Items.Count);
        Assert.IsType<ReadOutcome<RecordPage>.Found>(await user.ListAsync(new RecordQuery("posts"), Cancellation));
    }

    [Fact]
    public async Task A_service_account_is_made_with_the_id_that_was_chosen_for_it()
    {
        var account = await AddAccountAsync("O'Brien's \"nightly\" importer 🐟");

        var found = await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation);
        var all = await _console.Accounts.ListAsync(SuperuserUse.ListKeys, s_agent, Accounts, Cancellation);

        Assert.Equal((account.Record, "O'Brien's \"nightly\" importer 🐟", false), (found!.Id, found.Text("label"), found.Flag("disabled")));
        Assert.NotNull(found.Moment("created"));
        Assert.Contains(all, record => record.Id == account.Record);
        Assert.Null(await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account with { Record = "nobody" }, Cancellation));
    }

    [Fact]
    public async Task An_id_is_used_once_and_what_is_refused_is_named()
    {
        var account = await AddAccountAsync("first");

        var second = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Accounts.CreateAsync(s_agent, Accounts, Account(account.Record, "second"), wish: null, Cancellation));
        var nameless = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Accounts.CreateAsync(s_agent, Accounts, Account(NewId(), ""), wish: null, Cancellation));
        var nowhere = await Assert.ThrowsAsync<PocketBaseProblem>(() => _console.Accounts.CreateAsync(s_agent, "nothing", Account(NewId(), "x"), wish: null, Cancellation));

        Assert.Equal((PocketBaseProblemKind.Refused, PocketBaseProblemKind.Refused, PocketBaseProblemKind.Gone), (second.Kind, nameless.Kind, nowhere.Kind));
        Assert.Contains("label", nameless.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation))!.Text("label"));
    }

    [Fact]
    public async Task A_token_for_ten_years_is_made_and_lives()
    {
        const long TenYears = 3650 * 86400L;
        var account = await AddAccountAsync("long one");

        using var token = await _console.Accounts.MintAsync(SuperuserUse.CreateKey, s_agent, account, TenYears, Cancellation);
        await token.ProveAliveAsync(Cancellation);

        Assert.True(TokenClaims.TryRead(token.Live(), out var claims));
        Assert.Equal(account.Record, claims.Id);
        Assert.Equal(TimeProvider.System.GetUtcNow().AddSeconds(TenYears), claims.ExpiresAt, TimeSpan.FromSeconds(20));
        Assert.Equal(_console.Clock.GetUtcNow().AddSeconds(TenYears), token.ExpiresAt);
        AssertNowhere(_console, token.Live());
    }

    [Fact]
    public async Task Ended_tokens_are_refused_at_once_and_those_of_another_account_are_not()
    {
        var account = await AddAccountAsync("ended");
        var other = await AddAccountAsync("other");
        using var key = await MintAsync(account);
        using var canary = await MintAsync(account);
        using var others = await MintAsync(other);
        Assert.False(await canary.IsRefusedAsync(Cancellation));

        await _console.Accounts.EndTokensAsync(s_agent, account, Mark, Cancellation);

        Assert.True(await canary.IsRefusedAsync(Cancellation));
        Assert.True(await key.IsRefusedAsync(Cancellation));
        Assert.False(await others.IsRefusedAsync(Cancellation));
        using var next = await MintAsync(account);
        await next.ProveAliveAsync(Cancellation);
    }

    [Fact]
    public async Task An_account_that_came_back_is_told_from_the_one_whose_tokens_were_ended()
    {
        const string before = "0123456789012345678901234567890123456789";
        var ended = await AddAccountAsync("ended for good");
        var restored = await AddAccountAsync("restored");
        var again = await AddAccountAsync("made again");
        await SetTokenKeyAsync(restored, before);
        using var key = await MintAsync(restored);
        foreach (var account in (AccountId[])[ended, restored, again])
        {
            Assert.True(await _console.Accounts.EndTokensAsync(s_agent, account, Mark, Cancellation));
        }

        await _console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, again, Cancellation);
        Assert.Empty(await ReturnedAsync());
        Assert.True(await key.IsRefusedAsync(Cancellation));

        await SetTokenKeyAsync(restored, before);
        await _console.Accounts.CreateAsync(s_agent, Accounts, Account(again.Record, "made again"), wish: null, Cancellation);

        Assert.False(await key.IsRefusedAsync(Cancellation)); // It lives again.
        Assert.Equal(new[] { again.Record, restored.Record }.Order(), (await ReturnedAsync()).Order());
        await _console.Accounts.EndTokensAsync(s_agent, restored, Mark, Cancellation);
        Assert.True(await key.IsRefusedAsync(Cancellation));
        Assert.Equal([again.Record], await ReturnedAsync());

        Task<IReadOnlyList<string>> ReturnedAsync() => _console.Accounts.ReturnedAsync(
            s_agent, Accounts, [(ended.Record, Mark), (restored.Record, Mark), (again.Record, Mark)], Cancellation);

        Task SetTokenKeyAsync(AccountId account, string tokenKey) => _server.AdminAsync(
            HttpMethod.Patch, $"/api/collections/{Accounts}/records/{account.Record}", new JsonObject { ["tokenKey"] = tokenKey });
    }

    [Fact]
    public async Task A_removed_account_takes_its_tokens_along_and_is_removed_once()
    {
        var account = await AddAccountAsync("removed");
        using var key = await MintAsync(account);

        await _console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, account, Cancellation);
        await _console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, account, Cancellation);

        Assert.Null(await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation));
        Assert.True(await key.IsRefusedAsync(Cancellation));
        Func<Task>[] changes =
        [
            () => MintAsync(account), () => _console.Accounts.EndTokensAsync(s_agent, account, Mark, Cancellation),
            () => _console.Accounts.SetDisabledAsync(s_agent, account, disabled: true, Cancellation),
        ];
        foreach (var change in changes)
        {
            Assert.Equal(PocketBaseProblemKind.Gone, (await Assert.ThrowsAsync<PocketBaseProblem>(change)).Kind);
        }
    }

    [Fact]
    public async Task What_a_dead_superuser_token_is_told_of_an_account_is_not_believed()
    {
        var account = await AddAccountAsync("still there");
        var token = await _server.StaticSuperuserTokenAsync();
        await using var console = new PocketBaseAccess(
            _server.Url, ("PocketBase:SuperuserToken", token), ("PocketBase:SuperuserEmail", ""), ("PocketBase:SuperuserPassword", ""));
        await _server.UpsertSuperuserAsync(PocketBaseServer.SuperuserPassword);

        Func<Task>[] asked =
        [
            () => console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, account, Cancellation),
            () => console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation),
            () => console.Accounts.ListAsync(SuperuserUse.ListKeys, s_agent, Accounts, Cancellation),
            () => console.Accounts.EndTokensAsync(s_agent, account, Mark, Cancellation),
            () => console.Accounts.SetDisabledAsync(s_agent, account, disabled: true, Cancellation),
            () => console.Accounts.MintAsync(SuperuserUse.CreateKey, s_agent, account, 60, Cancellation),
            () => console.Accounts.CollectionsAsync(SuperuserUse.ListKeys, s_agent, Cancellation),
            () => console.Accounts.LogSettingsAsync(s_agent, Cancellation),
        ];

        foreach (var ask in asked)
        {
            Assert.Equal(PocketBaseProblemKind.SuperuserRejected, (await Assert.ThrowsAsync<PocketBaseProblem>(ask)).Kind);
        }

        Assert.NotNull(await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation));
    }

    [Fact]
    public async Task An_account_is_marked_as_disabled_and_its_token_lives_on()
    {
        var account = await AddAccountAsync("disabled");
        using var key = await MintAsync(account);

        await _console.Accounts.SetDisabledAsync(s_agent, account, disabled: true, Cancellation);
        Assert.True(await IsDisabledAsync());
        Assert.False(await key.IsRefusedAsync(Cancellation));
        await _console.Accounts.SetDisabledAsync(s_agent, account, disabled: false, Cancellation);
        Assert.False(await IsDisabledAsync());

        async Task<bool> IsDisabledAsync() => (await _console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation))!.Flag("disabled");
    }

    [Fact]
    public async Task Accounts_of_people_and_of_superusers_are_out_of_reach()
    {
        await using var relay = await Relay.StartAsync(_server.Url);
        await using var console = new PocketBaseAccess(relay.Url);
        foreach (var collection in (string[])["users", "members", "_superusers", "users/../_superusers", ""])
        {
            AccountId account = new(collection, "target000000000");
            List<Func<Task>> changes =
            [
                () => console.Accounts.CreateAsync(s_agent, collection, Account(NewId(), "x"), wish: null, Cancellation),
                () => console.Accounts.RemoveAsync(SuperuserUse.CreateKey, s_agent, account, Cancellation),
                () => console.Accounts.SetDisabledAsync(s_agent, account, disabled: true, Cancellation),
                () => console.Accounts.ListAsync(SuperuserUse.ListKeys, s_agent, collection, Cancellation),
                () => console.Accounts.LookAsAsync(s_agent, account, Cancellation),
            ];
            if (collection != "_superusers")
            {
                changes.Add(() => console.Accounts.EndTokensAsync(s_agent, account, Mark, Cancellation));
                changes.Add(() => console.Accounts.MintAsync(SuperuserUse.CreateKey, s_agent, account, 60, Cancellation));
                changes.Add(() => console.Accounts.FindAsync(SuperuserUse.ListKeys, s_agent, account, Cancellation));
            }

            foreach (var change in changes)
            {
                Assert.Equal(PocketBaseProblemKind.NotAllowed, (await Assert.ThrowsAsync<PocketBaseProblem>(change)).Kind);
            }
        }

        Assert.DoesNotContain(relay.Requests, request => request.Path.Contains("/records", StringComparison.Ordinal) || request.Path.Contains("/impersonate/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_consoles_own_superuser_is_told_from_another()
    {
        Assert.True((await _console.Accounts.FindSuperuserAsync(s_agent, PocketBaseServer.SuperuserEmail, Cancellation))!.Value.IsConsoles);
        Assert.Null(await _console.Accounts.FindSuperuserAsync(s_agent, "nobody@example.test", Cancellation));
        var other = (await _server.AdminAsync(HttpMethod.Post, "/api/collections/_superusers/records", Account(NewId(), "ignored"))).GetProperty("id").GetString()!;

        try
        {
            var found = await _console.Accounts.FindSuperuserAsync(s_agent, $"{other}@service-account.invalid", Cancellation);

            Assert.Equal((new AccountId("_superusers", other), false), found!.Value);
            using var token = await MintAsync(found.Value.Account);
            await token.ProveAliveAsync(Cancellation);
            await _console.Accounts.EndTokensAsync(s_agent, found.Value.Account, Mark, Cancellation);
            Assert.True(await token.IsRefusedAsync(Cancellation));
            Assert.NotEmpty(await _console.Accounts.CollectionsAsync(SuperuserUse.ListKeys, s_agent, Cancellation));
        }
        finally
        {
            await _server.AdminAsync(HttpMethod.Delete, $"/api/collections/_superusers/records/{other}");
        }
    }

    [Fact]
    public async Task Every_collection_of_the_app_is_listed_and_none_of_PocketBases_own()
    {
        var collections = await _console.Accounts.CollectionsAsync(SuperuserUse.ListKeys, s_agent, Cancellation);

        Assert.Equal(["empty", "locked", "members", "posts", "service_accounts", "users"], collections.Select(collection => collection.Name).Order(StringComparer.Ordinal));
        var accounts = collections.Single(collection => collection.Name == Accounts);
        Assert.Equal(("auth", "id = @request.auth.id", true), (accounts.Type, accounts.ViewRule, accounts.Fields.Single(field => field.Name == "label").Required));
    }

    [Fact]
    public async Task Requests_of_an_account_are_counted_without_the_consoles_own_looks()
    {
        var account = await AddAccountAsync("counted");
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        using var key = await MintAsync(account);
        using (var look = await _console.Accounts.LookAsAsync(s_agent, account, Cancellation))
        {
            await look.ListAsync(new RecordQuery("posts"), Cancellation);
        }

        using var client = new HttpClient();
        foreach (var agent in (string[])["curl/8.5.0", ""])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Url, "/api/collections/posts/records"));
            request.Headers.TryAddWithoutValidation("Authorization", key.Live());
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            using var answer = await client.SendAsync(request, Cancellation);
        }

        var (count, newest) = (0L, (DateTimeOffset?)null);
        for (var attempt = 0; attempt < 5 && count < 2; attempt++)
        {
            await _server.FillLogAsync();
            (count, newest) = await _console.Accounts.RequestsOfAsync(s_agent, account, since, Cancellation);
        }

        Assert.Equal(2, count);
        Assert.Equal(TimeProvider.System.GetUtcNow(), newest!.Value, TimeSpan.FromSeconds(60));
        Assert.Equal((0, null), await _console.Accounts.RequestsOfAsync(s_agent, account, TimeProvider.System.GetUtcNow().AddMinutes(1), Cancellation));
        Assert.Equal((0, null), await _console.Accounts.RequestsOfAsync(s_agent, account with { Record = "nobody" }, since, Cancellation));
    }

    [Fact]
    public async Task The_log_has_a_sessions_requests_by_its_mark_and_gives_no_query_away()
    {
        var agent = new Caller("abc123", $"{Guid.NewGuid():n}");
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        using (var user = await _console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, agent, Target, 60, Cancellation))
        {
            await user.ListAsync(new RecordQuery("posts") { Filter = "title != 'whispered'", Sort = "-id" }, Cancellation);
            await user.ViewAsync("posts", "doesnotexist000", null, null, Cancellation);
        }

        IReadOnlyList<RequestLogLine> lines = [];
        // PocketBase writes its log down when nobody has asked for anything for three seconds.
        for (var attempt = 0; attempt < 5 && lines.Count < 5; attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3.5), TimeProvider.System, Cancellation);
            lines = (await _console.RequestLog.OfSessionAsync(SuperuserUse.CompareLog, s_agent, agent.SessionId!, since, 1, Cancellation))!;
        }

        // A line is logged after its answer has gone out, so that of two requests in a row the second may be written down first.
        Assert.Equal(
            [
                ("GET", "/api/collections/posts/records", 200, "users", agent.AsUserAgent()),
                ("GET", "/api/collections/posts/records/doesnotexist000", 404, "users", agent.AsUserAgent()),
                ("POST", $"/api/collections/users/impersonate/{Target.Record}", 200, "_superusers", agent.AsUserAgent(SuperuserUse.Impersonate)),
                ("POST", "/api/files/token", 200, "users", agent.AsUserAgent()), ("POST", "/api/files/token", 200, "users", agent.AsUserAgent()),
            ],
            lines.Select(line => (line.Method, line.Path, line.Status, line.Auth, line.UserAgent)).Order());
        Assert.DoesNotContain("whispered", string.Join(' ', lines), StringComparison.Ordinal);
        Assert.Equal(TimeProvider.System.GetUtcNow(), lines[0].At, TimeSpan.FromSeconds(60));
        Assert.Empty((await _console.RequestLog.OfSessionAsync(SuperuserUse.CompareLog, s_agent, agent.SessionId!, since, 2, Cancellation))!);
        Assert.Empty((await _console.RequestLog.OfSessionAsync(SuperuserUse.CompareLog, s_agent, "' || 1=1 //", since, 1, Cancellation))!);
        Assert.Equal(0, (await _console.RequestLog.SettingsAsync(SuperuserUse.CompareLog, s_agent, Cancellation))?.Level);
    }

    [Fact]
    public async Task Whether_the_log_tells_of_accounts_is_read_from_the_settings()
    {
        Assert.True((await _console.Accounts.LogSettingsAsync(s_agent, Cancellation)).Recorded);

        await _server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["logAuthId"] = false } });
        try
        {
            Assert.False((await _console.Accounts.LogSettingsAsync(s_agent, Cancellation)).Recorded);
        }
        finally
        {
            await _server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["logAuthId"] = true } });
        }
    }

    private static string NewId() => Guid.NewGuid().ToString("n")[..15];

    private static JsonObject Account(string id, string label) => new()
    {
        ["id"] = id, ["label"] = label, ["email"] = $"{id}@service-account.invalid", ["password"] = "test-account-pass-1", ["passwordConfirm"] = "test-account-pass-1",
    };

    private async Task<string> AddPostAsync(string title, string author, string status) =>
        (await _server.AdminAsync(HttpMethod.Post, "/api/collections/posts/records", new JsonObject { ["title"] = title, ["author"] = author, ["status"] = status }))
            .GetProperty("id").GetString()!;

    private async Task<AccountId> AddAccountAsync(string label)
    {
        var id = NewId();
        await _console.Accounts.CreateAsync(s_agent, Accounts, Account(id, label), wish: null, Cancellation);
        return new AccountId(Accounts, id);
    }

    private Task<MintedToken> MintAsync(AccountId account) => _console.Accounts.MintAsync(SuperuserUse.CreateKey, s_agent, account, 600, Cancellation);

    private static AppUserId User(string id)
    {
        Assert.True(AppUserId.TryCreate("users", id, out var user));
        return user;
    }

    private static void AssertNowhere(PocketBaseAccess console, string secret) =>
        Assert.All(console.Log.All, line =>
        {
            Assert.DoesNotContain(secret, line, StringComparison.Ordinal);
            Assert.DoesNotContain("eyJ", line, StringComparison.Ordinal);
            Assert.DoesNotContain(PocketBaseServer.SuperuserPassword, line, StringComparison.Ordinal);
        });

    private Task<ImpersonatedClient> ImpersonateAsync(int seconds = 900) =>
        _console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, Target, seconds, Cancellation);

    private Task<RecordPage> FindAsync(string filter) =>
        _console.Superuser.FindUsersAsync(SuperuserUse.FindUsers, s_agent, "users", filter, 1, 20, Cancellation);

    private async Task AssertFoundAloneAsync(string value)
    {
        var stored = await _server.AdminAsync(
            HttpMethod.Patch, $"/api/collections/users/records/{Target.Record}", new JsonObject { ["nickname"] = value });
        Assert.Equal(value, stored.GetProperty("nickname").GetString());

        var grammar = await _console.Superuser.GrammarAsync(Cancellation);
        if (PocketBaseFilter.TryLiteral(grammar, value, out var literal))
        {
            await AssertTargetAloneAsync($"nickname = {literal}", value);
        }

        if (PocketBaseFilter.TryContains(grammar, value, out var pattern))
        {
            await AssertTargetAloneAsync($"nickname ~ {pattern}", value);
        }
    }

    /// <summary>The literal stands between other parts, as in a search over several fields, where a breakout would show.</summary>
    private async Task AssertTargetAloneAsync(string condition, string value)
    {
        var found = await FindAsync($"(id = 'none' || {condition} || id = 'none') && nickname !~ 'nick of'");
        Assert.True(found.Items is [{ Id: "target000000000" }], $"{found.Items.Count} users found for <{value}>");
    }
}

/// <inheritdoc />
public sealed class PocketBase0391Tests(PocketBaseServer.Pinned server) : PocketBaseContract(server), IClassFixture<PocketBaseServer.Pinned>;

/// <inheritdoc />
public sealed class PocketBase0368Tests(PocketBaseServer.Oldest server) : PocketBaseContract(server), IClassFixture<PocketBaseServer.Oldest>;

/// <inheritdoc />
public sealed class PocketBase0404Tests(PocketBaseServer.Newest server) : PocketBaseContract(server), IClassFixture<PocketBaseServer.Newest>;
