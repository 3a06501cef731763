using Microsoft.Data.Sqlite;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit;

/// <summary>How the index of words forgets, on the writer's connection inside its transaction. It keeps none itself, so it has to be told them.</summary>
internal static class WordIndex
{
    /// <summary>Pages of the index that one piece writes anew, of 4 KiB each.</summary>
    private const int Merged = 250;

    /// <summary>Takes an event out of it.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="sequence">The event.</param>
    /// <param name="words">Exactly the words that it was given.</param>
    public static void Forget(SqliteConnection connection, long sequence, string words)
    {
        using var forget = connection.Prepare(
            "INSERT INTO audit_text (audit_text, rowid, words) VALUES ('delete', $seq, $words)", ("$seq", sequence), ("$words", words));
        forget.ExecuteNonQuery();
    }

    /// <summary>Takes an event up.</summary>
    public static void Learn(SqliteConnection connection, long sequence, string words)
    {
        using var learn = connection.Prepare("INSERT INTO audit_text (rowid, words) VALUES ($seq, $words)", ("$seq", sequence), ("$words", words));
        learn.ExecuteNonQuery();
    }

    /// <summary>
    /// Writes some of it anew, without the words that were taken out: until then they stand in its older parts. False when all of it is.
    /// </summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="first">Whether this begins it: every part there is now is to become one.</param>
    public static bool MergeSome(SqliteConnection connection, bool first)
    {
        var before = connection.Number("SELECT total_changes()");
        using var merge = connection.Prepare("INSERT INTO audit_text (audit_text, rank) VALUES ('merge', $pages)", ("$pages", first ? -Merged : Merged));
        merge.ExecuteNonQuery();
        // The statement itself is one change; more are pages that it wrote.
        return connection.Number("SELECT total_changes()") - before >= 2;
    }
}
