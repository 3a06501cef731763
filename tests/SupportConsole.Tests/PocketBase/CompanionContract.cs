using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SupportConsole.Core.Users;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.PocketBase;

/// <summary>The companion hook in a real server, and the adapter that relies on it; the classes at the end run all of it on each version.</summary>
public abstract class CompanionContract : IAsyncLifetime
{
    private const string Name = CompanionScript.FileName;
    private const string OwnId = "_pb_users_auth_/target000000000";
    private static readonly Caller s_agent = new("abc123", "s-42");

    private readonly GuardedServer _server;
    private readonly HttpClient _http = new();
    private PocketBaseAccess _console = null!;
    private Relay _relay = null!;

    protected CompanionContract(GuardedServer server)
    {
        Assert.SkipUnless(server.Executable is not null, $"PocketBase {server.Version} is not installed: run 'npm ci' in tests and in src/SupportConsole/Demo.");
        _server = server;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await Relay.StartAsync(_server.Url);
        _console = new PocketBaseAccess(_relay.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
            await _relay.DisposeAsync();
        }

        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_says_that_it_is_there_to_superusers_alone()
    {
        Assert.Equal(new CompanionState(CompanionFit.Fits, CompanionScript.Version, IsStamped: true), await _console.Companion.FindAsync(s_agent, Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(HttpMethod.Get, CompanionScript.Path, null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await CallAsync(HttpMethod.Get, CompanionScript.Path, await OwnTokenAsync())).Status);
    }

    [Theory]
    [InlineData("0.9", CompanionFit.Older, false)]
    [InlineData("1.99", CompanionFit.Fits, true)]
    [InlineData("2.0", CompanionFit.Newer, false)]
    [InlineData("", CompanionFit.Undecided, false)]
    public async Task A_version_is_recognised_and_another_major_one_is_not_used(string version, object fit, bool used)
    {
        await WithHookAsync(Name, CompanionScript.Text.Replace($"\"{CompanionScript.Version}\"", $"\"{version}\"", StringComparison.Ordinal), async () =>
        {
            Assert.Equal((CompanionFit)fit, (await _console.Companion.FindAsync(s_agent, Cancellation)).Fit);
            using var user = await ImpersonateAsync();
            Assert.Equal((used, used), (user.Mark is not null, await user.ProveGuardedAsync(Cancellation)));
        });
    }

    [Fact]
    public async Task A_server_without_a_hook_has_none() =>
        await WithHookAsync(Name, null, async () =>
        {
            Assert.Equal(new CompanionState(CompanionFit.Absent), await _console.Companion.FindAsync(s_agent, Cancellation));
            using var user = await ImpersonateAsync();
            _relay.Clear();
            Assert.False(user.Mark is not null || await user.ProveGuardedAsync(Cancellation));
            Assert.Empty(_relay.Requests);
        });

    [Fact]
    public async Task A_sessions_token_names_actor_and_session_and_reads_as_before()
    {
        using var one = await ImpersonateAsync();
        using var two = await ImpersonateAsync();

        Assert.Equal(("abc123", "s-42"), (one.Mark?.Actor, one.Mark?.Session));
        Assert.NotEqual(one.Mark!.TokenId, two.Mark!.TokenId);
        var posts = Assert.IsType<ReadOutcome<RecordPage>.Found>(await one.ListAsync(new RecordQuery("posts") { Sort = "title,id" }, Cancellation)).Value;
        Assert.Equal(["Own draft", "Public"], posts.Items.Select(p => p.Text("title")));
    }

    /// <summary>Rules of apps tell such tokens by the text before the end of the standard claims, so that must be what PocketBase makes.</summary>
    [Fact]
    public async Task The_mark_leaves_everything_before_it_as_it_was()
    {
        var rule = "@request.auth.id != '' && @request.headers.authorization !~ 'OmZhbHNlLCJ0'";
        await _server.AdminAsync(HttpMethod.Post, "/api/collections", new JsonObject { ["type"] = "base", ["name"] = "own_only", ["listRule"] = rule });
        await _server.AdminAsync(HttpMethod.Post, "/api/collections/own_only/records");
        var plain = await MintAsync(null);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var marked = await MintAsync("s-42");
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(["collectionId", "exp", "id", "refreshable", "type", "view_as"], Payload(marked).EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(Payload(plain).EnumerateObject().Select(c => c.Name), Payload(marked).EnumerateObject().Select(c => c.Name).SkipLast(1));
        Assert.InRange(Payload(marked).GetProperty("exp").GetInt64(), before + 900, after + 900);
        Assert.Equal((1, 0, 0), (await CountAsync("own_only", await OwnTokenAsync()), await CountAsync("own_only", plain), await CountAsync("own_only", marked)));
    }

    [Fact]
    public async Task Nobody_but_a_superuser_gets_a_mark_and_no_superuser_is_marked()
    {
        var login = await CallAsync(
            HttpMethod.Post, "/api/collections/users/auth-with-password", null,
            new JsonObject { ["identity"] = "target@example.test", ["password"] = "test-user-pass-1" }, ("X-Support-Console-Session", "s"), ("X-Support-Console-Actor", "a"));
        var root = (await _server.AdminAsync(HttpMethod.Get, "/api/collections/_superusers/records")).GetProperty("items")[0].GetProperty("id").GetString();
        var superuser = await CallAsync(
            HttpMethod.Post, $"/api/collections/_superusers/impersonate/{root}", await _server.StaticSuperuserTokenAsync(), new JsonObject { ["duration"] = 60 },
            ("X-Support-Console-Session", "s"), ("X-Support-Console-Actor", "a"));

        Assert.False(Payload(login.Text("token")).TryGetProperty("view_as", out _));
        Assert.False(Payload(superuser.Text("token")).TryGetProperty("view_as", out _));
    }

    [Fact]
    public async Task A_superuser_has_a_token_of_their_own_marked_for_a_test_and_of_no_other_superuser()
    {
        var caller = await _server.StaticSuperuserTokenAsync();
        await _server.AdminAsync(HttpMethod.Post, "/api/collections/_superusers/records", new JsonObject
        {
            ["email"] = "second@example.test", ["password"] = "second-pass-1234", ["passwordConfirm"] = "second-pass-1234",
        });
        var all = (await _server.AdminAsync(HttpMethod.Get, "/api/collections/_superusers/records")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToArray();
        Assert.Equal(2, all.Length);

        foreach (var id in all)
        {
            var made = await CallAsync(
                HttpMethod.Post, $"/api/collections/_superusers/impersonate/{id}", caller, new JsonObject { ["duration"] = 60 },
                ("X-Support-Console-Session", "self-test"), ("X-Support-Console-Actor", "a"));
            Assert.Equal(id == Payload(caller).GetProperty("id").GetString(), Payload(made.Text("token")).TryGetProperty("view_as", out _));
        }
    }

    [Fact]
    public async Task Writes_are_refused_with_a_sessions_token_and_with_no_other()
    {
        await _server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["batch"] = new JsonObject { ["enabled"] = true } });
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["createRule"] = "", ["updateRule"] = "", ["deleteRule"] = "" });
        var (marked, plain, own) = (await MintAsync("s-42"), await MintAsync(null), await OwnTokenAsync());
        (HttpMethod, string, JsonObject?)[] writes =
        [
            (HttpMethod.Post, "/api/collections/posts/records", new JsonObject { ["title"] = "new", ["status"] = "draft" }),
            (HttpMethod.Patch, "/api/collections/users/records/target000000000", new JsonObject { ["nickname"] = "changed" }),
            (HttpMethod.Put, "/api/collections/users/records/target000000000", new JsonObject { ["nickname"] = "changed" }),
            (HttpMethod.Delete, "/api/collections/users/records/target000000000", null),
            (HttpMethod.Post, "/api/batch", new JsonObject
            {
                ["requests"] = new JsonArray(new JsonObject
                {
                    ["method"] = "POST", ["url"] = "/api/collections/posts/records", ["body"] = new JsonObject { ["title"] = "new", ["status"] = "draft" },
                }),
            }),
            (HttpMethod.Post, "/api/collections/users/request-email-change", new JsonObject { ["newEmail"] = "new@example.test" }),
            (HttpMethod.Post, "/api/collections/users/auth-refresh", null),
            (HttpMethod.Post, "/api/files/token/", null),
        ];

        foreach (var (method, path, body) in writes)
        {
            foreach (var token in (string[])[marked, $"Bearer {marked}"])
            {
                var answer = await CallAsync(method, path, token, body);
                Assert.Equal((HttpStatusCode.Forbidden, CompanionScript.ReadOnly), (answer.Status, answer.Text("message")));
            }
        }

        foreach (var token in (string[])[plain, own])
        {
            foreach (var (method, path, body) in (IEnumerable<(HttpMethod, string, JsonObject?)>)[writes[0], writes[1], writes[4], writes[6]])
            {
                Assert.Equal((path, HttpStatusCode.OK), (path, (await CallAsync(method, path, token, body)).Status));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await CallAsync(HttpMethod.Post, "/api/files/token", marked)).Status);
        Assert.Equal("Missing or invalid client id.", (await CallAsync(HttpMethod.Post, "/api/realtime", marked, new JsonObject { ["clientId"] = "x" })).Text("message"));
    }

    [Fact]
    public async Task It_is_tested_with_a_token_of_the_consoles_own_that_is_dead_afterwards()
    {
        Assert.Equal(CompanionVerdict.Guards, (await _console.Trial.RunAsync(s_agent, Cancellation)).Verdict);

        Assert.DoesNotContain(_relay.Requests, request => request.Path.Contains("/users/impersonate", StringComparison.Ordinal));
        var write = Assert.Single(_relay.Requests, request => request.Method == "DELETE");
        Assert.StartsWith("/api/collections/users/records/support-console-self-test-", write.Path, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(HttpMethod.Post, "/api/files/token", write.Authorization)).Status);
        Assert.All(_console.Log.All, line => Assert.DoesNotContain("eyJ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, CompanionFit.Absent, CompanionVerdict.NothingToTest)]
    [InlineData("0.9", CompanionFit.Older, CompanionVerdict.NothingToTest)]
    [InlineData("1.1", CompanionFit.Fits, CompanionVerdict.NeedsSession)]
    [InlineData("1.99", CompanionFit.Fits, CompanionVerdict.Guards)]
    [InlineData("2.0", CompanionFit.Newer, CompanionVerdict.NothingToTest)]
    public async Task No_token_is_made_where_the_hook_can_not_be_tested_with_it(string? version, object fit, object verdict) =>
        await WithHookAsync(Name, version is null ? null : Changed($"\"{CompanionScript.Version}\"", $"\"{version}\""), async () =>
        {
            var (found, came) = await _console.Trial.RunAsync(s_agent, Cancellation);

            Assert.Equal(((CompanionFit)fit, (CompanionVerdict)verdict), (found.Fit, came));
            Assert.Equal(came == CompanionVerdict.Guards, _relay.Requests.Any(request => request.Path.Contains("/impersonate/", StringComparison.Ordinal)));
        });

    [Theory]
    [InlineData("return reads ? null :", "return true ? null :", CompanionVerdict.WriteNotRefused)]
    [InlineData("$os.writeFile(", "String(", CompanionVerdict.EndNotKept)]
    [InlineData("!(exp > 0)", "true", CompanionVerdict.EndNotConfirmed)]
    [InlineData("e.response.header().set(\"X-Support-Console-Read\", once);", "", CompanionVerdict.Unstamped)]
    [InlineData("\"self-test\"", "\"another\"", CompanionVerdict.Unmarked)]
    public async Task A_hook_that_does_not_do_its_part_is_found_out(string part, string instead, object verdict) =>
        await WithHookAsync(Name, Changed(part, instead), async () =>
        {
            Assert.Equal((CompanionVerdict)verdict, (await _console.Trial.RunAsync(s_agent, Cancellation)).Verdict);

            // With an unmarked token, which is as strong as the console, nothing is tried.
            Assert.Equal((CompanionVerdict)verdict == CompanionVerdict.Unmarked ? 0 : 1, _relay.Requests.Count(request => request.Method == "DELETE"));
        });

    [Fact]
    public async Task An_app_that_gives_superusers_no_token_leaves_it_untested()
    {
        await _console.Superuser.ProbeAsync(Cancellation);
        await WithHookAsync(
            "app.pb.js",
            """onRecordAuthRequest((e) => { if (!e.authMethod) throw new ForbiddenError("none of these"); e.next(); }, "_superusers");""",
            async () => Assert.Equal(CompanionVerdict.NoToken, (await _console.Trial.RunAsync(s_agent, Cancellation)).Verdict));
    }

    [Fact]
    public async Task An_ended_token_is_dead_and_another_of_the_same_user_lives_also_after_a_restart()
    {
        using var ended = await ImpersonateAsync();
        using var other = await ImpersonateAsync();
        Assert.True(await ended.ProveGuardedAsync(Cancellation) && await other.ProveGuardedAsync(Cancellation));

        Assert.True(await _console.Companion.TryEndAsync(s_agent, ended.Mark!));
        await _server.StopAsync();
        await _server.StartAsync();

        Assert.IsType<ReadOutcome<RecordPage>.Found>(await other.ListAsync(new RecordQuery("posts"), Cancellation));
        await AssertRejectedAsync(ended);
    }

    [Fact]
    public async Task An_ended_token_gets_nothing_and_what_is_kept_of_it_goes_when_it_has_expired()
    {
        var token = await MintAsync("s-42");
        await EndAsync(token);
        await _server.AdminAsync(HttpMethod.Post, "/api/support-console/end", new JsonObject { ["jti"] = "longgone00000000", ["exp"] = 1 });

        var read = await CallAsync(HttpMethod.Get, "/api/collections/posts/records", token);
        var alive = await CallAsync(HttpMethod.Post, "/api/files/token", token);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (read.Status, alive.Status));
        Assert.Contains(Payload(token).GetProperty("view_as").GetProperty("jti").GetString(), Directory.GetFiles(_server.DataFile("support_console_ended")).Select(Path.GetFileName));
        Assert.DoesNotContain("longgone00000000", Directory.GetFiles(_server.DataFile("support_console_ended")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../../data.db")]
    [InlineData("")]
    [InlineData("short")]
    public async Task What_is_no_token_is_not_ended(string jti)
    {
        var answer = await CallAsync(HttpMethod.Post, "/api/support-console/end", await _server.StaticSuperuserTokenAsync(), new JsonObject { ["jti"] = jti, ["exp"] = 4000000000 });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Nobody_but_a_superuser_ends_a_token_or_has_clauses_decided()
    {
        foreach (var path in (string[])["/api/support-console/end", "/api/support-console/decide"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(HttpMethod.Post, path, null, [])).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await CallAsync(HttpMethod.Post, path, await OwnTokenAsync(), [])).Status);
        }
    }

    [Fact]
    public async Task A_guarded_read_proves_itself_in_one_request()
    {
        using var user = await GuardedAsync();

        Assert.IsType<ReadOutcome<RecordPage>.Found>(await user.ListAsync(new RecordQuery("posts"), Cancellation));
        Assert.IsType<ReadOutcome<PocketBaseRecord>.Found>(await user.ViewAsync("posts", "post00000000001", null, null, Cancellation));
        Assert.IsType<ReadOutcome<PocketBaseRecord>.Missing>(await user.ViewAsync("posts", "post00000000002", null, null, Cancellation));
        Assert.IsType<ReadOutcome<RecordPage>.Locked>(await user.ListAsync(new RecordQuery("locked"), Cancellation));

        Assert.Equal(4, _relay.Requests.Count);
        Assert.All(_relay.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task A_read_without_a_guard_is_proved_by_a_second_request()
    {
        using var user = await ImpersonateAsync();
        _relay.Clear();

        await user.ListAsync(new RecordQuery("posts"), Cancellation);

        Assert.Equal(["GET", "POST"], _relay.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_guarded_token_that_died_is_recognised_in_one_request()
    {
        using var user = await GuardedAsync();
        await _server.RotateTokenKeyAsync("target000000000");

        await AssertRejectedAsync(user);

        Assert.Single(_relay.Requests);
    }

    [Fact]
    public async Task A_token_that_died_before_the_self_test_guards_nothing()
    {
        using var user = await ImpersonateAsync();
        await _server.RotateTokenKeyAsync("target000000000");

        Assert.False(await user.ProveGuardedAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_cache_kept_is_recognised_with_a_stamp_of_before_and_without_one(bool stamped)
    {
        using var user = await GuardedAsync();
        _relay.Intercept = async context =>
        {
            if (context.Request.Method != "GET")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            if (stamped)
            {
                context.Response.Headers[CompanionScript.ReadHeader] = "0123456789abcdef0123456789abcdef";
                context.Response.Headers[CompanionScript.SeenAsHeader] = OwnId;
            }

            await context.Response.WriteAsync("""{"items":[{"id":"post00000000002","title":"Other's draft"}],"page":1,"perPage":30,"totalItems":-1,"totalPages":-1}""");
            return true;
        };

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, problem.Kind);
    }

    [Fact]
    public async Task An_answer_made_for_somebody_else_is_not_shown()
    {
        using var user = await GuardedAsync();
        _relay.Intercept = context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[CompanionScript.SeenAsHeader] = "_pb_users_auth_/decoy0100000000";
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };

        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));

        Assert.Equal(PocketBaseProblemKind.SharedAnswer, problem.Kind);
    }

    [Fact]
    public async Task A_hook_removed_in_mid_session_leaves_the_proof_of_before()
    {
        using var user = await GuardedAsync();
        await WithHookAsync(Name, null, async () =>
        {
            Assert.IsType<ReadOutcome<RecordPage>.Found>(await user.ListAsync(new RecordQuery("posts"), Cancellation));
            Assert.Equal(["GET", "POST"], _relay.Requests.Select(request => request.Method));
            Assert.False(user.IsGuarded);

            await _server.RotateTokenKeyAsync("target000000000");
            await AssertRejectedAsync(user);
        });
    }

    /// <summary>PocketBase itself answers 404 where the rule lets the user ask, and 403 where it lets nobody.</summary>
    [Theory]
    [InlineData("id = @request.auth.id")]
    [InlineData(null)]
    public async Task A_hook_that_marks_and_stamps_but_lets_writes_through_proves_nothing(string? deleteRule)
    {
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/users", new JsonObject { ["deleteRule"] = deleteRule });
        await WithHookAsync(Name, CompanionScript.Text.Replace("reads ? null : new", "true ? null : new", StringComparison.Ordinal), async () =>
        {
            using var user = await ImpersonateAsync();

            Assert.NotNull(user.Mark);
            Assert.False(await user.ProveGuardedAsync(Cancellation));
        });
    }

    [Fact]
    public async Task A_token_of_another_session_proves_nothing()
    {
        var hook = CompanionScript.Text.Replace("sid: sid, jti", "sid: 'another', jti", StringComparison.Ordinal);
        await WithHookAsync(Name, hook, async () =>
        {
            using var user = await ImpersonateAsync();

            Assert.Equal("another", user.Mark?.Session);
            Assert.False(await user.ProveGuardedAsync(Cancellation));
        });
    }

    [Fact]
    public async Task An_apps_hook_that_throws_or_refuses_is_still_told_from_a_dead_token()
    {
        const string hook = """
            routerUse((e) => { if (e.request.url.path.indexOf("/locked/") > 0) throw new UnauthorizedError("Not today."); return e.next(); });
            onRecordsListRequest((e) => { throw new Error("broken"); }, "posts");
            onRecordViewRequest((e) => { throw new ForbiddenError("Not you."); }, "posts");
            """;
        await WithHookAsync("app.pb.js", hook, async () =>
        {
            using var user = await GuardedAsync();

            var broken = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));
            Assert.Equal(PocketBaseProblemKind.Refused, broken.Kind);
            Assert.IsType<ReadOutcome<PocketBaseRecord>.Locked>(await user.ViewAsync("posts", "post00000000001", null, null, Cancellation));
            Assert.IsType<ReadOutcome<RecordPage>.Locked>(await user.ListAsync(new RecordQuery("locked"), Cancellation));
            Assert.Equal(3, _relay.Requests.Count);
        });
    }

    [Fact]
    public async Task A_middleware_that_makes_the_request_somebody_elses_is_seen()
    {
        const string hook = """
            routerUse((e) => { if (e.auth) e.auth = e.app.findRecordById("users", "decoy0100000000"); return e.next(); });
            """;
        using var user = await GuardedAsync();
        await WithHookAsync("app.pb.js", hook, async () =>
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));

            Assert.Equal(PocketBaseProblemKind.SharedAnswer, problem.Kind);
        });
    }

    [Fact]
    public async Task A_fault_of_the_hook_touches_no_request_of_the_app()
    {
        var hook = CompanionScript.Text.Replace("const markOf = (e) => {", "const markOf = (e) => { throw new Error('broken');", StringComparison.Ordinal)
            .Replace("mark: (e) => {", "mark: (e) => { throw new Error('broken');", StringComparison.Ordinal);
        Assert.NotEqual(CompanionScript.Text, hook);
        await WithHookAsync(Name, hook, async () =>
        {
            Assert.Equal(2, await CountAsync("posts", await OwnTokenAsync()));
            Assert.Equal(2, await CountAsync("posts", await MintAsync("s-42")));
        });
    }

    /// <summary>What can't be told of a session's token is its loss alone.</summary>
    [Fact]
    public async Task A_data_folder_that_cannot_be_read_refuses_the_consoles_tokens_and_no_others()
    {
        var (marked, own, folder) = (await MintAsync("s-42"), await OwnTokenAsync(), _server.DataFile("support_console_ended"));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await File.WriteAllTextAsync(folder, "in the way", Cancellation);
        try
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(HttpMethod.Get, "/api/collections/posts/records", marked)).Status);
            Assert.Equal(2, await CountAsync("posts", own));
            using var user = await ImpersonateAsync();
            Assert.False(await _console.Companion.TryEndAsync(s_agent, user.Mark!));
        }
        finally
        {
            File.Delete(folder);
        }
    }

    /// <summary>The pattern that the file's head gives to apps.</summary>
    [Fact]
    public async Task A_last_login_hook_by_the_documented_pattern_takes_no_notice_of_support()
    {
        const string hook = """
            onRecordAuthRequest((e) => {
              if (!(e.requestEvent.auth && e.requestEvent.auth.isSuperuser())) {
                e.record.set("nickname", "signed in");
                e.app.save(e.record);
              }
              e.next();
            });
            """;
        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/users/records/target000000000", new JsonObject { ["nickname"] = "before" });
        await WithHookAsync("app.pb.js", hook, async () =>
        {
            using var user = await ImpersonateAsync();
            Assert.NotNull(user.Mark);
            Assert.Equal("before", await NicknameAsync());

            await OwnTokenAsync();
            Assert.Equal("signed in", await NicknameAsync());
        });
    }

    [Fact]
    public async Task Clauses_are_decided_as_the_users_own_token_finds_them()
    {
        string[] clauses =
        [
            "status = 'draft'", "status = 'published'", "author = @request.auth.id", "author != @request.auth.id", "author.name ~ 'tar'",
            "author.verified = true && @request.auth.verified = true", "title:length > 3", "created > @todayStart", "@request.auth.nickname = ''",
        ];
        var own = await OwnTokenAsync();
        var answer = await CallAsync(
            HttpMethod.Post, "/api/support-console/decide", await _server.StaticSuperuserTokenAsync(),
            new JsonObject
            {
                ["users"] = new JsonObject { ["collection"] = "users", ["ids"] = new JsonArray("nobody000000000", "target000000000") },
                ["records"] = new JsonObject { ["collection"] = "posts", ["ids"] = new JsonArray("post00000000001", "nopost000000000") },
                ["clauses"] = new JsonArray([.. clauses.Append("no such thing ===").Select(clause => (JsonNode)clause)]),
            });
        var decisions = CompanionDecisions.From(answer.Body, users: 2, records: 2, clauses.Length + 1);
        Assert.Equal([(false, false), (true, false)], Enumerable.Range(0, 2).Select(user => (decisions.IsThere(user, 0), decisions.IsThere(user, 1))));
        bool?[] decided = [.. Enumerable.Range(0, clauses.Length + 1).Select(clause => decisions.Of(1, 0, clause))];

        var before = (await _server.AdminAsync(HttpMethod.Get, "/api/collections/posts")).GetProperty("viewRule").GetString();
        var truth = new List<bool?>();
        foreach (var clause in clauses)
        {
            await _server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["viewRule"] = clause });
            truth.Add((await CallAsync(HttpMethod.Get, "/api/collections/posts/records/post00000000001", own)).Status == HttpStatusCode.OK);
        }

        await _server.AdminAsync(HttpMethod.Patch, "/api/collections/posts", new JsonObject { ["viewRule"] = before });
        Assert.Equal([.. truth, null], decided);
        Assert.Contains(true, truth);
        Assert.Contains(false, truth);
    }

    [Fact]
    public async Task How_the_server_is_set_up_is_read()
    {
        await _server.AdminAsync(HttpMethod.Patch, "/api/settings", new JsonObject { ["logs"] = new JsonObject { ["maxDays"] = 3, ["minLevel"] = 4, ["logAuthId"] = true } });
        var isOldest = _server.Version == "0.36.8";

        var facts = await _console.SetUp.ReadAsync(s_agent, Cancellation);

        Assert.Equal(("127.0.0.1", true, 3, 4, false), (facts.ConsoleAddress, facts.LogsAccounts, facts.LogDays, facts.LogLevel, facts.LimitsRates));
        Assert.Equal((isOldest, isOldest), (facts.SuperuserAddresses is null, facts.UnlimitedAddresses is null));
        var users = facts.Collections.Single(collection => collection.Name == "users");
        Assert.Equal(TimeSpan.FromDays(isOldest ? 7 : 5), users.TokenLife);
        Assert.Contains(users.Indexes, index => index is { IsPartial: true, Columns: ["email"] });
        Assert.Equal(TimeSpan.FromDays(1), facts.Collections.Single(collection => collection.Name == "_superusers").TokenLife);
        Assert.All(_relay.Requests.Where(request => request.Method == "GET"), request => Assert.Contains("check-set-up", request.UserAgent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_of_a_session_stands_in_the_log_but_its_id()
    {
        using var user = await GuardedAsync();
        await user.ListAsync(new RecordQuery("posts"), Cancellation);
        await _console.Companion.TryEndAsync(s_agent, user.Mark!);

        Assert.All(_console.Log.All, line =>
        {
            Assert.DoesNotContain("eyJ", line, StringComparison.Ordinal);
            Assert.DoesNotContain(user.Mark!.TokenId, line, StringComparison.Ordinal);
        });
    }

    private async Task<ImpersonatedClient> GuardedAsync()
    {
        var user = await ImpersonateAsync();
        Assert.True(await user.ProveGuardedAsync(Cancellation));
        Assert.True(user.IsGuarded);
        _relay.Clear();
        return user;
    }

    private static async Task AssertRejectedAsync(ImpersonatedClient user)
    {
        var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation));
        Assert.Equal(PocketBaseProblemKind.TokenRejected, problem.Kind);
        Assert.Throws<PocketBaseProblem>(() => user.ListAsync(new RecordQuery("posts"), Cancellation).GetAwaiter().GetResult());
    }

    /// <summary>Whatever becomes of the test, the others find the server as they expect it.</summary>
    private async Task WithHookAsync(string name, string? script, Func<Task> test)
    {
        await _server.SetHookAsync(name, script);
        try
        {
            await test();
        }
        finally
        {
            await _server.SetHookAsync(name, name == Name ? await File.ReadAllTextAsync(GuardedServer.Companion, CancellationToken.None) : null);
        }
    }

    private async Task<ImpersonatedClient> ImpersonateAsync()
    {
        Assert.True(AppUserId.TryCreate("users", "target000000000", out var user));
        return await _console.Superuser.ImpersonateAsync(SuperuserUse.Impersonate, s_agent, user, 900, Cancellation);
    }

    /// <summary>A token as the console has them made, or without a session as anybody else has.</summary>
    private async Task<string> MintAsync(string? session)
    {
        (string, string)[] headers = session is null ? [] : [(CompanionScript.SessionHeader, session), (CompanionScript.ActorHeader, "abc123")];
        var answer = await CallAsync(
            HttpMethod.Post, "/api/collections/users/impersonate/target000000000", await _server.StaticSuperuserTokenAsync(),
            new JsonObject { ["duration"] = 900 }, headers);
        return answer.Text("token");
    }

    private async Task<string> OwnTokenAsync() => (await CallAsync(
        HttpMethod.Post, "/api/collections/users/auth-with-password", null,
        new JsonObject { ["identity"] = "target@example.test", ["password"] = "test-user-pass-1" })).Text("token");

    private Task<JsonElement> EndAsync(string token) => _server.AdminAsync(HttpMethod.Post, "/api/support-console/end", new JsonObject
    {
        ["jti"] = Payload(token).GetProperty("view_as").GetProperty("jti").GetString(), ["exp"] = Payload(token).GetProperty("exp").GetInt64(),
    });

    private async Task<int> CountAsync(string collection, string token) =>
        (await CallAsync(HttpMethod.Get, $"/api/collections/{collection}/records", token)).Body.GetProperty("items").GetArrayLength();

    private async Task<string?> NicknameAsync() =>
        (await _server.AdminAsync(HttpMethod.Get, "/api/collections/users/records/target000000000")).GetProperty("nickname").GetString();

    private static string Changed(string part, string instead)
    {
        var hook = CompanionScript.Text.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(CompanionScript.Text, hook);
        return hook;
    }

    private static JsonElement Payload(string token) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));

    private async Task<Answer> CallAsync(HttpMethod method, string path, string? token, JsonObject? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.Url, path));
        request.Headers.TryAddWithoutValidation("Authorization", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return new Answer(response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    private sealed record Answer(HttpStatusCode Status, JsonElement Body)
    {
        public string Text(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }
}

/// <inheritdoc />
public sealed class Companion0391Tests(GuardedServer.Pinned server) : CompanionContract(server), IClassFixture<GuardedServer.Pinned>;

/// <inheritdoc />
public sealed class Companion0368Tests(GuardedServer.Oldest server) : CompanionContract(server), IClassFixture<GuardedServer.Oldest>;

/// <inheritdoc />
public sealed class Companion0404Tests(GuardedServer.Newest server) : CompanionContract(server), IClassFixture<GuardedServer.Newest>;
