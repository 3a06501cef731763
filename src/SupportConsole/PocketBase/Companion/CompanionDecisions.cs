using System.Text.Json;

namespace SupportConsole.PocketBase;

/// <summary>What PocketBase's own engine says of clauses, for each user and each record.</summary>
internal sealed class CompanionDecisions
{
    private readonly string?[][] _letters;

    private CompanionDecisions(string?[][] letters) => _letters = letters;

    /// <summary>What a clause comes to; null where PocketBase can't read it, or the user or the record isn't there.</summary>
    public bool? Of(int user, int record, int clause) => _letters[user][record]?[clause] switch { 't' => true, 'f' => false, _ => null };

    /// <summary>Whether both the user and the record were there.</summary>
    public bool IsThere(int user, int record) => _letters[user][record] is not null;

    /// <summary>Reads the answer of the companion.</summary>
    /// <exception cref="PocketBaseProblem">It answers another question.</exception>
    public static CompanionDecisions From(JsonElement body, int users, int records, int clauses)
    {
        try
        {
            string?[][] letters = [.. body.GetProperty("decided").EnumerateArray().Select(user => user.EnumerateArray().Select(record => record.GetString()).ToArray())];
            if (letters.Length == users && letters.All(user => user.Length == records && user.All(record => record is null || record.Length == clauses)))
            {
                return new CompanionDecisions(letters);
            }
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException)
        {
            throw PocketBaseProblem.NotPocketBase();
        }

        throw PocketBaseProblem.NotPocketBase();
    }
}
