using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs.Explaining.Deciding;

namespace SupportConsole.Features.ViewAs.Explaining.Comparing;

/// <summary>Two users of one collection beside each other, as far as a rule looks at them.</summary>
/// <param name="Other">With whom the viewed user is compared.</param>
/// <param name="Fields">What the rule reads of them.</param>
/// <param name="Conditions">What the rule's conditions come to.</param>
internal sealed record ComparedUsers(AppUserId Other, IReadOnlyList<ComparedField> Fields, IReadOnlyList<ComparedCondition> Conditions);

/// <summary>One value that the rule reads.</summary>
/// <param name="Path">The names that lead to it from the user's record.</param>
/// <param name="Own">What the viewed user has, or why that isn't shown.</param>
/// <param name="Others">What the other has, or why that isn't shown.</param>
/// <param name="IsSame">Whether both have the same; null where that isn't told.</param>
internal sealed record ComparedField(string Path, string Own, string Others, bool? IsSame);

/// <summary>One condition of the rule.</summary>
/// <param name="Text">The condition.</param>
/// <param name="Own">What it comes to for the viewed user.</param>
/// <param name="Others">What it comes to for the other.</param>
internal sealed record ComparedCondition(string Text, Decision Own, Decision Others);
