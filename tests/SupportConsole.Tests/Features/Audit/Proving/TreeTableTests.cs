using SupportConsole.Core.Audit.Proofs;
using SupportConsole.Features.Audit.Proving;
using SupportConsole.Storage;
using SupportConsole.Tests.TestKit;

namespace SupportConsole.Tests.Features.Audit.Proving;

/// <summary>The tree that is written with the events is the tree of the events.</summary>
public sealed class TreeTableTests : IAsyncLifetime
{
    private readonly ProvenLog _log = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Its_root_is_that_of_the_events_at_each_size_over_the_edges_of_tiles_and_after_restarts()
    {
        foreach (var count in (int[])[1, 1, 252, 1, 1, 1, 254, 2, 300])
        {
            await _log.AppendAsync(count);
            AssertTree();
            await _log.RestartAsync();
        }

        AssertTree();
    }

    [Fact]
    public async Task What_was_taken_back_isnt_in_it()
    {
        await _log.AppendAsync(250);
        for (var round = 0; round < 10; round++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => _log.Trail.AppendAsync(
                [_log.Event("no"), _log.Event("no")], _ => throw new InvalidOperationException("no")));
            await _log.AppendAsync(1);
        }

        AssertTree();
    }

    [Fact]
    public async Task Two_consoles_on_one_file_make_one_tree()
    {
        var first = _log.Trail;
        _log.Start();

        await Task.WhenAll(Enumerable.Range(0, 600).Select(each => (each % 3 == 0 ? first : _log.Trail).AppendAsync(_log.Event($"{each}"))));

        AssertTree();
    }

    [Fact]
    public async Task Events_from_before_there_was_a_tree_are_taken_up_by_pieces()
    {
        await _log.AppendAsync(1000);
        _log.Tamper("DELETE FROM audit_tile");
        await _log.RestartAsync();
        var table = new TreeTable();
        var pieces = 1;
        using (var connection = _log.Db.OpenWriter(700))
        {
            while (table.CatchUpSome(connection, 300))
            {
                pieces++;
            }
        }

        Assert.InRange(pieces, 3, 6);
        AssertTree();
        await _log.AppendAsync(30);
        AssertTree();
    }

    private void AssertTree() => _log.Db.Read(
        connection =>
        {
            using var command = connection.Prepare("SELECT body FROM audit_event ORDER BY seq");
            using var rows = command.ExecuteReader();
            var frontier = new TreeFrontier();
            while (rows.Read())
            {
                frontier.Append(TreeHash.Leaf((byte[])rows.GetValue(0)));
                if (frontier.Size % 50 is 0 or 1 || frontier.Size % 256 is 255 or 0 or 1)
                {
                    Assert.Equal(frontier.Root(), TreeTable.TreeOn(connection).RootOf(frontier.Size));
                }
            }

            Assert.Equal(frontier.Root(), TreeTable.TreeOn(connection).RootOf(TreeTable.SizeOn(connection)));
            return true;
        },
        CancellationToken.None);
}
