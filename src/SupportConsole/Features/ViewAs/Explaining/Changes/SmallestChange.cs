using SupportConsole.Core.Rules;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>
/// The smallest changes of data that would let a user see a record. Each is confirmed before it is named: the conditions that read a changed
/// value are decided again by PocketBase, with the value as a literal in its place. Nothing is written.
/// </summary>
internal sealed class SmallestChange(RuleJudge judge, SuperuserRequests requests, TimeProvider clock)
{
    /// <summary>Most sets that are named.</summary>
    public const int Most = 12;

    // Sets that PocketBase is asked about, and of how many conditions it is asked at the most.
    private const int MostTried = 60;
    private const int MostTurns = 24;

    // Ids that fit one filter.
    private const int IdsAtOnce = 100;

    private const string ForGuests = "it is about people who aren't signed in";
    private const string ForOthers = "it is about users of another collection";
    private const string OfRequest = "it is about the request itself";
    private const string NotConfirmed = "no change was found of which PocketBase confirms that it is enough";

    /// <summary>Finds them.</summary>
    /// <param name="subject">Who asks for what.</param>
    /// <param name="rule">What has to hold for the record to be seen: the list rule and the view rule.</param>
    /// <param name="decisions">What the conditions of the rule come to now. The record is taken for one that the user can't see.</param>
    /// <param name="caller">On whose behalf.</param>
    /// <param name="cancellation">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<AccessChanges> FindAsync(
        RuleSubject subject, RuleNode rule, IReadOnlyDictionary<RuleNode, Decision> decisions, Caller caller, CancellationToken cancellation)
    {
        RuleNode[] conditions = [.. RuleTruth.ConditionsOf(rule).Distinct()];
        var known = conditions.ToDictionary(condition => condition, condition => decisions.GetValueOrDefault(condition)?.Holds);
        if (RuleTruth.Of(rule, condition => known[condition]) == true)
        {
            return AccessChanges.None;
        }

        // The record isn't seen: what alone would show it doesn't hold, even where nobody could decide it.
        foreach (var condition in conditions.Where(condition => known[condition] is null).ToArray())
        {
            if (RuleTruth.Of(rule, one => one.Equals(condition) ? true : known[one] ?? false) == true)
            {
                known[condition] = false;
            }
        }

        var turns = RuleTruth.SmallestTurns(rule, condition => known[condition], MostTurns);
        if (await ReadAsync(subject, conditions, caller, cancellation) is not { } values)
        {
            return AccessChanges.None;
        }

        values.MeetBoth();
        var turning = new TurningChanges(values, clock);
        Dictionary<RuleNode, (IReadOnlyList<ValueChange> Changes, string Why)> ways = [];
        foreach (var condition in turns.SelectMany(turn => turn).Distinct())
        {
            ways[condition] = AboutRequest(condition) is { } why ? ([], why)
                : subject.Records.IsView ? ([], "what a view shows comes from other collections")
                : turning.Of(condition);
        }

        var sets = Sets(turns, ways);
        sets = await WithTargetsAsync(subject, values, sets, caller, cancellation);
        var confirmed = await ConfirmedAsync(subject, rule, known, values, [.. sets.Keys.Take(MostTried)], caller, cancellation);
        var named = Smallest(confirmed);
        var reached = confirmed.SelectMany(set => sets[set]).ToHashSet();
        KeptApart[] apart = [.. turns.Where((_, i) => !reached.Contains(i)).SelectMany(turn => Apart(turn, ways)).Distinct()];
        return new AccessChanges(
            [.. named.Take(Most).Select(set => new AccessChange([.. set.Select(part => Named(part, subject, values))]))],
            named.Count > Most || sets.Count > MostTried || turns.Count == MostTurns,
            [.. apart.Where(one => AboutRequest(one.Condition) is not null)],
            [.. apart.Where(one => AboutRequest(one.Condition) is null)]);
    }

    private static string? AboutRequest(RuleNode condition) => condition switch
    {
        { LooksAtRequest: true } => Decision.LooksAtRequest,
        RuleClause { Left.Kind: RuleOperandKind.RequestKind } or RuleClause { Right.Kind: RuleOperandKind.RequestKind } => OfRequest,
        RuleClause clause when clause.Operands.Any(operand => operand is { Kind: RuleOperandKind.Auth, Path: ["collectionId" or "collectionName"] }) => ForOthers,
        RuleClause { Comparison: "=" } clause when clause.Operands.Any(operand => operand is { Kind: RuleOperandKind.Auth, Path: ["id"] })
            && clause.Operands.Any(operand => operand is { Kind: RuleOperandKind.Text, Value: "" } or { Kind: RuleOperandKind.Constant }) => ForGuests,
        _ => null,
    };

    // Why nothing came of a turn: what stands in its way by itself, or else all of it.
    private static IEnumerable<KeptApart> Apart(IReadOnlySet<RuleNode> turn, Dictionary<RuleNode, (IReadOnlyList<ValueChange> Changes, string Why)> ways)
    {
        KeptApart[] without = [.. turn.Where(condition => ways[condition].Changes.Count == 0).Select(condition => new KeptApart(condition, ways[condition].Why))];
        return without.Length > 0 ? without : turn.Select(condition => new KeptApart(condition, NotConfirmed));
    }

    // The record and the user with what the rule's paths lead to: one request each at the most.
    private async Task<RuleValues?> ReadAsync(RuleSubject subject, RuleNode[] conditions, Caller caller, CancellationToken cancellation)
    {
        var operands = conditions.SelectMany(condition => condition.Clauses).SelectMany(clause => clause.Operands).ToArray();
        var record = await ExpandedAsync(RuleOperandKind.Field, subject.Records, subject.Id, null);
        var self = await ExpandedAsync(RuleOperandKind.Auth, subject.Users, subject.User.Record, subject.Self);
        return record is null || self is null ? null : new RuleValues(subject, record, self);

        async Task<PocketBaseRecord?> ExpandedAsync(RuleOperandKind kind, CollectionSchema collection, string id, PocketBaseRecord? known)
        {
            var paths = operands.Where(operand => operand.Kind == kind).Select(operand => RulePath.Of(operand, subject.Records, subject.Users, subject.App))
                .Where(path => path is { Relations.Count: > 0 }).Select(path => string.Join('.', path!.Relations)).Distinct().ToArray();
            if (known is not null && paths.Length == 0)
            {
                return known;
            }

            var found = await requests.ListAsync(
                SuperuserUse.Explain, caller, collection.Name, $"id = {PocketBaseFilter.Literal(subject.App.Grammar, id)}", 1, 1, null, null, cancellation,
                paths.Length == 0 ? null : string.Join(',', paths));
            return found.Items is [var only] ? only : null;
        }
    }

    // One change for each condition of a turn, in every combination; each set with the turns that it came from.
    private static Dictionary<ValueChange[], List<int>> Sets(
        IReadOnlyList<IReadOnlySet<RuleNode>> turns, Dictionary<RuleNode, (IReadOnlyList<ValueChange> Changes, string Why)> ways)
    {
        // What was thought of for one condition may serve another that reads the same field.
        var all = ways.Values.SelectMany(way => way.Changes).Distinct().ToLookup(change => change.Slot);
        Dictionary<string, (ValueChange[] Set, List<int> Turns)> sets = [];
        for (var i = 0; i < turns.Count; i++)
        {
            IEnumerable<ValueChange[]> combined = [[]];
            foreach (var condition in turns[i])
            {
                ValueChange[] choices = [.. ways[condition].Changes.Concat(ways[condition].Changes.SelectMany(change => all[change.Slot])).Distinct()];
                combined = [.. combined.SelectMany(set => choices.Select(change => set.Contains(change) ? set : [.. set, change])).Where(AreCompatible).Take(MostTried)];
            }

            foreach (var set in combined)
            {
                var key = string.Join('\n', set.Select(part => $"{part.Slot}{part.Kind}{part.Value}").Order(StringComparer.Ordinal));
                sets.TryAdd(key, (set, []));
                sets[key].Turns.Add(i);
            }
        }

        return sets.Values.OrderBy(one => one.Set.Length).ToDictionary(one => one.Set, one => one.Turns);

        // A field of one value can't be set twice.
        static bool AreCompatible(ValueChange[] set) => set.GroupBy(part => part.Slot)
            .All(slot => slot.Count() == 1 || slot.All(part => part.Kind is ValueChangeKind.Add or ValueChangeKind.Remove));
    }

    // Without the sets that lead to records which aren't there.
    private async Task<Dictionary<ValueChange[], List<int>>> WithTargetsAsync(
        RuleSubject subject, RuleValues values, Dictionary<ValueChange[], List<int>> sets, Caller caller, CancellationToken cancellation)
    {
        var unknown = sets.Keys.SelectMany(set => set).Where(part => part is { Field.Type: "relation", Kind: ValueChangeKind.Set or ValueChangeKind.Add })
            .Select(part => (Target: subject.App.TargetOf(part.Field), part.Value)).Where(one => one.Target is { } target && !values.Knows(target, one.Value)).Distinct();
        foreach (var ids in unknown.Where(one => AppUserId.IsRecordId(one.Value)).GroupBy(one => one.Target!, one => one.Value))
        {
            var filter = string.Join(" || ", ids.Take(IdsAtOnce).Select(id => $"id = {PocketBaseFilter.Literal(subject.App.Grammar, id)}"));
            foreach (var one in (await requests.ListAsync(SuperuserUse.Explain, caller, ids.Key.Name, filter, 1, IdsAtOnce, null, null, cancellation)).Items)
            {
                values.Meet(ids.Key, one);
            }
        }

        return sets.Where(set => set.Key.All(part => part is not { Field.Type: "relation", Kind: ValueChangeKind.Set or ValueChangeKind.Add }
            || (subject.App.TargetOf(part.Field) is { } target && values.Knows(target, part.Value)))).ToDictionary();
    }

    private async Task<IReadOnlyList<ValueChange[]>> ConfirmedAsync(
        RuleSubject subject, RuleNode rule, Dictionary<RuleNode, bool?> known, RuleValues values, IReadOnlyList<ValueChange[]> sets, Caller caller,
        CancellationToken cancellation)
    {
        // Each set, and what is left of it without one of its parts.
        var trials = sets.Select(set => (Set: set, Whole: Under(set), Without: set.Length == 1 ? [] : set.Select(part => Under([.. set.Where(other => other != part)])).ToArray())).ToArray();
        var asked = trials.SelectMany(trial => trial.Without.Append(trial.Whole)).SelectMany(under => under.Where(one => !one.Key.Equals(one.Value)).Select(one => one.Value)).OfType<RuleNode>();
        var decided = await judge.DecideAsync(subject, asked.SelectMany(RuleTruth.ConditionsOf).Distinct(), caller, cancellation);
        return [.. trials.Where(trial => Holds(trial.Whole) == true && trial.Without.All(without => Holds(without) == false)).Select(trial => trial.Set)];

        Dictionary<RuleNode, RuleNode?> Under(ValueChange[] set)
        {
            var changes = new ChangedValues(set);
            return known.Keys.ToDictionary(condition => condition, condition => values.Under(condition, changes));
        }

        bool? Holds(Dictionary<RuleNode, RuleNode?> under) => RuleTruth.Of(rule, condition => under[condition] switch
        {
            null => null,
            var same when same.Equals(condition) => known[condition],
            var changed => RuleTruth.Of(changed, part => decided[part].Holds),
        });
    }

    // Without those that hold a smaller one whole, and with one value for a field that takes any number or date.
    private static List<ValueChange[]> Smallest(IReadOnlyList<ValueChange[]> sets)
    {
        List<ValueChange[]> kept = [];
        foreach (var set in sets.OrderBy(set => set.Length).DistinctBy(set => string.Join('\n', set.Select(Signature).Order(StringComparer.Ordinal))))
        {
            if (!kept.Any(smaller => smaller.All(set.Contains)))
            {
                kept.Add(set);
            }
        }

        return kept;

        static string Signature(ValueChange part) => $"{part.Slot}{part.Kind}{(part.Field.Type is "number" or "date" or "text" ? "" : part.Value)}";
    }

    private static ValueChange Named(ValueChange part, RuleSubject subject, RuleValues values) => part with
    {
        RecordName = values.NameOf(part.Collection, part.RecordId),
        ValueName = part.Field.Type == "relation" && subject.App.TargetOf(part.Field) is { } target ? values.NameOf(target, part.Value) : part.Value,
    };
}
