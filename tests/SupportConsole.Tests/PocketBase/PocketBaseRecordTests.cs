using System.Text.Json;
using SupportConsole.PocketBase;

namespace SupportConsole.Tests.PocketBase;

public sealed class PocketBaseRecordTests
{
    private static readonly PocketBaseRecord s_record = new(JsonSerializer.Deserialize<JsonElement>(
        """
        {
          "id": "r1", "collectionName": "posts", "title": "Hello", "count": 3, "on": true, "off": false, "none": null,
          "created": "2026-11-22 19:41:30.789Z", "never": "", "one": "a.png", "many": ["a.png", "", 7, "b.png"],
          "half": "\ud83d", "deep": {"x": [1, {"y": null}]},
          "expand": {"author": {"id": "u1"}, "comments": [{"id": "c1"}, 5, {"id": "c2"}], "odd": "text"}
        }
        """));

    [Fact]
    public void Values_are_read_as_what_they_are()
    {
        Assert.Equal(("r1", "Hello", "3"), (s_record.Id, s_record.Text("title"), s_record.Text("count")));
        Assert.True(s_record.Flag("on"));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 19, 41, 30, 789, TimeSpan.Zero), s_record.Moment("created"));
        Assert.Equal(["a.png"], s_record.Texts("one"));
        Assert.Equal(["a.png", "b.png"], s_record.Texts("many"));
        Assert.Equal("u1", s_record.ExpandedAll("author").Single().Id);
        Assert.Equal(["c1", "c2"], s_record.ExpandedAll("comments").Select(c => c.Id));
    }

    [Fact]
    public void No_field_of_any_type_makes_an_accessor_fail()
    {
        string[] fields = [.. s_record.FieldNames, "missing", ""];

        Assert.All(fields, field =>
        {
            Assert.NotNull(s_record.Text(field));
            Assert.NotNull(s_record.Texts(field));
            _ = (s_record.Flag(field), s_record.Moment(field), s_record.ExpandedAll(field), s_record.Has(field));
        });
        Assert.Null(s_record.Moment("never"));
        Assert.Empty(s_record.ExpandedAll("odd"));
        Assert.Equal("", s_record.Text("none"));
    }

    [Fact]
    public void What_is_no_object_is_a_record_without_fields()
    {
        var nothing = new PocketBaseRecord(default);

        Assert.Equal("", nothing.Id);
        Assert.Empty(nothing.FieldNames);
    }
}
