using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Core;
using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>
/// The values that a rule reads, of the record and of the user: what has to be asked for, and how they are said. Fields that users don't see, and
/// other people's e-mail addresses, are asked for by nobody here and never said.
/// </summary>
/// <param name="records">The collection that the rule belongs to.</param>
/// <param name="users">The user's collection.</param>
/// <param name="app">The app's collections.</param>
/// <param name="userName">What the user is called.</param>
internal sealed class OperandWords(CollectionSchema records, CollectionSchema users, AppCollections app, string userName)
{
    private const int MostValues = 3;

    private const int LongestValue = 60;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is to be asked of the record, or of the user's own.</summary>
    /// <param name="rules">The rules that are explained.</param>
    /// <param name="kind">Whose fields: <see cref="RuleOperandKind.Field"/> or <see cref="RuleOperandKind.Auth"/>.</param>
    /// <returns>The fields and the relations to bring along, as PocketBase writes them; null for none of these.</returns>
    public (string Fields, string? Expand) AskedFor(IEnumerable<RuleNode> rules, RuleOperandKind kind)
    {
        RulePath[] paths = [.. rules.SelectMany(rule => rule.Clauses).SelectMany(clause => clause.Operands).SelectMany(operand => operand.All)
            .Where(operand => operand.Kind == kind).Select(PathOf).OfType<RulePath>().Where(path => path is { Field: not null } && path.IsShown(kind))];
        return (string.Join(',', paths.Select(path => path.Asked(path.Field!.Name)).Prepend("id").Distinct()), RulePath.Expand(paths));
    }

    /// <summary>What stood on both sides of a comparison.</summary>
    /// <param name="clause">The comparison.</param>
    /// <param name="record">The record, with what was asked for.</param>
    /// <param name="self">The user's own record, likewise.</param>
    public IReadOnlyList<OperandValue> Of(RuleClause clause, PocketBaseRecord record, PocketBaseRecord self) =>
        [.. clause.Operands.SelectMany(operand => operand.All).Where(operand => operand.Kind is not (RuleOperandKind.Text or RuleOperandKind.Number or RuleOperandKind.Constant or RuleOperandKind.Function))
            .DistinctBy(operand => operand.Text).Select(operand => new OperandValue(operand.Text, WordsOf(operand, record, self)))];

    private string WordsOf(RuleOperand operand, PocketBaseRecord record, PocketBaseRecord self)
    {
        switch (operand.Kind)
        {
            case RuleOperandKind.Request:
                return "depends on the request";
            case RuleOperandKind.RequestKind:
                return operand.Path[0] == "method" ? "is “GET” for every read" : "is “default” for every read";
            case RuleOperandKind.Macro:
                return "is the server's own clock";
            case RuleOperandKind.Collection:
                return $"is read from every record of {operand.Path[0].Split(':')[0]}";
            case RuleOperandKind.Auth when operand is { Path: ["id"], Modifier: "" }:
                return $"{Said([self.Id])} ({VisibleText.Isolate(userName)})";
            case RuleOperandKind.Auth when operand.Path is ["collectionName"]:
                return Said([users.Name]);
            case RuleOperandKind.Auth when operand.Path is ["collectionId"]:
                return Said([users.Id]);
        }

        return PathOf(operand) switch
        {
            null or { Field: null } => "isn't a field that is known here",
            var path when !path.IsShown(operand.Kind) => "isn't shown: users don't see this field",
            { Field.Many: true, Within: [] } path when operand is { Kind: RuleOperandKind.Field, Modifier: "" } => SaidAsLists(path, record),
            var path => Said(ValuesOf(path, operand.Kind == RuleOperandKind.Auth ? self : record)),
        };
    }

    private static IReadOnlyList<string> ValuesOf(RulePath path, PocketBaseRecord start) =>
        [.. path.RowsFrom(start).SelectMany(row => path.Field!.Many ? row.Texts(path.Field.Name) : [path.TextIn(row)]).Where(value => value.Length > 0)];

    /// <summary>
    /// A field that holds several, compared as it stands: PocketBase takes the list for one text (measured on 0.39.1), so that no single one of
    /// them equals it. Who wrote the rule mostly meant <c>.id</c> or <c>:each</c>.
    /// </summary>
    private static string SaidAsLists(RulePath path, PocketBaseRecord record)
    {
        string[] lists = [.. path.RowsFrom(record).Select(row => row.Texts(path.Field!.Name)).Where(values => values.Count > 0)
            .Select(AsKept)];
        return lists.Length == 0 ? Said([]) : $"{Said(lists)}, which PocketBase compares as one text, not one by one";
    }

    // Go's writer spells these three out, and a rule that looks for one of them finds none (measured).
    private static string AsKept(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, s_plain)
        .Replace("&", @"\u0026", StringComparison.Ordinal).Replace("<", @"\u003c", StringComparison.Ordinal).Replace(">", @"\u003e", StringComparison.Ordinal);

    private static string Said(IReadOnlyList<string> values) => values.Count switch
    {
        0 => "is empty",
        1 => $"is {Quoted(values[0])}",
        <= MostValues => $"are {string.Join(", ", values.Select(Quoted))}",
        var count => $"are {string.Join(", ", values.Take(MostValues).Select(Quoted))} and {(count - MostValues).ToString("N0", CultureInfo.InvariantCulture)} more",
    };

    private static string Quoted(string value) => $"“{VisibleText.Isolate(VisibleText.Shortened(value, LongestValue))}”";

    private RulePath? PathOf(RuleOperand operand) => RulePath.Of(operand, records, users, app);
}
