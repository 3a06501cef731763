using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs.Explaining.Comparing;

/// <summary>
/// Lays the viewed user beside another one for whom it works: what a rule reads of both, and what its conditions come to for both and one record.
/// What users don't see of themselves isn't shown here either.
/// </summary>
internal sealed class UserComparison(AccessQuestions questions, RuleJudge judge, ProtectedUsers protectedUsers, SuperuserRequests requests, KeyedHash hash)
{
    private const string HiddenField = "not shown: a hidden field", HiddenEmail = "not shown: an invisible e-mail address", NoField = "there is no such field";

    private const int ValuesShown = 20, LongestValue = 200;

    /// <summary>Compares.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="sessionId">Through which session.</param>
    /// <param name="collection">The record's collection.</param>
    /// <param name="record">The record's id.</param>
    /// <param name="rule">Which of the collection's rules.</param>
    /// <param name="other">The other user's id or whole e-mail address.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="AccessUnansweredException">It can't be answered.</exception>
    public async Task<ComparedUsers> CompareAsync(
        CurrentStaff who, string sessionId, string collection, string record, ReadRule rule, string other, CancellationToken cancellationToken)
    {
        var question = await questions.BeginAsync(who, sessionId, collection, cancellationToken);
        return await questions.AskAsync(
            question,
            AuditEventTypes.AccessCompared,
            new AuditTarget(question.Known.Name) { RecordIds = [record], QueryHash = hash.Of("query", other) },
            (_, token) => CompareAsync(question, record, rule, other.Trim(), token),
            (entry, compared) => entry with
            {
                Detail = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ReadRules.InWords(rule)}, with {compared.Other}: {compared.Fields.Count} values, {compared.Fields.Count(field => field.IsSame == false)} different; {compared.Conditions.Count} conditions, {compared.Conditions.Count(condition => condition.Own.Holds != condition.Others.Holds)} come out differently"),
            },
            cancellationToken);
    }

    private async Task<ComparedUsers> CompareAsync(AccessQuestion question, string record, ReadRule rule, string typed, CancellationToken cancellationToken)
    {
        var viewed = question.Live.Session.User;
        var (app, schema) = await questions.DescribeAllAsync(question, cancellationToken);
        var users = app.Find(viewed.Collection) ?? throw AccessUnansweredException.CollectionGone(viewed.Collection);
        await questions.DemandRecordAsync(question, schema, record, cancellationToken);
        RuleNode? tree = null;
        if (ReadRules.Of(schema, rule) is { Length: > 0 } text && !RuleParser.TryParse(text, app.Grammar, out tree, out var fault))
        {
            throw AccessUnansweredException.RuleNotRead(fault.Sentence);
        }

        var other = await FindAsync(question, typed, cancellationToken);
        if (other == viewed)
        {
            throw AccessUnansweredException.SameUser();
        }

        if (await protectedUsers.OfAsync(question.Caller, other, cancellationToken) != Protection.None)
        {
            throw AccessUnansweredException.Protected();
        }

        RuleOperand[] read = [.. (tree?.Clauses ?? []).SelectMany(clause => clause.Operands).SelectMany(operand => operand.All).Where(operand => operand.Kind == RuleOperandKind.Auth).DistinctBy(NameOf)];
        var paths = read.ToDictionary(NameOf, operand => RulePath.Of(operand, schema, users, app));
        var (own, others) = await ReadAsync(question, other, [.. paths.Values.OfType<RulePath>()], cancellationToken);
        RuleNode[] conditions = [.. tree is null ? [] : RuleTruth.ConditionsOf(tree).Distinct()];
        var ownDecided = await DecideAsync(viewed, own);
        var othersDecided = await DecideAsync(other, others);
        return new ComparedUsers(
            other,
            [.. paths.Select(path => Compare(path.Key, path.Value, own, others))],
            [.. conditions.Select(condition => new ComparedCondition(condition.Text, ownDecided[condition], othersDecided[condition]))]);

        // The hook is asked first in any case: where there is none, filters decide as far as they can.
        Task<IReadOnlyDictionary<RuleNode, Decision>> DecideAsync(AppUserId user, PocketBaseRecord self) =>
            judge.DecideAsync(new RuleSubject(user, self, users, schema, record, app, HasHook: true), conditions, question.Caller, cancellationToken);
    }

    private static string NameOf(RuleOperand operand) => string.Join('.', operand.Path);

    private async Task<AppUserId> FindAsync(AccessQuestion question, string typed, CancellationToken cancellationToken)
    {
        var collection = question.Live.Session.User.Collection;
        if (typed.Length == 0 || !PocketBaseFilter.TryLiteral(question.Live.Collections.Grammar, typed, out var literal))
        {
            throw AccessUnansweredException.NoUser(collection);
        }

        var found = await requests.ListAsync(SuperuserUse.Explain, question.Caller, collection, $"id = {literal} || email = {literal}", 1, 2, "id", "id", cancellationToken);
        var id = found.Items.Select(user => user.Id).FirstOrDefault(id => id == typed) ?? (found.Items is [var only] ? only.Id : null);
        return AppUserId.TryCreate(collection, id, out var other) ? other : throw AccessUnansweredException.NoUser(collection);
    }

    /// <summary>Both records, with those that the paths lead to.</summary>
    private async Task<(PocketBaseRecord Own, PocketBaseRecord Others)> ReadAsync(
        AccessQuestion question, AppUserId other, IReadOnlyList<RulePath> paths, CancellationToken cancellationToken)
    {
        var viewed = question.Live.Session.User;
        var fields = paths.Where(path => path.Relations.Count > 0)
            .SelectMany(path => new[] { "id", path.Field?.Name, "emailVisibility" }.OfType<string>().Select(path.Asked))
            .Prepend("*").Distinct();
        var grammar = question.Live.Collections.Grammar;
        var found = await requests.ListAsync(
            SuperuserUse.Explain, question.Caller, viewed.Collection, $"id = {PocketBaseFilter.Literal(grammar, viewed.Record)} || id = {PocketBaseFilter.Literal(grammar, other.Record)}",
            1, 2, "id", string.Join(',', fields), cancellationToken, RulePath.Expand(paths));
        return (Of(viewed), Of(other));

        PocketBaseRecord Of(AppUserId user) => found.Items.FirstOrDefault(record => record.Id == user.Record) ?? throw AccessUnansweredException.NoUser(user.Collection);
    }

    private static ComparedField Compare(string name, RulePath? path, PocketBaseRecord own, PocketBaseRecord others)
    {
        if (path is not { Field: { } field })
        {
            return name is "collectionId" or "collectionName" ? new ComparedField(name, own.Text(name), others.Text(name), true) : new ComparedField(name, NoField, NoField, null);
        }

        // A secret isn't even told to be the same.
        if (field.Type == "password" || field.Name == "tokenKey")
        {
            return new ComparedField(name, HiddenField, HiddenField, null);
        }

        string[] one = [.. path.RowsFrom(own).Select(path.TextIn)], other = [.. path.RowsFrom(others).Select(path.TextIn)];
        return new ComparedField(name, Shown(path, own, one), Shown(path, others, other), one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    private static string Shown(RulePath path, PocketBaseRecord self, string[] values)
    {
        if (path.IsHidden)
        {
            return HiddenField;
        }

        if (path.Field!.Name == "email" && path.Collection.IsAuth && path.RowsFrom(self).Any(row => !row.Flag("emailVisibility")))
        {
            return HiddenEmail;
        }

        var shown = string.Join(", ", values.Take(ValuesShown).Select(value => value.Length == 0 ? "empty" : VisibleText.Shortened(value, LongestValue)));
        return values.Length switch
        {
            0 => "nothing",
            > ValuesShown => string.Create(CultureInfo.InvariantCulture, $"{shown} and {values.Length - ValuesShown:N0} more"),
            _ => shown,
        };
    }
}
