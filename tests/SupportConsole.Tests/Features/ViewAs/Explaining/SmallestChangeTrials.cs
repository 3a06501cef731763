using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>
/// What is named is done, on a server that is there for it: the user's own token must see the record then, and not with any part left out.
/// </summary>
public sealed partial class SmallestChangeTrials
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_named_shows_the_record_and_no_less_does()
    {
        await using var app = new TeamApp();
        Assert.SkipUnless(app.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        await app.InitializeAsync();
        await TryAsync(app, "users", ["posts", "posts", "teams", "users"], seed: 20261127, wanted: 850, hook: true, official: 6);
    }

    [Fact]
    public async Task It_does_without_the_companion_hook_too()
    {
        await using var app = new TeamApp();
        Assert.SkipUnless(app.Executable is not null, "PocketBase is not installed: run 'npm ci' in src/SupportConsole/Demo.");
        await app.InitializeAsync();
        await TryAsync(app, "users", ["posts", "teams"], seed: 7, wanted: 150, hook: false, official: 0);
    }

    [Fact]
    public async Task It_does_in_an_app_that_nobody_made_for_the_console()
    {
        Assert.SkipUnless(Directory.Exists(RealApp.Folder), "No exports of real apps in ../shared/schemas.");
        await using var app = new RealApp("youth-events-shop");
        await app.InitializeAsync();
        await app.FillAsync();
        await app.SetHookAsync(CompanionScript.FileName, CompanionScript.Text);
        var people = app.AuthCollections.OrderByDescending(auth => auth.Fields.Count).First().Name;
        await TryAsync(app, people, [.. app.Collections.Where(collection => collection is { System: false, Type: "base" }).Select(collection => collection.Name)], seed: 11, wanted: 250, hook: true, official: 0);
    }

    private static async Task TryAsync(PocketBaseServer server, string auth, IReadOnlyList<string> collections, ulong seed, int wanted, bool hook, int official)
    {
        await using var console = new PocketBaseAccess(server.Url);
        using var scratch = new Scratch(server, await server.StaticSuperuserTokenAsync());
        var clock = Stopwatch.StartNew();
        var caller = new Caller("abc123");
        var judge = new RuleJudge(console.Companion, console.Requests);
        var smallest = new SmallestChange(judge, console.Requests, TimeProvider.System);
        var grammar = server.Version == "0.40.4" ? FilterGrammar.Modern : FilterGrammar.Legacy;
        var app = new AppCollections(await console.Requests.DescribeCollectionsAsync(SuperuserUse.Explain, caller, CollectionSchema.From, Token), grammar);
        var users = app.Find(auth)!;
        var dice = new Dice(seed);
        Dictionary<string, IReadOnlyList<PocketBaseRecord>> records = [];
        foreach (var schema in app.All.Where(schema => schema is { System: false, IsView: false }))
        {
            records[schema.Name] = (await console.Requests.ListAsync(SuperuserUse.Explain, caller, schema.Name, "", 1, 12, "@rowid", null, Token)).Items;
        }

        var rules = new RandomRules(dice, app, users, app.All.Where(schema => records.ContainsKey(schema.Name))
            .SelectMany(schema => records[schema.Name].SelectMany(record => schema.Fields.Select(field => (Key: (schema.Name, field.Name), Value: record.Text(field.Name)))))
            .Where(one => one.Value.Length is > 0 and < 60 && one.Value.All(c => c is >= ' ' and not '\\' and not '`')).ToLookup(one => one.Key, one => one.Value));
        var people = records[users.Name].Take(4).ToArray();
        Dictionary<string, int> counts = new() { ["rules"] = 0, ["denials"] = 0, ["with a named change"] = 0, ["changes done"] = 0, ["of several parts"] = 0, ["without a part"] = 0, ["disagreeing decisions"] = 0 };
        List<string> wrong = [];
        while (counts["with a named change"] < wanted && counts["rules"] < wanted * 2)
        {
            var schema = app.Find(dice.Pick(collections))!;
            var list = rules.For(schema);
            var view = dice.OnceIn(3) ? rules.For(schema) : list;
            if (records[schema.Name].Count == 0 || !await scratch.SetRulesAsync(schema.Name, list, view)
                || !RuleParser.TryParse(list, grammar, out var listed, out _) || !RuleParser.TryParse(view, grammar, out var viewed, out _))
            {
                continue;
            }

            counts["rules"]++;
            var rule = listed.Equals(viewed) ? listed : new RuleGroup(RuleJoin.And, [listed, viewed]);
            foreach (var person in dice.Some(people, 2))
            {
                var seen = await scratch.SeenAsync(users.Name, person.Id, schema.Name);
                foreach (var record in dice.Some(records[schema.Name], 4).Where(record => !seen.Contains(record.Id)))
                {
                    await TryOneAsync(schema, rule, person.Id, record.Id);
                }
            }
        }

        var text = $"{server.GetType().Name}{(hook ? "" : " without the hook")}: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}; {clock.Elapsed.TotalSeconds:0} s";
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong. {text}{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(20))}");
        Assert.True(counts["with a named change"] >= wanted, text);
        Assert.True(counts["of several parts"] >= wanted / 20, text);

        async Task TryOneAsync(CollectionSchema schema, RuleNode rule, string person, string record)
        {
            var self = (await console.Requests.ListAsync(SuperuserUse.Explain, caller, users.Name, $"id = '{person}'", 1, 1, null, null, Token)).Items[0];
            var subject = new RuleSubject(ConsoleServices.User(person, users.Name), self, users, schema, record, app, hook);
            var decisions = await judge.DecideAsync(subject, RuleTruth.ConditionsOf(rule), caller, Token);
            if (RuleTruth.Of(rule, condition => decisions[condition].Holds) == true)
            {
                // Seen by one of the two reads alone, or decided otherwise than read: not what is tried here.
                Count(await scratch.SeesAsync(users.Name, person, schema.Name, record) ? "only in one of both reads" : "disagreeing decisions");
                return;
            }

            Count("denials");
            var found = await smallest.FindAsync(subject, rule, decisions, caller, Token);
            Count(found.Named.Count > 0 ? "with a named change" : found.NeedsRequest.Count > 0 ? "kept apart for the request" : "kept apart without a value");
            foreach (var why in found.Named.Count > 0 ? [] : found.Unnamed.Select(apart => Names().Replace(apart.Why, "…")).Distinct())
            {
                Count($"× “{why}”");
            }

            foreach (var change in found.Named.Take(3))
            {
                Count("changes done");
                if (!await scratch.DoAsync(change.Parts))
                {
                    Wrong("PocketBase doesn't take", change.Parts);
                }
                else
                {
                    if (!await scratch.SeesAsync(users.Name, person, schema.Name, record))
                    {
                        Wrong("not seen with", change.Parts);
                    }
                    else if (official-- > 0 && !(await OfficialClient.VisibleAsync(server, [(schema.Name, "id")], [$"{users.Name}/{person}"]))[schema.Name][$"{users.Name}/{person}"]!.Contains(record))
                    {
                        Wrong("not seen by the official client with", change.Parts);
                    }
                }

                await scratch.UndoAsync();
                if (change.Parts.Count > 1)
                {
                    Count("of several parts");
                    foreach (var left in change.Parts)
                    {
                        ValueChange[] without = [.. change.Parts.Where(part => part != left)];
                        Count("without a part");
                        if (await scratch.DoAsync(without) && await scratch.SeesAsync(users.Name, person, schema.Name, record))
                        {
                            Wrong("seen already with", without);
                        }

                        await scratch.UndoAsync();
                    }
                }
            }

            void Wrong(string what, IEnumerable<ValueChange> parts) => wrong.Add($"{what} {string.Join(" AND ", parts)}: {schema.Name}/{record} as {person}: {rule.Text}");
        }

        void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
    }

    // What differs between two reasons of one kind.
    [GeneratedRegex("“.*”|(?<=needs a record in ).*(?=, and)")]
    private static partial Regex Names();

    /// <summary>A server that may be changed, and is put back.</summary>
    private sealed class Scratch(PocketBaseServer server, string superuser) : IDisposable
    {
        private readonly HttpClient _http = new() { BaseAddress = server.Url };
        private readonly Dictionary<string, string> _tokens = [];
        private readonly List<(string Path, JsonObject Before)> _done = [];

        public void Dispose() => _http.Dispose();

        public async Task<bool> SetRulesAsync(string collection, string list, string view) =>
            await SendAsync(superuser, HttpMethod.Patch, $"/api/collections/{collection}", new JsonObject { ["listRule"] = list, ["viewRule"] = view }) is not null;

        public async Task<HashSet<string>> SeenAsync(string users, string person, string collection)
        {
            var answer = await SendAsync(await TokenAsync(users, person), HttpMethod.Get, $"/api/collections/{collection}/records?perPage=500&skipTotal=1&fields=id", null);
            return answer is { } page ? [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)] : [];
        }

        /// <summary>Whether the user sees it in the list and by itself.</summary>
        public async Task<bool> SeesAsync(string users, string person, string collection, string record) =>
            await SendAsync(await TokenAsync(users, person), HttpMethod.Get, $"/api/collections/{collection}/records/{record}?fields=id", null) is not null
            && (await SeenAsync(users, person, collection)).Contains(record);

        public async Task<bool> DoAsync(IEnumerable<ValueChange> parts)
        {
            foreach (var of in parts.GroupBy(part => (part.Collection.Name, part.RecordId)))
            {
                var path = $"/api/collections/{of.Key.Name}/records/{of.Key.RecordId}";
                var before = (await SendAsync(superuser, HttpMethod.Get, path, null))!.Value;
                _done.Add((path, new JsonObject(of.Select(part => part.Field.Name).Distinct().Select(name => KeyValuePair.Create(name, JsonNode.Parse(before.GetProperty(name).GetRawText()))))));
                JsonObject body = [];
                foreach (var slot in of.GroupBy(part => part.Field.Name + part.Kind switch { ValueChangeKind.Add => "+", ValueChangeKind.Remove => "-", _ => "" }))
                {
                    body[slot.Key] = slot.ToArray() switch
                    {
                        [{ Kind: ValueChangeKind.Set, Field.Type: "number" or "bool" } one] => JsonNode.Parse(one.Value),
                        [var one] => one.Value,
                        var several => new JsonArray([.. several.Select(one => (JsonNode)one.Value)]),
                    };
                }

                if (await SendAsync(superuser, HttpMethod.Patch, path, body) is null)
                {
                    return false;
                }
            }

            return true;
        }

        public async Task UndoAsync()
        {
            foreach (var (path, before) in _done)
            {
                Assert.NotNull(await SendAsync(superuser, HttpMethod.Patch, path, before));
            }

            _done.Clear();
        }

        private async Task<string> TokenAsync(string users, string person)
        {
            if (!_tokens.TryGetValue(person, out var token))
            {
                var made = await SendAsync(superuser, HttpMethod.Post, $"/api/collections/{users}/impersonate/{person}", new JsonObject { ["duration"] = 3600 });
                _tokens[person] = token = made!.Value.GetProperty("token").GetString()!;
            }

            return token;
        }

        private async Task<JsonElement?> SendAsync(string token, HttpMethod method, string path, JsonObject? body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("Authorization", token);
            using var response = await _http.SendAsync(request, Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>(Token) : null;
        }
    }
}
