using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
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
        { "", "has no text field 'label'" },
        { Disabled, "has no text field 'label'" },
        { """{ "name": "label", "type": "number" }""", "has no text field 'label'" },
        { """{ "name": "label", "type": "select", "values": ["a", "b"], "required": true }""", "has no text field 'label'" },
        { """{ "name": "disabled", "type": "text" }""", "has no text field 'label'" },
        { $$"""{{Label}}, { "name": "region", "type": "text", "required": true }""", "requires a field that the console doesn't know and can't fill in: region." },
        { $$"""{{Label}}, {{Disabled}}, { "name": "region", "type": "text", "required": true }, { "name": "level", "type": "number", "required": true }""", "requires fields that the console doesn't know and can't fill in: region, level." },
        { """{ "name": "contract", "type": "file", "required": true, "maxSelect": 1 }""", "has no text field 'label', by which people recognise a key in PocketBase's dashboard, and requires a field" },
    };

    [Theory]
    [MemberData(nameof(WrongFields))]
    public async Task Wrong_fields_are_mended_by_the_migration(string fields, string said)
    {
        await MakeAsync("auth", fields);

        await AssertMendedAsync(said);

        Assert.Null((await ListAsync()).Fault);
    }

    [Fact]
    public async Task A_migration_leaves_the_accounts_that_are_there_alone()
    {
        await MakeAsync("auth", """{ "name": "label", "type": "number" }, { "name": "region", "type": "text", "required": true }""");
        var account = (await server.AdminAsync(HttpMethod.Post, $"/api/collections/{_name}/records", new JsonObject
        {
            ["email"] = "old@example.test", ["password"] = "a-long-password", ["passwordConfirm"] = "a-long-password", ["label"] = 42, ["region"] = "north",
        })).GetProperty("id").GetString();

        await AssertMendedAsync("has no text field 'label'");

        var left = await server.AdminAsync(HttpMethod.Get, $"/api/collections/{_name}/records/{account}");
        Assert.Equal(("north", "", 42), (left.GetProperty("region").GetString(), left.GetProperty("label").GetString(), left.GetProperty("label_before").GetInt32()));
    }

    [Fact]
    public async Task Without_a_field_for_it_keys_are_made_and_never_suspended()
    {
        await MakeAsync("auth", Label);
        await using var console = await StartAsync(_name);

        using var issued = await console.MakeKeyAsync();
        var refusal = await Assert.ThrowsAsync<KeyRefusedException>(() => console.Suspension.SuspendAsync(console.As(Admin), issued.Key.Id, "The partner left", Token));

        Assert.Contains("no field 'disabled'", refusal.Message, StringComparison.Ordinal);
        Assert.Null((await ListAsync()).Fault);
    }

    [Fact]
    public void Every_sentence_says_what_to_do()
    {
        CollectionSchema[] wrong = [Schema("base"), Schema("auth"), Schema("auth", new CollectionField("label", "text", false, false), new CollectionField("x", "text", false, true))];

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

        var first = KeyCollection.NewAccount(collection, "k00000000000001", "importer");
        var second = KeyCollection.NewAccount(collection, "k00000000000002", "importer");

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
