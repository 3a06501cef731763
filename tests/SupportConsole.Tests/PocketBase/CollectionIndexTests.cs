using SupportConsole.PocketBase;

namespace SupportConsole.Tests.PocketBase;

/// <summary>Statements as PocketBase keeps them, and as people type them into its dashboard.</summary>
public sealed class CollectionIndexTests
{
    [Theory]
    [InlineData("CREATE INDEX `idx_users_email` ON `users` (`email`)", "idx_users_email: email")]
    [InlineData("CREATE UNIQUE INDEX `idx_email__pb_users_auth_` ON `users` (`email`) WHERE `email` != ''", "idx_email__pb_users_auth_: email, partial")]
    [InlineData("create index if not exists \"i\" on \"posts\" (\"status\", [created] DESC)", "i: status created")]
    [InlineData("CREATE INDEX i ON users (email COLLATE NOCASE)", "i: email, any case")]
    [InlineData("CREATE INDEX `i` ON `posts` (\n  `status`,\n  `created`\n)", "i: status created")]
    [InlineData("CREATE INDEX i ON users (lower(email))", null)]
    [InlineData("DROP TABLE users", null)]
    [InlineData("", null)]
    public void What_an_index_is_good_for_is_read_from_its_statement(string statement, string? expected) =>
        Assert.Equal(expected, CollectionIndex.Parse(statement) is { } index
            ? $"{index.Name}: {string.Join(' ', index.Columns)}{(index.IsPartial ? ", partial" : "")}{(index.IsByCase ? "" : ", any case")}"
            : null);
}
