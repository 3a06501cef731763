using System.Text.RegularExpressions;
using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>Where the path of an operand leads through the app's schema.</summary>
/// <param name="Collection">The collection that the last name is a field of.</param>
/// <param name="Field">The field; null where the schema has none of that name.</param>
/// <param name="Relations">The names before it that lead to other records: what has to be expanded.</param>
/// <param name="Within">The names within a field of JSON.</param>
/// <param name="IsMany">Whether the path can lead to several values.</param>
/// <param name="IsHidden">Whether a field on the way is one that users don't see.</param>
internal sealed partial record RulePath(
    CollectionSchema Collection, CollectionField? Field, IReadOnlyList<string> Relations, IReadOnlyList<string> Within, bool IsMany, bool IsHidden)
{
    /// <summary>The collections whose records it reads beyond those that it begins at, the last one among them.</summary>
    public IReadOnlyList<CollectionSchema> Others { get; private init; } = [];

    /// <summary>
    /// Whether people may be shown what it holds: no field that users don't see, no secret, and of e-mail addresses, which users may hide, only the
    /// viewed user's own.
    /// </summary>
    /// <param name="kind">What the path begins at.</param>
    public bool IsShown(RuleOperandKind kind) => !IsHidden && Field is not ({ Type: "password" } or { Name: "tokenKey" })
        && !(Field is { Name: "email" } && Collection.IsAuth && !(kind == RuleOperandKind.Auth && Relations.Count == 0));

    /// <summary>Whether it reads records that nobody but superusers lists, or that PocketBase keeps for signing people in.</summary>
    /// <param name="but">Collections that don't count.</param>
    public bool ReadsClosed(params CollectionSchema[] but) =>
        Others.Any(other => other is { ListRule: null } or { System: true } && !but.Any(one => one.Id == other.Id));

    /// <summary>The relations that several paths lead through, as PocketBase is asked to bring them along; null for none.</summary>
    public static string? Expand(IEnumerable<RulePath> paths) =>
        string.Join(',', paths.Where(path => path.Relations.Count > 0).Select(path => string.Join('.', path.Relations)).Distinct()) is { Length: > 0 } expand ? expand : null;

    /// <summary>A field of the records that the path leads to, as PocketBase is asked for it.</summary>
    public string Asked(string field) => string.Concat(Relations.Select(relation => $"expand.{relation}.")) + field;

    /// <summary>The records that it leads to, of one that came with them.</summary>
    public IEnumerable<PocketBaseRecord> RowsFrom(PocketBaseRecord start) =>
        Relations.Aggregate((IEnumerable<PocketBaseRecord>)[start], (rows, relation) => rows.SelectMany(row => row.ExpandedAll(relation)));

    /// <summary>What one of these holds, as text; of JSON what stands at the path within.</summary>
    public string TextIn(PocketBaseRecord row) => Within.Count == 0
        ? row.Text(Field!.Name)
        : Within.SkipLast(1).Aggregate(row.Within(Field!.Name), (within, name) => within.Within(name)).Text(Within[^1]);

    /// <summary>Follows an operand; null for what is no field of a record, or leads nowhere.</summary>
    /// <param name="operand">One side of a comparison.</param>
    /// <param name="records">The collection that the rule belongs to.</param>
    /// <param name="users">The collection of the signed-in user.</param>
    /// <param name="app">The app's collections.</param>
    public static RulePath? Of(RuleOperand operand, CollectionSchema records, CollectionSchema users, AppCollections app) => operand.Kind switch
    {
        RuleOperandKind.Field => Follow(records, operand.Path, operand.Modifier, false, app),
        RuleOperandKind.Auth => Follow(users, operand.Path, operand.Modifier, false, app),
        RuleOperandKind.Collection when app.Find(operand.Path[0].Split(':')[0]) is { } other => Follow(other, [.. operand.Path.Skip(1)], operand.Modifier, true, app),
        _ => null,
    };

    /// <summary>Whether an operand can lead to several rows; what can't be followed may.</summary>
    /// <param name="operand">One side of a comparison.</param>
    /// <param name="records">The collection that the rule belongs to.</param>
    /// <param name="users">The collection of the signed-in user.</param>
    /// <param name="app">The app's collections.</param>
    public static bool MayBeMany(RuleOperand operand, CollectionSchema records, CollectionSchema users, AppCollections app) =>
        Of(operand, records, users, app)?.IsMany != false;

    /// <summary>Whether a part of a rule goes on from a field of the user's that leads nowhere, so that nothing with it can be carried out.</summary>
    /// <param name="node">The part.</param>
    /// <param name="users">The collection of the signed-in user.</param>
    /// <param name="app">The app's collections.</param>
    public static bool IsBroken(RuleNode node, CollectionSchema users, AppCollections app) => node.Clauses.SelectMany(clause => clause.Operands)
        .SelectMany(operand => operand.All).Any(operand => operand.Kind == RuleOperandKind.Auth && FateOf(operand, users, app) == RulePathFate.Broken);

    /// <summary>
    /// How the server reads a field of the user's: what their collection doesn't have is <c>null</c> in a rule, while a rule that goes on from a field
    /// which leads nowhere can't be carried out for them at all (measured, 0.36.8 to 0.40.4).
    /// </summary>
    /// <param name="operand">A field of the signed-in user.</param>
    /// <param name="users">Their collection.</param>
    /// <param name="app">The app's collections.</param>
    public static RulePathFate FateOf(RuleOperand operand, CollectionSchema users, AppCollections app)
    {
        var known = Enumerable.Range(1, operand.Path.Count).Select(names => Follow(users, [.. operand.Path.Take(names)], "", false, app)).TakeWhile(path => path is not null).ToArray();
        return known[^1]!.Field is null ? RulePathFate.Missing : known.Length < operand.Path.Count ? RulePathFate.Broken : RulePathFate.Found;
    }

    /// <summary>The relation of another collection that a name leads back through (<c>posts_via_author</c>); null for what is none.</summary>
    /// <param name="collection">The collection that it leads back from.</param>
    /// <param name="name">The name.</param>
    /// <param name="app">The app's collections.</param>
    public static (CollectionSchema Collection, CollectionField Field)? Back(CollectionSchema collection, string name, AppCollections app) =>
        BackRelation().Match(name) is { Success: true } match && app.Find(match.Groups["collection"].Value) is { } from
        && from.Fields.FirstOrDefault(known => known.Name == match.Groups["field"].Value) is { Type: "relation" } pointing && pointing.CollectionId == collection.Id
            ? (from, pointing)
            : null;

    private static RulePath? Follow(CollectionSchema start, IReadOnlyList<string> path, string modifier, bool isOther, AppCollections app)
    {
        var (collection, isHidden, isMany) = (start, false, isOther);
        List<string> relations = [];
        List<CollectionSchema> others = isOther ? [start] : [];
        for (var i = 0; i < path.Count; i++)
        {
            var field = collection.Fields.FirstOrDefault(known => known.Name == path[i]);
            isHidden |= field?.Hidden == true;
            if (i == path.Count - 1)
            {
                return new RulePath(collection, field, relations, [], isMany || (modifier == "each" && field?.Many == true), isHidden) { Others = others };
            }

            switch (field)
            {
                case { Type: "json" or "geoPoint" }:
                    return new RulePath(collection, field, relations, [.. path.Skip(i + 1)], isMany, isHidden) { Others = others };
                case { Type: "relation" } when app.TargetOf(field) is { } target:
                    isMany |= field.Many;
                    collection = target;
                    break;
                case null when Back(collection, path[i], app) is (var from, var pointing):
                    isMany = true;
                    isHidden |= pointing.Hidden;
                    collection = from;
                    break;
                default:
                    return null;
            }

            relations.Add(path[i]);
            others.Add(collection);
        }

        return null;
    }

    [GeneratedRegex("^(?<collection>[A-Za-z0-9_]+)_via_(?<field>[A-Za-z0-9_]+)$")]
    private static partial Regex BackRelation();
}
