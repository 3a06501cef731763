using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Explaining.Changes;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Explaining;

/// <summary>Why the user can't see a record: named by its id or an address, explained by its collection's rules.</summary>
public sealed partial class WhyView
{
    private readonly Latest _newest = new();
    private Loaded<IReadOnlyList<RecordPlace>>? _places;
    private Loaded<Explanation>? _explanation;
    private Loaded<AccessChanges>? _changes;
    private (string? Collection, string? Record)? _shown;
    private string _typed = "";
    private bool _isNew;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    /// <summary>The open session that is asked in; each question asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The record's collection; null where it isn't known yet.</summary>
    [Parameter] public string? Collection { get; set; }

    /// <summary>The record's id; null where none is named yet.</summary>
    [Parameter] public string? Record { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Collection, Record))
        {
            _shown = (Collection, Record);
            _places = null;
            _typed = Record ?? "";
            await (Collection is null && Record is { } named ? LocateAsync(named) : ExplainAsync());
        }
    }

    private async Task LocateAsync(string typed)
    {
        _typed = typed;
        if (string.IsNullOrWhiteSpace(typed))
        {
            _places = null;
            return;
        }

        _places = new Loaded<IReadOnlyList<RecordPlace>>.Waiting();
        await LoadAsync(_newest, run => Explainer.LocateAsync(Staff, Session.Id, typed, run), places => _places = places);
        if (_places is Loaded<IReadOnlyList<RecordPlace>>.Ready { Value: [var only] })
        {
            _places = null;
            _shown = null; // Asked for once more, the same record is explained once more.
            Navigation.NavigateTo(WhyAddress.Of(Session.Id, only.Collection, only.Id));
        }
    }

    private async Task ExplainAsync()
    {
        _changes = null;
        if (Collection is not { } collection || Record is not { } record)
        {
            _explanation = null;
            return;
        }

        _explanation = new Loaded<Explanation>.Waiting();
        _isNew = await LoadAsync(_newest, run => Explainer.ExplainAsync(Staff, Session.Id, collection, record, run), explanation => _explanation = explanation);
    }

    private async Task FindChangesAsync(Explanation.Found found)
    {
        _changes = new Loaded<AccessChanges>.Waiting();
        await LoadAsync(_newest, run => Explainer.ChangesAsync(Staff, Session.Id, found.Schema.Name, found.Id, run), changes => _changes = changes);
    }

    /// <inheritdoc />
    /// <remarks>What led here is gone from the page: the focus goes to the verdict.</remarks>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isNew)
        {
            _isNew = false;
            await Browser.InvokeVoidAsync("supportConsole.focus", Gone, "h1");
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
