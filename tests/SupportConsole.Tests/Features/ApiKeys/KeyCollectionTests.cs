using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

public sealed class KeyCollectionTests(KeyCollectionTests.BareServer server) : IClassFixture<KeyCollectionTests.BareServer>
{
    private const string Label = """{ "name": "label", "type": "text", "max": 100 }""", Disabled = """{ "name": "disabled", "type": "bool" }""";
    private readonly string _name = $"accounts{Guid.NewGuid():n}"[..20];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_collection_is_made_by_the_migration()
    {
        await AssertMendedAsync("has no collection");

        var list = await ListAsync();
        Assert.Null(list.Fault);
        Assert.False(list.CanSuspend);
        var made = await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}");
        Assert.Equal(("auth", "id = @request.auth.id"), (made.GetProperty("type").GetString(), made.GetProperty("viewRule").GetString()));
        Assert.False(made.GetProperty("passwordAuth").GetProperty("enabled").GetBoolean());
        Assert.Equal(JsonValueKind.Null, made.GetProperty("listRule").ValueKind);
    }

    [Fact]
    public async Task Beside_a_collection_that_is_not_for_accounts_the_migration_makes_one_that_is()
    {
        await MakeAsync("base", Label, Disabled);

        await AssertMendedAsync("isn't an auth collection", mended: $"{_name}_accounts");

        Assert.Contains("isn't an auth collection", (await ListAsync()).Fault!.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Fields of an auth collection in which no key can be made, and what is said of it.</summary>
    public static TheoryData<string, string> WrongFields => new()
    {
        { """{ "name": "region", "type": "text", "required": true }""", "requires a field that the console doesn't know and can't fill in: region (text)." },
        { $$"""{{Label}}, {{Disabled}}, { "name": "region", "type": "text", "required": true }, { "name": "level", "type": "number", "required": true }""", "requires fields that the console doesn't know and can't fill in: region (text), level (number)." },
        { """{ "name": "contract", "type": "file", "required": true, "maxSelect": 1 }""", "can't fill in: contract (file)." },
        { """{ "name": "label", "type": "select", "values": ["a", "b"], "required": true }""", "can't fill in: label (select)." },
        { """{ "name": "disabled", "type": "bool", "required": true }""", "can't fill in: disabled (bool)." },
        { """{ "name": "id", "type": "text", "system": true, "primaryKey": true, "required": true, "pattern": "^(?i:[a-z]{15})$", "min": 15, "max": 15 }""", "takes only ids that the console can't write" },
        { """{ "name": "email", "type": "email", "system": true, "required": true, "onlyDomains": ["corp.example"] }""", "requires an e-mail address of certain domains" },
        { """{ "name": "password", "type": "password", "system": true, "required": true, "hidden": true, "min": 8, "max": 10 }""", "takes only passwords so short" },
    };

    [Theory]
    [MemberData(nameof(WrongFields))]
    public async Task Wrong_fields_are_mended_by_the_migration(string fields, string said)
    {
        await MakeAsync("auth", fields);

        await AssertMendedAsync(said);

        Assert.Null((await ListAsync()).Fault);
    }

    /// <summary>Fields of apps that know nothing of the console, what their accounts are called in PocketBase, and what is said to be missing.</summary>
    public static TheoryData<string, string?, string> OwnFields => new()
    {
        { "", null, "'label'" },
        { Disabled, null, "no rule of the app tests" },
        { """{ "name": "label", "type": "number" }""", null, "'label'" },
        { """{ "name": "label", "type": "text", "hidden": true }""", "label", "'disabled'" },
        { """{ "name": "label", "type": "text", "max": 8 }""", "label", "'disabled'" },
        { """{ "name": "label", "type": "text", "required": true, "max": 8 }""", "label", "'disabled'" },
        { """{ "name": "label", "type": "text", "pattern": "^[0-9]{4}$" }""", null, "'disabled'" },
        { """{ "name": "label", "type": "text", "required": true, "pattern": "^[0-9]{4}$", "autogeneratePattern": "[0-9]{4}" }""", null, "'disabled'" },
        { """{ "name": "name", "type": "text", "required": true }""", "name", "'disabled'" },
        { """{ "name": "disabled", "type": "text" }""", null, "no switch" },
        { """{ "name": "token", "type": "text", "required": true, "autogeneratePattern": "[a-z0-9]{20}" }, { "name": "made", "type": "autodate", "onCreate": true }""", null, "'label'" },
        { """{ "name": "email", "type": "email", "system": true, "required": false, "onlyDomains": ["corp.example"] }""", null, "'label'" },
        { """{ "name": "email", "type": "email", "system": true, "required": true }""", null, "'label'" },
        { """{ "name": "password", "type": "password", "system": true, "required": true, "hidden": true, "min": 12, "max": 30, "pattern": "[a-z].*[!?]|[!?].*[a-z]|[A-Z][a-z]1!" }""", null, "'label'" },
    };

    [Theory]
    [MemberData(nameof(OwnFields))]
    public async Task In_a_collection_of_the_apps_own_keys_are_made_and_what_they_do_without_is_said(string fields, string? named, string missing)
    {
        await MakeAsync("auth", fields);
        await using var console = await StartAsync(_name);
        using var first = await console.MakeKeyAsync(Wish("Nightly importer"));
        using var second = await console.MakeKeyAsync(Wish("Daily exporter"));

        var list = await console.Inventory.ListAsync(console.As(Admin), Token);
        Assert.Null(list.Fault);
        Assert.Contains(missing, list.Hint!.Sentence, StringComparison.OrdinalIgnoreCase);
        Assert.False(list.CanSuspend);
        Assert.Equal(["Daily exporter", "Nightly importer"], list.Lines.Select(line => line.Key.Name).Order(StringComparer.Ordinal));
        Assert.All(list.Lines, line => Assert.Equal(("Imports the catalogue every night", "Ines Duarte", false), (line.Key.Purpose, line.Owner.Name, line.Key.IsForeign)));
        var account = await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records/{first.Key.Record}");
        if (named is not null)
        {
            Assert.StartsWith(account.GetProperty(named).GetString()!, "Nightly importer", StringComparison.Ordinal);
            Assert.NotEqual("", account.GetProperty(named).GetString());
        }

        await console.Revoker.RevokeAsync(console.As(Admin), first.Key.Id, "No longer needed", Token);
        Assert.Equal(KeyPhase.Live, (await console.Get<KeyBook>().FindAsync(second.Key.Id, Token))!.Phase);
        await Assert.ThrowsAsync<KeyRefusedException>(() => console.Suspension.SuspendAsync(console.As(Admin), second.Key.Id, "The partner left", Token));
    }

    [Theory]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", "", 36, 36)]
    [InlineData("^svc_[A-Z0-9]+$", "", 8, 20)]
    [InlineData("^[a-z0-9]+$", "[a-z0-9]{30}", 30, 30)]
    [InlineData("", "", 0, 0)]
    [InlineData("^[a-z_0-9]+$", "[a-z0-9]{15}", 0, 100)]
    [InlineData("^[A-Za-z0-9_-]{1,50}$", "", 1, 50)]
    [InlineData("^[0-9]+$", "", 6, 8)]
    public async Task The_ids_of_accounts_are_of_the_collections_own_pattern(string pattern, string generated, int min, int max)
    {
        await MakeAsync("auth", new JsonObject
        {
            ["name"] = "id", ["type"] = "text", ["system"] = true, ["primaryKey"] = true, ["required"] = true,
            ["pattern"] = pattern, ["autogeneratePattern"] = generated, ["min"] = min, ["max"] = max,
        }.ToJsonString());
        await using var console = await StartAsync(_name);
        using var old = await console.MakeKeyAsync();
        using var key = await console.Keys.RotateAsync(console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(30), Token);

        var accounts = (await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records")).GetProperty("items").EnumerateArray()
            .Select(account => account.GetProperty("id").GetString());
        Assert.Equal(((string[])[old.Key.Record, key.Key.Record]).Order(StringComparer.Ordinal), accounts.Order(StringComparer.Ordinal));
        Assert.All((string[])[old.Key.Id, key.Key.Id], id => Assert.Matches("^[a-z0-9]{15}$", id));
        Assert.All((await console.Inventory.ListAsync(console.As(Admin), Token)).Lines, line => Assert.Equal((AccountPresence.There, false), (line.Account, line.Key.IsForeign)));
        await console.Revoker.RevokeAsync(console.As(Admin), old.Key.Id, "No longer needed", Token);
    }

    [Fact]
    public async Task The_id_of_an_account_is_written_down_before_PocketBase_hears_of_it()
    {
        await MakeAsync("auth", """{ "name": "id", "type": "text", "system": true, "primaryKey": true, "required": true, "pattern": "^[0-9]{12}$", "min": 12, "max": 12 }""");
        await using var console = await StartAsync(_name);
        ApiKey? written = null;
        console.Relay.Intercept = async context =>
        {
            if (context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/records", StringComparison.Ordinal))
            {
                written = Assert.Single(await console.Get<KeyBook>().AllAsync(Token));
            }

            return false;
        };

        using var issued = await console.MakeKeyAsync();

        Assert.Equal(issued.Key.Record, written!.Record);
        Assert.Matches("^[0-9]{12}$", written.Record);
    }

    [Fact]
    public async Task A_name_that_is_taken_in_PocketBase_stands_against_nothing()
    {
        await MakeAsync("auth", Label);
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/{_name}", new JsonObject
        {
            ["indexes"] = new JsonArray(
                $"CREATE UNIQUE INDEX `idx_tokenKey_{_name}` ON `{_name}` (`tokenKey`)", $"CREATE UNIQUE INDEX `idx_email_{_name}` ON `{_name}` (`email`) WHERE `email` != ''",
                $"CREATE UNIQUE INDEX `idx_label_{_name}` ON `{_name}` (`label`)"),
        });
        await using var console = await StartAsync(_name);
        using var old = await console.MakeKeyAsync(Wish("importer"));

        using var key = await console.Keys.RotateAsync(console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(30), Token);

        Assert.Equal("importer", key.Key.Name);
        Assert.Equal($"importer {key.Key.Id}", (await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records/{key.Key.Record}")).GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_required_label_of_another_form_says_which_names_fit()
    {
        await MakeAsync("auth", """{ "name": "label", "type": "text", "required": true, "pattern": "^[a-z-]+$" }""");
        await using var console = await StartAsync(_name);

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.MakeKeyAsync(Wish("Nightly importer")));
        using var issued = await console.MakeKeyAsync(Wish("nightly-importer"));

        Assert.Contains("doesn't take this name: it wants the pattern ^[a-z-]+$", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await console.Get<KeyBook>().AllAsync(Token));
    }

    [Fact]
    public async Task What_is_missing_is_added_by_the_migration_and_the_apps_own_stays()
    {
        await MakeAsync("auth", """{ "name": "label", "type": "number" }""");
        var account = (await server.AdminAsync(HttpMethod.Post, $"/api/collections/{_name}/records", new JsonObject
        {
            ["email"] = "old@example.test", ["password"] = "a-long-password", ["passwordConfirm"] = "a-long-password", ["label"] = 42,
        })).GetProperty("id").GetString();

        await server.MigrateAsync((await ListAsync()).Hint!.Migration!);

        var made = await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records/{account}");
        Assert.Equal((42, false), (made.GetProperty("label").GetInt32(), made.GetProperty("disabled").GetBoolean()));
        Assert.Null((await ListAsync()).Hint!.Migration);
    }

    [Fact]
    public async Task Accounts_that_are_there_already_can_be_revoked_where_no_new_one_can_be_made()
    {
        await MakeAsync("auth", """{ "name": "region", "type": "text", "required": true }""");
        var account = (await server.AdminAsync(HttpMethod.Post, $"/api/collections/{_name}/records", new JsonObject
        {
            ["email"] = "old@example.test", ["password"] = "a-long-password", ["passwordConfirm"] = "a-long-password", ["region"] = "north",
        })).GetProperty("id").GetString()!;
        await using var console = await StartAsync(_name);

        var revoked = await console.Revoker.RevokeAsync(console.As(Admin), account, "Nobody knows whose it is", Token);

        Assert.Contains("401", revoked.Revocation!.Proof, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sentence_says_what_to_do()
    {
        CollectionSchema[] wrong = [Schema("base"), Schema("auth", new CollectionField("x", "text", false, true))];

        Assert.All(wrong.Select(collection => KeyCollection.FaultOf("accounts", collection)).Append(KeyCollection.FaultOf("accounts", null)), fault =>
        {
            Assert.Contains("'accounts'", fault!.Sentence, StringComparison.Ordinal);
            Assert.EndsWith(".", fault.Sentence, StringComparison.Ordinal);
            Assert.StartsWith("migrate((app) => {", fault.Migration, StringComparison.Ordinal);
        });
        Assert.Null(KeyCollection.FaultOf("accounts", Schema("auth", new CollectionField("label", "text", false, true), new CollectionField("x", "text", false, false))));

        static CollectionSchema Schema(string type, params CollectionField[] fields) => new("accounts", type, fields, null, null, null, null, null, null);
    }

    [Fact]
    public void A_new_account_has_a_password_that_nobody_knows_and_an_address_that_leads_nowhere()
    {
        var collection = new CollectionSchema("accounts", "auth", [], null, null, null, null, null, null);
        var key = new ApiKey(
            "k00000000000001", "accounts", "k00000000000001", KeyKind.Service, "importer", "", new StaffId("x"), DateTimeOffset.UnixEpoch, new StaffId("x"), "", null, KeyPhase.Making);

        var first = NewAccount.Of(collection, key);
        var second = NewAccount.Of(collection, key);

        Assert.Equal(60, (string?)first["password"] is { } password ? password.Length : 0);
        Assert.NotEqual((string?)first["password"], (string?)second["password"]);
        Assert.EndsWith(".invalid", (string?)first["email"], StringComparison.Ordinal);
        Assert.False(first.ContainsKey("disabled"));
    }

    /// <summary>The console refuses to make a key and says why; after its migration it makes one.</summary>
    private async Task AssertMendedAsync(string said, string? mended = null)
    {
        await using (var console = await StartAsync(_name))
        {
            var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.MakeKeyAsync());
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"'{_name}'", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(AuditEventTypes.KeyCreateFailed, (await console.EventsAsync())[^1].Type);
            Assert.Empty(await console.Get<KeyBook>().AllAsync(Token));
        }

        var fault = (await ListAsync()).Fault!;
        Assert.Contains(said, fault.Sentence, StringComparison.Ordinal);
        await server.MigrateAsync(fault.Migration);
        await using var after = await StartAsync(mended ?? _name);
        using var issued = await after.MakeKeyAsync();
        await after.Revoker.RevokeAsync(after.As(Admin), issued.Key.Id, "No longer needed", Token);
        Assert.Equal(KeyPhase.Live, issued.Key.Phase);
    }

    private async Task<KeyList> ListAsync()
    {
        await using var console = await StartAsync(_name);
        return await console.Inventory.ListAsync(console.As(Admin), Token);
    }

    private Task<ConsoleServices> StartAsync(string collection) => ConsoleServices.StartAsync(server, settings: ("ApiKeys:Collection", collection));

    private Task<JsonElement> MakeAsync(string type, params string[] fields) => server.AdminAsync(HttpMethod.Post, "/api/collections", new JsonObject
    {
        ["name"] = _name, ["type"] = type, ["fields"] = JsonNode.Parse($"[{string.Join(',', fields)}]"),
    });

    /// <summary>A PocketBase with nothing in it but what it makes by itself.</summary>
    public sealed class BareServer : AppServer
    {
        protected override IEnumerable<string> Migrations => [];
    }
}
