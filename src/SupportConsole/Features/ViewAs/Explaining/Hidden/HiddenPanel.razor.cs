using Microsoft.AspNetCore.Components;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Explaining.Hidden;

/// <summary>What a list lacks for the user: of the page that is shown, or of the whole collection.</summary>
public sealed partial class HiddenPanel
{
    private readonly Latest _newest = new();
    private Loaded<HiddenOnPage>? _page;
    private RecordsPlace? _asked;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    /// <summary>The open session that is read in; each read asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The page that is shown.</summary>
    [Parameter, EditorRequired] public required RecordsPlace Place { get; set; }

    /// <summary>A record that the user's list has; null where it has none.</summary>
    [Parameter] public string? Seen { get; set; }

    /// <inheritdoc />
    /// <remarks>What was found of one page is nothing of another.</remarks>
    protected override void OnParametersSet()
    {
        if (_asked != Place)
        {
            _newest.Cancel();
            (_page, _asked) = (null, Place);
        }
    }

    private async Task AskPageAsync()
    {
        var (place, seen) = (Place, Seen);
        _page = new Loaded<HiddenOnPage>.Waiting();
        await LoadAsync(_newest, run => Hidden.OfPageAsync(Staff, Session.Id, place, seen, RecordReader.PageLength, run), page => _page = page);
    }

    private IAsyncEnumerable<HiddenSoFar> AskAll(CancellationToken run) => Hidden.OfAllAsync(Staff, Session.Id, Place.Collection, run);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
