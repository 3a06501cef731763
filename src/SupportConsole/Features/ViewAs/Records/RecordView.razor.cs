using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>One record with all that the user sees of it.</summary>
public sealed partial class RecordView
{
    private readonly Latest _newest = new();
    private Loaded<ReadOutcome<RecordDetail>> _record = new Loaded<ReadOutcome<RecordDetail>>.Waiting();
    private (string Collection, string Id)? _shown;
    private Loaded<RecordRights>? _rights;
    private bool _isNew;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    /// <summary>The open session that is read in; each read asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The record's collection, as the address names it.</summary>
    [Parameter, EditorRequired] public required string Collection { get; set; }

    /// <summary>The record's id.</summary>
    [Parameter, EditorRequired] public required string Id { get; set; }

    /// <summary>What it is called above its id; null for a record of its collection.</summary>
    [Parameter] public string? Title { get; set; }

    private RecordRights? Rights => (_rights as Loaded<RecordRights>.Ready)?.Value;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Collection, Id))
        {
            _shown = (Collection, Id);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var (collection, id) = (Collection, Id);
        _record = new Loaded<ReadOutcome<RecordDetail>>.Waiting();
        _rights = null;
        _isNew = await LoadAsync(_newest, run => Reader.RecordAsync(Staff, Session.Id, collection, id, run), record => _record = record);
    }

    private async Task AskRightsAsync()
    {
        var (collection, id) = (Collection, Id);
        _rights = new Loaded<RecordRights>.Waiting();
        await LoadAsync(_newest, run => Reader.RightsAsync(Staff, Session.Id, collection, id, run), rights => _rights = rights);
    }

    /// <inheritdoc />
    /// <remarks>What led here is gone from the page: the focus goes to the heading, as it does on a new page.</remarks>
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
