#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
using System.Text.Json;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Tests.TestKit;
using SupportConsole.Tests.TestKit.RealApps;

namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>What is read as a rule, against what a real server takes as one; the classes at the end run it on each version.</summary>
public abstract class RuleGrammarTrials(PocketBaseServer server) : RuleAppTest(server)
{
    private const int Texts = 400;

    private static readonly string[] s_names = ["title", "note", "count", "due", "data", "data.n", "@request.auth.name", "@request.method", "@year", "@collection.seats.rank", "tags:each", "true", "null"];

    private static readonly string[] s_pieces =
    [
        "'x'", "\"it's\"", "''", "5", "-2.5", "=", "!=", "?=", "~", ">=", "&&", "||", "(", ")", "&& (", ") ||", " ", "\n", "\t", "\r", "//", "// it's\n", "/", "'", "\"", "\\", "\\'",
        ".", "-", ":", "@", "&", "é", "geoDistance(1,2,3,4)", "geoDistance(", "strftime('%Y', due)", ",", "()", "?", "!",
    ];

    // Whatever made the two differ once, or might.
    private static readonly string[] s_picked =
    [
        "title = (note = 'x')", "title (note = 'x')", "(title = 'x')(note = 'x')", "title = 'x' || note = 'y' (count = 1)", "()", "title = 'x' && ()", "(( ))", "(// c\n)",
        "title='x'\r\n&& note='y'", "title='x' // it's ) (", "(title='x' // it's\n)", "(title='x' // ok\n)", "(title='x' // )\n)", "(title='x' // )", "(title='x' // \"q)\"\n)",
        "count = -.5", "count = .5", "count = 5.", "count=--5", "count=1.2.3", "count = - 5", "count=1e5", "count=+5", "count=99999999999999999999999999", "title@note='x'", ".title='x'",
        "title.='x'", "title:='x'", "_='x'", "@='x'", "geoDistance(1,2,3,4) > 1", "geoDistance(1,2,3,4,) > 1", "geoDistance(,1,2,3,4) > 1", "geoDistance(1 2,3,4) > 1",
        "geoDistance (1,2,3,4) > 1", "geoDistance( 1 , 2 // c\n, 3,4 ) > 1", "(geoDistance( 1 , 2 // c\n, 3,4 ) > 1)", "strftime('%Y', due,) = '2024'", "title='x' / note", "title='x'//", "//x",
        "//x\ntitle='x'", " ", "title=='x'", "title<>'x'", "title?=='x'", "title!?='x'", "title='x' && && note='x'", "title='x' &&& note='x'", "title='x' ||", "&& title='x'",
        "title='x' and note='x'", "true=true", "1=1", "'a'='a'", "'a'=title", "title='\\''", "title=\"\\'\"", "title='x\\\\'", "title='x\\\\'' || note='", "title='é'", "title=é", "title='x'\u00a0",
        "title='\0'", "@foo='x'", "@request.auth='x'", "@request.auth.nofield.y='x'", "@request.auth.id:isset=true", "@request.foo.x='x'", "@request.method:lower='get'", "@request.query.x:isset=true",
        "@request.body='x'", "@request.data.title='x'", "@collection='x'", "@collection.seats='x'", "@collection.SEATS:x.rank=1", "@collection.seats:.rank=1", "@collection.seats:x:y.rank=1",
        "TRUE=true", "@random='x'", "title='x'note='y'", "title='x'&&note='y'||count=1", "title = 'x' && (note='y' || count=1", "title='x')", "title", "title=", "((((((title='x'))))))", "title=`x`", "title=x'",
    ];

    [Fact]
    public async Task What_the_server_takes_is_read_and_what_it_refuses_is_not()
    {
        var random = new Random(1);
        List<string> wrong = [];
        var (taken, refused) = (0, 0);
        foreach (var rule in s_picked.Concat(Enumerable.Range(0, Texts).Select(_ => MakeUp())))
        {
            var isTaken = await App.TryGuardAsync(rule);
            (taken, refused) = isTaken ? (taken + 1, refused) : (taken, refused + 1);
            var isRead = RuleParser.TryParse(rule, App.Collections.Grammar, out var tree, out var fault);
            if (isTaken && !isRead)
            {
                wrong.Add($"taken, but {fault} in {rule}");
            }

            // Of names and of what functions are given, the schema decides.
            if (!isTaken && isRead && tree!.Clauses.SelectMany(clause => clause.Operands).All(operand =>
                operand.Kind is RuleOperandKind.Text or RuleOperandKind.Number || s_names.Contains(operand.Text, StringComparer.OrdinalIgnoreCase)))
            {
                wrong.Add($"refused, but read as {tree.Text}: {rule}");
            }

            if (isTaken && isRead && !tree!.LooksAtRequest && !tree.Text.Contains("@request", StringComparison.Ordinal)
                && (await App.FindAsync(rule), await App.FindAsync(tree.Text)) is var (meant, said) && !(meant is not null && said is not null && meant.SetEquals(said)))
            {
                wrong.Add($"{tree.Text} finds something else than {rule}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(taken > 100 && refused > 100, $"{taken} taken, {refused} refused");

        string MakeUp()
        {
            List<string> pieces = [];
            for (var clauses = random.Next(1, 4); clauses > 0; clauses--)
            {
                pieces.AddRange([Pick(s_names), Pick(["=", "!=", "?~", "<"]), Pick([.. s_names, "'x'", "5", "''"])]);
                pieces.AddRange(clauses > 1 ? [Pick(["&&", "||"])] : []);
            }

            for (var changes = random.Next(0, 3); changes > 0; changes--)
            {
                var at = random.Next(pieces.Count);
                switch (random.Next(3))
                {
                    case 0:
                        pieces.Insert(at, Pick(s_pieces));
                        break;
                    case 1:
                        pieces[at] = Pick(s_pieces);
                        break;
                    case 2 when pieces.Count > 1:
                        pieces.RemoveAt(at);
                        break;
                }
            }

            return string.Join(random.Next(4) == 0 ? "" : " ", pieces);
        }

        string Pick(string[] of) => of[random.Next(of.Length)];
    }
}

/// <summary>Rules as people really write them.</summary>
public sealed class RealRulesTests
{
    public static IEnumerable<TheoryDataRow<string>> Apps => RealApp.All;

    [Theory]
    [MemberData(nameof(Apps))]
    public async Task Every_rule_of_real_apps_is_read(string name)
    {
        using var app = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(RealApp.Folder, $"{name}.json"), TestContext.Current.CancellationToken));
        foreach (var rule in app.RootElement.EnumerateArray().SelectMany(collection => collection.EnumerateObject())
            .Where(known => known.Name.EndsWith("Rule", StringComparison.Ordinal)).Select(known => known.Value.GetString() ?? "").Where(rule => rule.Length > 0))
        {
            foreach (var grammar in Enum.GetValues<FilterGrammar>())
            {
                Assert.True(RuleParser.TryParse(rule, grammar, out _, out var fault), $"{rule}: {fault}");
            }
        }
    }
}

/// <inheritdoc />
public sealed class RuleGrammar0391Tests(PocketBaseServer.Pinned server) : RuleGrammarTrials(server), IClassFixture<PocketBaseServer.Pinned>;

/// <inheritdoc />
public sealed class RuleGrammar0368Tests(PocketBaseServer.Oldest server) : RuleGrammarTrials(server), IClassFixture<PocketBaseServer.Oldest>;

/// <inheritdoc />
public sealed class RuleGrammar0404Tests(PocketBaseServer.Newest server) : RuleGrammarTrials(server), IClassFixture<PocketBaseServer.Newest>;
