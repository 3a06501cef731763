using SupportConsole.Core;
using SupportConsole.Core.Users;

namespace SupportConsole.PocketBase;

/// <summary>Reads what the console shows of a user out of an auth record, whatever fields the app gave it.</summary>
internal static class UserRecords
{
    public static UserSummary ToSummary(AppUserId id, PocketBaseRecord record, bool isProtected) => new(
        id,
        FirstOf(record.Text("name"), record.Text("username"), record.Text("email"), id.Record),
        record.Text("email"),
        record.Flag("verified"),
        isProtected,
        record.Moment("created"));

    private static string FirstOf(params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (!VisibleText.IsBlank(candidate))
            {
                return candidate;
            }
        }

        return "";
    }
}
