using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ViewAs;
using SupportConsole.PocketBase;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>Any collection of the app, as its schema describes it: the list, and the record that is open.</summary>
public sealed partial class CollectionView
{
    private const int LongestCell = 80;

    private readonly Latest _newest = new();
    private readonly AddressedText _filter = new();
    private Loaded<RecordListing> _list = new Loaded<RecordListing>.Waiting();
    private IReadOnlyList<string> _sortable = [];
    private RecordsPlace? _listed;
    private bool _isFollowable;
    private bool _wasOpen;
    private bool _returned;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    /// <summary>The open session that is read in; each read asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>Which collection, what narrows it, its order and page.</summary>
    [Parameter, EditorRequired] public required RecordsPlace Place { get; set; }

    /// <summary>The record that is open; null for the list.</summary>
    [Parameter] public string? Record { get; set; }

    /// <summary>Whether the list is followed, or was when the record was opened.</summary>
    [Parameter] public bool IsFollowed { get; set; }

    private RecordList? Shown => _list is Loaded<RecordListing>.Ready { Value: RecordListing.Read { Outcome: ReadOutcome<RecordList>.Found { Value: var list } } } ? list : null;

    private IReadOnlyList<string> Hints => _list is Loaded<RecordListing>.Ready { Value: RecordListing.FilterRefused { Hints: var hints } } ? hints : [];

    private IEnumerable<(string Value, string Words)> SortOptions =>
        _sortable.SelectMany(name => new[] { (name, name), ($"-{name}", $"{name}, downwards") }).Prepend(("", "the app's order"));

    /// <inheritdoc />
    /// <remarks>Going back to the list shows what was read before: reading again would be another entry nobody asked for.</remarks>
    protected override async Task OnParametersSetAsync()
    {
        _returned = _wasOpen && Record is null;
        _wasOpen = Record is not null;
        if (Record is null && _listed != Place)
        {
            _listed = Place;
            _filter.Follow(Place.Filter);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var place = Place;
        _list = new Loaded<RecordListing>.Waiting();
        await LoadAsync(_newest, run => Reader.ListAsync(Staff, Session.Id, place, run), list => _list = list);
        if (Shown is { } shown)
        {
            _sortable = [.. RecordShape.Sortable(shown.Schema)];
        }

        if (_list is Loaded<RecordListing>.Ready { Value: RecordListing.Read })
        {
            _isFollowable = Shown is { Schema.IsView: false }; // Of a view's rows PocketBase announces nothing.
        }
    }

    private void FilterBy(string filter)
    {
        _filter.Text = filter;
        _filter.Send();
        GoTo(Place with { Filter = string.IsNullOrWhiteSpace(filter) ? null : filter.Trim(), After = null, Page = 1 });
    }

    private void SortBy(string sort) => GoTo(Place with { Sort = sort.Length == 0 ? null : sort, After = null, Page = 1 });

    private void GoTo(RecordsPlace place) => Navigation.NavigateTo(place.ToAddress(Session.Id, isFollowed: IsFollowed));

    private string AddressOf(string record) => Place.ToAddress(Session.Id, record, IsFollowed);

    // In the place of the address before: it is the same list, and going back leads to where one came from.
    private void Follow(bool on) => Navigation.NavigateTo(Place.ToAddress(Session.Id, isFollowed: on), replace: true);

    private static string Cell(FieldValue value) => VisibleText.Shortened(value.InWords(), LongestCell);

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_returned)
        {
            _returned = false;
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
