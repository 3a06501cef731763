using SupportConsole.Access;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>Who asks about a user's access to a collection, and through which session.</summary>
/// <param name="Staff">Who asks.</param>
/// <param name="Live">The session.</param>
/// <param name="Caller">On whose behalf PocketBase is asked with superuser rights.</param>
/// <param name="Known">The collection as it was when the session opened.</param>
internal sealed record AccessQuestion(ActingStaff Staff, LiveSession Live, Caller Caller, CollectionSchema Known);
