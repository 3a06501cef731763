using System.Text.Json;
using System.Text.Json.Nodes;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Audit;
using SupportConsole.Features.ApiKeys;
using SupportConsole.Features.ApiKeys.Inventory;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ApiKeys;

public sealed class ServiceAccountSchemaTests(ServiceAccountSchemaTests.BareServer server) : IClassFixture<ServiceAccountSchemaTests.BareServer>
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

        Assert.All(wrong.Select(collection => ServiceAccountSchema.FaultOf("accounts", collection)).Append(ServiceAccountSchema.FaultOf("accounts", null)), fault =>
        {
            Assert.Contains("'accounts'", fault!.Sentence, StringComparison.Ordinal);
            Assert.EndsWith(".", fault.Sentence, StringComparison.Ordinal);
            Assert.StartsWith("migrate((app) => {", fault.Migration, StringComparison.Ordinal);
        });
        Assert.Null(ServiceAccountSchema.FaultOf("accounts", Schema("auth", new CollectionField("label", "text", false, true), new CollectionField("x", "text", false, false))));

        static CollectionSchema Schema(string type, params CollectionField[] fields) => new("accounts", type, fields, null, null, null, null, null, null);
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
