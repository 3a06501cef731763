using SupportConsole.Ui;

namespace SupportConsole.Tests.Ui;

/// <summary>What comes round by the address never takes back what was typed since.</summary>
public sealed class AddressedTextTests
{
    private readonly AddressedText _box = new();

    [Theory]
    [InlineData("ada")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("  ada ")]
    public void The_first_address_fills_the_box(string? addressed)
    {
        _box.Follow(addressed);

        Assert.Equal(addressed ?? "", _box.Text);
    }

    [Fact]
    public void What_was_typed_meanwhile_stays()
    {
        Type("a");
        Type("ad");
        Type("ada");

        foreach (var late in (string[])["a", "ad", "ada"])
        {
            _box.Text = "ada lo";
            _box.Follow(late);
            Assert.Equal("ada lo", _box.Text);
        }
    }

    [Fact]
    public void An_address_may_be_passed_over()
    {
        Type("a");
        Type("ad");
        Type("ada");

        _box.Follow("ada");

        Assert.Equal("ada", _box.Text);
        _box.Follow("ad"); // By Back: nothing is under way any more.
        Assert.Equal("ad", _box.Text);
    }

    [Fact]
    public void A_text_typed_and_taken_back_comes_round_twice()
    {
        _box.Follow("a");
        Type("ad");
        Type("a");
        Type("ax");

        _box.Follow("ad");
        _box.Follow("a");
        Assert.Equal("ax", _box.Text);
        _box.Follow("ax");
        _box.Follow("a");

        Assert.Equal("a", _box.Text);
    }

    [Theory]
    [InlineData(" ada ")]
    [InlineData("ada ")]
    public void Spaces_around_it_stay_in_the_box_and_leave_nothing_under_way(string typed)
    {
        Type("ada");
        _box.Follow("ada");
        Type(typed);

        _box.Follow("ada");
        Assert.Equal(typed, _box.Text);
        _box.Follow("eve");
        _box.Follow("ada");

        Assert.Equal("ada", _box.Text);
    }

    [Fact]
    public void Back_and_links_fill_the_box_also_while_something_is_under_way()
    {
        _box.Follow("eve");
        Type("ada");

        _box.Follow("bob");

        Assert.Equal("bob", _box.Text);
        _box.Follow("ada");
        Assert.Equal("ada", _box.Text);
    }

    [Fact]
    public void An_address_that_stays_the_same_leaves_the_box_alone()
    {
        _box.Follow("ada");
        _box.Text = "ada l";

        _box.Follow("ada");

        Assert.Equal("ada l", _box.Text);
    }

    [Fact]
    public void An_emptied_box_comes_round_as_nothing()
    {
        _box.Follow("ada");
        Type("");
        _box.Text = "e";

        _box.Follow(null);

        Assert.Equal("e", _box.Text);
    }

    private void Type(string text)
    {
        _box.Text = text;
        _box.Send();
    }
}
