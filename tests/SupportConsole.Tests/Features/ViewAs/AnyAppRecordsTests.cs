using System.Text.Json.Nodes;
using SupportConsole.Core.Audit;
using SupportConsole.Core.ViewAs;
using SupportConsole.Features.ViewAs;
using SupportConsole.Features.ViewAs.Bodies;
using SupportConsole.Features.ViewAs.Records;
using SupportConsole.PocketBase;
using SupportConsole.Tests.TestKit;
using static SupportConsole.Tests.TestKit.ConsoleServices;

namespace SupportConsole.Tests.Features.ViewAs;

/// <summary>Whatever collections and records can be, over a real server.</summary>
public sealed class AnyAppRecordsTests(AnyApp server) : IClassFixture<AnyApp>, IAsyncLifetime
{
    private ConsoleServices _console = null!;
    private ViewAsSession _session = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServices.StartAsync(server, settings: [("PocketBase:UserCollections:0", "people"), ("ViewAs:ProtectedUsers", "")]);
        _session = await _console.OpenAsync(User(AnyApp.Ann, "people"));
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Two_hundred_fields_of_every_type_are_each_shown_as_what_they_are()
    {
        var record = Found(await RecordAsync("everything", "full00000000000"));

        var byType = record.Fields.ToLookup(field => field.Type, field => field.Value);
        Assert.True(record.Fields.Count > 185, $"{record.Fields.Count} fields");
        Assert.All(byType["number"], value => Assert.Equal("-1.5", Assert.IsType<FieldValue.Number>(value).Digits));
        Assert.All(byType["bool"], value => Assert.True(Assert.IsType<FieldValue.Switch>(value).On));
        Assert.All(byType["date"].Concat(byType["autodate"]), value => Assert.IsType<FieldValue.Moment>(value));
        Assert.All(byType["editor"], value => Assert.IsType<ShownBody.Formatted>(Assert.IsType<FieldValue.Text>(value).Body));
        Assert.All(byType["json"], value => Assert.IsType<ShownBody.Json>(Assert.IsType<FieldValue.Text>(value).Body));
        Assert.All(byType["geoPoint"], value => Assert.Equal((-33.86, 151.21), (Assert.IsType<FieldValue.Place>(value).Latitude, ((FieldValue.Place)value).Longitude)));
        Assert.All(byType["file"], value => Assert.NotEmpty(Assert.IsType<FieldValue.Files>(value).Names));
        Assert.All(byType["select"], value => Assert.NotEmpty(Assert.IsType<FieldValue.Choices>(value).Chosen));
        Assert.All(byType["text"].Concat(byType["email"]).Concat(byType["url"]), value => Assert.IsType<ShownBody.Typed>(Assert.IsType<FieldValue.Text>(value).Body));
        Assert.Empty(byType["password"]);
        Assert.DoesNotContain(record.Absent, name => name.StartsWith("secretword", StringComparison.Ordinal));
        Assert.Equal(["secret000000000"], Links(record, "secrets0").Select(link => link.Id));
        Assert.All(Links(record, "secrets0"), link => Assert.Null(link.Name));
        Assert.Equal("Ann", Assert.Single(Links(record, "person0")).Name);
        Assert.Equal(["full00000000000", "empty0000000000"], Links(record, "family").Select(link => link.Id));
    }

    [Fact]
    public async Task A_record_in_which_nothing_is_entered_has_all_its_fields_too()
    {
        var record = Found(await RecordAsync("everything", "empty0000000000"));

        Assert.True(record.Fields.Count > 185, $"{record.Fields.Count} fields");
        Assert.All(
            record.Fields.Where(field => field.Name != "id" && field.Type is not ("autodate" or "number" or "bool" or "geoPoint")),
            field => Assert.Equal((field.Name, new FieldValue.Nothing()), (field.Name, field.Value)));
    }

    [Fact]
    public async Task Each_field_that_is_offered_to_sort_by_can_be_sorted_by()
    {
        foreach (var collection in new[] { "everything", "words", "mine", "twice", "people", "times" })
        {
            var schema = Found(await ListAsync(new RecordsPlace(collection))).Schema;
            var kinds = RecordShape.Sortable(schema).GroupBy(name => (schema.Fields.Single(field => field.Name == name).Type, collection == "everything" ? "" : name)).Select(group => group.First());
            foreach (var sort in kinds.SelectMany(name => new[] { name, $"-{name}" }))
            {
                Assert.True(await ListAsync(new RecordsPlace(collection) { Sort = sort }) is RecordListing.Read { Outcome: ReadOutcome<RecordList>.Found }, $"{collection} by {sort}");
            }
        }
    }

    [Fact]
    public async Task Fields_are_shown_whatever_their_names_mean_elsewhere()
    {
        var record = Found(await RecordAsync("words", "words0000000000"));
        var list = Found(await ListAsync(new RecordsPlace("words")));

        foreach (var name in new[] { "2nd", "AND", "filter", "sort", "fields", "page", "items", "_leading", "length", "record", "constructor" })
        {
            Assert.Equal($"is {name}", Value(record, name).InWords());
        }

        Assert.All(list.Columns.Zip(list.Rows.Single().Cells), cell => Assert.Contains(cell.Second.InWords(), new[] { $"is {cell.First.Name}", "" }));
        Assert.DoesNotContain("2nd", RecordShape.Sortable(list.Schema));
    }

    [Fact]
    public async Task Five_megabytes_of_json_are_cut_and_said_to_be()
    {
        var record = Found(await RecordAsync("heavy", "heavy0000000000"));
        var list = Found(await ListAsync(new RecordsPlace("heavy")));

        var body = Assert.IsType<ShownBody.Json>(Assert.IsType<FieldValue.Text>(Value(record, "document")).Body);
        Assert.InRange(body.Text.Length, 1, ShownBody.MaximumLength);
        Assert.NotNull(body.Note);
        Assert.Equal("Five megabytes", Assert.Single(list.Rows).Name);
        Assert.DoesNotContain(list.Columns, column => column.Name == "document");
    }

    [Fact]
    public async Task A_record_that_points_to_500_shows_them_all_and_one_that_500_point_to_the_first_and_where_the_others_are()
    {
        var hub = Found(await RecordAsync("hubs", "hub000000000000"));

        Assert.Equal(500, Links(hub, "spokes").Count);
        Assert.All(Links(hub, "spokes"), link => Assert.StartsWith("Spoke ", link.Name, StringComparison.Ordinal));
        var pointing = hub.Related.Single(related => related.Field == "hub");
        Assert.Equal((20, 480), (pointing.Links.Count, pointing.More));
        var all = await AllAsync(pointing.All);
        Assert.Equal(500, all.Distinct().Count());
        Assert.Equal(500, all.Count);
    }

    [Fact]
    public async Task What_names_are_made_of_changes_nothing_around_them()
    {
        var list = Found(await ListAsync(new RecordsPlace("names")));

        Assert.Equal(8, list.Rows.Count);
        Assert.All(list.Rows, row => Assert.InRange(row.Name.Length, 1, 121));
        Assert.Equal("name00000000002", list.Rows.Single(row => row.Id == "name00000000002").Name);
        foreach (var row in list.Rows)
        {
            Assert.Equal(row.Name, Found(await RecordAsync("names", row.Id)).Name);
        }
    }

    [Fact]
    public async Task The_first_and_the_last_day_that_an_app_can_keep_are_shown()
    {
        var list = Found(await ListAsync(new RecordsPlace("times")));

        Assert.Equal(4, list.Rows.Count);
        Assert.Equal(9999, Assert.IsType<FieldValue.Moment>(list.Rows.Single(row => row.Name == "Time 2").Cells.Single()).At.Year);
        Assert.Equal("0000-01-01 00:00:00.000Z", list.Rows.Single(row => row.Name == "Time 0").Cells.Single().InWords());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("A-b_c~e+@=")]
    public async Task Ids_are_of_the_apps_own_pattern(string id) => Assert.Equal($"Of {id}", Found(await RecordAsync("slugs", id)).Name);

    [Fact]
    public async Task A_views_ids_can_look_like_paths()
    {
        var list = Found(await ListAsync(new RecordsPlace("paths")));

        Assert.Equal(4, list.Rows.Count);
        foreach (var row in list.Rows)
        {
            Assert.Equal(row.Name, Found(await RecordAsync("paths", row.Id)).Name);
        }
    }

    [Fact]
    public async Task A_view_that_holds_an_id_many_times_shows_each_row_and_nothing_in_place_of_nothing()
    {
        List<RecordRow> rows = [];
        for (var place = new RecordsPlace("twice"); place is not null;)
        {
            var page = Found(await ListAsync(place));
            rows.AddRange(page.Rows);
            place = page.Next;
        }

        Assert.Equal(90, rows.Count);
        Assert.Equal(["M", "O"], rows.Select(row => row.Id).Distinct().Order());
        var record = Found(await RecordAsync("twice", "M"));
        Assert.Equal(new FieldValue.Nothing(), Value(record, "lacking"));
        Assert.Equal(new FieldValue.Nothing(), Value(record, "words"));
    }

    [Fact]
    public async Task Fields_that_a_hook_takes_away_are_said_to_be_absent_and_those_it_adds_are_shown()
    {
        var hidden = Found(await RecordAsync("hiding", "hiding000000000"));
        var added = Found(await RecordAsync("adding", "adding000000000"));

        Assert.Equal(["title", "created"], hidden.Absent);
        Assert.Equal("hiding000000000", hidden.Name);
        Assert.Equal(3, (await AllAsync(new RecordsPlace("hiding"))).Distinct().Count());
        Assert.Equal("42", Value(added, "answer").InWords());
        Assert.Contains("out of nowhere", Assert.IsType<ShownBody.Json>(Assert.IsType<FieldValue.Text>(Value(added, "extra")).Body).Text, StringComparison.Ordinal);
        Assert.Equal(new FieldValue.Nothing(), Value(added, "empty"));
    }

    [Fact]
    public async Task Hooks_that_refuse_or_break_are_the_apps_and_end_no_session()
    {
        Assert.IsType<ReadOutcome<RecordList>.RefusedByApp>(Assert.IsType<RecordListing.Read>(await ListAsync(new RecordsPlace("refusing"))).Outcome);
        Assert.IsType<ReadOutcome<RecordDetail>.RefusedByApp>(await RecordAsync("refusing", "refusing0000000"));
        foreach (var place in new[] { new RecordsPlace("throwing"), new RecordsPlace("throwing") { Sort = "title" } })
        {
            var problem = await Assert.ThrowsAsync<PocketBaseProblem>(() => ListAsync(place));
            Assert.Contains("a hook of the app", problem.Message, StringComparison.Ordinal);
        }

        var rows = (await _console.Get<RecordReader>().ReachAsync(_console.As(Agent), _session.Id, Token).ToListAsync(Token)).SelectMany(part => part).ToArray();
        Assert.IsType<ReadOutcome<int>.RefusedByApp>(rows.Single(row => row.Schema.Name == "refusing").Listed);
        Assert.NotNull(rows.Single(row => row.Schema.Name == "throwing").Failure);
        Assert.Equal(500, Assert.IsType<ReadOutcome<int>.Found>(rows.Single(row => row.Schema.Name == "spokes").Listed).Value);
        Assert.NotNull(_console.Sessions.Find(_session.Id));
    }

    [Fact]
    public async Task A_collection_renamed_or_deleted_meanwhile_is_not_there_any_more()
    {
        await server.AdminAsync(HttpMethod.Patch, "/api/collections/passing", new JsonObject { ["name"] = "passed" });
        await server.AdminAsync(HttpMethod.Delete, "/api/collections/falling");

        Assert.IsType<ReadOutcome<RecordList>.Missing>(Assert.IsType<RecordListing.Read>(await ListAsync(new RecordsPlace("passing"))).Outcome);
        Assert.IsType<ReadOutcome<RecordList>.Missing>(Assert.IsType<RecordListing.Read>(await ListAsync(new RecordsPlace("falling") { Filter = "title != ''" })).Outcome);
        Assert.IsType<ReadOutcome<RecordList>.Missing>(Assert.IsType<RecordListing.Read>(await ListAsync(new RecordsPlace("passed"))).Outcome);
        Assert.IsType<ReadOutcome<RecordDetail>.Missing>(await RecordAsync("passing", "passing00000000"));
        var rows = (await _console.Get<RecordReader>().ReachAsync(_console.As(Agent), _session.Id, Token).ToListAsync(Token)).SelectMany(part => part).ToArray();
        Assert.All(rows.Where(row => row.Schema.Name is "passing" or "falling"), row => Assert.IsType<ReadOutcome<int>.Missing>(row.Listed));

        await _console.Desk.EndAsync(_console.As(Agent), _session.Id, Token);
        _console.Clock.Advance(TimeSpan.FromHours(1));
        _session = await _console.OpenAsync(User(AnyApp.Ann, "people"));
        Assert.Equal(3, Found(await ListAsync(new RecordsPlace("passed"))).Rows.Count);
    }

    [Fact]
    public async Task A_record_deleted_between_the_list_and_the_look_is_missing()
    {
        var made = (await server.AdminAsync(HttpMethod.Post, "/api/collections/slugs/records", new JsonObject { ["title"] = "Short-lived" })).GetProperty("id").GetString()!;
        Assert.Contains(made, Found(await ListAsync(new RecordsPlace("slugs"))).Rows.Select(row => row.Id));
        await server.AdminAsync(HttpMethod.Delete, $"/api/collections/slugs/records/{made}");

        Assert.IsType<ReadOutcome<RecordDetail>.Missing>(await RecordAsync("slugs", made));
        Assert.Equal((AuditOutcome.Denied, "hidden or missing"), ((await _console.EventsAsync(_session.Id))[^1].Outcome, (await _console.EventsAsync(_session.Id))[^1].Detail));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1000000000")]
    [InlineData("99999999999999999999")]
    [InlineData("abc")]
    [InlineData("1e3")]
    [InlineData("")]
    public async Task A_page_that_is_none_is_the_first(string page)
    {
        var first = Found(await ListAsync(new RecordsPlace("spokes") { Sort = "title" }));

        Assert.Equal(first.Rows.Select(row => row.Id), Found(await ListAsync(RecordsPlace.Of("spokes", null, "title", null, page))).Rows.Select(row => row.Id));
    }

    [Theory]
    [InlineData("1000000")]
    [InlineData("27")]
    public async Task A_page_beyond_the_last_is_empty(string page)
    {
        var list = Found(await ListAsync(RecordsPlace.Of("spokes", null, "title", null, page)));

        Assert.Empty(list.Rows);
        Assert.Null(list.Next);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("\"'")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("%2e%2e%2f")]
    [InlineData("\uD83D")]
    [InlineData("?filter=1")]
    public async Task An_id_that_is_none_is_missing_in_tables_and_views_alike(string id)
    {
        _console.Relay.Clear();
        foreach (var collection in new[] { "slugs", "paths", "people", "twice" })
        {
            Assert.IsType<ReadOutcome<RecordDetail>.Missing>(await RecordAsync(collection, id));
        }

        Assert.All(_console.Relay.Requests.Where(request => request.Method == "GET"), request => Assert.Matches("^/api/collections/[a-z]+/records/[^/?]+\\?", request.Path));
    }

    [Fact]
    public async Task An_id_of_any_length_is_missing() =>
        Assert.IsType<ReadOutcome<RecordDetail>.Missing>(await RecordAsync("paths", new string('x', 100_000)));

    [Fact]
    public async Task A_list_under_way_when_the_session_ends_is_not_shown()
    {
        var asked = new TaskCompletionSource();
        _console.Relay.Answered = async context =>
        {
            if (context.Request.Path.Value!.Contains("/spokes/records", StringComparison.Ordinal))
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        };
        var listing = ListAsync(new RecordsPlace("spokes"));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        await _console.Desk.EndAsync(_console.As(Agent), _session.Id, Token);

        await Assert.ThrowsAsync<SessionOverException>(() => listing);
        Assert.DoesNotContain(await _console.EventsAsync(_session.Id), entry => entry.Type == AuditEventTypes.RecordsListed && entry.Outcome == AuditOutcome.Success);
    }

    [Fact]
    public async Task Another_agents_session_reads_nothing()
    {
        _console.Relay.Clear();
        var reader = _console.Get<RecordReader>();
        foreach (var person in new[] { Admin, Manager })
        {
            await Assert.ThrowsAnyAsync<Exception>(() => reader.ListAsync(_console.As(person), _session.Id, new RecordsPlace("spokes"), Token));
            await Assert.ThrowsAnyAsync<Exception>(() => reader.RecordAsync(_console.As(person), _session.Id, "spokes", "x", Token));
            await Assert.ThrowsAnyAsync<Exception>(async () => await reader.ReachAsync(_console.As(person), _session.Id, Token).ToListAsync(Token));
        }

        Assert.Empty(_console.Relay.Requests);
    }

    private async Task<List<string>> AllAsync(RecordsPlace? place)
    {
        List<string> ids = [];
        while (place is not null)
        {
            var page = Found(await ListAsync(place));
            ids.AddRange(page.Rows.Select(row => row.Id));
            place = page.Next;
        }

        return ids;
    }

    private Task<RecordListing> ListAsync(RecordsPlace place) => _console.Get<RecordReader>().ListAsync(_console.As(Agent), _session.Id, place, Token);

    private Task<ReadOutcome<RecordDetail>> RecordAsync(string collection, string id) =>
        _console.Get<RecordReader>().RecordAsync(_console.As(Agent), _session.Id, collection, id, Token);

    private static IReadOnlyList<RecordLink> Links(RecordDetail record, string field) => Assert.IsType<FieldValue.Records>(Value(record, field)).Links;

    private static RecordList Found(RecordListing listing) =>
        Assert.IsType<ReadOutcome<RecordList>.Found>(Assert.IsType<RecordListing.Read>(listing).Outcome).Value;

    private static RecordDetail Found(ReadOutcome<RecordDetail> outcome) => Assert.IsType<ReadOutcome<RecordDetail>.Found>(outcome).Value;

    private static FieldValue Value(RecordDetail record, string field) => record.Fields.Single(one => one.Name == field).Value;
}
