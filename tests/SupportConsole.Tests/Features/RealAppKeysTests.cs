using SupportConsole.Core.ApiKeys;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features;

/// <summary>API keys in auth collections that apps made for purposes of their own.</summary>
public sealed class RealAppKeysTests
{
    public static IEnumerable<TheoryDataRow<string>> Apps => RealApp.All;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each of an app's auth collections is taken for that of the service accounts once, while the others hold its users.</summary>
    [Theory]
    [MemberData(nameof(Apps))]
    public async Task A_key_is_made_in_any_auth_collection_or_exactly_what_stands_against_it_is_named(string name)
    {
        await using var app = new RealApp(name);
        await app.InitializeAsync();
        foreach (var collection in app.AuthCollections)
        {
            var users = app.AuthCollections.Where(other => other != collection).Select((other, i) => ($"PocketBase:UserCollections:{i}", other.Name));
            await using var console = await ConsoleServices.StartAsync(
                app, settings: [("ApiKeys:Collection", collection.Name), .. users.DefaultIfEmpty(("PocketBase:UserCollections:0", "nobody"))]);
            var list = await console.Inventory.ListAsync(console.As(Admin), Token);

            string[] unknown = [.. collection.Fields.Where(field =>
                field is { Required: true, System: false } && field.Name != "name" && field.Text("autogeneratePattern").Length == 0).Select(field => $"{field.Name} ({field.Type})")];
            if (unknown.Length > 0)
            {
                Say($"{name}: {collection.Name}: {list.Fault!.Sentence}");
                Assert.Contains($"can't fill in: {string.Join(", ", unknown)}.", list.Fault.Sentence, StringComparison.Ordinal);
                await app.MigrateAsync(list.Fault.Migration);
            }

            using var issued = await console.MakeKeyAsync();
            Assert.Equal(KeyPhase.Live, issued.Key.Phase);
            var made = await console.Inventory.ListAsync(console.As(Admin), Token);
            Say($"{name}: {collection.Name}: a key was made; {made.Hint?.Sentence}");
            Assert.Null(made.Fault);
            Assert.Equal(AccountPresence.There, Assert.Single(made.Lines, line => line.Key.Id == issued.Key.Id).Account);

            var revoked = await console.Revoker.RevokeAsync(console.As(Admin), issued.Key.Id, "No longer needed", Token);
            Assert.Contains("401", revoked.Revocation!.Proof, StringComparison.Ordinal);
        }
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
