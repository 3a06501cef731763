using System.Globalization;
using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What the user can reach: one row a collection, drawn as the answers come.</summary>
public sealed partial class ReachView
{
    private static readonly TableColumn[] s_columns = TableColumn.Of("Collection", "List", "View");

    private readonly Latest _newest = new();
    private readonly List<ReachRow> _rows = [];
    private Loaded<Unit> _state = new Loaded<Unit>.Waiting();
    private DateTimeOffset? _provedAt;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    /// <summary>The open session that is read in; each read asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _rows.Clear();
        _state = new Loaded<Unit>.Waiting();
        await LoadAsync(_newest, ReadAsync, state => _state = state);
    }

    private async Task<Unit> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var part in Reader.ReachAsync(Staff, Session.Id, cancellationToken))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            _rows.AddRange(part);
            _provedAt = Clock.GetUtcNow();
            StateHasChanged();
        }

        return default;
    }

    private static string Count(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} record{(count == 1 ? "" : "s")}");

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>That all rows are there.</summary>
    private readonly record struct Unit;
}
