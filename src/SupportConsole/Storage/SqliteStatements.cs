using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SupportConsole.Storage;

/// <summary>Short forms of plain statements.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs statements that answer nothing. Never with text from outside: that goes into parameters.</summary>
    public static void Run(this SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of this assembly.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Asks for one number; null counts as zero.</summary>
    public static long Number(
        this SqliteConnection connection, string query, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Prepare(query, parameters);
        return command.ExecuteScalar() is var found and not (null or DBNull)
            ? Convert.ToInt64(found, CultureInfo.InvariantCulture)
            : 0;
    }

    /// <summary>What a command answers, read as far as it is asked for; the command can be asked again.</summary>
    public static IEnumerable<T> Rows<T>(this SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return read(rows);
        }
    }

    /// <summary>A command with its parameters, null meaning SQL's NULL.</summary>
    public static SqliteCommand Prepare(
        this SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are put together from constants; values are parameters.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
