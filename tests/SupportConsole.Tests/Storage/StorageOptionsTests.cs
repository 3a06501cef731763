using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Storage;

public sealed class StorageOptionsTests
{
    private static readonly StorageOptionsRules Rules = new(new Place(Environments.Development, AppContext.BaseDirectory), new FileRights(NullLogger<FileRights>.Instance));

    [Fact]
    public void Defaults_are_valid() => Assert.True(Rules.Validate(null, new StorageOptions()).Succeeded);

    [Theory]
    [InlineData("Postgres", "doesn't support")]
    [InlineData("Oracle", "unknown")]
    [InlineData("", "unknown")]
    public void Other_providers_are_refused_in_one_sentence(string provider, string why) =>
        Assert.Contains(why, Rules.Validate(null, new StorageOptions { Provider = provider }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=x;Mode=Memory")]
    [InlineData("Data Source=file:x?mode=memory")]
    public void Connection_string_must_name_a_file(string connectionString) =>
        Assert.True(Rules.Validate(null, new StorageOptions { ConnectionString = connectionString }).Failed);
}
