using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Making;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

/// <summary>Accounts in auth collections that apps made with fields of their own.</summary>
public sealed class NewAccountTests(ServiceAccountSchemaTests.BareServer server) : IClassFixture<ServiceAccountSchemaTests.BareServer>
{
    private const string Label = """{ "name": "label", "type": "text", "max": 100 }""", Disabled = """{ "name": "disabled", "type": "bool" }""";
    private readonly string _name = $"accounts{Guid.NewGuid():n}"[..20];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        await MakeAsync(fields);
        await using var console = await StartAsync();
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
        await MakeAsync(new JsonObject
        {
            ["name"] = "id", ["type"] = "text", ["system"] = true, ["primaryKey"] = true, ["required"] = true,
            ["pattern"] = pattern, ["autogeneratePattern"] = generated, ["min"] = min, ["max"] = max,
        }.ToJsonString());
        await using var console = await StartAsync();
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
        await MakeAsync("""{ "name": "id", "type": "text", "system": true, "primaryKey": true, "required": true, "pattern": "^[0-9]{12}$", "min": 12, "max": 12 }""");
        await using var console = await StartAsync();
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
        await MakeAsync(Label);
        await server.AdminAsync(HttpMethod.Patch, $"/api/collections/{_name}", new JsonObject
        {
            ["indexes"] = new JsonArray(
                $"CREATE UNIQUE INDEX `idx_tokenKey_{_name}` ON `{_name}` (`tokenKey`)", $"CREATE UNIQUE INDEX `idx_email_{_name}` ON `{_name}` (`email`) WHERE `email` != ''",
                $"CREATE UNIQUE INDEX `idx_label_{_name}` ON `{_name}` (`label`)"),
        });
        await using var console = await StartAsync();
        using var old = await console.MakeKeyAsync(Wish("importer"));

        using var key = await console.Keys.RotateAsync(console.As(Admin), old.Key.Id, TimeSpan.FromHours(1), new KeyLife(30), Token);

        Assert.Equal("importer", key.Key.Name);
        Assert.Equal($"importer {key.Key.Id}", (await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records/{key.Key.Record}")).GetProperty("label").GetString());
    }

    [Fact]
    public async Task A_required_label_of_another_form_says_which_names_fit()
    {
        await MakeAsync("""{ "name": "label", "type": "text", "required": true, "pattern": "^[a-z-]+$" }""");
        await using var console = await StartAsync();

        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.MakeKeyAsync(Wish("Nightly importer")));
        using var issued = await console.MakeKeyAsync(Wish("nightly-importer"));

        Assert.Contains("doesn't take this name: it wants the pattern ^[a-z-]+$", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await console.Get<KeyBook>().AllAsync(Token));
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

    private Task<ConsoleServices> StartAsync() => ConsoleServices.StartAsync(server, settings: ("ApiKeys:Collection", _name));

    private Task<JsonElement> MakeAsync(string fields) => server.AdminAsync(HttpMethod.Post, "/api/collections", new JsonObject
    {
        ["name"] = _name, ["type"] = "auth", ["fields"] = JsonNode.Parse($"[{fields}]"),
    });
}
