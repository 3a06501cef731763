using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SupportConsole.Access;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Ui;

namespace SupportConsole.Features.ViewAs.Posts;

/// <summary>The user's posts: the list and the one that is open.</summary>
public sealed partial class PostsView
{
    private readonly Latest _newestList = new();
    private readonly Latest _newestPost = new();

    // The pages of the list in their order, as far as this window went through them; a reload forgets only the way back by one page.
    private readonly List<string> _pages = [];
    private Loaded<ReadOutcome<PostList>> _list = new Loaded<ReadOutcome<PostList>>.Waiting();
    private Loaded<ReadOutcome<PostDetail>> _post = new Loaded<ReadOutcome<PostDetail>>.Waiting();
    private string? _followable;
    private string? _listed;
    private string? _shown;
    private string? _focused;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    /// <summary>The open session that is read in; each read asks again whether it still is.</summary>
    [Parameter, EditorRequired] public required ViewAsSession Session { get; set; }

    /// <summary>The post that is open; null for the list.</summary>
    [Parameter] public string? PostId { get; set; }

    /// <summary>The last post before the list's page, as a part of the address; null for the first page.</summary>
    [Parameter] public string? After { get; set; }

    /// <summary>Whether the list is followed, or was when the post was opened.</summary>
    [Parameter] public bool IsFollowed { get; set; }

    /// <inheritdoc />
    /// <remarks>Going back to the list shows what was read before: reading again would be another entry nobody asked for.</remarks>
    protected override async Task OnParametersSetAsync()
    {
        if (PostId is null)
        {
            _shown = null;
            if (_listed != (After ?? ""))
            {
                _listed = After ?? "";
                await LoadListAsync();
            }
        }
        else if (_shown != PostId)
        {
            _shown = PostId;
            await LoadPostAsync();
        }
    }

    private async Task LoadListAsync()
    {
        _list = new Loaded<ReadOutcome<PostList>>.Waiting();
        await LoadAsync(_newestList, run => Reader.PostsAsync(Staff, Session.Id, RecordCursor.Parse(After), run), list => _list = list);
        if (_list is Loaded<ReadOutcome<PostList>>.Ready { Value: var outcome })
        {
            _followable = outcome is ReadOutcome<PostList>.Found { Value: { IsFollowable: true, Collection: var collection } } ? collection : null;
        }
    }

    private async Task LoadPostAsync()
    {
        _post = new Loaded<ReadOutcome<PostDetail>>.Waiting();
        await LoadAsync(_newestPost, run => Reader.PostAsync(Staff, Session.Id, PostId ?? "", run), post => _post = post);
    }

    /// <inheritdoc />
    /// <remarks>Opening and closing a post replaces what had the focus: it goes to the heading, as it does on a new page.</remarks>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var heading = PostId is null ? "list" : _post is Loaded<ReadOutcome<PostDetail>>.Waiting ? null : PostId;
        if (heading is not null && heading != _focused)
        {
            var first = _focused is null;
            _focused = heading;
            if (!first)
            {
                await Browser.InvokeVoidAsync("supportConsole.focus", Gone, "h1");
            }
        }
    }

    /// <summary>The page before the one that is shown: null for the first, false where this window doesn't know it.</summary>
    private (bool Known, string? Page) Newer => _pages.IndexOf(After ?? "") is > 0 and var at
        ? (true, _pages[at - 1] is { Length: > 0 } page ? page : null)
        : (false, null);

    private void GoToOlder(RecordCursor older)
    {
        var here = _pages.IndexOf(After ?? "");
        _pages.RemoveRange(here + 1, _pages.Count - here - 1);
        if (here < 0)
        {
            _pages.Add(After ?? "");
        }

        _pages.Add(older.ToString());
        GoTo(older.ToString());
    }

    private void GoTo(string? after) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("after", after));

    // In the place of the address before: it is the same list, and going back leads to where one came from.
    private void Follow(bool on) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter(RecordsPlace.Following, on ? RecordsPlace.FollowingOn : null), replace: true);

    private void Open(string? id) => Navigation.NavigateTo(AddressOf(id));

    private string AddressOf(string? id) => Navigation.GetUriWithQueryParameter("post", id);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newestList.Dispose();
        _newestPost.Dispose();
        base.Dispose(disposing);
    }
}
