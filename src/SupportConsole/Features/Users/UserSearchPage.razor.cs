using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;
using SupportConsole.Features.ViewAs;
using SupportConsole.Ui;

namespace SupportConsole.Features.Users;

/// <summary>Finds users. What is typed stands in the address, so that Back and a reload find the same people.</summary>
public sealed partial class UserSearchPage
{
    // An infix search scans every user: it waits until the typing pauses. What names one user is looked up at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly TableColumn[] Columns = [.. TableColumn.Of("User", "Id", "State", "Created", "Last support view"), TableColumn.Actions];

    private readonly Latest _latest = new();
    private readonly Latest _learning = new();
    private readonly Latest _pause = new();
    private readonly AddressedText _typed = new();
    private Loaded<UserPage> _found = new Loaded<UserPage>.Waiting();
    private Loaded<SearchableCollections> _collections = new Loaded<SearchableCollections>.Waiting();
    private UserQuery _query = UserQuery.Parse(null);
    private ElementReference _box;
    private string _collection = "";
    private string? _shown;
    private int _page = 1;
    private bool _isElsewhere;
    private bool _canViewAs;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IDialogService Dialogs { get; init; } = null!;

    [Inject] private TimeProvider Clock { get; init; } = null!;

    /// <summary>Not read: that it is another one draws the page anew when rights change.</summary>
    [CascadingParameter] public Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>The text of the box.</summary>
    [SupplyParameterFromQuery] public string? Q { get; set; }

    /// <summary>The page of the results, from 1.</summary>
    [SupplyParameterFromQuery] public int? Page { get; set; }

    /// <summary>The auth collection searched.</summary>
    [SupplyParameterFromQuery] public string? In { get; set; }

    private string Summary => _found switch
    {
        _ when !IsSearched => "",
        Loaded<UserPage>.Ready { Value: { Users.Count: var count, MayHaveMore: var more } } => (count, more, _page) switch
        {
            (1, false, 1) => "1 user",
            (_, false, 1) => $"{count} users",
            (_, true, 1) => $"first {count} users",
            _ => $"page {_page}",
        },
        _ => "",
    };

    private bool IsSearched => !_isElsewhere && _query.Reach is (QueryReach.Whole or QueryReach.Anywhere);

    /// <inheritdoc />
    /// <remarks>The address is the state: what is typed goes there, and what stands there is searched, also after Back and a reload.</remarks>
    protected override async Task OnParametersSetAsync()
    {
        _typed.Follow(Q);
        _canViewAs = (await Staff.FindForDisplayAsync(Gone))?.Member.May(Duty.ViewAsUsers) == true;
        if (_collections is not Loaded<SearchableCollections>.Ready)
        {
            await LearnAsync();
        }

        if (_collections is not Loaded<SearchableCollections>.Ready { Value: var collections })
        {
            return;
        }

        var known = string.IsNullOrWhiteSpace(In) ? collections.Names[0] : collections.Find(In);
        _collection = known ?? "";
        _isElsewhere = known is null;
        _page = Math.Clamp(Page ?? 1, 1, 10_000);
        var asked = $"{Q}\n{_page}\n{_collection}";
        if (asked != _shown)
        {
            _shown = asked;
            await SearchAsync();
        }
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _box.FocusAsync();
        }
    }

    private async Task TypedAsync()
    {
        _query = UserQuery.Parse(_typed.Text);
        var run = _pause.Begin();
        if (!_query.IsExact)
        {
            await Task.Delay(Pause, Clock, run).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        // What was typed meanwhile has a pause of its own, also where this one was just over.
        if (!run.IsCancellationRequested)
        {
            GoTo(1, _collection);
        }
    }

    private void ChooseCollection(string name) => GoTo(1, name);

    private void Key(KeyboardEventArgs pressed)
    {
        if (pressed.Key != "Enter")
        {
            return;
        }

        if (IsSearched && _found is Loaded<UserPage>.Ready { Value.Users: [var only] } && _typed.Text == (Q ?? ""))
        {
            Open(only.User);
        }
        else if (_typed.Text != (Q ?? ""))
        {
            // No pause for somebody who says that the typing is done.
            _pause.Cancel();
            GoTo(1, _collection);
        }
    }

    private void GoToPage(int page) => GoTo(page, _collection);

    private void GoTo(int page, string collection)
    {
        _typed.Send();
        Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters("users", new Dictionary<string, object?>
        {
            ["q"] = _typed.Text.Length == 0 ? null : _typed.Text,
            ["page"] = page == 1 ? null : page,
            ["in"] = collection.Length == 0 ? In : _collections is Loaded<SearchableCollections>.Ready { Value.Names: [var first, ..] } && collection == first ? null : collection,
        }),
        replace: page == _page);
    }

    private async Task SearchAsync()
    {
        _query = UserQuery.Parse(Q);
        if (!IsSearched)
        {
            _latest.Cancel();
            return;
        }

        _found = new Loaded<UserPage>.Waiting();
        await LoadAsync(_latest, run => Directory.SearchAsync(Staff, _collection, _query, (Q ?? "").Trim(), _page, run), found => _found = found);
    }

    private async Task LearnAsync() => await LoadAsync(_learning, run => Directory.CollectionsAsync(Staff, run), collections => _collections = collections);

    private async Task LearnAgainAsync()
    {
        _collections = new Loaded<SearchableCollections>.Waiting();
        await OnParametersSetAsync();
    }

    private void Open(UserSummary user) => Navigation.NavigateTo($"users/{user.Id.Collection}/{user.Id.EscapedRecord}");

    private Task ViewAsAsync(UserSummary user) => StartViewAsDialog.ShowAsync(Dialogs, user);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _pause.Dispose();
        _learning.Dispose();
        _latest.Dispose();
        base.Dispose(disposing);
    }
}
