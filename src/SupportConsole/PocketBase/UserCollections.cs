using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>
/// The auth collections that may be searched and viewed as. The setting names them; PocketBase says what they are, by their own
/// spelling, and whether they are what the setting takes them for. Nothing else is ever searched or viewed.
/// </summary>
internal sealed class UserCollections(SuperuserRequests requests, IOptions<PocketBaseOptions> options)
{
    // In every spelling met so far: what the setting names, and what PocketBase calls it.
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.OrdinalIgnoreCase);

    // What was made of a description, for as long as that is believed: a search asks several times.
    private readonly ConditionalWeakTable<CollectionSchema, UserCollection> _made = [];

    // What each entry of the setting was when it was last there: a collection that was renamed keeps its id.
    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>The collections that fit, in the setting's order, and a sentence about each entry that doesn't.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked.</exception>
    public async Task<LearntCollections> LearnAsync(Caller caller, CancellationToken cancellation)
    {
        List<UserCollection> fitting = [];
        List<string> misfits = [];
        foreach (var (entry, index) in options.Value.UserCollections.Select((entry, index) => (entry, index)))
        {
            var setting = $"PocketBase:UserCollections:{index}";
            if (await FindAsync(caller, entry, cancellation) is not { } schema)
            {
                misfits.Add(await NewNameOfAsync(caller, entry, cancellation) is { } now
                    ? $"{setting} is '{entry}', which is called '{now}' in PocketBase now. Correct the setting and start again."
                    : $"{setting} is '{entry}', which PocketBase doesn't have. Correct the setting and start again.");
            }
            else if (PocketBaseName.IsSuperusers(schema.Name))
            {
                misfits.Add($"{setting} is '{entry}', PocketBase's own administrators, who are never searched or viewed as. Remove it and start again.");
            }
            else if (!schema.IsAuth)
            {
                misfits.Add($"{setting} is '{entry}', a {schema.Type} collection: nobody signs in with its records. Name an auth collection and start again.");
            }
            else if (fitting.All(known => known.Schema.Id != schema.Id))
            {
                _ids[entry] = schema.Id;
                _names[schema.Name] = 0;
                fitting.Add(_made.GetValue(schema, known => UserCollection.Of(known, options.Value.UserFields)));
            }
        }

        misfits.AddRange(options.Value.UserFields
            .Where(name => fitting.Count > 0 && fitting.All(collection => collection.Searched.All(field => !field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
            .Select(name => $"PocketBase:UserFields names '{name}', which is no field of {string.Join(" or ", fitting.Select(collection => collection.Name))} that can be searched. Correct the setting and start again."));
        return new LearntCollections(fitting, misfits);
    }

    /// <summary>Whether the setting means this collection, without asking PocketBase. An entry that is an id is known once it was learnt.</summary>
    private bool Knows(string collection) =>
        PocketBaseName.IsValid(collection) && !PocketBaseName.IsSuperusers(collection)
        && (options.Value.Mentions(collection) || _names.ContainsKey(collection));

    /// <summary>Lets nothing but such a collection through.</summary>
    /// <exception cref="PocketBaseProblem">It isn't among those that may be searched.</exception>
    public void Demand(string collection)
    {
        if (!Knows(collection))
        {
            throw PocketBaseProblem.NotAllowed(Quotable(collection));
        }
    }

    /// <summary>
    /// Lets nothing but a collection through that service accounts can live in: the rights to write there must never reach people's
    /// accounts, whatever a setting says.
    /// </summary>
    /// <exception cref="PocketBaseProblem">It holds people, or can't be a collection.</exception>
    public string DemandApart(string collection) =>
        PocketBaseName.IsValid(collection) && !PocketBaseName.IsSuperusers(collection) && !Knows(collection)
            ? collection
            : throw PocketBaseProblem.NotServiceAccounts(Quotable(collection));

    /// <summary>The collection of this name, in whatever spelling, or of this id.</summary>
    /// <exception cref="PocketBaseProblem">PocketBase could not be asked, or it isn't among those that may be searched.</exception>
    public async Task<UserCollection> RequireAsync(Caller caller, string name, CancellationToken cancellation)
    {
        if (!options.Value.UserCollections.Any(IsId))
        {
            Demand(name);
        }

        var learnt = await LearnAsync(caller, cancellation);
        return learnt.Find(name) ?? (learnt.Misfits.Count > 0 && learnt.Fitting.Count == 0
            ? throw PocketBaseProblem.Misfit(learnt.Misfits)
            : throw PocketBaseProblem.NotAllowed(Quotable(name)));
    }

    private static string Quotable(string name) => PocketBaseName.IsValid(name) ? name : "?";

    // As PocketBase makes them. One that an app chose itself is known from the first look at the collections on.
    private static bool IsId(string entry) => entry.StartsWith("pbc_", StringComparison.Ordinal) || entry.StartsWith("_pb_", StringComparison.Ordinal);

    private async Task<string?> NewNameOfAsync(Caller caller, string entry, CancellationToken cancellation) =>
        _ids.TryGetValue(entry, out var id) ? (await FindAsync(caller, id, cancellation))?.Name : null;

    private Task<CollectionSchema?> FindAsync(Caller caller, string nameOrId, CancellationToken cancellation) =>
        requests.FindCollectionAsync(SuperuserUse.ReadSchema, caller, nameOrId, cancellation);
}
