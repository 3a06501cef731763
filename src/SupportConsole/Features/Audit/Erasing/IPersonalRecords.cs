using Microsoft.Data.Sqlite;

namespace SupportConsole.Features.Audit.Erasing;

/// <summary>What a feature keeps of people in tables of its own. Both run inside the commit that records an erasure.</summary>
internal interface IPersonalRecords
{
    /// <summary>What stands against erasing this person, as a sentence; null when nothing does.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="person">Whose data.</param>
    /// <param name="now">The instant of the erasure.</param>
    string? Against(SqliteConnection connection, AuditSubjectKey person, DateTimeOffset now);

    /// <summary>Puts <see cref="Core.Audit.PersonalText.ErasedWord"/> in the place of this person's names and of what was written about them.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="person">Whose data.</param>
    void Erase(SqliteConnection connection, AuditSubjectKey person);
}
