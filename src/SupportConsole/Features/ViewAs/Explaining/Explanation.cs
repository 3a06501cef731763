using SupportConsole.Core.Rules;
using SupportConsole.Features.ViewAs.Explaining.Deciding;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>Why a user sees a record or doesn't.</summary>
internal abstract record Explanation
{
    private Explanation()
    {
    }

    /// <summary>Superusers find no such record either.</summary>
    public sealed record DoesNotExist : Explanation;

    /// <summary>The collection isn't the one that the session knows any more.</summary>
    public sealed record CollectionGone : Explanation;

    /// <summary>Something changed between the looks at it, so that they don't belong together: nothing of it is explained.</summary>
    /// <param name="What">What changed, as a sentence.</param>
    public sealed record Changed(string What) : Explanation;

    /// <summary>What was found out.</summary>
    /// <param name="Schema">The record's collection, as it is at this moment.</param>
    /// <param name="Id">The record's id.</param>
    /// <param name="List">Whether the user's list has it, and why.</param>
    /// <param name="View">Whether the user can open it, and why.</param>
    public sealed record Found(CollectionSchema Schema, string Id, DoorExplanation List, DoorExplanation View) : Explanation
    {
        /// <summary>The fields that users of the app never get; empty where the user sees nothing of the record anyhow.</summary>
        public IReadOnlyList<string> HiddenFields { get; init; } = [];

        /// <summary>Whether the record is another user's who doesn't show their e-mail address.</summary>
        public bool IsEmailHidden { get; init; }

        /// <summary>Whether the account could sign in to the app at all; null where the app's auth rule can't be tried out from here.</summary>
        public bool? CanSignIn { get; init; }

        /// <summary>Whether PocketBase's companion hook decided, which leaves nothing undecided that doesn't look at the request.</summary>
        public bool ByHook { get; init; }

        /// <summary>For whom and what it was asked: what further questions start from.</summary>
        public required RuleSubject Subject { get; init; }

        /// <summary>What would have to hold for the user to see it; null where they do, or where no rule could let them.</summary>
        public RuleNode? ToSee
        {
            get
            {
                DoorExplanation[] doors = [List, View];
                if (doors.All(door => door.State == DoorState.Open) || doors.Any(door => door.State is DoorState.Locked or DoorState.RefusedByApp || door.Fault is not null))
                {
                    return null;
                }

                RuleNode[] trees = [.. doors.Select(door => door.Tree).OfType<RuleNode>().Distinct()];
                return trees switch { [] => null, [var one] => one, _ => new RuleGroup(RuleJoin.And, trees) };
            }
        }

        /// <summary>The rule that further questions are about: the first that shuts the user out, else the list's; null where all are shut out.</summary>
        public ReadRule? Asked => (List.State, View.State) switch
        {
            (DoorState.Locked, DoorState.Locked) => null,
            (DoorState.Open or DoorState.Locked, not DoorState.Open) or (DoorState.Locked, _) => ReadRule.View,
            _ => ReadRule.List,
        };

        /// <summary>When PocketBase was asked, on the console's clock.</summary>
        public DateTimeOffset At { get; init; }
    }
}
