using SupportConsole.Core;
using SupportConsole.Core.Rules;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>A question about a user's access that can't be answered as it was asked: the message says why, and nothing of an answer is shown.</summary>
internal sealed class AccessUnansweredException : ExplainedException
{
    private AccessUnansweredException(string message)
        : base(message)
    {
    }

    /// <summary>The session never knew the collection.</summary>
    public static AccessUnansweredException NoCollection() => new(
        "There is no such collection: the app had none of this name when the session began. A new session learns the app anew.");

    /// <summary>The collection holds what PocketBase signs people in by.</summary>
    public static AccessUnansweredException OfPocketBase(string name) => new(
        $"'{name}' belongs to PocketBase itself, which signs people in by it: its records, and even their ids, are nobody else's to see. Nothing is asked of it.");

    /// <summary>The collection was deleted since the session opened.</summary>
    public static AccessUnansweredException CollectionGone(string name) => new(
        $"The collection '{name}' isn't there any more: it was deleted since the session opened. A new session learns the app anew.");

    /// <summary>The collection has another name since the session opened.</summary>
    public static AccessUnansweredException CollectionRenamed(string name, string now) => new(
        $"The collection '{name}' is called '{now}' since the session opened. A new session learns the app anew.");

    /// <summary>A view's ids are what its query makes of them.</summary>
    public static AccessUnansweredException View(string name) => new(
        $"'{name}' is a view: its rows are what a query makes of other collections, and one id may stand for several of them, so they can't be told apart by their ids. Ask about the collections behind it instead.");

    /// <summary>Nobody but superusers lists the collection.</summary>
    public static AccessUnansweredException Locked(string name) => new(
        $"The list of '{name}' is locked: it has no rule, so PocketBase refuses everybody but superusers, and every record of it is hidden. This isn't about this user.");

    /// <summary>A hook of the app stands against the user's list.</summary>
    public static AccessUnansweredException RefusedByApp(string name) => new(
        $"The app itself refuses this user's list of '{name}': its rule would let the user ask, but a hook of the app answered that it is forbidden. Ask the people who run the app.");

    /// <summary>The filter or the order would tell of what users don't see.</summary>
    public static AccessUnansweredException NotAsked(string part) => new(
        $"This page can't be compared: {part}. Asked with superuser rights it could tell of what users don't see. Take it out of the filter or the order and ask again.");

    /// <summary>The filter can't be read.</summary>
    public static AccessUnansweredException FilterNotRead(string why) => new($"The filter of this page can't be asked with superuser rights. {why}");

    /// <summary>There is no such record.</summary>
    public static AccessUnansweredException NoRecord(string collection) => new(
        $"There is no such record in '{collection}': it never was there, or it was deleted.");

    /// <summary>Only the companion hook could decide.</summary>
    public static AccessUnansweredException NeedsCompanion(string why) => new(
        $"{why} This needs PocketBase's companion hook, which decides rules with PocketBase's own engine. Whoever runs PocketBase finds it on the page Set-up.");

    /// <summary>What is asked isn't part of the rule any more.</summary>
    public static AccessUnansweredException NotInRule(string collection) => new(
        $"The rule of '{collection}' has no such condition any more: it was changed since it was shown. Ask for the explanation again.");

    /// <summary>What was read doesn't belong together, or isn't there any more.</summary>
    public static AccessUnansweredException Changed() => new(
        "The record, its collection or the user changed while they were looked at, so nothing can be said. Ask for the explanation again.");

    /// <summary>PocketBase can't make anything of a rule.</summary>
    public static AccessUnansweredException NotRead() => new(
        "PocketBase can't read this rule: a name in it leads to no field, or it compares what can't be compared. Nothing was decided.");

    /// <summary>The console can't take the present rule apart.</summary>
    public static AccessUnansweredException RuleNotRead(string why) => new($"The console can't read the present rule, so its conditions can't be told apart. {why}");

    /// <summary>A rule that somebody typed is none.</summary>
    public static AccessUnansweredException Fault(RuleFault fault) => new($"This is no rule that PocketBase reads. {fault.Sentence} (At character {fault.At + 1}.)");

    /// <summary>A rule that somebody typed leads nowhere.</summary>
    public static AccessUnansweredException NoField(string operand) => new($"The rule reads {operand}, which leads to no field of the app's collections. PocketBase wouldn't take it.");

    /// <summary>A rule that somebody typed would tell of what users don't see.</summary>
    public static AccessUnansweredException HiddenField(string operand) => new(
        $"The rule reads {operand}, which holds what users don't see. Trying conditions on it would tell its values, so only conditions that the present rule has word for word are tried.");

    /// <summary>Whatever would be answered depends on the request.</summary>
    public static AccessUnansweredException LooksAtRequest() => new(
        "This looks at the request itself (its headers, query or body). What the app's own request holds can't be known, so it stays undecided for every user.");

    /// <summary>There is nobody to compare with.</summary>
    public static AccessUnansweredException NoUser(string collection) => new(
        $"There is no user with exactly this id or e-mail address in '{collection}'.");

    /// <summary>It is the viewed user.</summary>
    public static AccessUnansweredException SameUser() => new("This is the user that the session views. Compare with somebody else for whom it works.");

    /// <summary>Policy protects the other user.</summary>
    public static AccessUnansweredException Protected() => new(
        "This user is protected by policy, or it can't be told whether they are. A protected user's account isn't compared with anybody's.");
}
