using Microsoft.Data.Sqlite;
using SupportConsole.PocketBase;
using SupportConsole.Storage;

namespace SupportConsole.Features.ViewAs;

/// <summary>The statements of what is kept of sessions' tokens, which is nothing that one could be made from.</summary>
internal static class TokenTable
{
    /// <summary>Keeps what a token is called.</summary>
    public static void Add(SqliteConnection connection, CompanionMark mark, string instance)
    {
        using var add = connection.Prepare(
            "INSERT INTO session_token (token, session, actor, expires, instance) VALUES ($token, $session, $actor, $expires, $instance)",
            ("$token", mark.TokenId), ("$session", mark.Session), ("$actor", mark.Actor), ("$expires", StoredTime.From(mark.ExpiresAt)), ("$instance", instance));
        add.ExecuteNonQuery();
    }

    /// <summary>Forgets a token.</summary>
    public static void Remove(SqliteConnection connection, CompanionMark mark)
    {
        using var remove = connection.Prepare("DELETE FROM session_token WHERE token = $token", ("$token", mark.TokenId));
        remove.ExecuteNonQuery();
    }

    /// <summary>What earlier runs have left.</summary>
    public static IReadOnlyList<CompanionMark> OfOthers(SqliteConnection connection, string instance)
    {
        using var command = connection.Prepare("SELECT actor, session, token, expires FROM session_token WHERE instance <> $instance", ("$instance", instance));
        return [.. command.Rows(row => new CompanionMark(row.GetString(0), row.GetString(1), row.GetString(2), StoredTime.ToInstant(row.GetInt64(3))))];
    }
}
