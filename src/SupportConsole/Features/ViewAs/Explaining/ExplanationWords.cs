using SupportConsole.Core.Rules;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>What an explanation says, for people.</summary>
internal static class ExplanationWords
{
    /// <summary>The verdict in one sentence.</summary>
    /// <param name="found">What was found out.</param>
    /// <param name="user">The user's name.</param>
    public static string VerdictOf(Explanation.Found found, string user) => (found.List.State, found.View.State) switch
    {
        (DoorState.Open, DoorState.Open) => $"{user} sees this record",
        (DoorState.Locked, DoorState.Locked) => "The collection is locked for everybody but superusers",
        (DoorState.RefusedByApp, _) or (_, DoorState.RefusedByApp) => "The app itself refuses the read",
        (_, DoorState.Open) => $"{user} can open it by its address, but no list has it",
        (DoorState.Open, _) => $"{user} finds it in the list, but can't open it",
        _ => $"{user} can't see this record",
    };

    /// <summary>Why that is so, and what it isn't about.</summary>
    public static string BecauseOf(Explanation.Found found, string user) => (found.List.State, found.View.State) switch
    {
        (DoorState.Open, DoorState.Open) => "PocketBase gave it just now, in the list and by its id. Where it wasn't on a page, that page's filter, sort or place in the list left it out.",
        (DoorState.Locked, DoorState.Locked) => $"It has no list rule and no view rule, so PocketBase refuses all users. This isn't about {user}.",
        (DoorState.RefusedByApp, _) or (_, DoorState.RefusedByApp) => "The rule would let them ask, but a hook of the app answered that it is forbidden. Ask the people who run the app.",
        (DoorState.Locked, DoorState.Open) => "The collection has no list rule: PocketBase lists it for superusers only.",
        (DoorState.Open, DoorState.Locked) => "The collection has no view rule: PocketBase opens single records for superusers only.",
        (_, DoorState.Open) => "The list rule doesn't hold for it; the view rule does.",
        (DoorState.Open, _) => "The view rule doesn't hold for it; the list rule does.",
        (DoorState.Locked, _) => "The list is locked for all users, and the view rule doesn't hold.",
        (_, DoorState.Locked) => "The list rule doesn't hold, and single records are locked for all users.",
        _ when found.List.Rule == found.View.Rule => "The rule of the collection, the same for the list and the single record, doesn't hold for it.",
        _ => "Neither the list rule nor the view rule holds for it.",
    };

    /// <summary>What a part of a rule is called where it isn't a single comparison; null for one.</summary>
    public static string? NameOf(RuleNode node) => node switch
    {
        RuleGroup { IsLinked: true } => "All of these, for one and the same related record",
        RuleGroup { Join: RuleJoin.And } => "All of these",
        RuleGroup => "At least one of these",
        _ => null,
    };

    /// <summary>What PocketBase did with the user's own read.</summary>
    public static string NameOf(DoorState state) => state switch
    {
        DoorState.Open => "yes",
        DoorState.Closed => "no",
        DoorState.Locked => "locked",
        _ => "refused by the app",
    };

    /// <summary>What a rule without conditions says; null for one with conditions.</summary>
    public static string? PlainOf(DoorExplanation door) => door switch
    {
        { Rule: null } => "There is no rule: superusers only.",
        { Rule: "" } => "The rule is empty: everybody may, signed in or not.",
        { Fault: { } fault } => $"PocketBase takes this rule, but it can't be taken apart here: {fault.Sentence} What counts are the two reads above.",
        _ => null,
    };
}
